use std::fmt::Write as _;

use serde_json::Value;

use super::outline::{Item, Section, Tone};
use crate::contract::Level;
use crate::report::compare::{
    CheckChange, Comparison, ObservationChange, RequirementChange, SideReport, WireChange,
    WireClass,
};
use crate::verdict::Status;

/// More places of one observation are counted.
const SHOWN_PLACES: usize = 6;

/// The lists of a comparison, in the order in which they matter. Empty ones are left out.
pub fn sections(comparison: &Comparison) -> Vec<Section> {
    let section = |title: &'static str, tone: Tone, items: Vec<Item>| Section {
        title,
        tone,
        note: None,
        items,
    };
    let checks = |changes: &[CheckChange], tone: Tone| {
        changes
            .iter()
            .map(|change| check(change, tone))
            .collect::<Vec<Item>>()
    };
    let all = [
        section(
            "requirements newly broken",
            Tone::Bad,
            comparison
                .requirements_broken
                .iter()
                .map(|change| requirement(change, "broken", Tone::Bad))
                .collect(),
        ),
        section(
            "requirements mended",
            Tone::Good,
            comparison
                .requirements_mended
                .iter()
                .map(|change| requirement(change, "mended", Tone::Good))
                .collect(),
        ),
        section(
            "new failures",
            Tone::Bad,
            checks(&comparison.new_failures, Tone::Bad),
        ),
        section("fixed", Tone::Good, checks(&comparison.fixed, Tone::Good)),
        section(
            "changed observations",
            Tone::Careful,
            comparison.observations.iter().map(observation).collect(),
        ),
        section(
            "vanished checks",
            Tone::Bad,
            checks(&comparison.vanished, Tone::Bad),
        ),
        section(
            "new checks",
            Tone::Neutral,
            checks(&comparison.appeared, Tone::Neutral),
        ),
        section(
            "flaky",
            Tone::Careful,
            checks(&comparison.flaky, Tone::Careful),
        ),
        section(
            "decided on one side only",
            Tone::Careful,
            checks(&comparison.undecided, Tone::Careful),
        ),
        slower(comparison),
        wire(comparison),
    ];
    all.into_iter()
        .filter(|section| !section.items.is_empty() || section.note.is_some())
        .collect()
}

/// The first lines: what is compared with what, and what else differs.
pub fn circumstances(comparison: &Comparison) -> Vec<Item> {
    let differs = comparison.circumstances.iter().map(|circumstance| {
        match (&circumstance.old, &circumstance.new) {
            (None, None) => Item::new("note:", Tone::Careful, &circumstance.consequence),
            (old, new) => {
                let sides = format!(
                    "{} → {}",
                    old.as_deref().unwrap_or("none"),
                    new.as_deref().unwrap_or("none")
                );
                Item::new(
                    format!("{} differs:", circumstance.what),
                    Tone::Careful,
                    sides,
                )
                .with("", &circumstance.consequence)
            }
        }
    });
    differs.collect()
}

/// One side in a line.
pub fn side(side: &SideReport) -> String {
    let mut text = side.source.clone();
    if let Some(sdk) = &side.sdk {
        let _ = write!(text, " · {sdk}");
    }
    let _ = write!(
        text,
        " · sha256 {} · profile {} · {} checks",
        side.sdk_sha256.chars().take(12).collect::<String>(),
        side.profile.name,
        side.checks
    );
    text
}

/// The verdict, in one sentence.
pub fn verdict(comparison: &Comparison) -> String {
    let worse: Vec<String> = comparison
        .regressions
        .iter()
        .map(|(kind, count)| kind.words(*count))
        .collect();
    let said = if worse.is_empty() {
        "no regression".to_owned()
    } else {
        format!("regression: {}", worse.join(" · "))
    };
    let fixed = if comparison.fixed.is_empty() {
        String::new()
    } else {
        format!(" · {} fixed", comparison.fixed.len())
    };
    let still = if comparison.still_wrong.is_empty() {
        String::new()
    } else {
        format!(" · {} as wrong as before", comparison.still_wrong.len())
    };
    let unselected = if comparison.not_selected == 0 {
        String::new()
    } else {
        format!(" · {} not selected", comparison.not_selected)
    };
    format!(
        "{said}{fixed}{still} · {} unchanged{unselected}",
        comparison.unchanged
    )
}

/// The version number, in one sentence.
pub fn semver(comparison: &Comparison) -> String {
    let reasons = if comparison.semver.reasons.is_empty() {
        "nothing that anybody could rely on changed".to_owned()
    } else {
        comparison.semver.reasons.join("; ")
    };
    format!(
        "suggests a {} version ({reasons})",
        comparison.semver.suggests.word()
    )
}

fn check(change: &CheckChange, tone: Tone) -> Item {
    let word = |status: Option<Status>| status.map_or("not made", Status::word);
    let tone = if change.regression.is_some() {
        Tone::Bad
    } else {
        tone
    };
    let mark = format!("{} → {}", word(change.old), word(change.new));
    let proves = change
        .requirements
        .iter()
        .map(|id| id.0.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let proves = match (proves.is_empty(), change.level) {
        (true, _) => None,
        (false, Some(level)) => Some(format!("{proves} ({level})")),
        (false, None) => Some(proves),
    };
    Item::new(mark, tone, &change.check.0)
        .with_some("", change.message.clone())
        .with_some("proves", proves)
        .with_some("expected", change.expected.as_ref().map(json))
        .with_some("actual", change.actual.as_ref().map(json))
        .with_some("excused at", change.known.clone())
        .with_some(
            "at",
            change
                .at
                .clone()
                .filter(|_| change.new != Some(Status::Pass)),
        )
        .with_some(
            "again",
            change
                .again
                .clone()
                .filter(|_| change.new.is_some_and(|status| status < Status::Pass)),
        )
}

fn requirement(change: &RequirementChange, mark: &str, tone: Tone) -> Item {
    let tone = if change.level == Level::Observe {
        Tone::Careful
    } else {
        tone
    };
    Item::new(mark, tone, &change.id.0).with("", format!("({}) {}", change.level, change.statement))
}

fn observation(change: &ObservationChange) -> Item {
    let mut item = Item::new("changed", Tone::Careful, &change.check.0);
    for place in change.differences.iter().take(SHOWN_PLACES) {
        let value =
            |value: &Option<Value>| value.as_ref().map_or_else(|| "absent".to_owned(), json);
        let path = if place.path.is_empty() {
            String::new()
        } else {
            format!("{}: ", place.path)
        };
        item = item.with(
            "",
            format!("{path}{} → {}", value(&place.old), value(&place.new)),
        );
    }
    if change.differences.len() > SHOWN_PLACES {
        item = item.with(
            "",
            format!(
                "and {} places more",
                change.differences.len() - SHOWN_PLACES
            ),
        );
    }
    item
}

fn slower(comparison: &Comparison) -> Section {
    let timing = &comparison.timing;
    let case = |slower: &crate::report::compare::SlowerCase| {
        let mark = format!("{:.1} ×", slower.factor);
        Item::new(mark, Tone::Careful, &slower.case).with(
            "",
            format!("{:.0} ms → {:.0} ms", slower.old_ms, slower.new_ms),
        )
    };
    let note = match (&timing.not_compared, timing.median_ratio, timing.bound) {
        (Some(why), ..) => Some(format!("times are not compared: {why}")),
        (None, Some(median), Some(bound)) => Some(format!(
            "by {} cases: a case takes {median:.2} times as long as before in the middle; named is \
             what takes {bound:.1} times as long as that",
            timing.cases
        )),
        (None, ..) => None,
    };
    Section {
        title: "slower cases",
        tone: Tone::Careful,
        note,
        items: timing.slower.iter().map(case).collect(),
    }
}

fn wire(comparison: &Comparison) -> Section {
    let wire = &comparison.wire;
    let basis = format!("by {} cases", wire.cases);
    let mut notes: Vec<String> = wire
        .not_compared
        .iter()
        .map(|what| format!("not compared — {what}"))
        .collect();
    if wire.cases > 0 {
        notes.insert(
            0,
            if wire.changes.is_empty() {
                format!("unchanged, {basis}")
            } else {
                basis
            },
        );
    }
    Section {
        title: "the wire",
        tone: Tone::Careful,
        note: Some(notes.join("; ")).filter(|note| !note.is_empty()),
        items: wire.changes.iter().map(change).collect(),
    }
}

fn change(change: &WireChange) -> Item {
    let tone = if change.class == WireClass::Breaking {
        Tone::Bad
    } else {
        Tone::Neutral
    };
    let event = change
        .event
        .map(|event| format!("{event} "))
        .unwrap_or_default();
    let sides = match (change.old.as_deref(), change.new.as_deref()) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (None, None | Some("there" | "sent")) => "new".to_owned(),
        (None, Some(new)) => format!("new: {new}"),
        (Some("there" | "sent"), None) => "gone".to_owned(),
        (Some(old), None) => format!("gone: {old}"),
    };
    let what = serde_json::to_value(change.kind)
        .ok()
        .and_then(|kind| kind.as_str().map(|kind| kind.replace('_', " ")))
        .unwrap_or_default();
    Item::new(
        change.class.word(),
        tone,
        format!("{event}{}", change.subject),
    )
    .with("", format!("{what}: {sides}"))
    .with("", change.reason.clone())
}

/// A value as JSON.
fn json(value: &Value) -> String {
    value.to_string()
}
