//! Drives generated mutants: each through the cases that execute its site, until one catches it.
//!
//! First, one run on an instrumented build shows which case executes which site. Then each mutant
//! is driven alone through the few cases with the highest priority. Survivors are driven in
//! batches, many mutants in one build: where a check breaks on a batch, the case is driven again on
//! halves of it, down to single mutants. A batch only saves time; only a mutant alone is ever
//! killed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::drives::{Drives, NotDriven};
use super::priority::Priority;
use super::scheduler::Scheduler;
use super::{Fate, GeneratedEvent, GeneratedTrial};
use crate::contract::{CheckId, Register};
use crate::plan::Case;
use crate::run::Interrupt;
use crate::run::Sessions;
use crate::run::Stage;
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
    /// The servers.
    pub stage: Arc<Stage>,
    /// The browsers.
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    /// The snippet in the pages.
    pub snippet: Snippet,
    /// The levels of the checks.
    pub register: Register,
    /// The check that caught each mutant in the last run: its case is driven first. `None`: the
    /// mutant survived, and is put into a batch at once.
    pub caught: BTreeMap<String, Option<CheckId>>,
}

impl GeneratedTest {
    /// Drives the mutants that `is_selected`, through `cases`; `listener` gets each event.
    pub async fn run(
        &self,
        build: &Build,
        generated: &Arc<Generated>,
        is_selected: impl Fn(&GeneratedMutant) -> bool,
        cases: Vec<Case>,
        interrupt: &Interrupt,
        listener: impl FnMut(GeneratedEvent),
    ) -> GeneratedResult {
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        let drives = Arc::new(Drives::start(
            Arc::clone(&self.stage),
            self.snippet.clone(),
            &self.sessions,
            self.register.clone(),
            self.workers,
            interrupt,
        ));
        let selected: Vec<usize> = (0..generated.mutants.len())
            .filter(|index| is_selected(&generated.mutants[*index]))
            .collect();
        let result = self
            .run_all(build, generated, selected, cases, &drives, listener)
            .await;
        if let Some(drives) = Arc::into_inner(drives) {
            drives.end().await;
        }
        result
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
        let Prepared {
            executed,
            broken,
            took,
        } = match self
            .prepare(build, generated, &cases, drives, &mut listener)
            .await
        {
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
        let executed = |index: usize| {
            executed
                .get(&generated.mutants[index].site)
                .cloned()
                .unwrap_or_default()
        };
        let selected: Vec<(usize, BTreeSet<usize>)> = selected
            .into_iter()
            .map(|index| (index, executed(index)))
            .collect();
        let case_of = |check: &CheckId| {
            cases
                .iter()
                .position(|case| case.checks.iter().any(|other| other.id == *check))
        };
        let caught = self
            .caught
            .iter()
            .map(|(mutant, check)| (mutant.clone(), check.as_ref().and_then(case_of)))
            .collect();
        let (sender, mut events) = mpsc::unbounded_channel();
        let scheduler = Arc::new(Scheduler {
            drives: Arc::clone(drives),
            generated: Arc::clone(generated),
            cases,
            broken: broken.clone(),
            caught,
            priority: std::sync::Mutex::new(Priority::new(took)),
            turns: Semaphore::new(self.workers * AHEAD),
            events: sender,
        });
        let order: BTreeMap<String, usize> = selected
            .iter()
            .map(|(index, _)| (generated.mutants[*index].id.clone(), *index))
            .collect();
        let work = tokio::spawn(scheduler.run_all(selected, self.workers));
        let mut trials: BTreeMap<usize, GeneratedTrial> = BTreeMap::new();
        while let Some(event) = events.recv().await {
            if let GeneratedEvent::Decided(trial) = &event {
                trials.extend(
                    order
                        .get(&trial.mutant)
                        .map(|index| (*index, trial.clone())),
                );
            }
            listener(event);
        }
        if let Err(panic) = work.await {
            std::panic::resume_unwind(panic.into_panic());
        }
        GeneratedResult {
            broken_by_itself: broken,
            trials: trials.into_values().collect(),
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
        let (instrumented, turns, mut asked) = (
            generated.instrumented(),
            Arc::new(Semaphore::new(self.workers * AHEAD)),
            JoinSet::new(),
        );
        for (index, case) in cases.iter().enumerate() {
            let (drives, case, turns) = (Arc::clone(drives), Arc::clone(case), Arc::clone(&turns));
            let (instrumented, build) = (instrumented.clone(), build.clone());
            asked.spawn(async move {
                let _turn = turns.acquire().await;
                let seen = drives.drive(&case, &instrumented).await?.evidence;
                let said = seen
                    .console
                    .into_iter()
                    .map(|message| message.text)
                    .chain(seen.requests.into_iter().map(|request| request.path));
                let executed: Vec<SiteId> =
                    said.filter_map(|said| Generated::executed(&said)).collect();
                let itself = drives.drive(&case, &build).await?;
                let again = if itself.broken.is_empty() {
                    Vec::new()
                } else {
                    drives.drive(&case, &build).await?.broken
                };
                let broken: Vec<CheckId> = itself
                    .broken
                    .into_iter()
                    .filter(|check| again.contains(check))
                    .collect();
                Ok((index, executed, broken, itself.took))
            });
        }
        let mut done = 0;
        while let Some(case) = asked.join_next().await {
            let (index, executed, broken, took) =
                case.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
            for site in executed {
                prepared.executed.entry(site).or_default().insert(index);
            }
            prepared.broken.extend(broken);
            prepared.took[index] = took;
            done += 1;
            listener(GeneratedEvent::Prepared {
                done,
                of: cases.len(),
            });
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
