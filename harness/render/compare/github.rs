use std::fmt::Write as _;

use super::{semver, verdict};
use crate::render::github::{data, property};
use crate::report::compare::{CheckChange, Comparison, WireClass};

/// Hosts show so many annotations of a step and no more.
const SHOWN: usize = 10;

/// The comparison as workflow commands: an error for each regression, a warning for each breaking
/// change on the wire, and the verdict.
pub fn github(comparison: &Comparison) -> String {
    let mut text = String::new();
    let worse: Vec<&CheckChange> = comparison
        .check_changes()
        .filter(|change| change.regression.is_some())
        .collect();
    for change in worse.iter().take(SHOWN) {
        let place = change
            .at
            .as_deref()
            .and_then(|at| at.rsplit_once(':'))
            .map(|(file, line)| format!("file={},line={},", property(file), property(line)));
        let said = [
            change.message.clone(),
            change.again.as_ref().map(|again| format!("again: {again}")),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n");
        let title = format!(
            "{}: {}",
            change
                .regression
                .map(|kind| kind.words(1))
                .unwrap_or_default(),
            change.check
        );
        let _ = writeln!(
            text,
            "::error {}title={}::{}",
            place.unwrap_or_default(),
            property(&title),
            data(&said)
        );
    }
    let breaking: Vec<_> = comparison
        .wire
        .changes
        .iter()
        .filter(|change| change.class == WireClass::Breaking)
        .collect();
    for change in breaking.iter().take(SHOWN) {
        let sides = format!(
            "{} → {}",
            change.old.as_deref().unwrap_or("none"),
            change.new.as_deref().unwrap_or("none")
        );
        let event = change
            .event
            .map(|event| format!("{event} "))
            .unwrap_or_default();
        let title = format!("breaking change on the wire: {event}{}", change.subject);
        let _ = writeln!(
            text,
            "::warning title={}::{}",
            property(&title),
            data(&format!("{sides}: {}", change.reason))
        );
    }
    let more = worse.len().saturating_sub(SHOWN) + breaking.len().saturating_sub(SHOWN);
    let more = if more > 0 {
        format!("; {more} more are in the other formats")
    } else {
        String::new()
    };
    let kind = if comparison.has_regressed() {
        "error"
    } else {
        "notice"
    };
    let _ = writeln!(
        text,
        "::{kind} title=alhena-conformance compare::{}",
        data(&format!(
            "{}; {}{more}",
            verdict(comparison),
            semver(comparison)
        ))
    );
    text
}
