//! Proves the checks: each mutant of the reference SDK must be caught by the check it names, and
//! each check must catch a mutant.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::trial::{Open, Patience, Subjects, Trial, Why, name_of};
use crate::contract::CheckId;
use crate::plan::Case;
use crate::run::{Crew, Interrupt, SessionError, Sessions, Stage};
use crate::sdk::Mutant;

/// How a self-test is run.
#[derive(Debug)]
pub struct SelfTest {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    /// Drive every mutant through every case, instead of only through those of its checks.
    pub full: bool,
    /// Checks that no mutant proves yet: each mutant is driven through their cases too, until one
    /// breaks them.
    pub unproved: BTreeSet<CheckId>,
}

impl SelfTest {
    /// Drives the reference through every case that proves something, and each mutant through those
    /// of the checks that it is to break; one that survives there through all others too.
    ///
    /// `listener` gets each finished trial.
    ///
    /// # Errors
    /// If no browser session can be had.
    pub async fn run(
        mut self,
        subjects: Subjects<'_>,
        interrupt: Interrupt,
        mut listener: impl FnMut(&Trial),
    ) -> Result<Vec<Trial>, SessionError> {
        let (reference, mutants) = self.trials(subjects);
        // What is known to break needs no more than to be seen again.
        let patience = if self.unproved.is_empty() && !self.full {
            Patience::AsTheReference
        } else {
            Patience::Full
        };
        let known = Arc::clone(&reference.waits);
        let variants = mutants.into_iter();
        let variants = variants.map(|mutant| mutant.with_patience(patience, &known));
        let mut waiting = std::iter::once(reference).chain(variants);
        let mut crew = Crew::start(&self.stage, &self.sessions, self.workers, &interrupt).await?;
        let mut open: BTreeMap<String, Open> = BTreeMap::new();
        let mut finished = Vec::new();
        loop {
            // Twice as many as there are workers: while one trial settles another is driven. The
            // reference comes alone: how long it needs is known then.
            while open.len() < self.workers * 2 && !open.values().any(Open::is_reference) {
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
            self.unproved.retain(|check| !trial.has_proved(check));
            trial.put(&crew, &self.unproved);
            if trial.is_over()
                && let Some(done) = open.remove(&name)
            {
                listener(&done.trial);
                finished.push(done.trial);
            }
        }
        crew.end().await;
        Ok(finished)
    }

    /// The trial of the reference, and those of the mutants.
    fn trials(&self, subjects: Subjects<'_>) -> (Open, Vec<Open>) {
        let Subjects {
            reference,
            mutants,
            proofs,
            cases,
            engine,
        } = subjects;
        let driven = mutants.iter().filter(|mutant| subjects.can_drive(mutant));
        let mut mutants: Vec<&Mutant> = driven.collect();
        let cases: Vec<Arc<Case>> = cases.iter().cloned().map(Arc::new).collect();
        let is_unproved = |check: &CheckId| self.unproved.contains(check);
        let named = mutants
            .iter()
            .flat_map(|mutant| proofs.of(mutant).into_iter().chain([&mutant.killed_by]));
        let named: BTreeSet<&CheckId> = named.collect();
        let proves = |case: &&Arc<Case>| {
            self.full || holds(case, |check| named.contains(check) || is_unproved(check))
        };
        let on_reference = cases.iter().filter(proves);
        let on_reference = on_reference.map(|case| (Why::Named, Arc::clone(case)));
        let on_reference = Open::new(reference.clone(), None, on_reference.collect());
        let trial = |mutant: &Mutant| {
            let own = proofs.of(mutant);
            let is_own = |check: &CheckId| own.contains(check) || *check == mutant.killed_by;
            let why = |case: &Case| {
                if self.full || holds(case, is_own) {
                    Why::Named
                } else if holds(case, is_unproved) {
                    Why::Search
                } else {
                    Why::Survived
                }
            };
            let cases = cases.iter().map(|case| (why(case), Arc::clone(case)));
            // One of another engine is to survive here: that it survives what it names is enough.
            let is_wanted = |why: &Why| mutant.shows_in(engine) || *why == Why::Named;
            let cases = cases.filter(|(why, _)| is_wanted(why));
            let open = Open::new(
                mutant.installation(reference),
                Some(mutant),
                cases.collect(),
            );
            let known = own.into_iter().chain([&mutant.killed_by]);
            let known = known.filter(|_| mutant.shows_in(engine));
            open.knowing(known.cloned().collect())
        };
        // What is proved soon, no other mutant is driven through: those that proved most come
        // first.
        mutants.sort_by_key(|mutant| Reverse(proofs.of(mutant).len()));
        (on_reference, mutants.into_iter().map(trial).collect())
    }
}

fn holds(case: &Case, matches: impl Fn(&CheckId) -> bool) -> bool {
    case.checks.iter().any(|check| matches(&check.id))
}
