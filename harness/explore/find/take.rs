//! What each drive of a find shows, and what is done next because of it.

use std::sync::Arc;

use super::stage::{Detour, FindStage};
use super::{Find, Original};
use crate::contract::CheckId;
use crate::explore::generate::Pool;
use crate::explore::journey::Journey;
use crate::explore::judged::{Judge, Shown};
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
                let cause = outcome.and_then(|own| self.original.same_cause(own, judge));
                self.note_repeat(cause);
            }
            FindStage::Shrink => {
                let cause = outcome.and_then(|own| self.original.same_cause(own, judge));
                let fails = cause.is_some();
                self.causes
                    .extend(cause.map(|own| (drive.journey.clone(), own)));
                self.shrinker.take(drive.journey, fails, pool);
                self.take_cause_of_least();
            }
            FindStage::Confirm => {
                let repeats = outcome.as_ref().is_none_or(|own| judge.fails(own));
                self.confirmed = outcome;
                self.note_confirmed(repeats, pool);
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

    /// A least journey that does not repeat failed by chance. Of those before it the last one that
    /// repeats is made small in another way, once.
    fn note_confirmed(&mut self, repeats: bool, pool: &Pool) {
        match (repeats, self.detour) {
            (true, Detour::Back) => {
                self.detour = Detour::Resumed;
                self.shrinker.resume(pool);
                self.stage = FindStage::Shrink;
            }
            (true, Detour::None | Detour::Resumed) => self.stage = FindStage::Done,
            (false, detour) => {
                if self.shrinker.go_back() {
                    self.take_cause_of_least();
                    if detour == Detour::None {
                        self.detour = Detour::Back;
                    }
                } else {
                    self.rate.1 += 1;
                    self.stage = FindStage::Done;
                }
            }
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
