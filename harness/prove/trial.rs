//! One installation that is tried: the reference, or a mutant of it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::contract::CheckId;
use crate::evidence::AttemptResult;
use crate::judge::judge;
use crate::plan::Case;
use crate::run::Crew;
use crate::run::Stage;
use crate::run::worker::{Attempt, Job};
use crate::sdk::{Installation, Mutant};

/// How often a lost session is made good before the machine is given up.
const LOST: usize = 3;

/// Cases of one trial that are under way at a time.
const AT_ONCE: usize = 4;

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

/// A trial under way.
#[derive(Debug)]
pub struct Open {
    pub trial: Trial,
    pub installation: Installation,
    /// The check that must catch it.
    named: Option<CheckId>,
    ahead: VecDeque<(Why, Arc<Case>)>,
    under_way: usize,
    lost: usize,
    /// Cases on which the page stopped answering, once so far.
    hung: BTreeSet<String>,
}

impl Open {
    pub fn new(
        installation: Installation,
        mutant: Option<&Mutant>,
        mut cases: Vec<(Why, Arc<Case>)>,
    ) -> Self {
        // A stable sort: what is certain first, and the rest only if that is still worth it.
        cases.sort_by_key(|(why, _)| *why as u8);
        Self {
            trial: Trial {
                mutant: mutant.map(|mutant| mutant.id.clone()),
                killed_by: BTreeSet::new(),
                error: None,
            },
            installation,
            named: mutant.map(|mutant| mutant.killed_by.clone()),
            ahead: cases.into(),
            under_way: 0,
            lost: 0,
            hung: BTreeSet::new(),
        }
    }

    /// Whether nothing more is to be learned.
    pub fn is_over(&self) -> bool {
        self.under_way == 0
    }

    /// Sends the next cases off, if there is still something to be learned; `wanted` are the checks
    /// without proof so far.
    pub fn put(&mut self, crew: &Crew, wanted: &BTreeSet<CheckId>) {
        if self.trial.error.is_some() {
            self.ahead.clear();
        }
        while let Some((why, case)) = self.ahead.front() {
            let (is_worth_it, at_once) = match why {
                Why::Named => (true, AT_ONCE),
                Why::Search => (
                    case.checks.iter().any(|check| wanted.contains(&check.id)),
                    AT_ONCE,
                ),
                Why::Survived => (self.trial.killed_by.is_empty(), 1),
            };
            if is_worth_it && self.under_way >= at_once {
                return;
            }
            let case = Arc::clone(case);
            self.ahead.pop_front();
            if is_worth_it {
                self.send(case, false, crew);
            }
        }
    }

    fn send(&mut self, case: Arc<Case>, fresh: bool, crew: &Crew) {
        self.under_way += 1;
        crew.put(Job {
            case,
            installation: self.installation.clone(),
            fresh,
            picture: false,
            patience: 1,
        });
    }

    /// Takes in what came of one case.
    pub fn take(&mut self, attempt: Attempt, stage: &Stage, crew: &Crew) {
        self.under_way -= 1;
        match attempt.result {
            AttemptResult::Evidence(evidence, _) => {
                match judge(&attempt.case, &evidence, &stage.profile) {
                    Ok(judged) => self.trial.killed_by.extend(
                        judged
                            .into_iter()
                            .filter(|(_, finding)| finding.is_seen_broken())
                            .map(|(check, _)| check.id.clone()),
                    ),
                    Err(bug) => self.trial.error = Some(bug.to_string()),
                }
            }
            // A page that stops answering, and does so again, for a machine may stall once, breaks
            // whatever it was to show.
            AttemptResult::Hung(..) if !self.hung.insert(attempt.case.id.clone()) => {
                self.trial.killed_by.extend(self.named.clone());
            }
            AttemptResult::Hung(..) => self.send(attempt.case, true, crew),
            AttemptResult::Lost(why, _) | AttemptResult::NoSession(why)
                if self.lost + 1 >= LOST =>
            {
                self.trial.error = Some(why);
            }
            AttemptResult::Lost(..) | AttemptResult::NoSession(_) => {
                self.lost += 1;
                self.send(attempt.case, true, crew);
            }
            AttemptResult::Bug(why) => self.trial.error = Some(why),
        }
    }
}

/// Tells installations apart: a mutant's edit is either in the SDK or in the snippet.
pub fn name_of(installation: &Installation) -> String {
    format!(
        "{} · {}",
        installation.build.source, installation.snippet.source
    )
}
