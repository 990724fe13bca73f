//! `kill-matrix.json`: which mutant is caught by which check, and so which check is proved by which
//! mutant.

use std::collections::BTreeSet;

use serde::Serialize;

use super::fewest_drives::{self, Provable};
use super::trial::{Subjects, Trial};
use crate::contract::{CheckId, Level, Register, RequirementId};
use crate::plan::Case;
use crate::sdk::{Mutant, Proofs};

/// The outcome of a self-test.
#[derive(Debug, Serialize)]
pub struct KillMatrix {
    /// The engine, as `--engine` takes it.
    pub engine: String,
    /// Checks that broke on the reference SDK, which nothing may catch.
    pub reference_broken_by: Vec<CheckId>,
    /// Why the reference could not be driven.
    pub reference_error: Option<String>,
    /// Every mutant, in the order of the fixtures.
    pub mutants: Vec<MutantReport>,
    /// Every check of a `must` or `should`, in the order of the plan.
    pub checks: Vec<CheckProof>,
    /// Checks that no mutant made fail, though one was to, or though all mutants were driven: they
    /// prove nothing.
    pub unproved: Vec<CheckId>,
}

/// One mutant.
#[derive(Debug, Serialize)]
pub struct MutantReport {
    pub id: String,
    /// `file:line` of its definition.
    pub at: String,
    /// How such a bug happens.
    pub how: String,
    /// The promise it breaks.
    pub requirement: RequirementId,
    /// The check that must catch it.
    pub expected_check: CheckId,
    /// The checks that did, as far as it was driven.
    pub killed_by: Vec<CheckId>,
    pub status: MutantStatus,
    /// Why it could not be driven.
    pub error: Option<String>,
}

/// What became of a mutant. Ordered: the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MutantStatus {
    /// No check caught it.
    Survived,
    /// Other checks caught it, the named one did not.
    KilledElsewhere,
    /// A check caught it, though only another engine is said to show it.
    ShownHereToo,
    /// The machine failed.
    Error,
    /// Only another engine shows it, and every check of the named case held here.
    OfAnotherEngine,
    /// The named check says nothing on this engine.
    NotApplicable,
    /// The named check caught it.
    Killed,
}

impl MutantStatus {
    /// Whether it is what it should be.
    pub fn is_as_expected(self) -> bool {
        match self {
            Self::Killed | Self::OfAnotherEngine | Self::NotApplicable => true,
            Self::Survived | Self::KilledElsewhere | Self::ShownHereToo | Self::Error => false,
        }
    }
}

/// One check, with the mutants that prove that it can fail.
#[derive(Debug, Serialize)]
pub struct CheckProof {
    pub id: CheckId,
    /// Mutants it caught.
    pub proved_by: Vec<String>,
}

impl KillMatrix {
    /// Reads the trials of `subjects`, whose mutants are all there are where the test was `whole`.
    pub fn new(subjects: Subjects<'_>, whole: bool, trials: &[Trial], register: &Register) -> Self {
        let Subjects {
            mutants,
            proofs,
            cases,
            engine,
            ..
        } = subjects;
        let trial_of = |id: Option<&str>| trials.iter().find(|trial| trial.mutant.as_deref() == id);
        let reports = mutants.iter();
        let reports = reports.map(|mutant| {
            let trial = trial_of(Some(&mutant.id));
            if subjects.can_drive(mutant) {
                mutant_report(mutant, trial, engine)
            } else {
                not_applicable(mutant)
            }
        });
        let reports: Vec<MutantReport> = reports.collect();
        let checks = cases.iter().flat_map(|case| &case.checks);
        let checks = checks
            .filter(|check| register.level_of(&check.requirements) > Level::Observe)
            .map(|check| {
                let catch = reports.iter().zip(mutants).filter(|(report, mutant)| {
                    report.killed_by.contains(&check.id)
                        && mutant.can_prove(&check.id)
                        && mutant.shows_in(engine)
                });
                CheckProof {
                    id: check.id.clone(),
                    proved_by: catch.map(|(report, _)| report.id.clone()).collect(),
                }
            });
        let checks: Vec<CheckProof> = checks.collect();
        let is_expected = |check: &CheckId| {
            let proof = proofs.by_check.get(check);
            let mut mutants = mutants.iter().filter(|own| own.shows_in(engine));
            whole || mutants.any(|own| own.killed_by == *check || proof == Some(&own.id))
        };
        let unproved = checks
            .iter()
            .filter(|check| check.proved_by.is_empty() && is_expected(&check.id))
            .map(|check| check.id.clone())
            .collect();
        let (reference_broken_by, reference_error) = outcome(trial_of(None));
        Self {
            engine: engine.to_owned(),
            reference_broken_by,
            reference_error,
            checks,
            unproved,
            mutants: reports,
        }
    }

    /// Whether every mutant was caught by the check it names, the reference by none, and no check
    /// is without proof.
    pub fn is_proof(&self) -> bool {
        self.catches_all() && self.unproved.is_empty()
    }

    /// Whether every mutant was caught by the check it names, and the reference by none.
    pub fn catches_all(&self) -> bool {
        let mut mutants = self.mutants.iter();
        self.reference_broken_by.is_empty()
            && self.reference_error.is_none()
            && mutants.all(|mutant| mutant.status.is_as_expected())
    }

    /// Whether a mutant or the reference could not be driven.
    pub fn has_errors(&self) -> bool {
        let mut mutants = self.mutants.iter();
        self.reference_error.is_some() || mutants.any(|own| own.status == MutantStatus::Error)
    }

    /// The proofs that these trials give to the checks of `cases` that none of `mutants`, all there
    /// are, names: those that take the fewest drives. What was not driven stands as it stood;
    /// `cases` are those of the whole plan.
    pub fn proofs(
        &self,
        mutants: &[Mutant],
        cases: &[Case],
        before: &Proofs,
        made_on: Option<String>,
    ) -> Proofs {
        let by_check = cases.iter().flat_map(|case| {
            let is_own = |check: &CheckId| case.checks.iter().any(|own| own.id == *check);
            let driven = mutants
                .iter()
                .filter(|own| own.shows_in(&self.engine) && is_own(&own.killed_by));
            let driven: BTreeSet<&str> = driven.map(|own| &*own.id).collect();
            let is_named = |check: &CheckId| mutants.iter().any(|mutant| mutant.names(check));
            let own = self.checks.iter().filter(|own| is_own(&own.id));
            let unnamed = own.filter(|own| !is_named(&own.id));
            let provable = unnamed.map(|own| self.provable(own, before)).collect();
            let chosen = fewest_drives::choose(provable, &driven).into_iter();
            chosen.map(|(check, mutant)| (check.clone(), mutant.to_owned()))
        });
        let has_judged = |check: &CheckId| self.checks.iter().any(|own| own.id == *check);
        let is_planned = |check: &CheckId| {
            cases
                .iter()
                .any(|case| case.checks.iter().any(|own| own.id == *check))
        };
        let others = before.by_check.iter().filter(|(check, _)| {
            let is_named = mutants.iter().any(|mutant| mutant.names(check));
            is_planned(check) && !has_judged(check) && !is_named
        });
        let others = others.map(|(check, mutant)| (check.clone(), mutant.clone()));
        Proofs {
            file: before.file.clone(),
            made_on: made_on.or_else(|| before.made_on.clone()),
            by_check: by_check.chain(others).collect(),
        }
    }

    /// The mutants that prove a check. Of an interrupted test, some of them were not driven.
    fn provable<'a>(&self, check: &'a CheckProof, before: &'a Proofs) -> Provable<'a> {
        let was_driven = |id: &str| {
            let mut mutants = self.mutants.iter();
            mutants.any(|mutant| mutant.id == id && mutant.error.is_none())
        };
        let mut by: Vec<&str> = check.proved_by.iter().map(String::as_str).collect();
        let so_far = before.by_check.get(&check.id).map(String::as_str);
        by.extend(so_far.filter(|own| !by.contains(own) && !was_driven(own)));
        Provable {
            check: &check.id,
            by,
            so_far,
        }
    }
}

/// The checks that broke in a trial, and why it was not driven to its end.
fn outcome(trial: Option<&Trial>) -> (Vec<CheckId>, Option<String>) {
    match trial {
        Some(trial) => (
            trial.killed_by.iter().cloned().collect(),
            trial.error.clone(),
        ),
        None => (Vec::new(), Some("it was not driven".to_owned())),
    }
}

/// Of one whose check says nothing on the engine.
fn not_applicable(mutant: &Mutant) -> MutantReport {
    MutantReport {
        status: MutantStatus::NotApplicable,
        error: None,
        ..mutant_report(mutant, None, "")
    }
}

fn mutant_report(mutant: &Mutant, trial: Option<&Trial>, engine: &str) -> MutantReport {
    let (killed_by, error) = outcome(trial);
    let is_shown = mutant.shows_in(engine);
    let status = if !is_shown && !killed_by.is_empty() {
        MutantStatus::ShownHereToo
    } else if !is_shown && error.is_none() {
        MutantStatus::OfAnotherEngine
    } else if killed_by.contains(&mutant.killed_by) {
        MutantStatus::Killed
    } else if error.is_some() {
        MutantStatus::Error
    } else if killed_by.is_empty() {
        MutantStatus::Survived
    } else {
        MutantStatus::KilledElsewhere
    };
    MutantReport {
        id: mutant.id.clone(),
        at: mutant.at.clone(),
        how: mutant.how.clone(),
        requirement: mutant.breaks.clone(),
        expected_check: mutant.killed_by.clone(),
        killed_by,
        status,
        error,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::sdk::Installation;

    /// Who proves a check after an interrupted test, which a mutant had proved before: it was
    /// `driven` and caught nothing, or was not driven.
    fn proof_after(driven: bool) -> Option<String> {
        let files = Files::default();
        let reference = Installation::reference(&files).unwrap();
        let register = Register::load(&files).unwrap();
        let mutants = Mutant::load_all(&files, &reference, &register).unwrap();
        let cases = Suite::load(&files).unwrap().plan(&mut Patterns::new(&[]));
        let unnamed = |check: &&CheckId| !mutants.iter().any(|own| own.names(check));
        let mut checks = cases.iter().flat_map(|case| &case.checks);
        let check = checks
            .find_map(|own| Some(&own.id).filter(unnamed))
            .unwrap();
        let (id, check) = (mutants[0].id.clone(), check.clone());
        let before = Proofs {
            by_check: [(check.clone(), id.clone())].into(),
            ..Proofs::default()
        };
        let trial = Trial {
            mutant: Some(id),
            killed_by: BTreeSet::new(),
            error: None,
        };
        let matrix = KillMatrix {
            engine: String::new(),
            reference_broken_by: Vec::new(),
            reference_error: None,
            mutants: vec![mutant_report(&mutants[0], driven.then_some(&trial), "")],
            checks: vec![CheckProof {
                id: check.clone(),
                proved_by: Vec::new(),
            }],
            unproved: Vec::new(),
        };
        let proofs = matrix.proofs(&mutants, &cases, &before, None);
        proofs.by_check.get(&check).cloned()
    }

    #[test]
    fn proof_of_a_mutant_that_was_not_driven_stands() {
        assert!(proof_after(false).is_some());
        assert_eq!(proof_after(true), None);
    }
}
