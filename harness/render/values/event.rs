//! Each event of a case: what was called, what was sent, and what the ledger says.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::{leaves, pretty};
use super::or_missing;
use crate::render::document::{Badge, Block, EventRow, Line, Side, Style, Text, Tone};
use crate::report::{EventReport, FieldChange};

/// The events side by side; nothing where nothing was called and nothing came.
pub fn events(events: &[EventReport]) -> Option<Block> {
    (!events.is_empty()).then(|| Block::Events(events.iter().map(row).collect()))
}

fn row(event: &EventReport) -> EventRow {
    let paths: BTreeSet<String> = event
        .changes
        .iter()
        .map(|change| change.path.clone())
        .collect();
    let label = event.label.as_deref().unwrap_or("no call explains this");
    let (tone, ledger) = match (event.fine, event.changes.is_empty()) {
        (true, true) => (Tone::Good, event.ledger.clone()),
        (false, true) => (Tone::Bad, event.ledger.clone()),
        (_, false) => (Tone::Bad, format!("{}, changed", event.ledger)),
    };
    EventRow {
        name: Text::from(label),
        call: event.called.as_ref().map(|called| Side {
            short: short(event, |change| &change.called).unwrap_or_else(|| Text::from(called)),
            full: pretty(called, &paths, Style::Expected),
        }),
        request: event.sent.as_ref().map(|sent| Side {
            short: short(event, |change| &change.sent).unwrap_or_else(|| Text::from(sent)),
            full: request(sent, &paths),
        }),
        ledger: Badge::new(tone, ledger),
        changes: event.changes.iter().map(change).collect(),
    }
}

/// The fields that differ, where any does.
fn short(event: &EventReport, of: fn(&FieldChange) -> &Option<Value>) -> Option<Text> {
    let field =
        |change: &FieldChange| format!("{}: {}", change.path, or_missing(of(change).as_ref()));
    let fields: Vec<String> = event.changes.iter().map(field).collect();
    (!fields.is_empty()).then(|| Text::from(fields.join(", ")))
}

fn change(change: &FieldChange) -> Line {
    let line = Line::new().code(&change.path).plain(": ");
    let line = line.with(Style::Expected, or_missing(change.called.as_ref()));
    let line = line.plain(" → ");
    line.with(Style::Actual, or_missing(change.sent.as_ref()))
}

/// The body with the fields marked that were called otherwise. On the wire names have other
/// letters, `product_id` for `productId`; what has another name altogether is only in the list of
/// changes.
fn request(sent: &str, paths: &BTreeSet<String>) -> Vec<Line> {
    let Ok(body) = serde_json::from_str::<Value>(sent) else {
        return vec![Line::new().plain(sent)];
    };
    let changed: Vec<String> = paths.iter().map(|path| plain(path)).collect();
    let is_changed = |path: &str| {
        changed
            .iter()
            .any(|changed| is_end_of(changed, &plain(path)))
    };
    pretty(&body, &leaves(&body, &is_changed), Style::Actual)
}

/// A path without what writers of names differ in.
fn plain(path: &str) -> String {
    path.chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a path is another's, or that of the same field further inside: the wire may wrap an
/// event.
fn is_end_of(path: &str, whole: &str) -> bool {
    whole
        .strip_suffix(path)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("value", "value", true)]
    #[case("lineItems[0].productId", "line_items[0].product_id", true)]
    #[case("productId", "event.properties.product_id", true)]
    #[case("value", "old_value", false)]
    #[case("lineItems[0].productId", "line_items[1].product_id", false)]
    fn called_field_is_found_on_the_wire(
        #[case] called: &str,
        #[case] wire: &str,
        #[case] is_same: bool,
    ) {
        assert_eq!(is_end_of(&plain(called), &plain(wire)), is_same);
    }
}
