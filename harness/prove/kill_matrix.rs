//! `kill-matrix.json`: which mutant is caught by which check, and so which check is proved by which
//! mutant.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Trial;
use crate::contract::{CheckId, Level, Register, RequirementId};
use crate::plan::Case;
use crate::sdk::{Mutant, Proofs};

/// The outcome of a self-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KillMatrix {
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutantReport {
    /// Its id.
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
    /// What became of it.
    pub status: MutantStatus,
    /// Why it could not be driven.
    pub error: Option<String>,
}

/// What became of a mutant. Ordered: the worst first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MutantStatus {
    /// No check caught it.
    Survived,
    /// Other checks caught it, the named one did not.
    KilledElsewhere,
    /// The machine failed.
    Error,
    /// The named check caught it.
    Killed,
}

/// One check, with the mutants that prove that it can fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckProof {
    /// Its id.
    pub id: CheckId,
    /// Mutants it caught.
    pub proved_by: Vec<String>,
}

impl KillMatrix {
    /// Reads the trials of `mutants`, which are all there are where the test was `whole`.
    #[must_use]
    pub fn new(
        mutants: &[Mutant],
        proofs: &Proofs,
        whole: bool,
        trials: &[Trial],
        cases: &[Case],
        register: &Register,
    ) -> Self {
        let by_mutant: BTreeMap<&str, &Trial> = trials
            .iter()
            .filter_map(|trial| Some((trial.mutant.as_deref()?, trial)))
            .collect();
        let reference = trials.iter().find(|trial| trial.mutant.is_none());
        let reports = mutants
            .iter()
            .map(|mutant| mutant_report(mutant, by_mutant.get(mutant.id.as_str()).copied()));
        let reports: Vec<MutantReport> = reports.collect();
        let checks = cases
            .iter()
            .flat_map(|case| &case.checks)
            .filter(|check| register.level_of(&check.requirements) > Level::Observe);
        let checks = checks.map(|check| CheckProof {
            id: check.id.clone(),
            proved_by: reports
                .iter()
                .filter(|mutant| mutant.killed_by.contains(&check.id))
                .map(|mutant| mutant.id.clone())
                .collect(),
        });
        let checks: Vec<CheckProof> = checks.collect();
        let is_wanted = |check: &CheckId| {
            whole
                || mutants.iter().any(|mutant| {
                    mutant.killed_by == *check || proofs.by_check.get(check) == Some(&mutant.id)
                })
        };
        let unproved = checks
            .iter()
            .filter(|check| check.proved_by.is_empty() && is_wanted(&check.id))
            .map(|check| check.id.clone())
            .collect();
        let reference_error = reference.map_or(Some("it was not driven".to_owned()), |trial| {
            trial.error.clone()
        });
        let reference_broken_by = reference
            .map(|trial| trial.killed_by.iter().cloned().collect())
            .unwrap_or_default();
        Self {
            reference_broken_by,
            reference_error,
            checks,
            unproved,
            mutants: reports,
        }
    }

    /// Whether every mutant was caught by the check it names, the reference by none, and no check
    /// is without proof.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        self.catches_all() && self.unproved.is_empty()
    }

    /// Whether every mutant was caught by the check it names, and the reference by none.
    #[must_use]
    pub fn catches_all(&self) -> bool {
        self.reference_broken_by.is_empty()
            && self.reference_error.is_none()
            && self
                .mutants
                .iter()
                .all(|mutant| mutant.status == MutantStatus::Killed)
    }

    /// Whether a mutant or the reference could not be driven.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.reference_error.is_some()
            || self
                .mutants
                .iter()
                .any(|mutant| mutant.status == MutantStatus::Error)
    }

    /// The proofs that these trials give to the checks that none of `mutants`, all there are,
    /// names. What was not driven stands as it stood.
    #[must_use]
    pub fn proofs(&self, mutants: &[Mutant], before: &Proofs, made_on: Option<String>) -> Proofs {
        let is_named = |check: &CheckId| mutants.iter().any(|mutant| mutant.killed_by == *check);
        let was_driven = |id: &String| self.mutants.iter().any(|mutant| mutant.id == *id);
        let proof = |check: &CheckProof| {
            let before = before
                .by_check
                .get(&check.id)
                .filter(|id| mutants.iter().any(|mutant| mutant.id == **id));
            let stands = before.filter(|id| check.proved_by.contains(id) || !was_driven(id));
            Some((
                check.id.clone(),
                stands.or(check.proved_by.first())?.clone(),
            ))
        };
        let by_check = self
            .checks
            .iter()
            .filter(|check| !is_named(&check.id))
            .filter_map(proof)
            .collect();
        Proofs {
            file: before.file.clone(),
            made_on: made_on.or_else(|| before.made_on.clone()),
            by_check,
        }
    }
}

fn mutant_report(mutant: &Mutant, trial: Option<&Trial>) -> MutantReport {
    let killed_by: Vec<CheckId> = trial
        .map(|trial| trial.killed_by.iter().cloned().collect())
        .unwrap_or_default();
    let error = trial.map_or(Some("it was not driven".to_owned()), |trial| {
        trial.error.clone()
    });
    let status = match (
        &error,
        killed_by.contains(&mutant.killed_by),
        killed_by.is_empty(),
    ) {
        (_, true, _) => MutantStatus::Killed,
        (Some(_), _, _) => MutantStatus::Error,
        (_, _, false) => MutantStatus::KilledElsewhere,
        (_, _, true) => MutantStatus::Survived,
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
