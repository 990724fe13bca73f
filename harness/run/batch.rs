//! One batch of cases: keeps the workers busy until each case has its verdict.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::watch;

use super::crew::Crew;
use super::deadlines::DeadlineMode;
use super::events::RunEvent;
use super::job::{Attempt, Job, Message};
use super::open_case::{OpenCase, reason_to_retry};
use super::order::order;
use super::progress::Progress;
use super::setup::Setup;
use crate::plan::{Case, MOST_ON_A_PAGE};

mod deciding;
mod prerequisites;

/// Cases a worker, those that settle among them: enough to keep it busy, few enough to stop early.
const AHEAD: usize = 2 * MOST_ON_A_PAGE;

/// Runs `cases`, each until its verdict stands, with `settle_factor` times the usual settle time.
pub(super) async fn run_batch(
    setup: &Setup,
    settle_factor: u32,
    cases: &[Arc<Case>],
    crew: &mut Crew,
    progress: &mut Progress<'_>,
) {
    let batch = Batch::new(setup, settle_factor, progress.waits.doubts());
    batch.run(cases, crew, progress).await;
}

/// The cases of a batch that are under way.
struct Batch<'r> {
    setup: &'r Setup,
    settle_factor: u32,
    /// The cases that have not begun.
    ahead: VecDeque<Arc<Case>>,
    /// By the ids of the cases.
    open: BTreeMap<String, OpenCase>,
    /// What was begun, and never had its turn: its cases are among those ahead again.
    unreached: BTreeMap<String, OpenCase>,
    /// Attempts that workers have, or will have.
    under_way: usize,
    /// How many pages were not ready in the time in which those of builds that work are.
    doubts: watch::Receiver<usize>,
}

impl<'r> Batch<'r> {
    fn new(setup: &'r Setup, settle_factor: u32, doubts: watch::Receiver<usize>) -> Self {
        Self {
            setup,
            settle_factor,
            ahead: VecDeque::new(),
            open: BTreeMap::new(),
            unreached: BTreeMap::new(),
            under_way: 0,
            doubts,
        }
    }

    /// Each prerequisite begins once those before it look good, and the others begin after them.
    async fn run(mut self, cases: &[Arc<Case>], crew: &mut Crew, progress: &mut Progress<'_>) {
        let mut ahead = cases.to_vec();
        order(&mut ahead, self.setup.longest_first.as_ref());
        self.ahead = ahead.into();
        loop {
            self.begin_more(crew, progress);
            if self.open.is_empty() || self.is_over(progress) {
                break;
            }
            let is_at_first = self.awaited_at_first().is_some();
            let next = tokio::select! {
                biased;
                message = crew.next_message() => message.map(Some),
                () = prerequisites::doubted(&mut self.doubts), if is_at_first => Some(None),
            };
            match next {
                Some(Some(Message::Begun(case, number))) => {
                    self.report_begun(&case, number, progress);
                }
                Some(Some(Message::LooksGood(case, number))) => {
                    self.note_good(&case, number);
                }
                Some(Some(Message::Unreached(attempt))) => self.put_back(*attempt, progress),
                Some(Some(Message::Ended(attempt))) => self.take(*attempt, crew, progress),
                Some(None) => self.repeat_beside(crew, progress),
                None => return,
            }
        }
        if let Some(why) = self.stops_because(progress) {
            self.take_back(crew);
            let begun = std::mem::take(&mut self.open).into_values();
            let begun: Vec<Arc<Case>> = begun.map(|open| open.case).collect();
            progress.finish_untested(begun.iter().chain(&self.ahead), &why);
        }
    }

    /// Whether it judges again what was judged too early.
    fn is_second_look(&self) -> bool {
        self.settle_factor > 1
    }

    /// Whether what failed ends it.
    fn is_over(&self, progress: &Progress<'_>) -> bool {
        let is_missing = progress.missing.is_some() && !self.is_second_look();
        is_missing || progress.has_failed_enough()
    }

    /// Why no further case is begun.
    fn stops_because(&self, progress: &Progress<'_>) -> Option<String> {
        if self.is_second_look() {
            progress.stops_because()
        } else {
            progress.ends_because()
        }
    }

    /// Keeps the workers busy, as long as nothing speaks against it.
    fn begin_more(&mut self, crew: &mut Crew, progress: &mut Progress<'_>) {
        if self.stops_because(progress).is_some() {
            return;
        }
        if progress.would_end_with(self.suspects()) {
            // What is suspected is decided first, and may be the end.
            self.take_back(crew);
            return;
        }
        let workers = self.setup.options.workers;
        while self.under_way < workers * AHEAD && !self.is_held_back() {
            let Some(case) = self.ahead.pop_front() else {
                return;
            };
            if case.scenario.prerequisite {
                // What was doubted before is of others.
                self.doubts.mark_unchanged();
            } else {
                crew.grow_to(workers.min(1 + self.ahead.len()));
            }
            let mode = self.mode(&case, progress);
            // After a late request the session itself is suspect.
            let fresh = self.is_second_look();
            let followers = if fresh {
                Vec::new()
            } else {
                self.followers(&case, mode, progress)
            };
            for follower in &followers {
                // Its attempt is part of the job of the first.
                let mut open = self.opened(follower);
                self.job(&mut open, fresh, mode, progress);
                self.open.insert(follower.id.clone(), open);
            }
            let mut open = self.opened(&case);
            let job = self.job(&mut open, fresh, mode, progress);
            crew.put(Job { followers, ..job });
            self.open.insert(case.id.clone(), open);
        }
    }

    /// A case that begins, or has its turn again.
    fn opened(&mut self, case: &Arc<Case>) -> OpenCase {
        let before = self.unreached.remove(&case.id);
        before.unwrap_or_else(|| OpenCase::of(case))
    }

    /// Takes in that the page ended before a case had its turn there: that comes again.
    fn put_back(&mut self, attempt: Attempt, progress: &mut Progress<'_>) {
        // An interrupted round may have left attempts at another build under way.
        if attempt.installation.build.sha256 != self.setup.installation.build.sha256 {
            return;
        }
        let Some(mut open) = self.open.remove(&attempt.case.id) else {
            return;
        };
        self.under_way = self.under_way.saturating_sub(1);
        open.was_not_reached(&attempt, progress);
        self.ahead.push_back(attempt.case);
        self.unreached.insert(open.case.id.clone(), open);
    }

    /// Takes those cases that can go on on the page of `case`.
    fn followers(
        &mut self,
        case: &Arc<Case>,
        mode: DeadlineMode,
        progress: &Progress<'_>,
    ) -> Vec<Arc<Case>> {
        let mut on_page = vec![Arc::clone(case)];
        if self.setup.options.shares_pages {
            let mut ahead = std::mem::take(&mut self.ahead);
            ahead.retain(|other| {
                let joins = on_page.len() < MOST_ON_A_PAGE
                    && other.can_follow(&on_page)
                    && self.mode(other, progress) == mode;
                if joins {
                    on_page.push(Arc::clone(other));
                }
                !joins
            });
            self.ahead = ahead;
        }
        on_page.split_off(1)
    }

    /// An interrupted round may have left attempts of its own under way.
    fn report_begun(&self, case: &Case, number: usize, progress: &mut Progress<'_>) {
        let is_own = |open: &&OpenCase| open.begun >= number;
        if let Some(open) = self.open.get(&case.id).filter(is_own) {
            let case = &open.case;
            progress.report(RunEvent::AttemptStarted { case, number });
        }
    }

    /// Tries a case so often again, each time in a fresh session and with full deadlines.
    fn put_again(
        &mut self,
        open: &mut OpenCase,
        count: usize,
        why: &str,
        crew: &Crew,
        progress: &mut Progress<'_>,
    ) {
        for _ in 0..count {
            progress.retried(&open.case, why.to_owned());
            crew.put_urgent(self.job(open, true, DeadlineMode::Full, progress));
        }
    }

    /// Begun cases that no worker has yet are put back.
    fn take_back(&mut self, crew: &Crew) {
        for job in crew.withdraw().into_iter().rev() {
            let cases: Vec<&Arc<Case>> = job.cases().collect();
            for case in cases.into_iter().rev() {
                // An interrupted round may have left jobs of its own.
                if let Some(mut open) = self.open.remove(&case.id) {
                    self.under_way = self.under_way.saturating_sub(1);
                    self.ahead.push_front(Arc::clone(case));
                    open.was_withdrawn();
                    if open.begun > 0 {
                        self.unreached.insert(case.id.clone(), open);
                    }
                }
            }
        }
    }

    /// The cases that failed and have no verdict yet.
    fn suspects(&self) -> usize {
        let open = self.open.values();
        open.filter(|open| !open.failures.is_empty()).count()
    }

    fn mode(&self, case: &Case, progress: &Progress<'_>) -> DeadlineMode {
        if self.is_second_look() {
            DeadlineMode::Full
        } else if !progress.belief.has_believed_kind() {
            DeadlineMode::ShortForLost
        } else {
            DeadlineMode::of_known_build(case)
        }
    }

    /// The next attempt at a case.
    fn job(
        &mut self,
        open: &mut OpenCase,
        fresh: bool,
        mode: DeadlineMode,
        progress: &Progress<'_>,
    ) -> Job {
        self.under_way += 1;
        let waits = Arc::clone(&progress.waits);
        open.next_job(self.setup, fresh, mode, self.settle_factor, waits)
    }

    /// Takes an attempt in.
    fn take(&mut self, attempt: Attempt, crew: &mut Crew, progress: &mut Progress<'_>) {
        // An interrupted round may have left attempts at another build under way.
        if attempt.installation.build.sha256 != self.setup.installation.build.sha256 {
            return;
        }
        progress.note(&attempt);
        let case = Arc::clone(&attempt.case);
        let why = reason_to_retry(&attempt.attempted.result);
        let Some(mut open) = self.open.remove(&case.id) else {
            return;
        };
        self.under_way = self.under_way.saturating_sub(1);
        let next = open.take(attempt, self.setup, progress);
        self.go_on(open, next, &why, crew, progress);
    }
}
