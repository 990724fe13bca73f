//! What the page of a case says of itself, and what a failure is therefore taken for.

use std::collections::BTreeSet;

use super::consoles::Consoles;
use super::symptom::{JudgedCase, Signature, is_failure};
use crate::contract::{Question, RowCheckName};
use crate::evidence::{Ended, Severity, signature};
use crate::judge::{Broken, Defect, Finding};
use crate::plan::Case;
use crate::reading::{Called, Fault, Reading};
use crate::verdict::Seen;

/// What the calls of a case hold.
#[derive(Debug, Clone, Copy)]
enum CallData {
    Sound,
    /// Flaws that the console must name.
    Flawed,
}

impl CallData {
    fn of(case: &Case) -> Self {
        if case.scenario.expect.console.is_empty() {
            Self::Sound
        } else {
            Self::Flawed
        }
    }
}

/// What a case says of itself besides its findings.
pub struct PageReport {
    hung: bool,
    /// What the first exception is taken for.
    exception: Option<Signature>,
    /// Whether its calls have flaws.
    data: CallData,
    /// The first complaint on the console that may be a reason.
    complaint: Option<String>,
    /// Events were expected, and none came.
    nothing_arrived: bool,
    /// Something was recorded that must not be.
    has_forbidden: bool,
    /// The flawed calls of the matrix that were sent, by their indexes.
    accepted_rows: BTreeSet<usize>,
}

impl PageReport {
    pub fn of(seat: &JudgedCase<'_>, consoles: &Consoles) -> Self {
        let evidence = seat.evidence();
        let console = evidence.into_iter().flat_map(|own| &own.console);
        let mut uncaught = console
            .filter(|own| own.severity == Severity::Uncaught && !consoles.is_ordinary(&own.text));
        let uncaught = uncaught.next().map(|own| signature(&own.text));
        let calls = evidence.into_iter().flat_map(|own| &own.calls);
        let threw = calls.filter_map(|call| call.threw.as_deref());
        let pushes = evidence.into_iter().flat_map(|own| &own.pushes);
        let threw = threw.chain(pushes.filter_map(|push| push.threw.as_deref()));
        let mut threw = threw.filter(|threw| !consoles.is_ordinary(threw));
        let data = CallData::of(&seat.outcome.case);
        let thrown = threw.next().map(|text| thrown(text, data));
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
            exception: uncaught.map(Signature::Exception).or(thrown),
            data,
            complaint: consoles.complaint_of(seat),
            has_forbidden: faults.any(|fault| fault == Fault::Forbidden),
        }
    }

    /// What a broken check is taken for.
    pub fn signature_of(&self, question: &Question, defect: &Defect, broken: &Broken) -> Signature {
        match defect {
            Defect::Hung => Signature::Hung,
            Defect::Uncaught(text) => Signature::Exception(signature(text)),
            Defect::Threw(text) => match question {
                Question::OfRow(..) => thrown(text, CallData::Flawed),
                Question::OfCase(_) => thrown(text, self.data),
            },
            // What a script that threw did not come to do.
            Defect::Event(Fault::Lost) => self.signature_of_loss(),
            Defect::NotReady | Defect::Step(_) => self
                .said()
                .unwrap_or_else(|| Signature::Defect(defect.clone())),
            Defect::PageValue(_) => match &self.exception {
                Some(threw) => threw.clone(),
                None => Signature::Defect(defect.clone()),
            },
            // Who accepts what is wrong does not complain of it.
            Defect::Silent(_) if self.has_forbidden => {
                Signature::Defect(Defect::Event(Fault::Forbidden))
            }
            _ if self.loses_what_is_flawed(defect) => self.signature_of_loss(),
            Defect::Silent(_) => Signature::Silent,
            Defect::Field(change) => Signature::Field(change.leaf().to_owned(), change.edit),
            Defect::Row => match question {
                Question::OfRow(RowCheckName::ConsoleNamesField, row)
                    if self.accepted_rows.contains(row) =>
                {
                    Signature::Row(RowCheckName::NotSent)
                }
                Question::OfRow(name, _) => Signature::Row(*name),
                Question::OfCase(_) => Signature::Nothing(broken.message.clone()),
            },
            Defect::Event(_)
            | Defect::Unexplained(_)
            | Defect::Bypass(_)
            | Defect::Order
            | Defect::Late
            | Defect::ContentType(_)
            | Defect::NoObject
            | Defect::Automatic(_)
            | Defect::Dialog(_) => Signature::Defect(defect.clone()),
        }
    }

    /// What a check is taken for that had nothing to judge by, in a case where nothing is broken.
    pub fn signature_without_finding(&self, seen: &Seen) -> Signature {
        if self.hung {
            return Signature::Hung;
        }
        if self.nothing_arrived {
            return self.signature_of_loss();
        }
        self.said().unwrap_or_else(|| {
            let why = match &seen.finding {
                Some(Finding::NothingToJudge(why)) => signature(why),
                _ => String::new(),
            };
            Signature::Nothing(why)
        })
    }

    /// Whether it is silent because it loses whatever is called there: the flawed calls, too.
    pub fn loses_what_is_flawed(&self, defect: &Defect) -> bool {
        self.nothing_arrived && defect.silent_about().is_some()
    }

    fn signature_of_loss(&self) -> Signature {
        let lost = || Signature::Defect(Defect::Event(Fault::Lost));
        self.said().unwrap_or_else(lost)
    }

    /// What the page itself says of its failure.
    fn said(&self) -> Option<Signature> {
        let threw = self.exception.clone();
        threw.or_else(|| self.complaint.clone().map(Signature::Console))
    }
}

/// What an exception is taken for that a call threw. A build that throws at flawed calls names
/// another flaw in each of its texts.
fn thrown(text: &str, data: CallData) -> Signature {
    match data {
        CallData::Flawed => Signature::Row(RowCheckName::ThrowsNothing),
        CallData::Sound => Signature::Exception(signature(text)),
    }
}
