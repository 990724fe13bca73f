//! What became of a case over all its attempts.

use std::sync::Arc;

use super::alike::Failure;
use super::{Bearing, Status, Tally};
use crate::contract::Register;
use crate::evidence::CaseRecord;
use crate::judge::Finding;
use crate::plan::{Case, CaseCheck};

/// A case, judged.
#[derive(Debug)]
pub struct CaseOutcome {
    /// The case.
    pub case: Arc<Case>,
    /// Its checks, in its order.
    pub seen: Vec<Seen>,
    /// Milliseconds the last attempt took on its session.
    pub duration_ms: f64,
    /// What the attempts left behind.
    pub record: CaseRecord,
    /// The picture of the attempt that the verdicts report.
    pub screenshot: Option<Vec<u8>>,
}

/// One check, judged over all attempts.
#[derive(Debug)]
pub struct Seen {
    /// The check.
    pub check: CaseCheck,
    /// The verdict.
    pub status: Status,
    /// In how many attempts it was broken.
    pub tally: Tally,
    /// `file:line` of the known failure that it is expected to be.
    pub known: Option<String>,
    /// What decided it: the last broken finding, else the last.
    pub finding: Option<Finding>,
    /// Why there is none, or what else a reader should know.
    pub note: Option<String>,
}

impl Seen {
    /// Whether its verdict matters, and to whom.
    pub fn bearing(&self, register: &Register) -> Bearing {
        Bearing::of(self.status, register.level_of(&self.check.requirements))
    }

    /// What it found, where it does not hold: to compare it with other failures.
    pub fn failure(&self) -> Option<Failure> {
        Failure::of(&self.check, self.finding.as_ref()?)
    }

    /// A check that was not made, for the reason given.
    fn unmade(check: &CaseCheck, status: Status, why: &str) -> Self {
        Self {
            check: check.clone(),
            status,
            tally: Tally::default(),
            known: None,
            finding: None,
            note: Some(why.to_owned()),
        }
    }
}

impl CaseOutcome {
    /// A case that was not driven, for the reason given.
    pub fn untested(case: &Arc<Case>, why: &str) -> Self {
        let unmade = |check| Seen::unmade(check, Status::NotRun, why);
        Self {
            case: Arc::clone(case),
            seen: case.checks.iter().map(unmade).collect(),
            duration_ms: 0.0,
            record: CaseRecord::default(),
            screenshot: None,
        }
    }

    /// This outcome, with the checks that the build does not claim, and so were not made.
    pub fn with_what_is_not_claimed(mut self) -> Self {
        for (check, reason) in &self.case.not_applicable {
            self.seen
                .push(Seen::unmade(check, Status::NotApplicable, reason));
        }
        self
    }

    /// This outcome, no verdict better than in `before`: what was once seen to break is not undone
    /// by a later attempt.
    pub fn no_better_than(mut self, before: Self) -> Self {
        for (seen, earlier) in self.seen.iter_mut().zip(before.seen) {
            if earlier.status.is_worse_than(seen.status) {
                *seen = earlier;
            }
        }
        self.record = self.record.after(before.record);
        self.screenshot = self.screenshot.or(before.screenshot);
        self
    }

    /// Whether every check holds that the browser lets us make.
    fn holds_where_testable(&self, register: &Register) -> bool {
        self.seen.iter().all(|seen| {
            let cannot_be_made = seen.finding.as_ref().is_some_and(|f| !f.is_testable());
            cannot_be_made || !seen.bearing(register).fails_the_run()
        })
    }

    /// The checks that failed in at least so many attempts and held in none.
    pub fn failed_at_least(&self, times: usize) -> Vec<Failure> {
        let failed = self.seen.iter().filter(|seen| match seen.status {
            Status::Fail => seen.tally.broken >= times,
            Status::Flaky
            | Status::UnexpectedPass
            | Status::Error
            | Status::NotTestable
            | Status::NotRun
            | Status::KnownFailure
            | Status::Pass
            | Status::NotApplicable => false,
        });
        failed.filter_map(Seen::failure).collect()
    }

    /// The worst bearing of a check of it.
    pub fn bearing(&self, register: &Register) -> Bearing {
        let all = self.seen.iter().map(|seen| seen.bearing(register));
        all.min().unwrap_or(Bearing::Holds)
    }

    /// The check that failed worst, for whose fault ever; absent where none did.
    pub fn worst_fault(&self, register: &Register) -> Option<&Seen> {
        let all = self.seen.iter();
        let faults = all.filter(|seen| seen.bearing(register).is_fault());
        faults.min_by_key(|seen| seen.status)
    }
}

/// Why nothing else can be tested, where a prerequisite among `outcomes` does not hold.
pub fn missing_prerequisite<'o>(
    outcomes: impl IntoIterator<Item = &'o CaseOutcome>,
    register: &Register,
) -> Option<String> {
    let missing = outcomes.into_iter().find(|outcome| {
        outcome.case.scenario.prerequisite && !outcome.holds_where_testable(register)
    })?;
    let id = &missing.case.id;
    Some(format!("the prerequisite {id} does not hold"))
}
