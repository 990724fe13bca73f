//! Proves the checks: each mutant of the reference SDK must be caught by the check it names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::runner::Interrupt;
use super::sessions::Sessions;
use super::stage::Stage;
use super::worker::{Attempt, AttemptResult, Job, Worker};
use crate::contract::CheckId;
use crate::judge::judge;
use crate::scenario::Case;
use crate::sdk::{Build, Mutant};

/// How often a lost session is made good before the machine is given up.
const LOST: usize = 3;

/// What became of one mutant, or of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The mutant's id; `None`: the reference, which nothing may catch.
    pub mutant: Option<String>,
    /// Every check that broke on it, as far as it was driven.
    pub killed_by: BTreeSet<CheckId>,
    /// Why it could not be driven to its end.
    pub error: Option<String>,
}

/// One build that is being driven through its cases.
struct Open {
    trial: Trial,
    build: Build,
    ahead: VecDeque<Arc<Case>>,
    under_way: usize,
    lost: usize,
}

/// How mutants are tried.
#[derive(Debug)]
pub struct SelfTest {
    /// The servers.
    pub stage: Arc<Stage>,
    /// The browsers.
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    /// Drive every mutant through every case, instead of stopping at its named kill.
    pub full: bool,
}

impl SelfTest {
    /// Drives the reference through every case that a mutant names, and each mutant through its own; one that survives there through all others too.
    ///
    /// `told` hears of each finished trial.
    pub async fn run(&self, reference: &Build, mutants: &[Mutant], cases: &[Case], interrupt: Interrupt, mut told: impl FnMut(&Trial)) -> Vec<Trial> {
        let cases: Vec<Arc<Case>> = cases.iter().cloned().map(Arc::new).collect();
        let named: BTreeSet<&CheckId> = mutants.iter().map(|mutant| &mutant.killed_by).collect();
        let is_named = |case: &Arc<Case>| self.full || case.checks.iter().any(|check| named.contains(&check.id));
        let mut first = Some(Open::new(reference.clone(), None, cases.iter().filter(|case| is_named(case)).cloned().collect()));
        let mut waiting = mutants.iter().map(|mutant| {
            let is_own = |case: &Arc<Case>| case.checks.iter().any(|check| check.id == mutant.killed_by);
            let (own, others): (Vec<_>, Vec<_>) = cases.iter().cloned().partition(is_own);
            Open::new(mutant.build(reference), Some(mutant), own.into_iter().chain(others).collect())
        });
        let (jobs, queue) = mpsc::unbounded_channel();
        let (done, mut attempts) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut workers = JoinSet::new();
        for _ in 0..self.workers {
            let (jobs, stage, sessions) = (Arc::clone(&queue), Arc::clone(&self.stage), Arc::clone(&self.sessions));
            workers.spawn(Worker { jobs, stage, sessions, done: done.clone(), stop: interrupt.clone() }.work());
        }
        drop(done);
        let mut open: BTreeMap<String, Open> = BTreeMap::new();
        let mut finished = Vec::new();
        loop {
            // Twice as many as there are workers: while one trial settles another is driven.
            while open.len() < self.workers * 2 {
                let Some(mut trial) = first.take().or_else(|| waiting.next()) else { break };
                trial.put(&jobs, self.full);
                open.insert(trial.build.source.clone(), trial);
            }
            if open.is_empty() {
                break;
            }
            let Some(attempt) = attempts.recv().await else { break };
            let source = attempt.build.source.clone();
            let Some(trial) = open.get_mut(&source) else { continue };
            trial.take(attempt, &self.stage, &jobs);
            trial.put(&jobs, self.full);
            if trial.under_way == 0
                && let Some(done) = open.remove(&source)
            {
                told(&done.trial);
                finished.push(done.trial);
            }
        }
        drop(jobs);
        while workers.join_next().await.is_some() {}
        finished
    }
}

impl Open {
    fn new(build: Build, mutant: Option<&Mutant>, ahead: VecDeque<Arc<Case>>) -> Self {
        let trial = Trial { mutant: mutant.map(|mutant| mutant.id.clone()), killed_by: BTreeSet::new(), error: None };
        Self { trial, build, ahead, under_way: 0, lost: 0 }
    }

    /// Sends the next case off, if there is still something to be learned.
    fn put(&mut self, jobs: &mpsc::UnboundedSender<Job>, full: bool) {
        let caught = self.trial.mutant.is_some() && !self.trial.killed_by.is_empty();
        if self.trial.error.is_some() || (caught && !full) {
            self.ahead.clear();
        }
        // The named case alone at first: its kill ends the trial.
        let at_once = if self.trial.mutant.is_none() || full { 4 } else { 1 };
        while self.under_way < at_once {
            let Some(case) = self.ahead.pop_front() else { break };
            self.under_way += 1;
            // Workers end only after the jobs do, so sending cannot fail.
            drop(jobs.send(Job { case, build: self.build.clone(), fresh: false, picture: false, patience: 1 }));
        }
    }

    fn take(&mut self, attempt: Attempt, stage: &Stage, jobs: &mpsc::UnboundedSender<Job>) {
        match attempt.result {
            AttemptResult::Evidence(evidence, _) => {
                self.under_way -= 1;
                let judged = judge(&attempt.case, &evidence, &stage.profile);
                self.trial.killed_by.extend(judged.into_iter().filter(|(_, finding)| finding.is_broken()).map(|(check, _)| check.id.clone()));
            }
            // A page that stops answering is caught by every check of its case.
            AttemptResult::Hung(..) => {
                self.under_way -= 1;
                self.trial.killed_by.extend(attempt.case.checks.iter().map(|check| check.id.clone()));
            }
            AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) if self.lost + 1 >= LOST => {
                self.under_way -= 1;
                self.trial.error = Some(why);
            }
            AttemptResult::Lost(..) | AttemptResult::NoSession(_) => {
                self.lost += 1;
                drop(jobs.send(Job { case: attempt.case, build: self.build.clone(), fresh: true, picture: false, patience: 1 }));
            }
            AttemptResult::Bug(why) => {
                self.under_way -= 1;
                self.trial.error = Some(why);
            }
        }
    }
}
