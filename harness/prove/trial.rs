//! One trial of a self-test: the reference, or a mutant of it, driven through some cases.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::attempt::LOST;
use crate::contract::CheckId;
use crate::evidence::AttemptResult;
use crate::judge::judge;
use crate::plan::Case;
use crate::run::{Attempt, Crew, DeadlineMode, Job, Stage, WaitTimes};
use crate::sdk::{Installation, Mutant, Proofs};

/// Cases of one mutant that are driven at a time.
const AT_ONCE: usize = 4;

/// What is driven on what.
#[derive(Debug, Clone, Copy)]
pub struct Subjects<'a> {
    /// The reference, on which no check may break.
    pub reference: &'a Installation,
    pub mutants: &'a [Mutant],
    /// What they are known to prove beside the checks that they name.
    pub proofs: &'a Proofs,
    /// The whole plan, without the checks that say nothing on the engine.
    pub cases: &'a [Case],
    /// The engine, as `--engine` takes it.
    pub engine: &'a str,
}

impl Subjects<'_> {
    /// Whether a case can be driven here whose check must catch `mutant`.
    pub fn can_drive(&self, mutant: &Mutant) -> bool {
        let mut checks = self.cases.iter().flat_map(|case| &case.checks);
        checks.any(|check| check.id == mutant.killed_by)
    }
}

/// The result of one trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The mutant's id; `None`: the reference, on which no check may break.
    pub mutant: Option<String>,
    /// Every check that broke on it, as far as it was driven.
    pub killed_by: BTreeSet<CheckId>,
    /// Why it could not be finished.
    pub error: Option<String>,
}

/// Why a case is driven on a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It must break there.
    Named,
    /// It may prove a check that nothing else proves yet.
    Search,
    /// Nothing has caught it so far.
    Survived,
}

/// How long a mutant is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as the profile says: what breaks then is a new proof.
    Full,
    /// As long as the reference shows to be enough. What is known to break is seen again: a
    /// mutant that loses an event has lost it by then.
    AsTheReference,
}

/// A trial in progress.
#[derive(Debug)]
pub struct Open {
    pub trial: Trial,
    pub installation: Installation,
    /// What its waits take.
    pub waits: Arc<WaitTimes>,
    patience: Patience,
    /// The check that must catch it.
    named: Option<CheckId>,
    /// It is a proof of no other check.
    by_chance: bool,
    ahead: VecDeque<(Why, Arc<Case>)>,
    in_progress: usize,
    lost: usize,
    /// Cases on which the page stopped answering once.
    hung: BTreeSet<String>,
    /// The checks that it is known to break.
    known: BTreeSet<CheckId>,
    /// Cases that did not do once what is known of them: a busy machine may be late.
    doubted: BTreeSet<String>,
}

impl Open {
    pub fn new(
        installation: Installation,
        mutant: Option<&Mutant>,
        mut cases: Vec<(Why, Arc<Case>)>,
    ) -> Self {
        // A stable sort: the named checks come first, the rest only where it is still needed.
        cases.sort_by_key(|(why, _)| *why as u8);
        Self {
            trial: Trial {
                mutant: mutant.map(|mutant| mutant.id.clone()),
                killed_by: BTreeSet::new(),
                error: None,
            },
            installation,
            waits: Arc::default(),
            patience: Patience::Full,
            named: mutant.map(|mutant| mutant.killed_by.clone()),
            by_chance: mutant.is_some_and(|mutant| mutant.by_chance.is_some()),
            ahead: cases.into(),
            in_progress: 0,
            lost: 0,
            hung: BTreeSet::new(),
            known: BTreeSet::new(),
            doubted: BTreeSet::new(),
        }
    }

    /// The same, waited for in this way; the reference's waits are known.
    pub fn with_patience(self, patience: Patience, reference: &WaitTimes) -> Self {
        Self {
            waits: Arc::new(reference.of_a_variant()),
            patience,
            ..self
        }
    }

    /// The same, which is known to break these checks.
    pub fn knowing(self, known: BTreeSet<CheckId>) -> Self {
        Self { known, ..self }
    }

    /// Whether it is a proof of this check.
    pub fn has_proved(&self, check: &CheckId) -> bool {
        let can_prove = !self.by_chance || self.named.as_ref() == Some(check);
        can_prove && self.trial.killed_by.contains(check)
    }

    /// Whether no case is in progress.
    pub fn is_over(&self) -> bool {
        self.in_progress == 0
    }

    /// Queues the next cases that are still needed; `unproved` are the checks that no mutant proves
    /// yet.
    pub fn put(&mut self, crew: &Crew, unproved: &BTreeSet<CheckId>) {
        if self.trial.error.is_some() {
            self.ahead.clear();
        }
        while let Some((why, case)) = self.ahead.front() {
            let mut checks = case.checks.iter();
            let (is_needed, at_once) = match why {
                Why::Named if self.is_reference() => (true, usize::MAX),
                Why::Named => (true, AT_ONCE),
                Why::Search if self.by_chance => (false, AT_ONCE),
                Why::Search => (checks.any(|own| unproved.contains(&own.id)), AT_ONCE),
                Why::Survived => (self.trial.killed_by.is_empty(), 1),
            };
            if is_needed && self.in_progress >= at_once {
                return;
            }
            let case = Arc::clone(case);
            self.ahead.pop_front();
            if is_needed {
                self.send(case, false, crew);
            }
        }
    }

    fn send(&mut self, case: Arc<Case>, fresh: bool, crew: &Crew) {
        self.in_progress += 1;
        let mode = match self.patience {
            Patience::AsTheReference if !fresh => DeadlineMode::of_known_build(&case),
            Patience::AsTheReference | Patience::Full => DeadlineMode::Full,
        };
        crew.put(Job {
            mode,
            waits: Arc::clone(&self.waits),
            ..Job::first(case, self.installation.clone(), fresh)
        });
    }

    /// Whether it is the reference's, and no mutant's.
    pub fn is_reference(&self) -> bool {
        self.named.is_none()
    }

    /// Takes what broke in a case. Where the reference breaks, or a mutant does not break what it
    /// is known to break, the machine may have been busy: the case is driven once more.
    fn take_broken(&mut self, broken: BTreeSet<CheckId>, case: Arc<Case>, crew: &Crew) {
        let is_odd = if self.is_reference() {
            !broken.is_empty()
        } else {
            let mut checks = case.checks.iter();
            checks.any(|own| self.known.contains(&own.id) && !broken.contains(&own.id))
        };
        let is_doubted = is_odd && self.doubted.insert(case.id.clone());
        if !(is_doubted && self.is_reference()) {
            self.trial.killed_by.extend(broken);
        }
        if is_doubted {
            self.send(case, true, crew);
        }
    }

    /// Takes one attempt.
    pub fn take(&mut self, attempt: Attempt, stage: &Stage, crew: &Crew) {
        self.in_progress -= 1;
        match attempt.attempted.result {
            AttemptResult::Evidence(evidence, _) => {
                match judge(&attempt.case, &evidence, &stage.profile) {
                    Ok(judged) => {
                        let judged = judged.into_iter();
                        let broken = judged.filter(|(_, finding)| finding.is_seen_broken());
                        let broken = broken.map(|(check, _)| check.id.clone());
                        self.take_broken(broken.collect(), attempt.case, crew);
                    }
                    Err(bug) => self.trial.error = Some(bug.to_string()),
                }
            }
            // A machine may stall once. A page that stops answering twice breaks the named check.
            AttemptResult::Hung(..) if !self.hung.insert(attempt.case.id.clone()) => {
                self.trial.killed_by.extend(self.named.clone());
            }
            AttemptResult::Hung(..) => self.send(attempt.case, true, crew),
            AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) => {
                self.lost += 1;
                if self.lost >= LOST {
                    self.trial.error = Some(why);
                } else {
                    self.send(attempt.case, true, crew);
                }
            }
            AttemptResult::Bug(why) => self.trial.error = Some(why),
        }
    }
}

/// Identifies an installation: the edit of a mutant is either in the SDK or in the snippet.
pub fn name_of(installation: &Installation) -> String {
    let (build, snippet) = (&installation.build.source, &installation.snippet.source);
    format!("{build} · {snippet}")
}
