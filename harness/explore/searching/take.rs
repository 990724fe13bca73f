use std::sync::Arc;

use super::{Driven, Purpose, Searching};
use crate::evidence::AttemptResult;
use crate::explore::explored::Event;
use crate::explore::find::{Find, Origin};
use crate::explore::journey::Journey;
use crate::explore::judged::Shown;
use crate::run::{Attempt, Crew, Job};
use crate::verdict::{CaseOutcome, Cause};

impl Searching<'_, '_> {
    pub(super) fn take(
        &mut self,
        attempt: Attempt,
        crew: &Crew,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) {
        if let Some(environment) = &attempt.environment {
            self.explored
                .environment
                .get_or_insert_with(|| environment.clone());
        }
        let id = attempt.case.id.clone();
        let pool = self.search.workshop.pool;
        match self.open.remove(&id) {
            None => {}
            Some(Purpose::Find(index)) => {
                let find = &mut self.explored.finds[index];
                let was_done = find.is_done();
                if let Some((case, fresh)) = find.take(attempt, &self.judge, pool) {
                    self.open.insert(id, Purpose::Find(index));
                    crew.put_urgent(Job::first(case, self.search.installation.clone(), fresh));
                }
                let find = &self.explored.finds[index];
                if find.is_done() && !was_done {
                    listener(Event::Shrunk(find));
                }
            }
            Some(Purpose::Journey(driven)) => {
                self.take_journey(driven, attempt, crew);
            }
        }
    }

    fn take_journey(&mut self, mut driven: Box<Driven>, mut attempt: Attempt, crew: &Crew) {
        let case = Arc::clone(&attempt.case);
        self.explored.driving += attempt.attempted.took;
        driven.code.add(std::mem::take(&mut attempt.code));
        let hangs = matches!(attempt.attempted.result, AttemptResult::Hung(..));
        let shown = if hangs && !driven.has_hung {
            driven.has_hung = true;
            None
        } else {
            self.judge.take(&mut driven.attempts, attempt, 0)
        };
        let Some(shown) = shown else {
            self.open.insert(case.id.clone(), Purpose::Journey(driven));
            crew.put_urgent(self.job(case, true));
            return;
        };
        let outcome = match shown {
            Shown::Outcome(outcome) => Some(*outcome),
            Shown::Lost(why) => {
                self.explored.lost.push(why);
                None
            }
        };
        self.note_code(driven.number, &driven.journey, driven.code);
        self.waiting
            .insert(driven.number, (driven.journey, outcome));
    }

    /// Takes in the journeys whose turn it is, so that the finds do not depend on the workers.
    pub(super) fn take_in_order(&mut self, listener: &mut (dyn FnMut(Event<'_>) + Send)) {
        while self.can_compare() {
            let Some((journey, outcome)) = self.waiting.remove(&(self.taken + 1)) else {
                return;
            };
            self.taken += 1;
            let Some(outcome) = outcome else { continue };
            self.explored.journeys += 1;
            self.explored.steps += journey.steps.len();
            if self.judge.fails(&outcome) {
                self.look_at(journey, outcome, listener);
            }
            listener(Event::Progress(&self.explored));
        }
    }

    /// Whether a journey can be taken in: what was found is ready to be compared with it, and it is
    /// of use.
    fn can_compare(&self) -> bool {
        !self.is_enough_found() && self.explored.finds.iter().all(Find::is_comparable)
    }

    /// Counts a failing journey to the finds that explain it; what none explains is a new one.
    fn look_at(
        &mut self,
        journey: Journey,
        outcome: CaseOutcome,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) {
        let (mut outcome, mut causes) = self.judge.causes(outcome);
        if journey.condition.is_some() {
            let finds = &mut self.explored.finds;
            causes.retain(|cause| {
                let known = finds.iter_mut().find(|find| find.is_like(cause));
                known.map(|find| find.also += 1).is_none()
            });
        }
        let mut explained = Vec::new();
        for find in &mut self.explored.finds {
            let (same, checks) = find.explains(outcome, &self.judge);
            outcome = same;
            find.also += usize::from(!checks.is_empty());
            explained.extend(checks);
        }
        let is_new = |cause: &Cause| !cause.checks.iter().any(|check| explained.contains(check));
        let Some(cause) = causes.into_iter().find(is_new) else {
            return;
        };
        let origin = Origin {
            seed: self.limits.seed,
            number: self.taken,
            by_coverage: self.limits.by_coverage,
        };
        let workshop = &self.search.workshop;
        let find = Find::new(origin, journey, outcome, cause, workshop);
        listener(Event::Found(&find));
        self.explored.finds.push(find);
    }
}
