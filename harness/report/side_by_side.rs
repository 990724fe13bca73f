//! What was called, what was sent and what the backend recorded, one event a row.

use std::fmt::Write as _;

use owo_colors::OwoColorize;
use serde_json::Value;

use super::failures::cut_to;
use crate::contract::Event;
use crate::evidence::{Evidence, Ledger, Recorded, differences};
use crate::scenario::Case;
use crate::sdk::Profile;

/// Letters of a column.
const COLUMN: usize = 58;

/// More rows than this are cut; those that went wrong come first.
const ROWS: usize = 8;

/// A field that differs: its path, its value in the call, its value in the request.
type Change = (String, Option<Value>, Option<Value>);

/// One event.
struct Row {
    fine: bool,
    call: String,
    request: String,
    state: String,
}

/// The table; empty where nothing was called and nothing came.
pub(super) fn side_by_side(case: &Case, evidence: &Evidence, profile: &Profile) -> String {
    let ledger = Ledger::new(&evidence.requests, profile);
    let expect = &case.scenario.expect;
    // Clicks on the shop's buttons are calls too, but only the scenario knows of which events.
    let others = evidence.calls.iter().map(|call| &call.event).filter(|event| !expect.recorded.contains(event) && !expect.not_recorded.contains(event));
    let called: Vec<&Event> = expect.recorded.iter().chain(&expect.not_recorded).chain(others).collect();
    let matched = ledger.match_calls(&called);
    let mut rows = Vec::new();
    for (index, (event, places)) in called.iter().zip(&matched.found).enumerate() {
        let recorded: Vec<&Recorded<'_>> = places.iter().map(|place| &ledger.recorded[*place]).collect();
        let wanted = index < expect.recorded.len();
        let open = index >= expect.recorded.len() + expect.not_recorded.len();
        let state = match (recorded.len(), wanted) {
            (0, true) => "never arrived".to_owned(),
            (0, false) => "not recorded".to_owned(),
            (1, _) => format!("recorded at {}", recorded[0].request.at),
            (times, _) => format!("recorded {times} times"),
        };
        let fine = open || recorded.len() == usize::from(wanted);
        let changes = recorded.first().map(|recorded| differences(&event.args, &recorded.args)).unwrap_or_default();
        rows.push(if changes.is_empty() {
            let request = recorded.first().map(|recorded| recorded.request.body.clone()).unwrap_or_default();
            Row { fine, call: format!("{} {}", event.label, event.args), request, state }
        } else {
            let side = |of: fn(&Change) -> &Option<Value>| changes.iter().map(|change| field(&change.0, of(change).as_ref())).collect::<Vec<_>>().join(", ");
            let call = format!("{} {}", event.label, side(|change| &change.1));
            Row { fine: false, call, request: side(|change| &change.2), state: format!("{state}, changed") }
        });
    }
    for place in &matched.unexpected {
        let recorded = &ledger.recorded[*place];
        let state = format!("recorded at {}", recorded.request.at);
        rows.push(Row { fine: false, call: "no call explains this".to_owned(), request: recorded.request.body.clone(), state });
    }
    rows.sort_by_key(|row| row.fine);
    table(&rows)
}

fn field(path: &str, value: Option<&Value>) -> String {
    value.map_or_else(|| format!("{path} absent"), |value| format!("{path}: {value}"))
}

fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    if rows.is_empty() {
        return text;
    }
    let bar = "|".blue().to_string();
    let heading = format!("{:<COLUMN$}  {:<COLUMN$}  ledger", "call", "request");
    let _ = writeln!(text, "    {bar} {}", heading.bold());
    for Row { fine, call, request, state } in rows.iter().take(ROWS) {
        let state = if *fine { state.green().to_string() } else { state.red().to_string() };
        let _ = writeln!(text, "    {bar} {:<COLUMN$}  {:<COLUMN$}  {state}", cut_to(call, COLUMN), cut_to(request, COLUMN));
    }
    if rows.len() > ROWS {
        let _ = writeln!(text, "    {bar} … {} more rows, all in the evidence", rows.len() - ROWS);
    }
    let _ = writeln!(text, "    {bar}");
    text
}
