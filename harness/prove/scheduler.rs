//! The order in which mutants are driven: alone through the cases with the highest priority, then
//! in batches through the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::drives::{Drives, NotDriven};
use super::priority::Priority;
use super::{Fate, GeneratedEvent, GeneratedTrial};
use crate::contract::CheckId;
use crate::plan::Case;
use crate::sdk::Build;
use crate::sdk::generate::{Generated, GeneratedMutant};

/// Cases that a mutant is driven through alone before it joins a batch.
const ALONE: usize = 6;

/// About so many mutants are in one batch.
const BATCH: usize = 16;

/// After so many cases that break on a batch and on no member alone, the batch is split.
const CLASHES: usize = 3;

/// A mutant that few cases execute is driven about so often before it has survived: one that shows
/// in half of its drives is then found.
const DRIVES: usize = 20;

/// What all mutants of a run share.
#[derive(Debug)]
pub struct Scheduler {
    pub drives: Arc<Drives>,
    pub generated: Arc<Generated>,
    pub cases: Vec<Arc<Case>>,
    /// Checks that break on the SDK itself: they catch no mutant.
    pub broken: BTreeSet<CheckId>,
    /// The case that caught each mutant in the last run; `None` where none did.
    pub caught: BTreeMap<String, Option<usize>>,
    /// The mutants that are expected to survive.
    pub explained: BTreeSet<String>,
    pub priority: Mutex<Priority>,
    pub turns: Semaphore,
    pub events: mpsc::UnboundedSender<GeneratedEvent>,
}

/// One mutant, with the cases that execute its site, and those of them that were not driven yet.
#[derive(Debug)]
struct Candidate {
    index: usize,
    executed: BTreeSet<usize>,
    ahead: BTreeSet<usize>,
    /// Why a case could not be driven on it. Other cases may still catch it.
    failed: Mutex<Option<String>>,
}

impl Scheduler {
    /// Drives each mutant through its cases, and sends an event for each.
    pub async fn run_all(self: Arc<Self>, selected: Vec<(usize, BTreeSet<usize>)>, workers: usize) {
        let mut alone = JoinSet::new();
        for (index, ahead) in selected {
            let candidate = Candidate {
                index,
                executed: ahead.clone(),
                ahead,
                failed: Mutex::default(),
            };
            alone.spawn(Arc::clone(&self).run_alone(candidate));
        }
        let left: Vec<Candidate> = alone.join_all().await.into_iter().flatten().collect();
        if left.is_empty() {
            return;
        }
        let _ = self.events.send(GeneratedEvent::Batched(left.len()));
        // Enough batches to keep every worker busy.
        let batches = self.batches(left, workers * 2).into_iter();
        let batches = batches.map(|batch| Arc::clone(&self).run_batch(batch));
        batches.collect::<JoinSet<()>>().join_all().await;
    }

    fn mutant(&self, candidate: &Candidate) -> &GeneratedMutant {
        &self.generated.mutants[candidate.index]
    }

    fn decide(&self, candidate: &Candidate, fate: Fate) {
        let trial = GeneratedTrial {
            mutant: self.mutant(candidate).id.clone(),
            cases: candidate.executed.len(),
            fate,
        };
        // Nobody listens any more after a panic.
        let _ = self.events.send(GeneratedEvent::Decided(trial));
    }

    /// No check broke: it survived, unless a case could not be driven.
    fn survived(&self, candidate: &Candidate) {
        let failed = locked(&candidate.failed).take();
        self.decide(candidate, failed.map_or(Fate::Survived, Fate::Undecided));
    }

    /// Drives the cases with the highest priority. Returns the mutant if it is not decided.
    async fn run_alone(self: Arc<Self>, mut candidate: Candidate) -> Option<Candidate> {
        if candidate.executed.is_empty() {
            self.decide(&candidate, Fate::NotExecuted);
            return None;
        }
        let before = self.caught.get(&self.mutant(&candidate).id);
        if before == Some(&None) {
            return Some(candidate);
        }
        let _turn = self.turns.acquire().await;
        let before = before.copied().flatten();
        let before = before.filter(|case| candidate.ahead.contains(case));
        for turn in 0..ALONE {
            let likeliest =
                || locked(&self.priority).next(&self.mutant(&candidate).function, &candidate.ahead);
            let Some(case) = before.filter(|_| turn == 0).or_else(likeliest) else {
                break;
            };
            candidate.ahead.remove(&case);
            if self.confirm(&candidate, case, Confirm::AtOnce).await {
                return None;
            }
        }
        Some(candidate)
    }

    /// Drives one case on one mutant alone. Returns whether that decides it.
    async fn confirm(&self, candidate: &Candidate, case: usize, confirm: Confirm) -> bool {
        let mutant = self.mutant(candidate);
        let build = self.generated.build(&mutant.id, &[mutant]);
        let mut killed = self.killed_by(&build, case).await;
        if let Ok((checks, hung)) = &killed
            && !checks.is_empty()
            && (*hung || confirm == Confirm::IfRepeated)
        {
            killed = self.killed_by(&build, case).await;
        }
        match killed {
            Ok((killed, _)) if killed.is_empty() => false,
            Ok((killed, _)) => {
                locked(&self.priority).learn(&mutant.function, case);
                self.decide(candidate, Fate::Killed(killed));
                true
            }
            // A mutant that loses its session here may be caught by another case.
            Err(NotDriven::Failed(why)) => {
                locked(&candidate.failed).get_or_insert(why);
                false
            }
            Err(why @ NotDriven::Stopped) => {
                self.decide(candidate, Fate::Undecided(why.to_string()));
                true
            }
        }
    }

    /// The checks of one case that break on a build, and whether the page hung.
    async fn killed_by(
        &self,
        build: &Build,
        case: usize,
    ) -> Result<(Vec<CheckId>, bool), NotDriven> {
        let mut drive = self.drives.drive(&self.cases[case], build).await?;
        drive.broken.retain(|check| !self.broken.contains(check));
        Ok((drive.broken, drive.hung))
    }

    /// Batches of mutants that do not overlap. Mutants of one function are put into different
    /// batches as far as possible: there, one often hides another.
    fn batches(&self, candidates: Vec<Candidate>, at_least: usize) -> Vec<Vec<Candidate>> {
        let count = at_least.max(candidates.len().div_ceil(BATCH));
        let mut batches: Vec<Vec<Candidate>> = (0..count).map(|_| Vec::new()).collect();
        for candidate in candidates {
            let mutant = self.mutant(&candidate);
            let neighbours = |batch: &Vec<Candidate>| {
                let others = batch.iter().map(|other| self.mutant(other));
                others
                    .filter(|other| other.function == mutant.function)
                    .count()
            };
            let fits = |batch: &&mut Vec<Candidate>| {
                let mut others = batch.iter().map(|other| self.mutant(other));
                !others.any(|other| other.overlaps(mutant))
            };
            let fitting = batches.iter_mut().filter(fits);
            match fitting.min_by_key(|batch| (neighbours(batch), batch.len())) {
                Some(batch) => batch.push(candidate),
                None => batches.push(vec![candidate]),
            }
        }
        batches
    }

    /// Drives each remaining case on all members at once, and on halves of the batch where a check
    /// breaks.
    async fn run_batch(self: Arc<Self>, mut batch: Vec<Candidate>) {
        let mut clashes = 0;
        while let Some(case) = batch
            .iter()
            .find_map(|candidate| candidate.ahead.first().copied())
        {
            // The case does not execute the sites of the other members.
            let present: Vec<usize> = (0..batch.len())
                .filter(|at| batch[*at].ahead.remove(&case))
                .collect();
            let members: Vec<&Candidate> = present.iter().map(|at| &batch[*at]).collect();
            let Verdict { decided, breaks } = self.among(&members, case).await;
            clashes += usize::from(breaks && decided.is_empty());
            batch.retain(|candidate| !decided.contains(&candidate.index));
            if clashes >= CLASHES && batch.len() > 1 {
                let other = batch.split_off(batch.len() / 2);
                let half = |batch| Box::pin(Arc::clone(&self).run_batch(batch));
                tokio::join!(half(batch), half(other));
                return;
            }
        }
        for candidate in &batch {
            if self.explained.contains(&self.mutant(candidate).id) {
                self.survived(candidate);
            } else {
                self.run_to_the_end(candidate).await;
            }
        }
    }

    /// Drives every case on a mutant alone: another one may have hidden it in its batch, or it
    /// breaks something only now and then.
    async fn run_to_the_end(&self, candidate: &Candidate) {
        let _turn = self.turns.acquire().await;
        for _ in 0..rounds(candidate.executed.len()) {
            for case in &candidate.executed {
                if self.confirm(candidate, *case, Confirm::IfRepeated).await {
                    return;
                }
            }
        }
        self.survived(candidate);
    }

    /// Drives one case on `members` at once and, where a check breaks, on each half of them. Only a
    /// member alone is decided.
    async fn among(&self, members: &[&Candidate], case: usize) -> Verdict {
        match members {
            [] => Verdict::default(),
            [one] => {
                let decided = self.confirm(one, case, Confirm::IfRepeated).await;
                Verdict {
                    decided: decided.then_some(one.index).into_iter().collect(),
                    breaks: decided,
                }
            }
            _ if !self.breaks(members, case).await => Verdict::default(),
            _ => {
                let (one, other) = members.split_at(members.len() / 2);
                let mut decided = Box::pin(self.among(one, case)).await.decided;
                decided.extend(Box::pin(self.among(other, case)).await.decided);
                Verdict {
                    decided,
                    breaks: true,
                }
            }
        }
    }

    /// Whether a check breaks. Where the batch cannot be driven, smaller ones are.
    async fn breaks(&self, members: &[&Candidate], case: usize) -> bool {
        let mutants = members.iter().map(|candidate| self.mutant(candidate));
        let mutants: Vec<&GeneratedMutant> = mutants.collect();
        let names: Vec<&str> = mutants.iter().map(|mutant| mutant.id.as_str()).collect();
        let build = self.generated.build(&names.join(" and "), &mutants);
        let killed = self.killed_by(&build, case).await;
        !killed.is_ok_and(|(killed, _)| killed.is_empty())
    }
}

/// How often so many cases are driven before a mutant has survived them.
fn rounds(cases: usize) -> usize {
    DRIVES.checked_div(cases).unwrap_or_default().max(1)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one case showed of several mutants.
#[derive(Debug, Default)]
struct Verdict {
    /// The numbers of those that are decided.
    decided: BTreeSet<usize>,
    /// Whether a check broke on all of them at once.
    breaks: bool,
}

/// When a kill is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Confirm {
    /// A check broke.
    AtOnce,
    /// It broke again. On a mutant that survived the first cases, one failure may be the
    /// machine's.
    IfRepeated,
}
