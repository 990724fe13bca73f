//! Mutants on their way: alone through the likeliest cases, then in company through the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::drives::{Drives, NotDriven};
use super::generated::{Fate, GeneratedEvent, GeneratedTrial};
use super::priority::Likely;
use crate::contract::CheckId;
use crate::plan::Case;
use crate::sdk::Build;
use crate::sdk::generate::{Generated, GeneratedMutant};

/// Cases that a mutant is driven through alone before it joins others.
const ALONE: usize = 6;

/// About so many mutants in one build.
const COMPANY: usize = 16;

/// After so many cases that break in company and on no member alone, the company is parted.
const CLASHES: usize = 3;

/// What all trials share.
#[derive(Debug)]
pub struct Suspects {
    pub drives: Arc<Drives>,
    pub generated: Arc<Generated>,
    pub cases: Vec<Arc<Case>>,
    /// Checks that break on the SDK itself, and so catch nothing.
    pub broken: BTreeSet<CheckId>,
    /// The case that caught each mutant the last time; none where none did.
    pub caught: BTreeMap<String, Option<usize>>,
    pub likely: Mutex<Likely>,
    pub turns: Semaphore,
    pub tell: mpsc::UnboundedSender<GeneratedEvent>,
}

/// One mutant, and the cases that execute its place and have not been driven on it.
#[derive(Debug)]
struct Suspect {
    index: usize,
    executed: usize,
    ahead: BTreeSet<usize>,
    /// Why a case could not be driven on it, though others may still catch it.
    failed: Mutex<Option<String>>,
}

impl Suspects {
    /// Tries each mutant through the cases beside it, and tells of each what became of it.
    pub async fn try_all(self: Arc<Self>, selected: Vec<(usize, BTreeSet<usize>)>, workers: usize) {
        let mut alone = JoinSet::new();
        for (index, ahead) in selected {
            let suspect = Suspect {
                index,
                executed: ahead.len(),
                ahead,
                failed: Mutex::default(),
            };
            alone.spawn(Arc::clone(&self).alone(suspect));
        }
        let mut left = Vec::new();
        while let Some(suspect) = alone.join_next().await {
            left.extend(
                suspect.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())),
            );
        }
        if left.is_empty() {
            return;
        }
        let _ = self.tell.send(GeneratedEvent::InCompany(left.len()));
        let mut together = JoinSet::new();
        // Enough companies to keep every worker busy.
        for company in self.companies(left, workers * 2) {
            together.spawn(Arc::clone(&self).together(company));
        }
        while let Some(company) = together.join_next().await {
            company.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        }
    }

    fn mutant(&self, suspect: &Suspect) -> &GeneratedMutant {
        &self.generated.mutants[suspect.index]
    }

    fn decide(&self, suspect: &Suspect, fate: Fate) {
        let trial = GeneratedTrial {
            mutant: self.mutant(suspect).id.clone(),
            cases: suspect.executed,
            fate,
        };
        // Nobody listens any more after a panic.
        let _ = self.tell.send(GeneratedEvent::Decided(trial));
    }

    /// No check broke: it survived, unless a case could not be driven.
    fn spare(&self, suspect: &Suspect) {
        let failed = suspect
            .failed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.decide(suspect, failed.map_or(Fate::Survived, Fate::Undecided));
    }

    fn likely(&self) -> std::sync::MutexGuard<'_, Likely> {
        self.likely.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first few cases. Hands the mutant back if it is still to be decided.
    async fn alone(self: Arc<Self>, mut suspect: Suspect) -> Option<Suspect> {
        if suspect.executed == 0 {
            self.decide(&suspect, Fate::NotExecuted);
            return None;
        }
        let before = self.caught.get(&self.mutant(&suspect).id);
        if before == Some(&None) {
            return Some(suspect);
        }
        let _turn = self.turns.acquire().await;
        let before = before
            .copied()
            .flatten()
            .filter(|case| suspect.ahead.contains(case));
        for turn in 0..ALONE {
            let likeliest = || {
                self.likely()
                    .next(&self.mutant(&suspect).function, &suspect.ahead)
            };
            let Some(case) = before.filter(|_| turn == 0).or_else(likeliest) else {
                break;
            };
            suspect.ahead.remove(&case);
            if self.convict(&suspect, case, Belief::AtOnce).await {
                return None;
            }
        }
        if suspect.ahead.is_empty() {
            self.spare(&suspect);
            return None;
        }
        Some(suspect)
    }

    /// Drives one case on one mutant alone. Whether it is decided by that.
    async fn convict(&self, suspect: &Suspect, case: usize, belief: Belief) -> bool {
        let mutant = self.mutant(suspect);
        let build = self.generated.build(&mutant.id, &[mutant]);
        let killed = match self.killed_by(&build, case).await {
            Ok((killed, hung)) if !killed.is_empty() && (hung || belief == Belief::IfRepeated) => {
                self.killed_by(&build, case).await.map(|(killed, _)| killed)
            }
            other => other.map(|(killed, _)| killed),
        };
        match killed {
            Ok(killed) if killed.is_empty() => false,
            Ok(killed) => {
                self.likely().learn(&mutant.function, case);
                self.decide(suspect, Fate::Killed(killed));
                true
            }
            // A mutant that loses its session here may be caught elsewhere.
            Err(NotDriven::Failed(why)) => {
                suspect
                    .failed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get_or_insert(why);
                false
            }
            Err(why @ NotDriven::Stopped) => {
                self.decide(suspect, Fate::Undecided(why.to_string()));
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
        let drive = self.drives.drive(&self.cases[case], build).await?;
        let broken = drive
            .broken
            .into_iter()
            .filter(|check| !self.broken.contains(check))
            .collect();
        Ok((broken, drive.hung))
    }

    /// Mutants that can stand in one build, those of one function as far apart as can be: the
    /// nearer, the likelier one hides another.
    fn companies(&self, suspects: Vec<Suspect>, at_least: usize) -> Vec<Vec<Suspect>> {
        let count = at_least.max(suspects.len().div_ceil(COMPANY));
        let mut companies: Vec<Vec<Suspect>> = (0..count).map(|_| Vec::new()).collect();
        for suspect in suspects {
            let mutant = self.mutant(&suspect);
            let neighbours = |company: &Vec<Suspect>| {
                company
                    .iter()
                    .filter(|other| self.mutant(other).function == mutant.function)
                    .count()
            };
            let fitting = companies.iter_mut().filter(|company| {
                !company
                    .iter()
                    .any(|other| self.mutant(other).overlaps(mutant))
            });
            match fitting.min_by_key(|company| (neighbours(company), company.len())) {
                Some(company) => company.push(suspect),
                None => companies.push(vec![suspect]),
            }
        }
        companies
    }

    /// All cases that are left, each driven on all members at once. Where a check breaks, halves of
    /// the company are driven, down to one.
    async fn together(self: Arc<Self>, mut company: Vec<Suspect>) {
        let mut clashes = 0;
        while let Some(case) = company
            .iter()
            .find_map(|suspect| suspect.ahead.first().copied())
        {
            // A member whose place the case does not execute changes nothing there.
            let present: Vec<usize> = (0..company.len())
                .filter(|at| company[*at].ahead.remove(&case))
                .collect();
            let members: Vec<&Suspect> = present.iter().map(|at| &company[*at]).collect();
            let Verdict { decided, breaks } = self.among(&members, case).await;
            clashes += usize::from(breaks && decided.is_empty());
            company.retain(|suspect| !decided.contains(&suspect.index));
            if clashes >= CLASHES && company.len() > 1 {
                let other = company.split_off(company.len() / 2);
                let (one, other) = (
                    Box::pin(Arc::clone(&self).together(company)),
                    Box::pin(Arc::clone(&self).together(other)),
                );
                tokio::join!(one, other);
                return;
            }
        }
        for suspect in &company {
            self.spare(suspect);
        }
    }

    /// Drives one case on `members` at once, and where a check breaks on each half of them; only
    /// one alone is decided by it.
    async fn among(&self, members: &[&Suspect], case: usize) -> Verdict {
        match members {
            [] => Verdict::default(),
            [one] => {
                let decided = self.convict(one, case, Belief::IfRepeated).await;
                Verdict {
                    decided: decided.then_some(one.index).into_iter().collect(),
                    breaks: decided,
                }
            }
            _ if !self.breaks(members, case).await => Verdict::default(),
            _ => {
                let (one, other) = members.split_at(members.len() / 2);
                let (one, other) = (
                    Box::pin(self.among(one, case)).await,
                    Box::pin(self.among(other, case)).await,
                );
                Verdict {
                    decided: one.decided.into_iter().chain(other.decided).collect(),
                    breaks: true,
                }
            }
        }
    }

    /// What cannot be driven in company is driven in smaller ones.
    async fn breaks(&self, members: &[&Suspect], case: usize) -> bool {
        let mutants: Vec<&GeneratedMutant> =
            members.iter().map(|suspect| self.mutant(suspect)).collect();
        let names: Vec<&str> = mutants.iter().map(|mutant| mutant.id.as_str()).collect();
        !self
            .killed_by(&self.generated.build(&names.join(" and "), &mutants), case)
            .await
            .is_ok_and(|(killed, _)| killed.is_empty())
    }
}

/// What one case said of several mutants.
#[derive(Debug, Default)]
struct Verdict {
    /// The numbers of those that are decided.
    decided: BTreeSet<usize>,
    /// Whether a check broke on all of them at once.
    breaks: bool,
}

/// When a kill is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belief {
    /// A check broke.
    AtOnce,
    /// It broke again: of a mutant that survived the likeliest cases, one break may be the
    /// machine's.
    IfRepeated,
}
