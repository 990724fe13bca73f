//! Mutants on their way: alone through the likeliest cases, then in company through the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::drives::{Drives, NotDriven};
use super::generated::{Fate, GeneratedEvent, GeneratedTrial};
use super::likely::Likely;
use crate::contract::CheckId;
use crate::scenario::Case;
use crate::sdk::Build;
use crate::sdk::generate::{Generated, GeneratedMutant};

/// Cases that a mutant is driven through alone before it joins others.
const ALONE: usize = 6;

/// The most mutants in one build.
const COMPANY: usize = 32;

/// After so many cases that break in company and on no member alone, the company is parted.
const CLASHES: usize = 3;

/// What all trials share.
#[derive(Debug)]
pub(super) struct Suspects {
    pub drives: Arc<Drives>,
    pub generated: Arc<Generated>,
    pub cases: Vec<Arc<Case>>,
    /// Checks that break on the SDK itself, and so catch nothing.
    pub broken: BTreeSet<CheckId>,
    /// The case that caught each mutant the last time.
    pub caught: BTreeMap<String, usize>,
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
}

impl Suspects {
    /// Tries each mutant through the cases beside it, and tells of each what became of it.
    pub async fn try_all(self: Arc<Self>, selected: Vec<(usize, BTreeSet<usize>)>, workers: usize) {
        let mut alone = JoinSet::new();
        for (index, ahead) in selected {
            let suspect = Suspect { index, executed: ahead.len(), ahead };
            alone.spawn(Arc::clone(&self).alone(suspect));
        }
        let mut left = Vec::new();
        while let Some(suspect) = alone.join_next().await {
            left.extend(suspect.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())));
        }
        if left.is_empty() {
            return;
        }
        let _ = self.tell.send(GeneratedEvent::InCompany(left.len()));
        // Enough companies to keep every worker busy.
        let most = left.len().div_ceil(workers * 2).clamp(1, COMPANY);
        let mut together = JoinSet::new();
        for company in self.companies(left, most) {
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
        let trial = GeneratedTrial { mutant: self.mutant(suspect).id.clone(), cases: suspect.executed, fate };
        // Nobody listens any more after a panic.
        let _ = self.tell.send(GeneratedEvent::Decided(trial));
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
        let _turn = self.turns.acquire().await;
        let before = self.caught.get(&self.mutant(&suspect).id).copied().filter(|case| suspect.ahead.contains(case));
        for turn in 0..ALONE {
            let likeliest = || self.likely().next(&self.mutant(&suspect).function, &suspect.ahead);
            let Some(case) = before.filter(|_| turn == 0).or_else(likeliest) else { break };
            suspect.ahead.remove(&case);
            if self.convict(&suspect, case, Belief::AtOnce).await {
                return None;
            }
        }
        if suspect.ahead.is_empty() {
            self.decide(&suspect, Fate::Survived);
            return None;
        }
        Some(suspect)
    }

    /// Drives one case on one mutant alone. Whether it is decided by that.
    async fn convict(&self, suspect: &Suspect, case: usize, belief: Belief) -> bool {
        let mutant = self.mutant(suspect);
        let build = self.generated.build(&mutant.id, &[mutant]);
        let killed = match self.killed_by(&build, case).await {
            Ok((killed, hung)) if !killed.is_empty() && (hung || belief == Belief::IfRepeated) => self.killed_by(&build, case).await.map(|(killed, _)| killed),
            other => other.map(|(killed, _)| killed),
        };
        match killed {
            Ok(killed) if killed.is_empty() => false,
            Ok(killed) => {
                self.likely().learn(&mutant.function, case);
                self.decide(suspect, Fate::Killed(killed));
                true
            }
            Err(why) => {
                self.decide(suspect, Fate::Undecided(why.to_string()));
                true
            }
        }
    }

    /// The checks of one case that break on a build, and whether the page hung.
    async fn killed_by(&self, build: &Build, case: usize) -> Result<(Vec<CheckId>, bool), NotDriven> {
        let drive = self.drives.drive(&self.cases[case], build).await?;
        let broken = drive.broken.into_iter().filter(|check| !self.broken.contains(check)).collect();
        Ok((broken, drive.hung))
    }

    /// Mutants that can stand in one build.
    fn companies(&self, suspects: Vec<Suspect>, most: usize) -> Vec<Vec<Suspect>> {
        let mut companies: Vec<Vec<Suspect>> = Vec::new();
        for suspect in suspects {
            let mutant = self.mutant(&suspect);
            let fits = |company: &&mut Vec<Suspect>| company.len() < most && !company.iter().any(|other| self.mutant(other).overlaps(mutant));
            match companies.iter_mut().find(fits) {
                Some(company) => company.push(suspect),
                None => companies.push(vec![suspect]),
            }
        }
        companies
    }

    /// All cases that are left, each driven on all members at once. Where a check breaks, halves of the company are driven, down to one.
    async fn together(self: Arc<Self>, mut company: Vec<Suspect>) {
        let mut clashes = 0;
        while let Some(case) = company.iter().find_map(|suspect| suspect.ahead.first().copied()) {
            // A member whose place the case does not execute changes nothing there.
            let present: Vec<usize> = (0..company.len()).filter(|at| company[*at].ahead.remove(&case)).collect();
            let members: Vec<&Suspect> = present.iter().map(|at| &company[*at]).collect();
            let Verdict { decided, breaks } = self.among(&members, case).await;
            clashes += usize::from(breaks && decided.is_empty());
            company.retain(|suspect| !decided.contains(&suspect.index));
            if clashes >= CLASHES && company.len() > 1 {
                let other = company.split_off(company.len() / 2);
                let (one, other) = (Box::pin(Arc::clone(&self).together(company)), Box::pin(Arc::clone(&self).together(other)));
                tokio::join!(one, other);
                return;
            }
        }
        for suspect in &company {
            self.decide(suspect, Fate::Survived);
        }
    }

    /// Drives one case on `members` at once, and where a check breaks on each half of them; only one alone is decided by it.
    async fn among(&self, members: &[&Suspect], case: usize) -> Verdict {
        match members {
            [] => Verdict::default(),
            [one] => {
                let decided = self.convict(one, case, Belief::IfRepeated).await;
                Verdict { decided: decided.then_some(one.index).into_iter().collect(), breaks: decided }
            }
            _ if !self.breaks(members, case).await => Verdict::default(),
            _ => {
                let (one, other) = members.split_at(members.len() / 2);
                let (one, other) = (Box::pin(self.among(one, case)).await, Box::pin(self.among(other, case)).await);
                Verdict { decided: one.decided.into_iter().chain(other.decided).collect(), breaks: true }
            }
        }
    }

    /// What cannot be driven in company is driven in smaller ones.
    async fn breaks(&self, members: &[&Suspect], case: usize) -> bool {
        let mutants: Vec<&GeneratedMutant> = members.iter().map(|suspect| self.mutant(suspect)).collect();
        let names: Vec<&str> = mutants.iter().map(|mutant| mutant.id.as_str()).collect();
        !self.killed_by(&self.generated.build(&names.join(" and "), &mutants), case).await.is_ok_and(|(killed, _)| killed.is_empty())
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
    /// It broke again: of a mutant that survived the likeliest cases, one break may be the machine's.
    IfRepeated,
}
