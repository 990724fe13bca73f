use super::called::{Called, Role};
use super::difference::{Change, differences};
use super::field_change::{FieldChange, field_changes};
use super::ledger::Ledger;
use super::policy::Rejection;
use super::sent_event::SentEvent;
use super::unknown::{Bypass, bypasses};
use crate::contract::{Event, order_id};
use crate::evidence::{Call, Evidence, Millis};
use crate::plan::Case;
use crate::scenario::{Expectation, Scenario};
use crate::sdk::{Profile, Side};

/// The evidence of one attempt, read: which events were called, and what became of each.
///
/// Checks, the table of events in a report, and the wire observations all ask this, so that they
/// cannot contradict each other.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The steps, the tables and the matrix.
    pub scenario: &'a Scenario,
    /// What is compared with.
    pub expect: &'a Expectation,
    /// What the attempt left behind.
    pub evidence: &'a Evidence,
    /// Where the build's things are.
    pub profile: &'a Profile,
    /// The requests, read as events.
    pub ledger: Ledger<'a>,
    /// Every event of the case: those of `expect.recorded`, those of `expect.not_recorded`, then
    /// each call of any other event.
    ///
    /// The lists come first, for clicks on the shop's buttons are calls too, and only the scenario
    /// knows of which events. A call made twice is two calls.
    pub called: Vec<Called<'a>>,
    /// The indexes in the ledger of what was recorded and no call explains.
    pub unexpected: Vec<usize>,
    /// Requests that carry a called event past the event endpoints.
    pub bypasses: Vec<Bypass<'a>>,
}

impl<'a> Reading<'a> {
    /// Reads the evidence of one attempt at `case`.
    pub fn of(case: &'a Case, evidence: &'a Evidence, profile: &'a Profile) -> Self {
        let scenario = &*case.scenario;
        Self::against(&scenario.expect, scenario, evidence, profile)
    }

    /// Reads evidence against another expectation than that of the scenario.
    pub fn against(
        expect: &'a Expectation,
        scenario: &'a Scenario,
        evidence: &'a Evidence,
        profile: &'a Profile,
    ) -> Self {
        let ledger = Ledger::new(&evidence.requests, profile);
        let is_listed =
            |event: &Event| expect.recorded.contains(event) || expect.not_recorded.contains(event);
        let open = evidence
            .calls
            .iter()
            .map(|call| &call.event)
            .filter(|event| !is_listed(event));
        let with_role = |role| move |event: &'a Event| (event, role);
        let events: Vec<(&Event, Role)> = (expect.recorded.iter().map(with_role(Role::Expected)))
            .chain(expect.not_recorded.iter().map(with_role(Role::Forbidden)))
            .chain(open.map(with_role(Role::Open)))
            .collect();
        let called: Vec<&Event> = events.iter().map(|(event, _)| *event).collect();
        let mut matched = ledger.match_calls(&called, profile);
        matched.share_out(&called, |index| sent_at(&ledger.recorded[index], evidence));
        let bypasses = bypasses(&evidence.requests, &called);
        let called = events
            .into_iter()
            .zip(matched.found)
            .map(|((event, role), recorded)| Called {
                rejection: rejection_of(event, &ledger).filter(|_| recorded.is_empty()),
                allowed: allowed(event, role, expect, evidence, profile),
                event,
                role,
                recorded,
            })
            .collect();
        Self {
            scenario,
            expect,
            evidence,
            profile,
            ledger,
            called,
            unexpected: matched.unexpected,
            bypasses,
        }
    }

    /// The events of which the scenario expects this.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &Called<'a>> {
        self.called.iter().filter(move |called| called.role == role)
    }

    /// What was recorded of an event.
    pub fn recorded<'r>(
        &'r self,
        called: &'r Called<'a>,
    ) -> impl ExactSizeIterator<Item = &'r SentEvent<'a>> {
        called
            .recorded
            .iter()
            .map(|index| &self.ledger.recorded[*index])
    }

    /// Of the records of an event, the one that was sent first.
    pub fn first_recorded(&self, called: &Called<'a>) -> Option<&SentEvent<'a>> {
        called
            .recorded
            .first()
            .map(|index| &self.ledger.recorded[*index])
    }

    /// When the page sent it, by its own clock; where that is not known, when it arrived.
    pub fn sent_at(&self, sent: &SentEvent<'_>) -> Millis {
        sent_at(sent, self.evidence)
    }

    /// The expected events that were recorded, each with its first record and with when it was
    /// called; `None`: by the shop itself. Of equal calls it is the last one before the record was
    /// sent, because the first may have been before the gate was open.
    pub fn calls_of_recorded(&self) -> Vec<(&Called<'a>, &SentEvent<'a>, Option<Millis>)> {
        let recorded = self.of_role(Role::Expected);
        let recorded = recorded.filter_map(|own| Some((own, self.first_recorded(own)?)));
        let recorded: Vec<_> = recorded.collect();
        let mut left: Vec<&Call> = self.evidence.calls.iter().collect();
        let from_the_last = recorded.into_iter().rev().map(|(called, sent)| {
            let sent_at = self.sent_at(sent).0;
            let is_it = |call: &&Call| call.event == *called.event && call.at.0 <= sent_at;
            let call = left.iter().rposition(is_it);
            (called, sent, call.map(|index| left.remove(index).at))
        });
        let mut all: Vec<_> = from_the_last.collect();
        all.reverse();
        all
    }

    /// The fields of an event that arrived otherwise than they were called; empty where it did not
    /// arrive.
    pub fn changes(&self, called: &Called<'a>) -> Vec<Change> {
        let first = self.first_recorded(called);
        first.map_or_else(Vec::new, |recorded| {
            differences(&called.event.args, &recorded.args)
        })
    }

    /// As [`Self::changes`], a field each: which differ, and how.
    pub fn field_changes(&self, called: &Called<'a>) -> Vec<FieldChange> {
        let first = self.first_recorded(called);
        first.map_or_else(Vec::new, |recorded| field_changes(called, recorded))
    }

    /// What was recorded and no call explains.
    pub fn unexplained(&self) -> impl Iterator<Item = &SentEvent<'a>> {
        self.unexpected
            .iter()
            .map(|index| &self.ledger.recorded[*index])
    }

    /// Events are expected and none came, so that silence about others proves nothing.
    pub fn nothing_arrived(&self) -> bool {
        let mut expected = self.of_role(Role::Expected).peekable();
        expected.peek().is_some() && expected.all(|called| called.recorded.is_empty())
    }

    /// When the SDK was seen to be ready, of a page on which that was still waited for at `moment`;
    /// `None` where the SDK was ready before, or the page was left first.
    pub fn ready_after(&self, moment: Millis) -> Option<Millis> {
        let steps = self.scenario.steps.iter().zip(&self.evidence.steps);
        steps
            .map(|((_, step), record)| (step.facts(), record))
            .skip_while(|(_, record)| record.at < moment)
            .take_while(|(facts, _)| !facts.leaves_page)
            .find(|(facts, _)| facts.awaits_ready)
            .map(|(_, record)| record.until)
    }

    /// Each call that the harness made, in their order, with what was recorded of it. Equal calls
    /// share the records out by their number alone, so that an observation depends on no time;
    /// when a record was called, [`Self::calls_of_recorded`] says.
    pub fn calls(&self) -> impl Iterator<Item = (&'a Event, Vec<&SentEvent<'a>>)> {
        let calls = || self.evidence.calls.iter().map(|call| &call.event);
        calls().enumerate().map(move |(index, event)| {
            let is_equal = |other: &&Event| *other == event;
            let before = calls().take(index).filter(is_equal).count();
            let all = calls().filter(is_equal).count();
            let equal = self.called.iter().filter(|called| called.event == event);
            let mut records: Vec<usize> = equal
                .flat_map(|called| called.recorded.iter().copied())
                .collect();
            records.sort_unstable();
            let own = records.into_iter().skip(before).step_by(all);
            (
                event,
                own.map(|index| &self.ledger.recorded[index]).collect(),
            )
        })
    }
}

fn sent_at(sent: &SentEvent<'_>, evidence: &Evidence) -> Millis {
    let started = evidence.started.get(&sent.request.id);
    *started.unwrap_or(&sent.request.at)
}

/// How often an event may be recorded; see [`Called::allowed`].
fn allowed(
    event: &Event,
    role: Role,
    expect: &Expectation,
    evidence: &Evidence,
    profile: &Profile,
) -> usize {
    let is_known_again = profile.policies.dedup != Side::None || order_id(&event.args).is_none();
    // Each call of an open event is one of its own.
    if is_known_again || role != Role::Expected {
        return 1;
    }
    let is_it = |other: &&Event| *other == event;
    let reported = evidence.calls.iter().map(|call| &call.event).filter(is_it);
    let listed = expect.recorded.iter().filter(is_it).count();
    reported.count().div_ceil(listed.max(1)).max(1)
}

/// Why a server rejected an event that was sent as it was called.
fn rejection_of(event: &Event, ledger: &Ledger<'_>) -> Option<Rejection> {
    let is_it = |sent: &SentEvent<'_>| {
        sent.method == event.method && differences(&event.args, &sent.args).is_empty()
    };
    let (_, why) = ledger.rejected.iter().find(|(sent, _)| is_it(sent))?;
    Some(*why)
}
