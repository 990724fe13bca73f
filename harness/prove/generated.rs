//! Drives generated mutants: each through the cases that execute its site, until one catches it.
//!
//! First, one run on an instrumented build shows which case executes which site. Then each mutant
//! is driven alone through the few cases with the highest priority. Survivors are driven in
//! batches, many mutants in one build: where a check breaks on a batch, the case is driven again on
//! halves of it, down to single mutants. A batch only saves time; only a mutant alone is ever
//! killed. As one mutant can hide another, one that survives its batch and that nobody has
//! explained is driven alone through all its cases; through few, several times, as a mutant may
//! break something only now and then.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::drives::{Drives, NotDriven};
use super::priority::Priority;
use super::scheduler::Scheduler;
use super::{Fate, GeneratedEvent, GeneratedTrial};
use crate::contract::{CheckId, Register};
use crate::plan::Case;
use crate::run::{Interrupt, SessionError, Sessions, Stage};
use crate::sdk::generate::{Generated, GeneratedMutant, SiteId};
use crate::sdk::{Build, Snippet};

/// Drives in progress for each worker: while one settles, another begins.
const AHEAD: usize = 3;

/// All that was found.
#[derive(Debug, Default)]
pub struct GeneratedResult {
    /// Checks that broke on the SDK itself, twice: they catch no mutant.
    pub broken_by_itself: BTreeSet<CheckId>,
    /// One a selected mutant, in the order of the source.
    pub trials: Vec<GeneratedTrial>,
}

/// How generated mutants are tried.
#[derive(Debug)]
pub struct GeneratedTest {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    pub snippet: Snippet,
    pub register: Register,
    /// The check that caught each mutant in the last run: its case is driven first. `None`: the
    /// mutant survived, and is put into a batch at once.
    pub caught: BTreeMap<String, Option<CheckId>>,
    /// The mutants that a person has explained as equivalent.
    pub explained: BTreeSet<String>,
}

impl GeneratedTest {
    /// Drives the mutants that `is_selected`, through `cases`; `listener` gets each event.
    ///
    /// # Errors
    /// If no browser session can be had.
    pub async fn run(
        &self,
        build: &Build,
        generated: &Arc<Generated>,
        is_selected: impl Fn(&GeneratedMutant) -> bool,
        cases: Vec<Case>,
        interrupt: &Interrupt,
        listener: impl FnMut(GeneratedEvent),
    ) -> Result<GeneratedResult, SessionError> {
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        let drives = Drives::start(
            Arc::clone(&self.stage),
            self.snippet.clone(),
            &self.sessions,
            self.register.clone(),
            self.workers,
            interrupt,
        );
        let drives = Arc::new(drives.await?);
        let mutants = generated.mutants.iter().enumerate();
        let selected = mutants.filter(|(_, mutant)| is_selected(mutant));
        let selected: Vec<usize> = selected.map(|(index, _)| index).collect();
        let result = self
            .run_all(build, generated, selected, cases, &drives, listener)
            .await;
        if let Some(drives) = Arc::into_inner(drives) {
            drives.end().await;
        }
        Ok(result)
    }

    async fn run_all(
        &self,
        build: &Build,
        generated: &Arc<Generated>,
        selected: Vec<usize>,
        cases: Vec<Arc<Case>>,
        drives: &Arc<Drives>,
        mut listener: impl FnMut(GeneratedEvent),
    ) -> GeneratedResult {
        let prepared = self.prepare(build, generated, &cases, drives, &mut listener);
        let prepared = match prepared.await {
            Ok(prepared) => prepared,
            Err(why) => {
                let trial = |index: usize| GeneratedTrial {
                    mutant: generated.mutants[index].id.clone(),
                    cases: 0,
                    fate: Fate::Undecided(why.to_string()),
                };
                return GeneratedResult {
                    trials: selected.into_iter().map(trial).collect(),
                    ..GeneratedResult::default()
                };
            }
        };
        let selected = selected.into_iter().map(|index| {
            let executed = prepared.executed.get(&generated.mutants[index].site);
            (index, executed.cloned().unwrap_or_default())
        });
        let selected: Vec<(usize, BTreeSet<usize>)> = selected.collect();
        let case_of = |check: &CheckId| {
            let holds = |case: &Arc<Case>| case.checks.iter().any(|other| other.id == *check);
            cases.iter().position(holds)
        };
        let caught = self.caught.iter();
        let caught = caught
            .map(|(mutant, check)| (mutant.clone(), check.as_ref().and_then(case_of)))
            .collect();
        let (sender, mut events) = mpsc::unbounded_channel();
        let scheduler = Arc::new(Scheduler {
            drives: Arc::clone(drives),
            generated: Arc::clone(generated),
            cases,
            broken: prepared.broken.clone(),
            caught,
            explained: self.explained.clone(),
            priority: std::sync::Mutex::new(Priority::new(prepared.took)),
            turns: Semaphore::new(self.workers * AHEAD),
            events: sender,
        });
        let work = tokio::spawn(scheduler.run_all(selected, self.workers));
        let mut trials: Vec<GeneratedTrial> = Vec::new();
        while let Some(event) = events.recv().await {
            if let GeneratedEvent::Decided(trial) = &event {
                trials.push(trial.clone());
            }
            listener(event);
        }
        if let Err(panic) = work.await {
            resume_unwind(panic.into_panic());
        }
        trials.sort_by_cached_key(|trial| {
            let mut mutants = generated.mutants.iter();
            mutants.position(|mutant| mutant.id == trial.mutant)
        });
        GeneratedResult {
            broken_by_itself: prepared.broken,
            trials,
        }
    }

    /// Drives every case on the instrumented build and on the SDK itself.
    async fn prepare(
        &self,
        build: &Build,
        generated: &Generated,
        cases: &[Arc<Case>],
        drives: &Arc<Drives>,
        listener: &mut impl FnMut(GeneratedEvent),
    ) -> Result<Prepared, NotDriven> {
        let mut prepared = Prepared {
            took: vec![0.0; cases.len()],
            ..Prepared::default()
        };
        let instrumented = generated.instrumented();
        let turns = Arc::new(Semaphore::new(self.workers * AHEAD));
        let mut pending = JoinSet::new();
        for (index, case) in cases.iter().enumerate() {
            let (drives, case, turns) = (Arc::clone(drives), Arc::clone(case), Arc::clone(&turns));
            let (instrumented, build) = (instrumented.clone(), build.clone());
            pending.spawn(async move {
                let _turn = turns.acquire().await;
                let seen = drives.drive(&case, &instrumented).await?.evidence;
                let console = seen.console.into_iter().map(|message| message.text);
                let requests = seen.requests.into_iter().map(|request| request.path);
                let texts = console.chain(requests);
                let executed = texts.filter_map(|text| Generated::executed(&text));
                let executed: Vec<SiteId> = executed.collect();
                let mut itself = drives.drive(&case, &build).await?;
                if !itself.broken.is_empty() {
                    let repeated = drives.drive(&case, &build).await?.broken;
                    itself.broken.retain(|check| repeated.contains(check));
                }
                Ok((index, executed, itself))
            });
        }
        let mut done = 0;
        while let Some(case) = pending.join_next().await {
            let case = case.unwrap_or_else(|panic| resume_unwind(panic.into_panic()));
            let (index, executed, itself) = case?;
            for site in executed {
                prepared.executed.entry(site).or_default().insert(index);
            }
            prepared.broken.extend(itself.broken);
            prepared.took[index] = itself.took;
            done += 1;
            let of = cases.len();
            listener(GeneratedEvent::Prepared { done, of });
        }
        Ok(prepared)
    }
}

/// What is known before the first mutant is driven.
#[derive(Debug, Default)]
struct Prepared {
    /// The cases that execute each site.
    executed: BTreeMap<SiteId, BTreeSet<usize>>,
    /// The checks that break on the SDK itself.
    broken: BTreeSet<CheckId>,
    /// How long each case takes, in milliseconds.
    took: Vec<f64>,
}
