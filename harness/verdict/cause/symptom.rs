//! What fails, and what each failure is taken for: symptoms with the same sign have one cause.

use std::collections::BTreeSet;

use super::message;
use crate::contract::{Method, Question, Register, RequirementId, RowCheckName};
use crate::evidence::{AttemptRecord, ConsoleMessage, Ended, Evidence, Severity};
use crate::judge::{Broken, Defect, Finding};
use crate::plan::Case;
use crate::reading::{Called, Edit, Fault, Reading};
use crate::scenario::Complaints;
use crate::sdk::Profile;
use crate::verdict::{CaseOutcome, Seen, Status};

use super::blame::shown_by;

/// What a failure is taken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The machine or the harness failed, for this reason.
    Machine(String),
    /// A script of the page loops for ever.
    Hung,
    /// The SDK threw this, caught or not.
    Exception(String),
    /// The console said this when something was lost.
    Console(String),
    /// A field arrived otherwise than it was called, in events of any method.
    Field(String, Edit),
    /// Something else, by its defect.
    Defect(Defect),
    /// A flawed call of a matrix was not treated as this check asks.
    Row(RowCheckName),
    /// Nothing is there to judge by, and nothing says why.
    Nothing(String),
}

/// One failing check, and what it is taken for.
#[derive(Debug)]
pub struct Symptom {
    /// The index of the case among the outcomes.
    pub case: usize,
    /// The index of the check in its case.
    pub check: usize,
    /// What it is taken for.
    pub sign: Sign,
    /// The requirements that it shows to be broken; empty where it only follows from another.
    pub shows: Vec<RequirementId>,
    /// Whether the expected and the actual value of the finding are about this sign.
    pub is_first: bool,
}

/// A case with all that is asked of it here.
#[derive(Debug)]
pub struct Seat<'a> {
    pub outcome: &'a CaseOutcome,
    /// How the attempt ended that the verdicts report.
    pub ended: Option<&'a Ended>,
    /// Its evidence, read; `None` where nothing was driven.
    pub reading: Option<Reading<'a>>,
}

impl<'a> Seat<'a> {
    /// A case, with the attempt that its verdicts report, else the last.
    pub fn of(outcome: &'a CaseOutcome, profile: &'a Profile) -> Self {
        let record = &outcome.record;
        let reported = record.reported.and_then(|index| record.attempts.get(index));
        let attempt = reported.or(record.attempts.last());
        let reading = |own: &'a AttemptRecord| Reading::of(&outcome.case, &own.evidence, profile);
        Self {
            outcome,
            ended: attempt.map(|own| &own.ended),
            reading: attempt.map(reading),
        }
    }

    /// The row of the matrix that a check asks about.
    pub fn row_of(&self, check: usize) -> Option<usize> {
        match self.outcome.seen[check].check.question {
            Question::OfRow(_, row) => Some(row),
            Question::OfCase(_) => None,
        }
    }

    pub fn evidence(&self) -> Option<&'a Evidence> {
        self.reading.as_ref().map(|reading| reading.evidence)
    }
}

/// Whether a verdict is a failure that has a cause.
pub fn is_failure(seen: &Seen) -> bool {
    match seen.status {
        Status::Fail | Status::Flaky | Status::KnownFailure | Status::Error => true,
        Status::UnexpectedPass
        | Status::NotRun
        | Status::NotTestable
        | Status::Pass
        | Status::NotApplicable => false,
    }
}

/// The console messages, and what calls threw, in the cases in which nothing fails: what a build
/// says where it works is no reason that it does not.
pub fn innocent(seats: &[Seat<'_>]) -> BTreeSet<String> {
    let holds = |seat: &&Seat<'_>| !seat.outcome.seen.iter().any(is_failure);
    let held = seats.iter().filter(holds).filter_map(Seat::evidence);
    let said = held.flat_map(|own| {
        let console = own.console.iter().map(|own| own.text.as_str());
        let calls = own.calls.iter().filter_map(|call| call.threw.as_deref());
        let pushes = own.pushes.iter().filter_map(|push| push.threw.as_deref());
        console.chain(calls).chain(pushes)
    });
    said.map(message::sign).collect()
}

/// The symptoms of one case; `innocent` are the console messages of cases that hold.
pub fn symptoms(
    index: usize,
    seat: &Seat<'_>,
    innocent: &BTreeSet<String>,
    register: &Register,
) -> Vec<Symptom> {
    let said = Said::of(seat, innocent);
    let mut found: Vec<Symptom> = Vec::new();
    let mut followers = Vec::new();
    for (check, seen) in seat.outcome.seen.iter().enumerate() {
        if !is_failure(seen) {
            continue;
        }
        let symptom = |sign, shows, is_first| Symptom {
            case: index,
            check,
            sign,
            shows,
            is_first,
        };
        match &seen.finding {
            _ if seen.status == Status::Error => {
                let why = seen.note.clone().unwrap_or_default();
                found.push(symptom(Sign::Machine(why), Vec::new(), true));
            }
            Some(Finding::Broken(broken)) => {
                for (nth, defect) in broken.defects.iter().enumerate() {
                    let methods = methods(defect, seat);
                    let tables = &seat.outcome.case.scenario.tables;
                    let shows = shown_by(&seen.check, defect, &methods, tables, register);
                    let sign = said.sign_of(&seen.check.question, defect, broken);
                    found.push(symptom(sign, shows, nth == 0));
                }
            }
            Some(
                Finding::NothingToJudge(_)
                | Finding::Holds
                | Finding::NotTestable(_)
                | Finding::Seen(_),
            )
            | None => followers.push((check, seen)),
        }
    }
    // Where nothing could be judged, what failed beside it says why.
    let leader = found.first().map(|first| first.sign.clone());
    for (check, seen) in followers {
        let sign = leader.clone().unwrap_or_else(|| said.sign_of_silence(seen));
        found.push(Symptom {
            case: index,
            check,
            sign,
            shows: Vec::new(),
            is_first: false,
        });
    }
    found
}

/// The methods of the events that a defect is about; empty: it is about none.
fn methods(defect: &Defect, seat: &Seat<'_>) -> BTreeSet<Method> {
    let with_fault = |fault: Fault| {
        let called = seat.reading.iter().flat_map(|reading| &reading.called);
        let wrong = called.filter(|called| called.fault() == Some(fault));
        wrong.map(|called| called.event.method).collect()
    };
    match defect {
        Defect::Event(fault) => with_fault(*fault),
        Defect::Unexplained(method) => BTreeSet::from([*method]),
        Defect::Field(change) => BTreeSet::from([change.method]),
        Defect::NotReady
        | Defect::Step(_)
        | Defect::Bypass(_)
        | Defect::Order
        | Defect::Late
        | Defect::ContentType(_)
        | Defect::NoObject
        | Defect::Automatic(_)
        | Defect::PageValue(_)
        | Defect::Threw(_)
        | Defect::Uncaught(_)
        | Defect::Dialog(_)
        | Defect::Silent(_)
        | Defect::Hung
        | Defect::Row => BTreeSet::new(),
    }
}

/// Whether a sound build may complain in this case: of a flawed call, or of a failing server.
fn expects_complaints(case: &Case) -> bool {
    let mut steps = case.scenario.steps.iter();
    !case.scenario.expect.console.is_empty()
        || steps.any(|(_, step)| step.facts().complaints == Complaints::Invited)
}

/// What a case says of itself besides its findings.
struct Said {
    hung: bool,
    /// The first exception.
    exception: Option<String>,
    /// The first complaint on the console.
    complaint: Option<String>,
    /// Events were expected, and none came.
    nothing_arrived: bool,
    /// Something was recorded that must not be.
    has_forbidden: bool,
    /// The flawed calls of the matrix that were sent, by their indexes.
    accepted_rows: BTreeSet<usize>,
}

impl Said {
    fn of(seat: &Seat<'_>, innocent: &BTreeSet<String>) -> Self {
        let evidence = seat.evidence();
        let console = evidence.into_iter().flat_map(|own| &own.console);
        let console = console.filter(|own| !innocent.contains(&message::sign(&own.text)));
        let complaint = |severity: Severity| {
            let mut own = console.clone().filter(|own| own.severity == severity);
            own.next()
                .map(|own: &ConsoleMessage| message::sign(&own.text))
        };
        let calls = evidence.into_iter().flat_map(|own| &own.calls);
        let threw = calls.filter_map(|call| call.threw.as_deref());
        let pushes = evidence.into_iter().flat_map(|own| &own.pushes);
        let threw = threw.chain(pushes.filter_map(|push| push.threw.as_deref()));
        let mut threw = threw
            .map(message::sign)
            .filter(|threw| !innocent.contains(threw));
        let called = seat.reading.iter().flat_map(|reading| &reading.called);
        let mut faults = called.filter_map(Called::fault);
        let failing = seat.outcome.seen.iter().filter(|seen| is_failure(seen));
        let accepted = failing.filter_map(|seen| match seen.check.question {
            Question::OfRow(RowCheckName::NotSent, row) => Some(row),
            Question::OfRow(
                RowCheckName::ConsoleNamesField
                | RowCheckName::ThrowsNothing
                | RowCheckName::ObserveRow,
                _,
            )
            | Question::OfCase(_) => None,
        });
        Self {
            accepted_rows: accepted.collect(),
            nothing_arrived: seat.reading.as_ref().is_some_and(Reading::nothing_arrived),
            hung: seat
                .ended
                .is_some_and(|ended| matches!(ended, Ended::Hung(_))),
            exception: complaint(Severity::Uncaught).or_else(|| threw.next()),
            complaint: (!expects_complaints(&seat.outcome.case))
                .then(|| complaint(Severity::Error).or_else(|| complaint(Severity::Warning)))
                .flatten(),
            has_forbidden: faults.any(|fault| fault == Fault::Forbidden),
        }
    }

    /// What a broken check is taken for.
    fn sign_of(&self, question: &Question, defect: &Defect, broken: &Broken) -> Sign {
        match defect {
            Defect::Hung => Sign::Hung,
            Defect::Threw(text) | Defect::Uncaught(text) => Sign::Exception(message::sign(text)),
            // What a script that threw did not come to do.
            Defect::Event(Fault::Lost) => self.sign_of_loss(),
            Defect::NotReady | Defect::Step(_) => {
                self.said().unwrap_or_else(|| Sign::Defect(defect.clone()))
            }
            Defect::PageValue(_) => match &self.exception {
                Some(threw) => Sign::Exception(threw.clone()),
                None => Sign::Defect(defect.clone()),
            },
            // Who accepts what is wrong does not complain of it.
            Defect::Silent(_) if self.has_forbidden => {
                Sign::Defect(Defect::Event(Fault::Forbidden))
            }
            Defect::Field(change) => {
                let leaf = change.field.rsplit('.').next().unwrap_or(&change.field);
                Sign::Field(leaf.to_owned(), change.edit)
            }
            Defect::Row => match question {
                Question::OfRow(RowCheckName::ConsoleNamesField, row)
                    if self.accepted_rows.contains(row) =>
                {
                    Sign::Row(RowCheckName::NotSent)
                }
                Question::OfRow(name, _) => Sign::Row(*name),
                Question::OfCase(_) => Sign::Nothing(broken.message.clone()),
            },
            Defect::Event(_)
            | Defect::Unexplained(_)
            | Defect::Bypass(_)
            | Defect::Order
            | Defect::Late
            | Defect::ContentType(_)
            | Defect::NoObject
            | Defect::Automatic(_)
            | Defect::Dialog(_)
            | Defect::Silent(_) => Sign::Defect(defect.clone()),
        }
    }

    /// What a check is taken for that had nothing to judge by, in a case where nothing is broken.
    fn sign_of_silence(&self, seen: &Seen) -> Sign {
        if self.hung {
            return Sign::Hung;
        }
        if self.nothing_arrived {
            return self.sign_of_loss();
        }
        self.said().unwrap_or_else(|| {
            let why = match &seen.finding {
                Some(Finding::NothingToJudge(why)) => message::sign(why),
                _ => String::new(),
            };
            Sign::Nothing(why)
        })
    }

    fn sign_of_loss(&self) -> Sign {
        let lost = || Sign::Defect(Defect::Event(Fault::Lost));
        self.said().unwrap_or_else(lost)
    }

    /// What the page itself says of its failure.
    fn said(&self) -> Option<Sign> {
        let threw = self.exception.clone().map(Sign::Exception);
        threw.or_else(|| self.complaint.clone().map(Sign::Console))
    }
}
