//! Proves the checks: each mutant of the reference SDK must be caught by the check it names, and
//! each check must catch a mutant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::trial::{Open, Trial, Why, name_of};
use crate::contract::CheckId;
use crate::plan::Case;
use crate::run::Crew;
use crate::run::Interrupt;
use crate::run::Sessions;
use crate::run::Stage;
use crate::sdk::{Installation, Mutant, Proofs};

/// How a self-test is run.
#[derive(Debug)]
pub struct SelfTest {
    /// The servers.
    pub stage: Arc<Stage>,
    /// The browsers.
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    /// Drive every mutant through every case, instead of only through those of its checks.
    pub full: bool,
    /// Checks that no mutant proves yet: each mutant is driven through their cases too, until one
    /// breaks them.
    pub unproved: BTreeSet<CheckId>,
}

/// What is driven on what.
#[derive(Debug, Clone, Copy)]
pub struct Subjects<'a> {
    /// The reference, on which no check may break.
    pub reference: &'a Installation,
    /// The mutants.
    pub mutants: &'a [Mutant],
    /// What they are known to prove beside the checks that they name.
    pub proofs: &'a Proofs,
    /// The whole plan.
    pub cases: &'a [Case],
}

impl SelfTest {
    /// Drives the reference through every case that proves something, and each mutant through those
    /// of the checks that it is to break; one that survives there through all others too.
    ///
    /// `listener` gets each finished trial.
    pub async fn run(
        mut self,
        subjects: Subjects<'_>,
        interrupt: Interrupt,
        mut listener: impl FnMut(&Trial),
    ) -> Vec<Trial> {
        let mut waiting = self.trials(subjects).into_iter();
        let mut crew = Crew::start(&self.stage, &self.sessions, self.workers, &interrupt);
        let mut open: BTreeMap<String, Open> = BTreeMap::new();
        let mut finished = Vec::new();
        loop {
            // Twice as many as there are workers: while one trial settles another is driven.
            while open.len() < self.workers * 2 {
                let Some(mut trial) = waiting.next() else {
                    break;
                };
                trial.put(&crew, &self.unproved);
                if trial.is_over() {
                    listener(&trial.trial);
                    finished.push(trial.trial);
                } else {
                    open.insert(name_of(&trial.installation), trial);
                }
            }
            if open.is_empty() {
                break;
            }
            let Some(attempt) = crew.next().await else {
                break;
            };
            let name = name_of(&attempt.installation);
            let Some(trial) = open.get_mut(&name) else {
                continue;
            };
            trial.take(attempt, &self.stage, &crew);
            self.unproved
                .retain(|check| !trial.trial.killed_by.contains(check));
            trial.put(&crew, &self.unproved);
            if trial.is_over()
                && let Some(done) = open.remove(&name)
            {
                listener(&done.trial);
                finished.push(done.trial);
            }
        }
        crew.end().await;
        finished
    }

    fn trials(
        &self,
        Subjects {
            reference,
            mutants,
            proofs,
            cases,
        }: Subjects<'_>,
    ) -> Vec<Open> {
        let cases: Vec<Arc<Case>> = cases.iter().cloned().map(Arc::new).collect();
        let holds = |case: &Case, matches: &dyn Fn(&CheckId) -> bool| {
            case.checks.iter().any(|check| matches(&check.id))
        };
        let known: BTreeSet<&CheckId> = mutants
            .iter()
            .flat_map(|mutant| proofs.of(mutant).into_iter().chain([&mutant.killed_by]))
            .collect();
        let must_hold = cases.iter().filter(|case| {
            self.full
                || holds(case, &|check| {
                    known.contains(check) || self.unproved.contains(check)
                })
        });
        let reference_first = Open::new(
            reference.clone(),
            None,
            must_hold
                .map(|case| (Why::Named, Arc::clone(case)))
                .collect(),
        );
        let trial = |mutant: &Mutant| {
            let own = proofs.of(mutant);
            let why = |case: &Arc<Case>| {
                if self.full
                    || holds(case, &|check| {
                        own.contains(check) || *check == mutant.killed_by
                    })
                {
                    Why::Named
                } else if holds(case, &|check| self.unproved.contains(check)) {
                    Why::Search
                } else {
                    Why::Survived
                }
            };
            Open::new(
                mutant.installation(reference),
                Some(mutant),
                cases
                    .iter()
                    .map(|case| (why(case), Arc::clone(case)))
                    .collect(),
            )
        };
        std::iter::once(reference_first)
            .chain(mutants.iter().map(trial))
            .collect()
    }
}
