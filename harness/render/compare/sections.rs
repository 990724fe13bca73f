//! What changed, a list of each kind.

use serde_json::Value;

use super::ready;
use crate::contract::Level;
use crate::render::document::{Badge, Block, Entry, Line, Section, Style, Text, Tone};
use crate::render::values::{or_missing, or_nothing};
use crate::report::CauseReport;
use crate::report::compare::{
    CauseChanges, CheckChange, Comparison, ObservationChange, RequirementChange, SlowerCase,
    WireChange, WireClass,
};
use crate::text::counted;
use crate::verdict::Status;

/// More places of one observation are counted.
const SHOWN_PLACES: usize = 6;

/// The lists of a comparison, in the order in which they matter. Empty ones are left out.
pub fn sections(comparison: &Comparison) -> Vec<Section> {
    let all = comparison;
    let checks = |name, title, tone, changes: &[CheckChange]| {
        let entries = changes.iter().map(|change| check(change, tone));
        list(name, title, tone, None, entries.collect())
    };
    let requirements = |name, title, tone, changes: &[RequirementChange]| {
        let entries = changes.iter().map(|change| requirement(change, name, tone));
        list(name, title, tone, None, entries.collect())
    };
    let observed = all.observations.iter().map(observation).collect();
    let (bad, careful, good) = (Tone::Bad, Tone::Careful, Tone::Good);
    let causes = all.causes.as_ref();
    let of = |list: fn(&CauseChanges) -> &Vec<CauseReport>| causes.map_or(&[][..], |own| list(own));
    let sections = [
        list(
            "new-causes",
            "new causes",
            bad,
            None,
            of(|own| &own.new).iter().map(cause).collect(),
        ),
        named(
            "gone-causes",
            "causes gone",
            &Badge::new(good, "gone"),
            of(|own| &own.gone),
        ),
        named(
            "same-causes",
            "causes in both",
            &Badge::new(careful, "still"),
            of(|own| &own.both),
        ),
        requirements(
            "broken",
            "requirements newly broken",
            bad,
            &all.requirements_broken,
        ),
        requirements(
            "fixed",
            "requirements fixed",
            good,
            &all.requirements_mended,
        ),
        checks("new-failures", "new failures", bad, &all.new_failures),
        checks("fixed-checks", "fixed", good, &all.fixed),
        list("observed", "changed observations", careful, None, observed),
        checks("vanished", "vanished checks", bad, &all.vanished),
        checks("appeared", "new checks", Tone::Neutral, &all.appeared),
        checks("flaky", "flaky", careful, &all.flaky),
        checks(
            "undecided",
            "decided on one side only",
            careful,
            &all.undecided,
        ),
        slower(all),
        wire(all),
    ];
    sections.into_iter().flatten().collect()
}

/// A section with a list; absent where there is nothing to say.
fn list(
    name: &'static str,
    title: &str,
    tone: Tone,
    note: Option<String>,
    entries: Vec<Entry>,
) -> Option<Section> {
    let mut blocks: Vec<Block> = note.into_iter().map(Block::paragraph).collect();
    let count = entries.len();
    if count == 0 {
        return Section::new(name, title, tone, blocks);
    }
    blocks.push(Block::list(entries));
    Section::new(name, format!("{title} ({count})"), tone, blocks)
}

/// One thing said of an entry.
fn labelled(label: &str, text: Option<impl Into<Text>>) -> Option<Line> {
    Some(Line::from(format!("{label}: ")).code(text?))
}

fn check(change: &CheckChange, tone: Tone) -> Entry {
    let word = |status: Option<Status>| status.map_or("not made", Status::word);
    let tone = change.regression.as_ref().map_or(tone, |_| Tone::Bad);
    let mark = format!("{} → {}", word(change.old), word(change.new));
    let requirements = change.requirements.iter().map(|id| id.0.as_str());
    let proves = requirements.collect::<Vec<_>>().join(", ");
    let level = change
        .level
        .map(|level| format!(" ({level})"))
        .unwrap_or_default();
    let proves = (!proves.is_empty()).then(|| format!("{proves}{level}"));
    let at = change
        .at
        .as_ref()
        .filter(|_| change.new != Some(Status::Pass));
    let is_unsound = change.new.is_some_and(|status| status < Status::Pass);
    let again = change.again.as_ref().filter(|_| is_unsound);
    let details = [
        change.message.as_ref().map(Line::from),
        labelled("proves", proves),
        labelled("expected", change.expected.as_ref()),
        labelled("actual", change.actual.as_ref()),
        labelled("excused at", change.known.as_ref()),
        labelled("at", at),
        again.map(|again| Line::from("again: ").with(Style::Command, again)),
    ];
    let entry = Entry::new(Line::new().code(&change.check)).badge(Badge::new(tone, mark));
    let details = details.into_iter().flatten().collect();
    Entry { details, ..entry }
}

/// Causes that a reader knows from before, by their sentences.
fn named(
    name: &'static str,
    title: &str,
    badge: &Badge,
    causes: &[CauseReport],
) -> Option<Section> {
    let tone = badge.tone;
    let entry =
        |own: &CauseReport| Entry::new(Line::new().strong(&own.sentence)).badge(badge.clone());
    list(name, title, tone, None, causes.iter().map(entry).collect())
}

fn cause(cause: &CauseReport) -> Entry {
    let ids = cause.breaks.iter().map(|id| id.0.as_str());
    let breaks = ids.collect::<Vec<_>>().join(", ");
    let seen = format!(
        "{} ({}), such as {}",
        counted(cause.cases.len(), "case"),
        counted(cause.checks.len(), "check"),
        cause.example
    );
    let differs = cause.expected.is_some() || cause.actual.is_some();
    let side = |name: &str, style, value: String| {
        let line = Line::from(format!("{name}: "));
        differs.then(|| line.with(style, value))
    };
    let (expected, actual) = (cause.expected.as_ref(), cause.actual.as_ref());
    let mut entry = Entry::new(Line::new().strong(&cause.sentence));
    entry = entry.badge(Badge::new(Tone::Bad, "new"));
    let details = [
        labelled("breaks", (!breaks.is_empty()).then_some(breaks)),
        side("expected", Style::Expected, or_nothing(expected)),
        side("actual", Style::Actual, or_missing(actual)),
        labelled("seen in", Some(seen)),
        Some(Line::from("run next: ").with(Style::Command, &cause.again)),
    ];
    let console = cause.console.iter();
    let console = console.map(|text| Line::from("console: ").with(Style::Command, text));
    entry.details = console.chain(details.into_iter().flatten()).collect();
    entry
}

fn requirement(change: &RequirementChange, word: &str, tone: Tone) -> Entry {
    let is_observed = change.level == Level::Observe;
    let tone = if is_observed { Tone::Careful } else { tone };
    let about = format!("({}) {}", change.level, change.statement);
    let entry = Entry::new(Line::new().strong(&change.id)).about(about);
    entry.badge(Badge::new(tone, word))
}

fn observation(change: &ObservationChange) -> Entry {
    let badge = Badge::new(Tone::Careful, "changed");
    let mut entry = Entry::new(Line::new().code(&change.check)).badge(badge);
    for place in change.differences.iter().take(SHOWN_PLACES) {
        let value = |value: &Option<Value>| or_missing(value.as_ref());
        let path = Some(&place.path).filter(|path| !path.is_empty());
        let line = path.map_or(Line::new(), |path| Line::new().code(path).plain(": "));
        let line = line.code(value(&place.old)).plain(" → ");
        entry = entry.detail(line.code(value(&place.new)));
    }
    match change.differences.len().saturating_sub(SHOWN_PLACES) {
        0 => entry,
        more => entry.detail(format!("and {more} places more")),
    }
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
    let ready = timing.ready.as_ref().map(|own| {
        let cases = counted(own.cases, "case");
        format!("the SDK is {} (medians of {cases})", ready(own))
    });
    let notes = ready.into_iter().chain(note).collect::<Vec<_>>().join("; ");
    let cases = timing.slower.iter().map(case).collect();
    let note = Some(notes).filter(|notes| !notes.is_empty());
    list("slower", "slower cases", Tone::Careful, note, cases)
}

fn wire(comparison: &Comparison) -> Option<Section> {
    let wire = &comparison.wire;
    let basis = format!("by {}", counted(wire.cases, "case"));
    let basis = match (wire.cases, wire.changes.is_empty()) {
        (0, _) => None,
        (_, true) => Some(format!("unchanged, {basis}")),
        (_, false) => Some(basis),
    };
    let missing = wire.not_compared.iter();
    let missing = missing.map(|what| format!("not compared — {what}"));
    let notes: Vec<String> = basis.into_iter().chain(missing).collect();
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    let changes = wire.changes.iter().map(change).collect();
    list("wire", "the wire", Tone::Careful, note, changes)
}

fn change(change: &WireChange) -> Entry {
    let tone = match change.class {
        WireClass::Breaking => Tone::Bad,
        WireClass::Additive => Tone::Neutral,
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
    let kind = serde_json::to_value(change.kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default().replace('_', " ");
    Entry::new(Line::new().code(format!("{event}{}", change.subject)))
        .badge(Badge::new(tone, change.class.word()))
        .detail(format!("{kind}: {sides}"))
        .detail(&change.reason)
}
