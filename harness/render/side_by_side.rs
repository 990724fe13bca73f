//! What was called, what was sent and what the backend recorded, one event a row of a terminal.

use std::fmt::Write as _;

use owo_colors::OwoColorize;
use serde_json::Value;

use crate::report::{EventReport, FieldChange};
use crate::text::cut_to;

/// Letters of a column.
const COLUMN: usize = 58;

/// More rows than this are cut.
const ROWS: usize = 8;

/// The table; empty where nothing was called and nothing came.
pub fn side_by_side(events: &[EventReport]) -> String {
    let mut text = String::new();
    if events.is_empty() {
        return text;
    }
    let bar = "|".blue().to_string();
    let heading = format!("{:<COLUMN$}  {:<COLUMN$}  ledger", "call", "request");
    let _ = writeln!(text, "    {bar} {}", heading.bold());
    for event in events.iter().take(ROWS) {
        let (call, request, state) = row(event);
        let state = if event.fine && event.changes.is_empty() {
            state.green().to_string()
        } else {
            state.red().to_string()
        };
        let _ = writeln!(
            text,
            "    {bar} {:<COLUMN$}  {:<COLUMN$}  {state}",
            cut_to(&call, COLUMN),
            cut_to(&request, COLUMN)
        );
    }
    if events.len() > ROWS {
        let _ = writeln!(
            text,
            "    {bar} … {} more rows, all in the evidence",
            events.len() - ROWS
        );
    }
    let _ = writeln!(text, "    {bar}");
    text
}

/// The whole event where it was sent as it was called, else the fields that differ.
fn row(event: &EventReport) -> (String, String, String) {
    let Some(label) = &event.label else {
        return (
            "no call explains this".to_owned(),
            event.sent.clone().unwrap_or_default(),
            event.ledger.clone(),
        );
    };
    if event.changes.is_empty() {
        let called = event
            .called
            .as_ref()
            .map(|args| format!(" {args}"))
            .unwrap_or_default();
        return (
            format!("{label}{called}"),
            event.sent.clone().unwrap_or_default(),
            event.ledger.clone(),
        );
    }
    let side = |of: fn(&FieldChange) -> &Option<Value>| {
        event
            .changes
            .iter()
            .map(|change| field(&change.path, of(change).as_ref()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    (
        format!("{label} {}", side(|change| &change.called)),
        side(|change| &change.sent),
        format!("{}, changed", event.ledger),
    )
}

fn field(path: &str, value: Option<&Value>) -> String {
    value.map_or_else(
        || format!("{path} absent"),
        |value| format!("{path}: {value}"),
    )
}
