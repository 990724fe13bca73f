//! A case that has begun and has no verdict yet: its attempts so far, and what they come to.

use std::sync::Arc;
use std::time::Duration;

use super::deadlines::DeadlineMode;
use super::events::{AttemptEnd, RunEvent};
use super::job::{Attempt, Job};
use super::progress::Progress;
use super::setup::Setup;
use super::wait_times::WaitTimes;
use crate::evidence::AttemptResult;
use crate::plan::Case;
use crate::verdict::{Attempted, Attempts, Beside, Failure, Next, Retries};

/// Why a case is tried again that failed.
pub(super) const REPEATS: &str = "to see whether that repeats";

/// A case that has begun and has no verdict yet.
#[derive(Debug)]
pub(super) struct OpenCase {
    pub case: Arc<Case>,
    attempts: Attempts,
    /// Attempts that workers have, or will have. None: the case waits for others that fail alike.
    pub under_way: usize,
    /// Attempts that were given to workers.
    pub begun: usize,
    /// What its last attempt found that was not expected.
    pub failures: Vec<Failure>,
    /// Its first attempt settles, and it holds by what is known so far.
    looks_good: bool,
    /// A browser of another machine answered no more once.
    has_hung: bool,
}

impl OpenCase {
    /// A case of which no attempt has begun.
    pub fn of(case: &Arc<Case>) -> Self {
        Self {
            case: Arc::clone(case),
            attempts: Attempts::default(),
            under_way: 0,
            begun: 0,
            failures: Vec::new(),
            looks_good: false,
            has_hung: false,
        }
    }

    /// Takes in that an attempt holds, by what is known before it has settled. That of a later one
    /// says nothing: the case failed once.
    pub fn note_good(&mut self, number: usize) {
        self.looks_good |= number == 1 && self.begun == 1;
    }

    /// Whether it is a prerequisite of which nothing good is known yet.
    pub fn is_awaited(&self) -> bool {
        self.case.scenario.prerequisite && !self.looks_good
    }

    /// Whether all that it has is its first attempt.
    pub fn has_only_its_first_attempt(&self) -> bool {
        self.begun == 1 && self.under_way == 1
    }

    /// Whether it failed in an attempt that does not count yet.
    pub fn has_one_aside(&self) -> bool {
        self.attempts.has_one_aside()
    }

    /// Its next attempt.
    pub fn next_job(
        &mut self,
        setup: &Setup,
        fresh: bool,
        mode: DeadlineMode,
        settle_factor: u32,
        waits: Arc<WaitTimes>,
    ) -> Job {
        self.begun += 1;
        self.under_way += 1;
        Job {
            case: Arc::clone(&self.case),
            followers: Vec::new(),
            installation: setup.installation.clone(),
            fresh,
            // Of what is not believed yet; a picture takes time.
            picture: setup.options.pictures && (fresh || setup.options.retries == 0),
            notes_code: false,
            settle_factor,
            mode,
            waits,
            number: self.begun,
        }
    }

    /// Takes an attempt in, reports it, and returns what is to be done.
    pub fn take(&mut self, attempt: Attempt, setup: &Setup, progress: &mut Progress<'_>) -> Next {
        self.under_way = self.under_way.saturating_sub(1);
        self.looks_good = false;
        let environment = progress.environment.clone();
        let knowledge = setup.knowledge(environment.as_ref(), progress.register);
        let retries = Retries {
            most: setup.options.retries,
            belief: &progress.belief,
        };
        let (attempted, profile) = (attempt.attempted, &setup.stage.profile);
        let attempted = Attempted {
            result: self.believed(attempted.result, setup.browsers_are_ours),
            ..attempted
        };
        let (took, mut end) = (attempted.took, AttemptEnd::of(&attempted.result));
        let (case, attempts) = (&self.case, &mut self.attempts);
        // A bug of ours is reported, wherever it shows.
        let is_alone = attempt.neighbours == 1 || matches!(end, AttemptEnd::Bug(_));
        let beside = (!is_alone).then(|| Beside::of(case, &attempted, profile, &knowledge));
        let next = match beside {
            None | Some(Beside::Holds) => {
                attempts.take(case, attempted, profile, &knowledge, retries)
            }
            Some(Beside::Fails(failed)) => {
                attempts.put_aside(failed);
                attempts.next(case, &knowledge, retries)
            }
            Some(Beside::Nothing) => Next::Alone,
        };
        self.failures = attempts.failures(case, &knowledge);
        if next == Next::Alone {
            end = AttemptEnd::Inconclusive;
        }
        let mut broken = Vec::new();
        match end {
            AttemptEnd::Whole if next == Next::WithFullDeadlines => end = AttemptEnd::Inconclusive,
            AttemptEnd::Whole | AttemptEnd::Hung(_) => broken = attempts.broken(case),
            AttemptEnd::Inconclusive | AttemptEnd::Lost(_) | AttemptEnd::Bug(_) => {}
        }
        progress.report(RunEvent::AttemptEnded {
            case,
            number: attempt.number,
            end,
            took,
            broken,
        });
        next
    }

    /// A machine that has gone answers as little as a page that loops for ever: on others than
    /// ours, a page is believed to do so once it does it in another session, too.
    fn believed(&mut self, result: AttemptResult, browsers_are_ours: bool) -> AttemptResult {
        let hangs = matches!(result, AttemptResult::Hung(..));
        if browsers_are_ours || self.has_hung || !hangs {
            return result;
        }
        self.has_hung = true;
        result.with_doubt_about_a_hang()
    }

    /// Takes in that no worker has begun its last attempt, and none will.
    pub fn was_withdrawn(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        self.begun = self.begun.saturating_sub(1);
    }

    /// Reports that its page ended before it had its turn.
    pub fn was_not_reached(&mut self, attempt: &Attempt, progress: &mut Progress<'_>) {
        self.under_way = self.under_way.saturating_sub(1);
        progress.report(RunEvent::AttemptEnded {
            case: &self.case,
            number: attempt.number,
            end: AttemptEnd::Inconclusive,
            took: Duration::ZERO,
            broken: Vec::new(),
        });
    }

    /// What is to be done by what is known of other cases now.
    pub fn next(&mut self, setup: &Setup, progress: &Progress<'_>) -> Next {
        let environment = progress.environment.as_ref();
        let knowledge = setup.knowledge(environment, progress.register);
        let retries = Retries {
            most: setup.options.retries,
            belief: &progress.belief,
        };
        self.attempts.next(&self.case, &knowledge, retries)
    }

    /// Makes its verdict of its attempts.
    pub fn conclude(self, setup: &Setup, progress: &mut Progress<'_>) {
        let Self { case, attempts, .. } = self;
        let environment = progress.environment.clone();
        let knowledge = setup.knowledge(environment.as_ref(), progress.register);
        progress.bug |= attempts.bug().is_some();
        let label = attempts.label().to_owned();
        progress.labels.insert(case.id.clone(), label);
        let outcome = attempts.conclude(&case, &knowledge);
        // Where nothing is tried again, one attempt is all the proof there is.
        let confirms = if setup.options.retries == 0 { 1 } else { 2 };
        let failures = outcome.failed_at_least(confirms);
        progress.belief.confirm(&case.id, failures);
        progress.finish(outcome);
    }
}

/// Why a case is tried again whose attempt ended so.
pub(super) fn reason_to_retry(result: &AttemptResult) -> String {
    match result {
        AttemptResult::Evidence(..) => REPEATS.to_owned(),
        AttemptResult::Hung(why, _)
        | AttemptResult::Lost(why, _)
        | AttemptResult::NoSession(why)
        | AttemptResult::Bug(why) => why.clone(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    /// A case, with so many attempts under way.
    fn open(prerequisite: bool, attempts: usize) -> OpenCase {
        let suite = Suite::load(&Files::default()).unwrap();
        let mut cases = suite.plan(&mut Patterns::new(&[])).into_iter();
        let case = cases.find(|case| case.scenario.prerequisite == prerequisite);
        OpenCase {
            begun: attempts,
            under_way: attempts,
            ..OpenCase::of(&Arc::new(case.unwrap()))
        }
    }

    #[test]
    fn prerequisite_is_awaited_until_its_first_attempt_looks_good() {
        let mut open = open(true, 1);
        assert!(open.is_awaited() && open.has_only_its_first_attempt());
        open.note_good(1);
        assert!(!open.is_awaited());
    }

    #[test]
    fn prerequisite_that_failed_once_is_awaited_whatever_later_attempts_show() {
        let mut open = open(true, 2);
        for number in [1, 2] {
            open.note_good(number);
        }
        assert!(open.is_awaited() && !open.has_only_its_first_attempt());
    }

    fn hung() -> AttemptResult {
        AttemptResult::Hung("the page did not answer for 12 s".into(), Box::default())
    }

    #[test]
    fn page_on_another_machine_hangs_once_it_does_so_in_a_second_session() {
        let mut open = open(false, 1);
        let first = open.believed(hung(), false);
        assert!(matches!(first, AttemptResult::Lost(..)), "{first:?}");
        let second = open.believed(hung(), false);
        assert!(matches!(second, AttemptResult::Hung(..)), "{second:?}");
    }

    #[test]
    fn page_on_this_machine_hangs_at_once() {
        let only = open(false, 1).believed(hung(), true);
        assert!(matches!(only, AttemptResult::Hung(..)), "{only:?}");
    }

    #[test]
    fn no_other_case_is_awaited() {
        assert!(!open(false, 1).is_awaited());
    }
}
