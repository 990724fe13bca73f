//! What becomes of a case after an attempt: its verdict stands, it is tried again, or it waits for
//! others that fail alike.

use super::Batch;
use crate::run::crew::Crew;
use crate::run::deadlines::DeadlineMode;
use crate::run::open_case::{OpenCase, REPEATS};
use crate::run::progress::Progress;
use crate::verdict::{BELIEVED_AFTER, Failure, Next};

impl Batch<'_> {
    /// Does what is to be done about a case.
    pub(super) fn go_on(
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
                if !self.is_over(progress) {
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
                let is_alone = open.case.scenario.prerequisite
                    || self.ahead.is_empty()
                    || progress.would_end_with(1);
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

    /// Whether enough cases that fail alike are believed or being confirmed, so that this one waits
    /// for those that are.
    fn is_decided_by_others(&self, own: &OpenCase, progress: &Progress<'_>) -> bool {
        let confirmed_by = |failure: &Failure| {
            let others = self.open.values();
            let others =
                others.filter(|other| other.under_way > 0 && other.failures.contains(failure));
            let others = others.count();
            others > 0 && progress.belief.cases_like(failure) + others >= BELIEVED_AFTER
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
                    if self.is_over(progress) {
                        return;
                    }
                }
                next => self.go_on(open, next, REPEATS, crew, progress),
            }
        }
    }
}
