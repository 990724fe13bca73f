//! A search under way: what is put, what is taken in, and in which order.
//!
//! Journeys are made and taken in by their numbers, however many workers there are and in whatever
//! order the journeys end. A journey is compared with the finds before it by what is known of them
//! from the first (`find/original.rs`). So the same seed finds the same in the same build.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::explored::{Event, Explored, Limits, SearchError};
use super::find::Find;
use super::generate::Generator;
use super::journey::{Journey, Workshop};
use super::judged::{Judge, Shown};
use super::search::Search;
use super::write::Header;
use crate::evidence::AttemptResult;
use crate::run::{Attempt, Crew, Job, now};
use crate::verdict::{Attempts, CaseOutcome, Cause};

/// Journeys a worker, those that settle among them.
const AHEAD: usize = 4;

/// Candidates a worker for a smaller journey, those that settle among them.
const SHRINKING: usize = 2;

/// Once so much of the time is over, what was found is made small and nothing else is begun.
const SHARE_TO_SEARCH: f64 = 0.75;

/// What an attempt is made for.
#[derive(Debug)]
enum Purpose {
    Journey(Box<Driven>),
    Find(usize),
}

/// A journey under way.
#[derive(Debug)]
struct Driven {
    number: usize,
    journey: Journey,
    attempts: Attempts,
    /// Its page stopped answering once: a busy machine does that, too.
    has_hung: bool,
}

/// A search under way.
pub struct Searching<'s, 'a> {
    search: &'s Search<'a>,
    limits: Limits,
    judge: Judge<'s>,
    generator: Generator,
    begun: Instant,
    /// Journeys that were put, and those that were taken in, in their order.
    put: usize,
    taken: usize,
    waiting: BTreeMap<usize, (Journey, Option<CaseOutcome>)>,
    open: HashMap<String, Purpose>,
    explored: Explored,
}

impl<'s, 'a> Searching<'s, 'a> {
    /// One of which nothing is done yet.
    pub fn new(search: &'s Search<'a>, limits: Limits, begun: Instant) -> Self {
        let Workshop {
            suite,
            profile,
            pool,
            ..
        } = search.workshop;
        let conditions = search.workshop.conditions();
        let claims = search.workshop.claims();
        Self {
            judge: Judge::new(&suite.register, profile, search.installation),
            search,
            limits,
            generator: Generator::new(limits.seed, claims, conditions, pool.clone()),
            begun,
            put: 0,
            taken: 0,
            waiting: BTreeMap::new(),
            open: HashMap::new(),
            explored: Explored {
                finds: Vec::new(),
                journeys: 0,
                steps: 0,
                pairs: 0,
                lost: Vec::new(),
                environment: None,
                began: now(),
                driving: Duration::ZERO,
                took: Duration::ZERO,
            },
        }
    }

    /// What it came to.
    pub fn end(self) -> Explored {
        self.explored
    }

    /// Goes on until the limits are reached.
    ///
    /// # Errors
    /// If a journey cannot be made a case.
    pub async fn go_on(
        &mut self,
        crew: &mut Crew,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<(), SearchError> {
        let end = self.limits.time.map(|time| self.begun + time);
        loop {
            self.withdraw_what_is_of_no_use(crew);
            self.put_more(crew)?;
            let found = self.explored.finds.len();
            self.take_in_order(listener);
            if self.explored.finds.len() > found {
                continue;
            }
            if self.open.is_empty() {
                return Ok(());
            }
            let attempt = tokio::select! {
                attempt = crew.next() => attempt,
                () = until(end) => None,
            };
            let Some(attempt) = attempt else {
                return Ok(());
            };
            self.take(attempt, crew, listener);
        }
    }

    /// Keeps the workers busy: with what was found first.
    fn put_more(&mut self, crew: &Crew) -> Result<(), SearchError> {
        let at_once = self.search.workers * SHRINKING;
        for (index, find) in self.explored.finds.iter_mut().enumerate() {
            while let Some((case, fresh)) = find.next(&self.search.workshop, at_once)? {
                self.open.insert(case.id.clone(), Purpose::Find(index));
                crew.put_urgent(Job::first(case, self.search.installation.clone(), fresh));
            }
        }
        while self.open.len() < self.search.workers * AHEAD && self.begins_more() {
            let journey = self.generator.journey(self.limits.steps);
            self.explored.pairs = self.generator.pairs();
            let (number, seed) = (self.put + 1, self.limits.seed);
            self.put = number;
            let name = format!("{seed}-{number}");
            let written =
                self.search
                    .workshop
                    .write(&journey, &name, &Header::of_journey(seed, number))?;
            let Some(written) = written else {
                self.waiting.insert(number, (journey, None));
                continue;
            };
            let id = written.case.id.clone();
            let driven = Driven {
                number,
                journey,
                attempts: Attempts::default(),
                has_hung: false,
            };
            self.open.insert(id, Purpose::Journey(Box::new(driven)));
            crew.put(Job::first(
                written.case,
                self.search.installation.clone(),
                false,
            ));
        }
        Ok(())
    }

    /// Takes back what was put and would not be looked at: it would keep the workers from the rest.
    fn withdraw_what_is_of_no_use(&mut self, crew: &Crew) {
        if self.is_enough_found() {
            for job in crew.withdraw() {
                self.open.remove(&job.case.id);
            }
        }
        for find in &mut self.explored.finds {
            for id in crew.cancel(&find.of_no_use()) {
                find.forget(&id);
                self.open.remove(&id);
            }
        }
    }

    fn is_enough_found(&self) -> bool {
        self.limits.first_only && !self.explored.finds.is_empty()
    }

    fn begins_more(&self) -> bool {
        let finds = &self.explored.finds;
        let is_enough = self.limits.journeys.is_some_and(|most| self.put >= most);
        let is_late = self.limits.time.is_some_and(|time| {
            let is_busy = finds.iter().any(|find| !find.is_done());
            is_busy && self.begun.elapsed() > time.mul_f64(SHARE_TO_SEARCH)
        });
        !(is_enough || self.is_enough_found() || is_late)
    }

    fn take(
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

    fn take_journey(&mut self, mut driven: Box<Driven>, attempt: Attempt, crew: &Crew) {
        let case = Arc::clone(&attempt.case);
        self.explored.driving += attempt.attempted.took;
        let hangs = matches!(attempt.attempted.result, AttemptResult::Hung(..));
        let shown = if hangs && !driven.has_hung {
            driven.has_hung = true;
            None
        } else {
            self.judge.take(&mut driven.attempts, attempt, 0)
        };
        let Some(shown) = shown else {
            self.open.insert(case.id.clone(), Purpose::Journey(driven));
            crew.put_urgent(Job::first(case, self.search.installation.clone(), true));
            return;
        };
        let outcome = match shown {
            Shown::Outcome(outcome) => Some(*outcome),
            Shown::Lost(why) => {
                self.explored.lost.push(why);
                None
            }
        };
        self.waiting
            .insert(driven.number, (driven.journey, outcome));
    }

    /// Takes in the journeys whose turn it is, so that the finds do not depend on the workers.
    fn take_in_order(&mut self, listener: &mut (dyn FnMut(Event<'_>) + Send)) {
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
        let origin = (self.limits.seed, self.taken);
        let workshop = &self.search.workshop;
        let find = Find::new(origin, journey, outcome, cause, workshop);
        listener(Event::Found(&find));
        self.explored.finds.push(find);
    }
}

/// Ends at that time; never where there is none.
async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}
