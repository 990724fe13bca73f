//! What the page itself said of a failure, and where.

use super::group::Group;
use super::symptom::{JudgedCase, Signature};
use crate::contract::RowCheckName;
use crate::evidence::{ConsoleMessage, Millis, Position, Severity, signature, without_hosts};
use crate::judge::Defect;
use crate::reading::Fault;

/// More messages than these are noise.
const MOST_MESSAGES: usize = 4;

/// The message that the signature of a group came from, whole.
pub fn complaint(group: &Group, seat: &JudgedCase<'_>) -> Option<String> {
    let (Signature::Exception(own) | Signature::Console(own)) = &group.signature else {
        return None;
    };
    let evidence = seat.evidence()?;
    let console = evidence.console.iter().map(|own| own.text.as_str());
    let calls = evidence.calls.iter().filter_map(|own| own.threw.as_deref());
    let pushes = evidence
        .pushes
        .iter()
        .filter_map(|own| own.threw.as_deref());
    let rows = evidence.rows.iter().filter_map(|own| own.threw.as_deref());
    let mut all = console.chain(calls).chain(pushes).chain(rows);
    let found = all.find(|text| signature(text) == *own)?;
    Some(without_hosts(found))
}

/// What the console said in the example when it happened: what was said before says nothing of it.
pub fn console(group: &Group, seat: &JudgedCase<'_>) -> Vec<String> {
    let from = match &group.signature {
        Signature::Exception(_)
        | Signature::Console(_)
        | Signature::Hung
        | Signature::Nothing(_)
        | Signature::Defect(Defect::NotReady | Defect::Step(_)) => Some(Millis(0.0)),
        Signature::Defect(Defect::Event(Fault::Lost)) => first_lost(seat),
        Signature::Machine(_)
        | Signature::Field(..)
        | Signature::Silent
        | Signature::Defect(_)
        | Signature::Row(_) => None,
    };
    let (Some(from), Some(evidence)) = (from, seat.evidence()) else {
        return Vec::new();
    };
    let is_late = |own: &&ConsoleMessage| own.at.0 + CLOCK_MS >= from.0;
    let rank = |own: &&ConsoleMessage| match own.severity {
        Severity::Uncaught => 0,
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Info | Severity::Debug => 3,
    };
    let mut own: Vec<&ConsoleMessage> = evidence.console.iter().filter(is_late).collect();
    own.sort_by_key(rank);
    let mut said: Vec<String> = Vec::new();
    for text in own.into_iter().map(|own| without_hosts(&own.text)) {
        if !said.contains(&text) && said.len() < MOST_MESSAGES {
            said.push(text);
        }
    }
    said
}

/// The browser's clock and ours agree to this.
const CLOCK_MS: f64 = 50.0;

/// When the first lost event was called.
fn first_lost(seat: &JudgedCase<'_>) -> Option<Millis> {
    let reading = seat.reading.as_ref()?;
    let lost = reading
        .called
        .iter()
        .filter(|own| own.fault() == Some(Fault::Lost));
    let lost: Vec<_> = lost.map(|own| own.event).collect();
    let calls = reading.evidence.calls.iter();
    let mut calls = calls.filter(|call| lost.contains(&&call.event));
    Some(calls.next().map_or(Millis(0.0), |call| call.at))
}

/// Where in a script the exception or the message of a group came from.
pub fn position<'e>(group: &Group, seat: &JudgedCase<'e>) -> Option<&'e Position> {
    let evidence = seat.evidence()?;
    let mut thrown = evidence.calls.iter().filter(|call| call.threw.is_some());
    let own = match &group.signature {
        Signature::Exception(own) | Signature::Console(own) => own,
        Signature::Row(RowCheckName::ThrowsNothing) => {
            return thrown.find_map(|call| call.threw_at.as_ref());
        }
        Signature::Machine(_)
        | Signature::Hung
        | Signature::Field(..)
        | Signature::Silent
        | Signature::Defect(_)
        | Signature::Row(_)
        | Signature::Nothing(_) => return None,
    };
    let is_it = |text: &str| signature(text) == *own;
    let console = evidence.console.iter().filter(|own| is_it(&own.text));
    let thrown = thrown.filter(|call| call.threw.as_deref().is_some_and(is_it));
    let mut all =
        (console.map(|own| own.position.as_ref())).chain(thrown.map(|own| own.threw_at.as_ref()));
    all.find_map(|own| own)
}
