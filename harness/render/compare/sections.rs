//! What changed, a list of each kind.

use serde_json::Value;

use crate::contract::Level;
use crate::render::document::{Badge, Block, Entry, Line, Section, Style, Text, Tone};
use crate::render::values::or_missing;
use crate::report::compare::{
    CheckChange, Comparison, ObservationChange, RequirementChange, SlowerCase, WireChange,
    WireClass,
};
use crate::text::counted;
use crate::verdict::Status;

/// More places of one observation are counted.
const SHOWN_PLACES: usize = 6;

/// The lists of a comparison, in the order in which they matter. Empty ones are left out.
pub fn sections(comparison: &Comparison) -> Vec<Section> {
    let checks = |name, title, tone, changes: &[CheckChange]| {
        let entries = changes.iter().map(|change| check(change, tone));
        list(name, title, tone, None, entries.collect())
    };
    let requirements = |name, title, tone, word, changes: &[RequirementChange]| {
        let entries = changes.iter().map(|change| requirement(change, word, tone));
        list(name, title, tone, None, entries.collect())
    };
    let compared = comparison;
    let broken = &compared.requirements_broken;
    let fixed = &compared.requirements_mended;
    let observed = compared.observations.iter().map(observation).collect();
    let (bad, careful, neutral, good) = (Tone::Bad, Tone::Careful, Tone::Neutral, Tone::Good);
    let all = [
        requirements("broken", "requirements newly broken", bad, "broken", broken),
        requirements("mended", "requirements fixed", good, "fixed", fixed),
        checks("new-failures", "new failures", bad, &compared.new_failures),
        checks("fixed", "fixed", good, &compared.fixed),
        list("observed", "changed observations", careful, None, observed),
        checks("vanished", "vanished checks", bad, &compared.vanished),
        checks("appeared", "new checks", neutral, &compared.appeared),
        checks("flaky", "flaky", careful, &compared.flaky),
        checks(
            "undecided",
            "decided on one side only",
            careful,
            &compared.undecided,
        ),
        slower(compared),
        wire(compared),
    ];
    all.into_iter().flatten().collect()
}

/// A section with a list; absent where there is nothing to say.
fn list(
    name: &'static str,
    title: &str,
    tone: Tone,
    note: Option<String>,
    entries: Vec<Entry>,
) -> Option<Section> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(note.map(|note| Block::Paragraph(Line::from(note))));
    let count = entries.len();
    if count > 0 {
        blocks.push(Block::list(entries));
    }
    let section = Section::new(name, title, tone, blocks);
    match (count, section.blocks.is_empty()) {
        (_, true) => None,
        (0, false) => Some(section),
        (count, false) => Some(section.count(count)),
    }
}

/// One thing said of an entry.
fn labelled(label: &str, text: impl Into<Text>) -> Line {
    Line::new().soft(format!("{label}: ")).code(text)
}

fn check(change: &CheckChange, tone: Tone) -> Entry {
    let word = |status: Option<Status>| status.map_or("not made", Status::word);
    let tone = change.regression.as_ref().map_or(tone, |_| Tone::Bad);
    let mark = format!("{} → {}", word(change.old), word(change.new));
    let mut entry = Entry::new(Line::new().code(&change.check)).badge(Badge::new(tone, mark));
    let requirements = change.requirements.iter().map(|id| id.0.as_str());
    let proves = requirements.collect::<Vec<_>>().join(", ");
    let proves = match (proves.is_empty(), change.level) {
        (true, _) => None,
        (false, Some(level)) => Some(format!("{proves} ({level})")),
        (false, None) => Some(proves),
    };
    let is_unsound = change.new.is_some_and(|status| status < Status::Pass);
    let parts = [
        change.message.as_ref().map(Line::from),
        proves.map(|proves| labelled("proves", proves)),
        change
            .expected
            .as_ref()
            .map(|value| labelled("expected", value)),
        change
            .actual
            .as_ref()
            .map(|value| labelled("actual", value)),
        change
            .known
            .as_ref()
            .map(|known| labelled("excused at", known)),
        change
            .at
            .as_ref()
            .filter(|_| change.new != Some(Status::Pass))
            .map(|at| labelled("at", at)),
        change
            .again
            .as_ref()
            .filter(|_| is_unsound)
            .map(|again| Line::new().soft("again: ").with(Style::Command, again)),
    ];
    entry.details.extend(parts.into_iter().flatten());
    entry
}

fn requirement(change: &RequirementChange, word: &str, tone: Tone) -> Entry {
    let tone = if change.level == Level::Observe {
        Tone::Careful
    } else {
        tone
    };
    Entry::new(Line::new().strong(&change.id))
        .badge(Badge::new(tone, word))
        .about(Line::from(format!(
            "({}) {}",
            change.level, change.statement
        )))
}

fn observation(change: &ObservationChange) -> Entry {
    let mut entry =
        Entry::new(Line::new().code(&change.check)).badge(Badge::new(Tone::Careful, "changed"));
    for place in change.differences.iter().take(SHOWN_PLACES) {
        let mut line = Line::new();
        if !place.path.is_empty() {
            line = line.code(&place.path).plain(": ");
        }
        let value = |value: &Option<Value>| or_missing(value.as_ref());
        let line = line.code(value(&place.old)).plain(" → ");
        entry.details.push(line.code(value(&place.new)));
    }
    let more = change.differences.len().saturating_sub(SHOWN_PLACES);
    if more > 0 {
        entry
            .details
            .push(Line::from(format!("and {more} places more")));
    }
    entry
}

fn slower(comparison: &Comparison) -> Option<Section> {
    let timing = &comparison.timing;
    let case = |slower: &SlowerCase| {
        let mark = Badge::new(Tone::Careful, format!("{:.1} ×", slower.factor));
        let times = format!("{:.0} ms → {:.0} ms", slower.old_ms, slower.new_ms);
        Entry::new(Line::new().code(&slower.case))
            .badge(mark)
            .detail(times)
    };
    let note = match (&timing.not_compared, timing.median_ratio, timing.bound) {
        (Some(why), ..) => Some(format!("times are not compared: {why}")),
        (None, Some(median), Some(bound)) => Some(format!(
            "by {}: half of them take at least {median:.2} times as long as before; a case is \
             slower that takes {bound:.1} times as long as that",
            counted(timing.cases, "case")
        )),
        (None, ..) => None,
    };
    let cases = timing.slower.iter().map(case).collect();
    list("slower", "slower cases", Tone::Careful, note, cases)
}

fn wire(comparison: &Comparison) -> Option<Section> {
    let wire = &comparison.wire;
    let mut notes = Vec::new();
    if wire.cases > 0 {
        let basis = format!("by {}", counted(wire.cases, "case"));
        notes.push(if wire.changes.is_empty() {
            format!("unchanged, {basis}")
        } else {
            basis
        });
    }
    let missing = wire.not_compared.iter();
    notes.extend(missing.map(|what| format!("not compared — {what}")));
    let note = Some(notes.join("; ")).filter(|note| !note.is_empty());
    let changes = wire.changes.iter().map(change).collect();
    list("wire", "the wire", Tone::Careful, note, changes)
}

fn change(change: &WireChange) -> Entry {
    let tone = match change.class {
        WireClass::Breaking => Tone::Bad,
        _ => Tone::Neutral,
    };
    let event = change.event.map(|event| format!("{event} "));
    let sides = match (change.old.as_deref(), change.new.as_deref()) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (None, None | Some("there" | "sent")) => "new".to_owned(),
        (None, Some(new)) => format!("new: {new}"),
        (Some("there" | "sent"), None) => "gone".to_owned(),
        (Some(old), None) => format!("gone: {old}"),
    };
    let kind = serde_json::to_value(change.kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default().replace('_', " ");
    let name = format!("{}{}", event.unwrap_or_default(), change.subject);
    Entry::new(Line::new().code(name))
        .badge(Badge::new(tone, change.class.word()))
        .detail(Line::from(format!("{kind}: {sides}")))
        .detail(Line::from(&change.reason))
}
