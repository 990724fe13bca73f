//! Drives journeys until the limits are reached, and makes small what fails.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::explored::{Event, Explored, Limits, SearchError};
use super::find::Find;
use super::generate::Generator;
use super::journey::{Journey, Workshop};
use super::judged::{Judge, Shown};
use super::write::Header;
use crate::evidence::AttemptResult;
use crate::run::{Attempt, Crew, Interrupt, Job, Sessions, Stage, now};
use crate::sdk::Installation;
use crate::verdict::{Attempts, CaseOutcome, Cause};

/// Journeys a worker, those that settle among them.
const AHEAD: usize = 4;

/// Once so much of the time is over, what was found is made small and nothing else is begun.
const SHARE_TO_SEARCH: f64 = 0.75;

/// Where and on what journeys are driven.
#[derive(Debug)]
pub struct Search<'a> {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    pub installation: &'a Installation,
    pub workshop: Workshop<'a>,
    pub workers: usize,
}

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
struct Searching<'s, 'a> {
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

impl Search<'_> {
    /// Drives journeys within `limits`.
    ///
    /// # Errors
    /// If no session can be had, or a journey cannot be made a case.
    pub async fn run(
        &self,
        limits: Limits,
        interrupt: &Interrupt,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<Explored, SearchError> {
        let begun = Instant::now();
        let (stage, sessions) = (&self.stage, &self.sessions);
        let crew = Crew::start(stage, sessions, self.workers, interrupt);
        let mut crew = crew.await?;
        let suite = self.workshop.suite;
        let conditions = suite.conditions.for_journeys();
        let claims = self.workshop.claims();
        let pool = self.workshop.pool.clone();
        let generator = Generator::new(limits.seed, claims, conditions, pool);
        let mut searching = Searching {
            judge: Judge::new(&suite.register, self.workshop.profile, self.installation),
            search: self,
            limits,
            generator,
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
        };
        searching.go_on(&mut crew, listener).await?;
        crew.end().await;
        let mut explored = searching.explored;
        for find in &mut explored.finds {
            if find.written.is_none() {
                find.written = find.least(&self.workshop)?;
            }
        }
        explored.took = begun.elapsed();
        Ok(explored)
    }
}

impl Searching<'_, '_> {
    async fn go_on(
        &mut self,
        crew: &mut Crew,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<(), SearchError> {
        let end = self.limits.time.map(|time| self.begun + time);
        loop {
            self.put_more(crew)?;
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
        for (index, find) in self.explored.finds.iter_mut().enumerate() {
            if let Some((case, fresh)) = find.next(&self.search.workshop)? {
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

    fn begins_more(&self) -> bool {
        let finds = &self.explored.finds;
        let is_enough = self.limits.journeys.is_some_and(|most| self.put >= most);
        let is_found = self.limits.first_only && !finds.is_empty();
        let is_late = self.limits.time.is_some_and(|time| {
            let is_busy = finds.iter().any(|find| !find.is_done());
            is_busy && self.begun.elapsed() > time.mul_f64(SHARE_TO_SEARCH)
        });
        !(is_enough || is_found || is_late)
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
        match self.open.remove(&id) {
            None => {}
            Some(Purpose::Find(index)) => {
                let find = &mut self.explored.finds[index];
                find.take(attempt, &self.judge, self.generator.pool());
                if find.is_done() {
                    listener(Event::Shrunk(find));
                }
            }
            Some(Purpose::Journey(driven)) => {
                self.take_journey(driven, attempt, crew);
                self.take_in_order(listener);
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
        while let Some((journey, outcome)) = self.waiting.remove(&(self.taken + 1)) {
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
        let (workshop, pool) = (&self.search.workshop, self.generator.pool());
        let find = Find::new(origin, journey, outcome, cause, workshop, pool);
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
