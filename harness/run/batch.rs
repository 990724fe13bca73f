//! One batch of cases: keeps the workers busy, and decides what is tried next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::watch;

use super::crew::Crew;
use super::deadlines::{DeadlineMode, needs_full};
use super::events::RunEvent;
use super::job::{Attempt, Job, Message};
use super::open_case::{OpenCase, REPEATS, reason_to_retry};
use super::progress::Progress;
use super::setup::Setup;
use crate::plan::{Case, MOST_ON_A_PAGE};
use crate::verdict::{BELIEVED_AFTER, Failure, Next};

/// Cases a worker, those that settle among them: enough to keep it busy, few enough to stop early.
const AHEAD: usize = 2 * MOST_ON_A_PAGE;

/// Why a prerequisite is tried again that has not failed yet.
const NOT_READY: &str = "its page is not ready yet: to see whether that repeats";

/// Runs `cases`, each until its verdict stands, with `settle_factor` times the usual settle time.
pub(super) async fn run_batch(
    setup: &Setup,
    settle_factor: u32,
    cases: &[Arc<Case>],
    crew: &mut Crew,
    progress: &mut Progress<'_>,
) {
    let batch = Batch::new(setup, settle_factor);
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
}

impl<'r> Batch<'r> {
    fn new(setup: &'r Setup, settle_factor: u32) -> Self {
        Self {
            setup,
            settle_factor,
            ahead: VecDeque::new(),
            open: BTreeMap::new(),
            unreached: BTreeMap::new(),
            under_way: 0,
        }
    }

    async fn run(mut self, cases: &[Arc<Case>], crew: &mut Crew, progress: &mut Progress<'_>) {
        // What decides slowly comes last: by then it may be known how this build fails.
        // Those that need a browser of their own come at the very end, so that it is started once.
        let mut ahead = cases.to_vec();
        ahead.sort_by_key(|case| (!case.needs().is_empty(), needs_full(case)));
        self.ahead = ahead.into();
        let mut doubts = progress.waits.doubts();
        loop {
            self.begin_more(crew, progress);
            if self.open.is_empty() || progress.has_failed_enough() {
                break;
            }
            let next = tokio::select! {
                biased;
                message = crew.next_message() => message.map(Some),
                () = doubted(&mut doubts), if self.waits_for_a_prerequisite() => Some(None),
            };
            match next {
                Some(Some(Message::Begun(case, number))) => {
                    self.report_begun(&case, number, progress);
                }
                Some(Some(Message::Unreached(attempt))) => self.put_back(*attempt, progress),
                Some(Some(Message::Ended(attempt))) => self.take(*attempt, crew, progress),
                Some(None) => self.repeat_beside(crew, progress),
                None => return,
            }
        }
        if let Some(why) = progress.stops_because() {
            self.take_back(crew);
            let begun = std::mem::take(&mut self.open).into_values();
            let begun: Vec<Arc<Case>> = begun.map(|open| open.case).collect();
            progress.finish_untested(begun.iter().chain(&self.ahead), &why);
        }
    }

    /// Keeps the workers busy, as long as nothing speaks against it.
    fn begin_more(&mut self, crew: &Crew, progress: &mut Progress<'_>) {
        if progress.stops_because().is_some() {
            return;
        }
        if progress.would_end_with(self.suspects()) {
            // What is suspected is decided first, and may be the end.
            self.take_back(crew);
            return;
        }
        while self.under_way < self.setup.options.workers * AHEAD {
            let Some(case) = self.ahead.pop_front() else {
                return;
            };
            let mode = self.mode(&case, progress);
            // After a late request the session itself is suspect.
            let fresh = self.settle_factor > 1;
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

    /// Whether all that is under way is the first attempt at a prerequisite.
    fn waits_for_a_prerequisite(&self) -> bool {
        let is_first = |open: &OpenCase| open.case.scenario.prerequisite && !open.has_ended_once();
        self.under_way == 1 && self.open.values().all(is_first)
    }

    /// Tries a prerequisite again while its first attempt still waits for its page: nothing else
    /// can be done meanwhile, and each attempt has its full deadlines.
    fn repeat_beside(&mut self, crew: &mut Crew, progress: &mut Progress<'_>) {
        crew.grow_to(self.setup.options.most_workers);
        for mut open in std::mem::take(&mut self.open).into_values() {
            self.put_again(
                &mut open,
                self.setup.options.retries,
                NOT_READY,
                crew,
                progress,
            );
            self.open.insert(open.case.id.clone(), open);
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
                if self.open.remove(&case.id).is_some() {
                    self.under_way = self.under_way.saturating_sub(1);
                    self.ahead.push_front(Arc::clone(case));
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
        if self.settle_factor > 1 {
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

    /// Does what is to be done about a case.
    fn go_on(
        &mut self,
        mut open: OpenCase,
        next: Next,
        why: &str,
        crew: &mut Crew,
        progress: &mut Progress<'_>,
    ) {
        let id = open.case.id.clone();
        if next != Next::Done && !open.failures.is_empty() {
            // To see a failure again is to wait: that needs no processor.
            crew.grow_to(self.setup.options.most_workers);
        }
        match next {
            Next::Done => {
                // What else is under way of it comes too late.
                self.under_way = self.under_way.saturating_sub(open.under_way);
                let knew = progress.belief.has_believed_kind();
                open.conclude(self.setup, progress);
                if !knew && progress.belief.has_believed_kind() {
                    // What nobody has begun may be decided faster now.
                    self.take_back(crew);
                    crew.grow_to(self.setup.options.most_workers);
                }
                if !progress.has_failed_enough() {
                    self.look_again(crew, progress);
                }
            }
            Next::Again(_) if self.may_wait(&open, progress) => {
                self.open.insert(id, open);
            }
            Next::Alone | Next::WithFullDeadlines
                if open.has_one_aside() && self.may_wait(&open, progress) =>
            {
                self.open.insert(id, open);
            }
            Next::Alone => {
                // What is new is not given up early.
                let (fresh, mode) = if open.has_one_aside() {
                    (true, DeadlineMode::Full)
                } else {
                    (false, self.mode(&open.case, progress))
                };
                crew.put_urgent(self.job(&mut open, fresh, mode, progress));
                self.open.insert(id, open);
            }
            Next::WithFullDeadlines => {
                crew.put_urgent(self.job(&mut open, false, DeadlineMode::Full, progress));
                self.open.insert(id, open);
            }
            Next::Again(more) => {
                // Where the workers have nothing else to do, they do all of it at once.
                let is_alone = self.ahead.is_empty() || progress.would_end_with(1);
                let count = if is_alone { more } else { 1 };
                self.put_again(&mut open, count, why, crew, progress);
                self.open.insert(id, open);
            }
        }
    }

    /// Whether nothing need be done about a case now: another attempt at it is under way, or others
    /// decide it.
    fn may_wait(&self, open: &OpenCase, progress: &Progress<'_>) -> bool {
        open.under_way > 0 || self.is_decided_by_others(open, progress)
    }

    /// Whether enough cases that fail alike are being confirmed, so that this one waits for them.
    fn is_decided_by_others(&self, own: &OpenCase, progress: &Progress<'_>) -> bool {
        let confirmed_by = |failure: &Failure| {
            let others = self.open.values();
            let others =
                others.filter(|other| other.under_way > 0 && other.failures.contains(failure));
            progress.belief.cases_like(failure) + others.count() >= BELIEVED_AFTER
        };
        !own.failures.is_empty() && own.failures.iter().all(confirmed_by)
    }

    /// Cases that waited for others may be decided now.
    fn look_again(&mut self, crew: &mut Crew, progress: &mut Progress<'_>) {
        let waiting = self.open.values().filter(|open| open.under_way == 0);
        let waiting: Vec<String> = waiting.map(|open| open.case.id.clone()).collect();
        for id in waiting {
            let Some(mut open) = self.open.remove(&id) else {
                continue;
            };
            match open.next(self.setup, progress) {
                Next::Done => {
                    open.conclude(self.setup, progress);
                    if progress.has_failed_enough() {
                        return;
                    }
                }
                next => self.go_on(open, next, REPEATS, crew, progress),
            }
        }
    }
}

/// Waits until a page is not ready when it should be.
async fn doubted(doubts: &mut watch::Receiver<usize>) {
    if doubts.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
