//! What fails, and what each failure is taken for: symptoms with the same signature have one cause.

use std::collections::BTreeSet;

use super::consoles::Consoles;
use super::page_report::PageReport;
use super::shown::shown_by;
use crate::contract::{Method, Question, Register, RequirementId, RowCheckName};
use crate::evidence::{AttemptRecord, Ended, Evidence};
use crate::judge::{Defect, Finding};
use crate::reading::{Edit, Fault, Reading};
use crate::sdk::Profile;
use crate::verdict::{Bearing, CaseOutcome, Seen, Status};

/// What a failure is taken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signature {
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
    /// No console message names what is wrong.
    Silent,
    /// Something else, by its defect.
    Defect(Defect),
    /// A flawed call was not treated as this check asks.
    Row(RowCheckName),
    /// Nothing is there to judge by, and nothing says why.
    Nothing(String),
}

/// Whether the build is known to fail so. What is new has a cause of its own, and a known failure
/// never stands as its example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Novelty {
    New,
    Known,
}

impl Novelty {
    /// That of a failure.
    pub fn of(seen: &Seen) -> Self {
        if seen.status == Status::KnownFailure {
            Self::Known
        } else {
            Self::New
        }
    }
}

/// One failing check, and what it is taken for.
#[derive(Debug)]
pub struct Symptom {
    /// The index of the case among the outcomes.
    pub case: usize,
    /// The index of the check in its case.
    pub check: usize,
    /// What it is taken for.
    pub signature: Signature,
    /// Whether it is new; of one that only follows from another, whether that one is.
    pub novelty: Novelty,
    /// The requirements that it shows to be broken; empty where it only follows from another.
    pub shows: Vec<RequirementId>,
    /// Whether the expected and the actual value of the finding are about this signature.
    pub is_first: bool,
}

/// A case with all that is asked of it here.
#[derive(Debug)]
pub struct JudgedCase<'a> {
    pub outcome: &'a CaseOutcome,
    /// How the attempt ended that the verdicts report.
    pub ended: Option<&'a Ended>,
    /// Its evidence, read; `None` where nothing was driven.
    pub reading: Option<Reading<'a>>,
}

impl<'a> JudgedCase<'a> {
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

    /// Whether what happened here says something of failures of this novelty: some fail, or
    /// nothing does.
    pub fn counts_for(&self, novelty: Novelty) -> bool {
        let failing = || self.outcome.seen.iter().filter(|seen| is_failure(seen));
        failing().next().is_none() || failing().any(|seen| Novelty::of(seen) == novelty)
    }
}

/// Whether a verdict is a failure that has a cause.
pub fn is_failure(seen: &Seen) -> bool {
    Bearing::of_found(seen.status).is_fault()
}

/// The symptoms of one case; `consoles` are those of all cases.
pub fn symptoms(
    index: usize,
    seat: &JudgedCase<'_>,
    consoles: &Consoles,
    register: &Register,
) -> Vec<Symptom> {
    let said = PageReport::of(seat, consoles);
    let mut found: Vec<Symptom> = Vec::new();
    let mut followers = Vec::new();
    for (check, seen) in seat.outcome.seen.iter().enumerate() {
        if !is_failure(seen) {
            continue;
        }
        let symptom = |signature, shows, is_first| Symptom {
            case: index,
            check,
            signature,
            novelty: Novelty::of(seen),
            shows,
            is_first,
        };
        match &seen.finding {
            _ if seen.status == Status::Error => {
                let why = seen.note.clone().unwrap_or_default();
                found.push(symptom(Signature::Machine(why), Vec::new(), true));
            }
            Some(Finding::Broken(broken)) => {
                for (nth, defect) in broken.defects.iter().enumerate() {
                    let methods = methods(defect, seat);
                    let tables = &seat.outcome.case.scenario.tables;
                    let mut shows = shown_by(&seen.check, defect, &methods, tables, register);
                    if said.loses_what_is_flawed(defect) {
                        shows.clear();
                    }
                    let signature = said.signature_of(&seen.check.question, defect, broken);
                    found.push(symptom(signature, shows, nth == 0));
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
    let leader = found.first();
    let leader = leader.map(|first| (first.signature.clone(), first.novelty));
    for (check, seen) in followers {
        let (signature, novelty) = leader
            .clone()
            .unwrap_or_else(|| (said.signature_without_finding(seen), Novelty::of(seen)));
        found.push(Symptom {
            case: index,
            check,
            signature,
            novelty,
            shows: Vec::new(),
            is_first: false,
        });
    }
    found
}

/// The methods of the events that a defect is about; empty: it is about none.
fn methods(defect: &Defect, seat: &JudgedCase<'_>) -> BTreeSet<Method> {
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
