//! What was called, what was sent and what the backend recorded, event by event.

use super::model::{EventReport, FieldChange};
use crate::reading::{Called, Reading, Role};

#[cfg(test)]
pub mod tests;

/// Every event of a case, and every request that no call explains; those that failed first.
pub fn events(reading: &Reading<'_>) -> Vec<EventReport> {
    let called = reading.called.iter().map(|called| row(reading, called));
    let unexplained = reading.unexplained().map(|recorded| {
        let ledger = format!("recorded at {}", recorded.request.at);
        of_no_call(&recorded.request.body, ledger)
    });
    let bypasses = reading.bypasses.iter();
    let bypasses = bypasses.map(|bypass| of_no_call(&bypass.request.body, bypass.to_string()));
    let mut events: Vec<EventReport> = called.chain(unexplained).chain(bypasses).collect();
    events.sort_by_key(|event| event.fine && event.changes.is_empty());
    events
}

fn row(reading: &Reading<'_>, called: &Called<'_>) -> EventReport {
    let first = reading.first_recorded(called);
    let ledger = match (first, called.recorded.len(), called.rejection, called.role) {
        (Some(first), 1, ..) => format!("recorded at {}", first.request.at),
        (Some(_), times, ..) if times <= called.allowed => {
            format!("recorded {times} times, not more often than reported")
        }
        (Some(_), times, ..) => format!("recorded {times} times"),
        (None, _, Some(rejection), _) => format!("rejected: {}", rejection.reason()),
        (None, _, None, Role::Expected) => "never arrived".to_owned(),
        (None, _, None, Role::Forbidden | Role::Open) => "not recorded".to_owned(),
    };
    let change = |(path, called, sent)| FieldChange { path, called, sent };
    EventReport {
        fine: called.fault().is_none(),
        label: Some(called.event.label.clone()),
        called: Some(called.event.args.clone()),
        sent: first.map(|first| first.request.body.clone()),
        changes: reading.changes(called).into_iter().map(change).collect(),
        ledger,
    }
}

fn of_no_call(sent: &str, ledger: String) -> EventReport {
    EventReport {
        fine: false,
        label: None,
        called: None,
        sent: Some(sent.to_owned()),
        changes: Vec::new(),
        ledger,
    }
}
