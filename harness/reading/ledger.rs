use super::policy::{Rejection, ServerMemory};
use super::sent_event::SentEvent;
use crate::contract::Event;
use crate::evidence::{Decision, Request, RequestId};
use crate::sdk::Profile;

/// The backend's requests, read as events, after the policies that the profile leaves to the
/// server.
///
/// Three identities are kept apart: a *call* is what the page did, an *event* is known by its
/// content, an *attempt* is one HTTP request.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// What was recorded, in order of arrival.
    pub recorded: Vec<SentEvent<'a>>,
    /// What was sent and a server with the profile's policies does not record, with the reason.
    pub rejected: Vec<(SentEvent<'a>, Rejection)>,
    /// What was sent and the backend refused or dropped, as the scenario asked.
    pub refused: Vec<SentEvent<'a>>,
}

impl<'a> Ledger<'a> {
    /// Reads `requests` in the wire format of `profile`, in order of arrival.
    pub fn new(requests: &'a [Request], profile: &Profile) -> Self {
        let mut ledger = Self {
            recorded: Vec::new(),
            rejected: Vec::new(),
            refused: Vec::new(),
        };
        let mut memory = ServerMemory::default();
        for request in requests {
            match request.decision {
                Decision::Recorded => {
                    for event in events_in(request, profile) {
                        match memory.rejection_of(&event, profile) {
                            Some(why) => ledger.rejected.push((event, why)),
                            None => ledger.recorded.push(event),
                        }
                    }
                }
                Decision::Answered => memory.note_interaction(request, profile),
                Decision::Refused(_) | Decision::Dropped => {
                    ledger.refused.extend(events_in(request, profile));
                }
                Decision::Preflight | Decision::Unknown => {}
            }
        }
        ledger
    }

    /// Whether each of `wanted` was recorded at least once, `others` having been called beside
    /// them: what was recorded of those stands for none of these. Cheap while too few requests are
    /// there, so that it can be waited on.
    pub fn holds_all(
        requests: &[Request],
        profile: &Profile,
        wanted: &[&Event],
        others: &[&Event],
    ) -> bool {
        let recorded = requests
            .iter()
            .filter(|request| request.decision == Decision::Recorded)
            .count();
        (recorded >= wanted.len() || profile.wire.has_batches())
            && Ledger::new(requests, profile)
                .match_calls(&[wanted, others].concat(), profile)
                .found
                .iter()
                .take(wanted.len())
                .all(|found| !found.is_empty())
    }

    /// Everything that one request brought, whatever became of it.
    pub fn brought_by(&self, id: RequestId) -> impl Iterator<Item = &SentEvent<'a>> {
        let rejected = self.rejected.iter().map(|(event, _)| event);
        self.recorded
            .iter()
            .chain(rejected)
            .chain(&self.refused)
            .filter(move |event| event.request.id == id)
    }
}

/// The events of one request.
fn events_in<'a>(request: &'a Request, profile: &Profile) -> impl Iterator<Item = SentEvent<'a>> {
    let records = profile
        .wire
        .read(&request.method, &request.path, &request.body);
    records
        .into_iter()
        .enumerate()
        .map(|(index, record)| SentEvent::new(request, index, record))
}
