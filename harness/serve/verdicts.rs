//! What the checks of a run say of one request of a person's own page.
//!
//! For each check an expectation is made of what the person did, with just the earlier requests to
//! compare with: an event is not blamed for what another one broke.

use super::View;
use super::model::{Verdict, VerdictStatus};
use super::view::text_of;
use crate::contract::{CaseCheckName, Event, Question, Requirement, Visitor, order_id};
use crate::evidence::{Decision, Evidence, Request};
use crate::judge::{Broken, Finding, HarnessBug, answer};
use crate::plan::CaseCheck;
use crate::reading::{Ledger, Reading, SentEvent, differences};
use crate::scenario::Expectation;

/// What a check is to judge.
#[derive(Default)]
struct Asked<'a> {
    expect: Expectation,
    /// The earlier requests that it compares with.
    earlier: Vec<&'a Request>,
}

impl View {
    /// What the checks say of a request of which `recorded` was recorded, and which holds `unknown`
    /// past the event endpoints.
    pub(super) fn verdicts(
        &self,
        request: &Request,
        earlier: &[Request],
        recorded: &[&SentEvent<'_>],
        unknown: &[SentEvent<'_>],
    ) -> Vec<Verdict> {
        let recorded: Vec<Event> = recorded.iter().map(|event| called(event)).collect();
        let unknown: Vec<Event> = unknown.iter().map(called).collect();
        let verdict = |check: &CaseCheck| {
            let Question::OfCase(name) = check.question else {
                return None;
            };
            let asked = self.asked(name, request, earlier, &recorded, &unknown)?;
            let evidence = self.evidence(request, earlier, &asked);
            let scenario = &self.case.scenario;
            let reading = Reading::against(&asked.expect, scenario, &evidence, &self.profile);
            let requirements = check.requirements.iter();
            let requirements = requirements.filter_map(|id| self.register.get(id));
            let is_about = |requirement: &&Requirement| {
                let mut events = recorded.iter().chain(&unknown);
                events.any(|event| requirement.is_about(event.method))
            };
            let requirements = requirements.filter(is_about).cloned().collect();
            let finding = answer(check.question, &reading);
            Some(of_finding(name, finding, requirements))
        };
        self.case.checks.iter().filter_map(verdict).collect()
    }

    /// What a check is to judge; `None`: nothing of this request.
    fn asked<'a>(
        &self,
        name: CaseCheckName,
        request: &Request,
        earlier: &'a [Request],
        recorded: &[Event],
        unknown: &[Event],
    ) -> Option<Asked<'a>> {
        if name == CaseCheckName::NothingElse {
            // They must not come past the event endpoints.
            return (!unknown.is_empty()).then(|| Asked::forbidding(unknown));
        }
        if recorded.is_empty() {
            return None;
        }
        match name {
            CaseCheckName::NotRecorded if !self.has_interacted(earlier, request.visitor) => {
                Some(Asked::forbidding(recorded))
            }
            CaseCheckName::Once => self.same_orders(request, earlier, recorded),
            CaseCheckName::FingerprintsStable => {
                Some(self.beside_last(earlier, |visitor| visitor == request.visitor))
            }
            CaseCheckName::FingerprintsDiffer => {
                Some(self.beside_last(earlier, |visitor| visitor != request.visitor))
            }
            CaseCheckName::NotRecorded
            | CaseCheckName::Shape
            | CaseCheckName::CompanyKey
            | CaseCheckName::FingerprintsPresent
            | CaseCheckName::FingerprintsDistinct => Some(Asked::default()),
            // They ask for steps, calls or a page of which nothing is known here.
            CaseCheckName::NothingElse
            | CaseCheckName::Ready
            | CaseCheckName::StepsDone
            | CaseCheckName::Delivered
            | CaseCheckName::InOrder
            | CaseCheckName::Immediate
            | CaseCheckName::Unchanged
            | CaseCheckName::FingerprintsAgree
            | CaseCheckName::Page
            | CaseCheckName::ThrowsNothing
            | CaseCheckName::NoUncaughtError
            | CaseCheckName::NoDialog
            | CaseCheckName::Console
            | CaseCheckName::ObserveEvents
            | CaseCheckName::ObserveRequests
            | CaseCheckName::ObservePage => None,
        }
    }

    /// Each order with an id is expected once, beside what the same visitor sent of it before;
    /// `None` where there is no such order.
    ///
    /// An order that came again with other values is another matter, which the API page leaves
    /// open.
    fn same_orders<'a>(
        &self,
        request: &Request,
        earlier: &'a [Request],
        recorded: &[Event],
    ) -> Option<Asked<'a>> {
        let has_id = |event: &&Event| order_id(&event.args).is_some();
        let mut orders: Vec<Event> = Vec::new();
        for event in recorded.iter().filter(has_id) {
            let is_equal = |other: &Event| differences(&other.args, &event.args).is_empty();
            if !orders.iter().any(is_equal) {
                orders.push(event.clone());
            }
        }
        let ledger = Ledger::new(earlier, &self.profile);
        let is_same = |sent: &&SentEvent<'_>| {
            orders.iter().any(|order| {
                order.method == sent.method && differences(&order.args, &sent.args).is_empty()
            })
        };
        let before = ledger.recorded.iter().filter(is_same);
        let before = before.map(|sent| sent.request);
        let before = before.filter(|before| before.visitor == request.visitor);
        let mut before: Vec<&Request> = before.collect();
        before.dedup_by_key(|request| request.id);
        (!orders.is_empty()).then(|| Asked {
            expect: Expectation {
                recorded: orders,
                ..Expectation::default()
            },
            earlier: before,
        })
    }

    /// The last request before this one that brought an event of such a visitor; at most one.
    fn beside_last<'a>(
        &self,
        earlier: &'a [Request],
        is_theirs: impl Fn(Visitor) -> bool,
    ) -> Asked<'a> {
        let ledger = Ledger::new(earlier, &self.profile);
        let mut requests = ledger.recorded.iter().rev().map(|sent| sent.request);
        let last = requests.find(|request| is_theirs(request.visitor));
        Asked {
            earlier: last.into_iter().collect(),
            ..Asked::default()
        }
    }

    fn has_interacted(&self, earlier: &[Request], visitor: Visitor) -> bool {
        let mut own = earlier.iter().filter(|request| request.visitor == visitor);
        own.any(|request| self.is_interaction(request))
    }

    /// The request, with what it is compared with. A server's gate asks for the visitors whom it
    /// knows from their chats.
    fn evidence(&self, request: &Request, earlier: &[Request], asked: &Asked<'_>) -> Evidence {
        let answered = earlier.iter();
        let answered = answered.filter(|request| request.decision == Decision::Answered);
        let compared = answered.chain(asked.earlier.iter().copied());
        let mut requests: Vec<Request> = compared.chain([request]).cloned().collect();
        requests.sort_by_key(|request| request.id);
        Evidence {
            case: self.case.id.clone(),
            requests,
            ..Evidence::default()
        }
    }
}

impl Asked<'_> {
    fn forbidding(events: &[Event]) -> Self {
        Self {
            expect: Expectation {
                not_recorded: events.to_vec(),
                ..Expectation::default()
            },
            ..Self::default()
        }
    }
}

/// The call that an event must have come from.
fn called(sent: &SentEvent<'_>) -> Event {
    let mut subjects = ["productId", "orderId"].into_iter();
    let subject = subjects.find_map(|name| sent.args.get(name));
    let subject = subject.map(|value| format!(" {value}")).unwrap_or_default();
    Event {
        label: format!("{}{subject}", sent.method),
        method: sent.method,
        args: sent.args.clone(),
    }
}

fn of_finding(
    check: CaseCheckName,
    finding: Result<Finding, HarnessBug>,
    requirements: Vec<Requirement>,
) -> Verdict {
    let (status, message, expected, actual) = match finding {
        Ok(Finding::Holds) => (VerdictStatus::Holds, None, None, None),
        Ok(Finding::Seen(value)) => (VerdictStatus::Holds, None, None, Some(value)),
        Ok(Finding::Broken(Broken {
            message,
            expected,
            actual,
            defects: _,
        })) => (VerdictStatus::Broken, Some(message), expected, actual),
        Ok(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => {
            (VerdictStatus::Open, Some(why), None, None)
        }
        Err(bug) => {
            let message = format!("the harness is wrong: {bug}");
            (VerdictStatus::Open, Some(message), None, None)
        }
    };
    Verdict {
        check,
        status,
        message,
        expected: expected.as_ref().map(text_of),
        actual: actual.as_ref().map(text_of),
        requirements,
    }
}
