//! A comparison of two releases, in each format.

mod format;
mod sections;
#[cfg(test)]
mod tests;

pub use format::ComparisonFormat;
pub use sections::sections;

use super::document::{Document, Fact, Line, Style, Tone, Verdict};
use crate::report::compare::{Comparison, ReadyChange, SideReport};
use crate::report::model::seconds;

/// The document of a comparison.
pub fn document(comparison: &Comparison) -> Document {
    let mut shown = Verdict::new(tone(comparison), verdict(comparison));
    shown.notes.extend(semver(comparison).map(Line::from));
    shown.facts = sides(comparison);
    Document::new(
        "compare",
        match comparison.engines() {
            None => "Comparison of two releases",
            Some(_) => "Comparison of two engines",
        },
        Some(shown),
        sections(comparison),
    )
}

/// What is compared with what, and what else differs.
pub fn sides(comparison: &Comparison) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("old", side(&comparison.old)),
        Fact::new("new", side(&comparison.new)),
    ];
    facts.extend(comparison.circumstances.iter().map(|own| {
        if own.old.is_none() && own.new.is_none() {
            return Fact::new("note", &own.consequence);
        }
        let side = |side: &Option<String>| side.clone().unwrap_or("none".to_owned());
        let line = Line::new().code(format!("{} → {}", side(&own.old), side(&own.new)));
        let line = line.plain(format!(": {}", own.consequence));
        Fact::new(format!("{} differs", own.what), line)
    }));
    facts
}

fn side(side: &SideReport) -> Line {
    let mut line = Line::from(&side.source);
    if let Some(sdk) = &side.sdk {
        line = line.plain(" · ").plain(sdk);
    }
    line.plain(" · sha256 ")
        .with(Style::Hash, &side.sdk_sha256)
        .plain(format!(" · profile {}", side.profile.name))
        .plain(format!(" · {} checks", side.checks))
}

/// How to take a comparison.
pub fn tone(comparison: &Comparison) -> Tone {
    if comparison.has_regressed() {
        Tone::Bad
    } else if comparison.later_ready().is_some() {
        Tone::Careful
    } else {
        Tone::Good
    }
}

/// The verdict, in one sentence.
pub fn verdict(comparison: &Comparison) -> String {
    let regressions = comparison.regressions.iter();
    let worse: Vec<String> = regressions
        .map(|(kind, count)| kind.words(*count))
        .collect();
    let mut parts = vec![match (comparison.engines(), worse.join(" · ")) {
        (None, worse) if worse.is_empty() => "no regression".to_owned(),
        (None, worse) => format!("regression: {worse}"),
        (Some((old, new)), worse) if worse.is_empty() => {
            format!("nothing is worse in {new} than in {old}")
        }
        (Some((old, new)), worse) => format!("worse in {new} than in {old}: {worse}"),
    }];
    parts.extend(comparison.later_ready().map(ready));
    let mut count = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    count(comparison.fixed.len(), "fixed");
    count(comparison.still_wrong.len(), "as wrong as before");
    parts.push(format!("{} unchanged", comparison.unchanged));
    if comparison.not_selected > 0 {
        parts.push(format!("{} not selected", comparison.not_selected));
    }
    if comparison.of_one_engine > 0 {
        let count = comparison.of_one_engine;
        parts.push(format!("{count} not applicable in one of them"));
    }
    parts.join(" · ")
}

/// How soon the SDK is ready, on both sides.
pub fn ready(change: &ReadyChange) -> String {
    let (new, old) = (seconds(change.new_ms), seconds(change.old_ms));
    let word = if change.is_later {
        "ready later: "
    } else {
        "ready "
    };
    format!("{word}after {new}, was {old}")
}

/// The version number, in one sentence; `None` where two engines are compared.
pub fn semver(comparison: &Comparison) -> Option<String> {
    let advice = comparison.semver.as_ref()?;
    let reasons = if advice.reasons.is_empty() {
        "nothing that anybody could rely on changed".to_owned()
    } else {
        advice.reasons.join("; ")
    };
    let word = advice.suggests.word();
    Some(format!("suggests a {word} version ({reasons})"))
}
