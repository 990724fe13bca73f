//! What each drive of a find shows, and what is done next because of it.

use std::sync::Arc;

use super::stage::FindStage;
use super::{Find, Original, Proof};
use crate::contract::CheckId;
use crate::explore::generate::Pool;
use crate::explore::journey::Journey;
use crate::explore::judged::{Judge, Shown};
use crate::explore::shrink::After;
use crate::plan::Case;
use crate::run::Attempt;
use crate::verdict::{CaseOutcome, Cause};

/// How often a journey that failed is driven again before it counts as one that does not repeat.
const REPEATS: usize = 4;

/// How often the least journey is driven again in fresh sessions.
const CONFIRMS: usize = 2;

impl Find {
    /// Takes in what came of a drive; returns the case, in a fresh session or not, where it is to
    /// be driven once more.
    pub fn take(
        &mut self,
        attempt: Attempt,
        judge: &Judge<'_>,
        pool: &Pool,
    ) -> Option<(Arc<Case>, bool)> {
        let mut drives = self.under_way.iter();
        let index = drives.position(|own| own.case.id == attempt.case.id)?;
        let mut drive = self.under_way.swap_remove(index);
        let retries = if drive.stage == FindStage::Confirm {
            CONFIRMS
        } else {
            0
        };
        let Some(shown) = judge.take(&mut drive.attempts, attempt, retries) else {
            let again = (Arc::clone(&drive.case), drive.stage.is_fresh());
            self.under_way.push(drive);
            return Some(again);
        };
        // The machine failed: it counts as a drive that shows nothing.
        let outcome = match shown {
            Shown::Outcome(outcome) => Some(*outcome),
            Shown::Lost(_) => None,
        };
        match drive.stage {
            FindStage::Done => {}
            FindStage::Ordinary => {
                if let Some(outcome) = outcome {
                    self.look_at_the_ordinary(drive.journey, outcome, judge, pool);
                }
                self.stage = FindStage::Repeat;
            }
            FindStage::Repeat => {
                let same = outcome.and_then(|own| self.original.same_cause(own, judge).1);
                self.note_repeat(same);
            }
            FindStage::Shrink => {
                let cause = outcome.and_then(|own| self.original.same_cause(own, judge).1);
                let fails = cause.is_some();
                self.causes
                    .extend(cause.map(|own| (drive.journey.clone(), own)));
                self.shrinker.take(drive.journey, fails, pool);
                self.take_cause_of_least();
            }
            FindStage::Confirm => {
                let seen = outcome.map(|own| self.original.same_cause(own, judge));
                self.note_confirmed(seen, pool);
            }
        }
        None
    }

    /// Where the same check fails on ordinary pages, too, no condition has to do with it.
    fn look_at_the_ordinary(
        &mut self,
        journey: Journey,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
        pool: &Pool,
    ) {
        let (outcome, causes) = judge.causes(outcome);
        let mut causes = causes.into_iter();
        if let Some(cause) = causes.find(|cause| self.original.is_like(cause)) {
            self.original = Original::new(outcome, &cause);
            self.cause = cause;
            self.shrinker.go_on_from(journey, pool);
        }
    }

    fn note_repeat(&mut self, cause: Option<Cause>) {
        let (before, of) = self.rate;
        self.rate = (before + usize::from(cause.is_some()), of + 1);
        if let Some(cause) = cause {
            let journey = self.journey().clone();
            self.causes.push((journey, cause.clone()));
            self.cause = cause;
            self.stage = FindStage::Shrink;
        } else if self.rate.1 > REPEATS {
            // It stays as it was found.
            self.stage = FindStage::Confirm;
        }
    }

    /// Takes in what the least journey showed in fresh sessions; `None`: the machine failed.
    fn note_confirmed(&mut self, seen: Option<(CaseOutcome, Option<Cause>)>, pool: &Pool) {
        let Some((outcome, cause)) = seen else {
            self.settle();
            return;
        };
        let repeats = cause.is_some();
        if self.shrinker.is_first() {
            self.rate = (self.rate.0 + usize::from(repeats), self.rate.1 + 1);
        }
        self.confirmed = Some(outcome);
        let after = self.shrinker.confirm(repeats, pool);
        if after != After::Done {
            // What was driven is proven, or is not the least journey any more.
            let (written, confirmed) = (self.written.take(), self.confirmed.take());
            if repeats {
                self.proof = Some(Proof { written, confirmed });
            }
        }
        self.take_cause_of_least();
        self.go_to(after);
    }

    pub(super) fn go_to(&mut self, after: After) {
        self.stage = after.into();
        if self.is_done() && self.shrinker.is_proven() {
            self.take_proof();
        }
    }

    /// Ends with what is known, where the search is stopped.
    pub fn settle(&mut self) {
        if !self.is_done() {
            self.shrinker.return_to_proven();
            self.take_cause_of_least();
            self.go_to(After::Done);
        }
    }

    fn take_proof(&mut self) {
        if let Some(proof) = self.proof.take() {
            (self.written, self.confirmed) = (proof.written, proof.confirmed);
        }
    }

    fn take_cause_of_least(&mut self) {
        let least = self.shrinker.least();
        let known = self.causes.iter().find(|(own, _)| own == least);
        if let Some((_, cause)) = known {
            self.cause = cause.clone();
        }
    }

    /// Whether an outcome of another journey fails for this cause; those checks of it that do.
    pub fn explains(
        &mut self,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
    ) -> (CaseOutcome, Vec<CheckId>) {
        self.original.explains(outcome, judge)
    }
}
