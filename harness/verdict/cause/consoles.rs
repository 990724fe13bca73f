//! Which console messages are a reason for a failure, by what the consoles of all cases say.

use std::collections::BTreeSet;

use super::symptom::{JudgedCase, Novelty, is_failure};
use crate::contract::order_id;
use crate::evidence::{ConsoleMessage, Severity, signature};
use crate::reading::Role;
use crate::scenario::Complaints;

/// What the consoles of all cases say, by the signatures of the texts.
#[derive(Debug, Default)]
pub struct Consoles {
    /// In cases in which nothing fails, with what calls threw there: what a build says where it
    /// works is no reason that it does not.
    ordinary: BTreeSet<String>,
    /// In cases in which a sound build has nothing to complain of. What is said where only known
    /// failures fail is about those.
    uninvited: BTreeSet<String>,
}

impl Consoles {
    /// Those of all cases of a run.
    pub fn of(seats: &[JudgedCase<'_>]) -> Self {
        let mut own = Self::default();
        for seat in seats {
            let Some(evidence) = seat.evidence() else {
                continue;
            };
            let console = evidence.console.iter();
            let said = console.clone().map(|own| own.text.as_str());
            let mut failing = seat.outcome.seen.iter().filter(|seen| is_failure(seen));
            if failing.clone().next().is_none() {
                let calls = evidence.calls.iter();
                let calls = calls.filter_map(|call| call.threw.as_deref());
                let pushes = evidence.pushes.iter();
                let pushes = pushes.filter_map(|push| push.threw.as_deref());
                let said = said.chain(calls).chain(pushes);
                own.ordinary.extend(said.map(signature));
            } else if failing.any(|seen| Novelty::of(seen) == Novelty::New)
                && !invites_complaints(seat)
            {
                own.uninvited.extend(said.map(signature));
            }
        }
        own
    }

    /// Whether a build says this, in its console or by an exception, where it works, too.
    pub fn is_ordinary(&self, text: &str) -> bool {
        self.ordinary.contains(&signature(text))
    }

    /// The first complaint of a case that may be the reason for its failure. What a build says of a
    /// flawed call, of an order that is reported again or of a failing backend is none, unless it
    /// says the same where nothing of that happens.
    pub fn complaint_of(&self, seat: &JudgedCase<'_>) -> Option<String> {
        let console = seat.evidence().into_iter().flat_map(|own| &own.console);
        let is_invited = invites_complaints(seat);
        let is_reason = |own: &&ConsoleMessage| {
            let is_uninvited = || self.uninvited.contains(&signature(&own.text));
            !self.is_ordinary(&own.text) && (!is_invited || is_uninvited())
        };
        let reasons: Vec<&ConsoleMessage> = console.filter(is_reason).collect();
        let first = |severity| reasons.iter().find(|own| own.severity == severity);
        let found = first(Severity::Error).or_else(|| first(Severity::Warning));
        found.map(|own| signature(&own.text))
    }
}

/// Whether a sound build may complain in this case: of a flawed call, of a visitor who never used
/// the widgets, of an order that is reported again, or of a failing backend.
fn invites_complaints(seat: &JudgedCase<'_>) -> bool {
    let scenario = &seat.outcome.case.scenario;
    let mut steps = scenario.steps.iter();
    let is_open = || {
        let mut called = seat.reading.iter().flat_map(|reading| &reading.called);
        called.any(|called| called.role != Role::Expected)
    };
    !scenario.expect.console.is_empty()
        || steps.any(|(_, step)| step.facts().complaints == Complaints::Invited)
        || is_open()
        || is_any_order_reported_again(seat)
}

fn is_any_order_reported_again(seat: &JudgedCase<'_>) -> bool {
    let calls = seat.evidence().into_iter().flat_map(|own| &own.calls);
    let mut ids = calls.filter_map(|call| order_id(&call.event.args));
    let mut reported = BTreeSet::new();
    ids.any(|id| !reported.insert(id.to_string()))
}
