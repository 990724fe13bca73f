//! What was called, what was sent and what the backend recorded, event by event.

use super::model::{EventReport, FieldChange};
use crate::contract::Event;
use crate::evidence::Evidence;
use crate::plan::Case;
use crate::reading::{Ledger, Recorded, differences};
use crate::sdk::Profile;

/// Every event of a case; those that went wrong first.
pub fn events(case: &Case, evidence: &Evidence, profile: &Profile) -> Vec<EventReport> {
    let ledger = Ledger::new(&evidence.requests, profile);
    let expect = &case.scenario.expect;
    let called = called(case, evidence);
    let matched = ledger.match_calls(&called);
    let mut events = Vec::new();
    for (index, (event, places)) in called.iter().zip(&matched.found).enumerate() {
        let recorded: Vec<&Recorded<'_>> = places
            .iter()
            .map(|place| &ledger.recorded[*place])
            .collect();
        let wanted = index < expect.recorded.len();
        let open = index >= expect.recorded.len() + expect.not_recorded.len();
        let ledger = match (recorded.len(), wanted) {
            (0, true) => "never arrived".to_owned(),
            (0, false) => "not recorded".to_owned(),
            (1, _) => format!("recorded at {}", recorded[0].request.at),
            (times, _) => format!("recorded {times} times"),
        };
        let changes = recorded
            .first()
            .map(|recorded| differences(&event.args, &recorded.args))
            .unwrap_or_default();
        events.push(EventReport {
            fine: open || recorded.len() == usize::from(wanted),
            label: Some(event.label.clone()),
            called: Some(event.args.clone()),
            sent: recorded
                .first()
                .map(|recorded| recorded.request.body.clone()),
            changes: changes
                .into_iter()
                .map(|(path, called, sent)| FieldChange { path, called, sent })
                .collect(),
            ledger,
        });
    }
    for place in &matched.unexpected {
        let recorded = &ledger.recorded[*place];
        let ledger = format!("recorded at {}", recorded.request.at);
        events.push(EventReport {
            fine: false,
            label: None,
            called: None,
            sent: Some(recorded.request.body.clone()),
            changes: Vec::new(),
            ledger,
        });
    }
    events.sort_by_key(|event| event.fine && event.changes.is_empty());
    events
}

/// Every event that was called: those that the scenario expects, those it expects not to be
/// recorded, and then all others.
pub fn called<'a>(case: &'a Case, evidence: &'a Evidence) -> Vec<&'a Event> {
    let expect = &case.scenario.expect;
    // Clicks on the shop's buttons are calls too, but only the scenario knows of which events.
    let others = evidence
        .calls
        .iter()
        .map(|call| &call.event)
        .filter(|event| !expect.recorded.contains(event) && !expect.not_recorded.contains(event));
    expect
        .recorded
        .iter()
        .chain(&expect.not_recorded)
        .chain(others)
        .collect()
}
