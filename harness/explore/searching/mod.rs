//! A search under way: what is put, what is taken in, and in which order.
//!
//! Journeys are made and taken in by their numbers, however many workers there are and in whatever
//! order the journeys end. A journey is compared with the finds before it by what is known of them
//! from the first (`find/original.rs`). So the same journeys find the same in the same build.
//! `take.rs` takes in what each drive shows.

mod take;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::corpus::Corpus;
use super::explored::{Coverage, Event, Explored, Limits, SearchError};
use super::generate::Generator;
use super::journey::{Journey, Workshop};
use super::judged::Judge;
use super::search::Search;
use super::write::Header;
use crate::evidence::Code;
use crate::plan::Case;
use crate::run::{Crew, Job, now};
use crate::verdict::{Attempts, CaseOutcome};

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
    /// Which code of the build it ran.
    code: Code,
}

/// A search under way.
pub struct Searching<'s, 'a> {
    search: &'s Search<'a>,
    limits: Limits,
    judge: Judge<'s>,
    generator: Generator,
    /// `None`: no journey varies another.
    corpus: Option<Corpus>,
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
            judge: Judge::new(&suite.register, profile, search.installation, search.known),
            search,
            limits,
            generator: Generator::new(limits.seed, claims, conditions, pool.clone()),
            corpus: limits.by_coverage.then(Corpus::default),
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
                coverage: None,
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
            let (number, seed) = (self.put + 1, self.limits.seed);
            let corpus = self.corpus.as_ref();
            let kept = corpus.map_or_else(Vec::new, |corpus| corpus.kept_for(number));
            let journey = self.generator.journey_after(&kept, self.limits.steps);
            self.explored.pairs = self.generator.pairs();
            self.put = number;
            let name = format!("{seed}-{number}");
            let written =
                self.search
                    .workshop
                    .write(&journey, &name, &Header::of_journey(seed, number))?;
            let Some(written) = written else {
                self.note_code(number, &journey, Code::default());
                self.waiting.insert(number, (journey, None));
                continue;
            };
            let (id, job) = (written.case.id.clone(), self.job(written.case, false));
            let driven = Driven {
                number,
                journey,
                attempts: Attempts::default(),
                has_hung: false,
                code: Code::default(),
            };
            self.open.insert(id, Purpose::Journey(Box::new(driven)));
            crew.put(job);
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
        let corpus = self.corpus.as_ref();
        let is_ready = corpus.is_none_or(|corpus| corpus.is_ready_for(self.put + 1));
        is_ready && !(is_enough || self.is_enough_found() || is_late)
    }

    /// An attempt at a journey, in a fresh session or not.
    fn job(&self, case: Arc<Case>, fresh: bool) -> Job {
        Job {
            notes_code: self.corpus.is_some(),
            ..Job::first(case, self.search.installation.clone(), fresh)
        }
    }

    /// Notes what a journey ran, where others are made by that.
    fn note_code(&mut self, number: usize, journey: &Journey, code: Code) {
        let Some(corpus) = &mut self.corpus else {
            return;
        };
        corpus.put(number, journey.clone(), code);
        self.explored.coverage = corpus.share().map(|share| Coverage {
            journeys: corpus.count(),
            varied: self.generator.varied(),
            share,
        });
    }
}

/// Ends at that time; never where there is none.
async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}
