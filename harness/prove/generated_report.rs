//! `generated-mutants.json`: what became of each generated mutant, and the score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Fate, GeneratedResult, GeneratedTrial};
use crate::contract::CheckId;
use crate::report::HarnessReport;
use crate::sdk::Build;
use crate::sdk::generate::{Equivalents, Generated};

/// The outcome of `self-test --generated`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratedReport {
    pub harness: HarnessReport,
    /// The SDK, as the user named it.
    pub sdk: String,
    pub sha256: String,
    /// Checks that broke on the SDK itself: they catch no mutant.
    pub broken_by_itself: Vec<CheckId>,
    pub totals: GeneratedTotals,
    pub duration_ms: u64,
    /// Every mutant that was selected, in the order of the source.
    pub mutants: Vec<GeneratedMutantReport>,
}

/// How many mutants had each fate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratedTotals {
    /// All of them.
    pub generated: usize,
    /// No case executes their site.
    pub not_executed: usize,
    /// Explained as equivalent, and not caught.
    pub equivalent: usize,
    /// Caught.
    pub killed: usize,
    /// Neither caught nor explained.
    pub survived: usize,
    /// Not driven to their end.
    pub undecided: usize,
    /// killed / (generated − equivalent − not executed), from 0 to 1; absent while a mutant is
    /// undecided, or where nothing is left to divide by.
    pub score: Option<f64>,
}

/// One generated mutant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratedMutantReport {
    pub id: String,
    pub operator: String,
    /// The innermost function with a name; `top` outside of all.
    pub function: String,
    /// `file:line:column` of the node.
    pub at: String,
    /// The node's text.
    pub was: String,
    pub status: GeneratedStatus,
    /// How many cases execute its site.
    pub cases: usize,
    /// The checks that caught it first.
    pub killed_by: Vec<CheckId>,
    /// Why it is equivalent, in the words of `equivalent-mutants.toml`.
    pub why: Option<String>,
    /// Why it was not driven to its end.
    pub error: Option<String>,
    /// The change, as a unified diff.
    pub diff: String,
}

/// What became of a generated mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedStatus {
    /// No check caught it, and nobody has explained why.
    Survived,
    /// The machine failed, or it was interrupted.
    Undecided,
    /// No case executes its place.
    NotExecuted,
    /// No check caught it, and a person has explained why.
    Equivalent,
    /// A check caught it.
    Killed,
}

impl GeneratedReport {
    /// Reads the trials.
    pub fn new(
        build: &Build,
        generated: &Generated,
        equivalents: &Equivalents,
        result: &GeneratedResult,
        duration: std::time::Duration,
    ) -> Self {
        let mutant_of = |trial: &GeneratedTrial| {
            let mut mutants = generated.mutants.iter();
            mutants.find(|mutant| mutant.id == trial.mutant)
        };
        let trials = result.trials.iter();
        let trials = trials.filter_map(|trial| Some((mutant_of(trial)?, trial)));
        let mutants = trials.map(|(mutant, trial)| {
            let explained = equivalents.get(&mutant.id);
            let (mut killed_by, mut error) = (Vec::new(), None);
            let status = match &trial.fate {
                Fate::NotExecuted => GeneratedStatus::NotExecuted,
                Fate::Killed(checks) => {
                    killed_by.clone_from(checks);
                    GeneratedStatus::Killed
                }
                Fate::Survived if explained.is_some() => GeneratedStatus::Equivalent,
                Fate::Survived => GeneratedStatus::Survived,
                Fate::Undecided(why) => {
                    error = Some(why.clone());
                    GeneratedStatus::Undecided
                }
            };
            GeneratedMutantReport {
                id: mutant.id.clone(),
                operator: mutant.operator.to_owned(),
                function: mutant.function.clone(),
                at: format!("{}:{}:{}", build.source, mutant.line, mutant.column),
                was: mutant.was.clone(),
                status,
                cases: trial.cases,
                killed_by,
                why: explained.map(|entry| entry.why.clone()),
                error,
                diff: generated.diff(mutant),
            }
        });
        let mutants: Vec<GeneratedMutantReport> = mutants.collect();
        Self {
            harness: HarnessReport {
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            sdk: build.source.clone(),
            sha256: build.sha256.clone(),
            broken_by_itself: result.broken_by_itself.iter().cloned().collect(),
            totals: GeneratedTotals::of(&mutants),
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            mutants,
        }
    }

    /// Whether no mutant survived without an explanation, none is undecided, and the SDK itself
    /// breaks nothing.
    pub fn is_proof(&self) -> bool {
        self.totals.survived == 0 && self.totals.undecided == 0 && self.broken_by_itself.is_empty()
    }

    /// The check that caught each mutant first, or none: what happened once is likely to happen
    /// again.
    pub fn caught(&self) -> BTreeMap<String, Option<CheckId>> {
        let is_decided = |mutant: &&GeneratedMutantReport| match mutant.status {
            GeneratedStatus::Undecided | GeneratedStatus::NotExecuted => false,
            GeneratedStatus::Survived | GeneratedStatus::Equivalent | GeneratedStatus::Killed => {
                true
            }
        };
        let decided = self.mutants.iter().filter(is_decided);
        decided
            .map(|mutant| (mutant.id.clone(), mutant.killed_by.first().cloned()))
            .collect()
    }
}

impl GeneratedTotals {
    fn of(mutants: &[GeneratedMutantReport]) -> Self {
        let count = |status| {
            mutants
                .iter()
                .filter(|mutant| mutant.status == status)
                .count()
        };
        let mut totals = Self {
            generated: mutants.len(),
            not_executed: count(GeneratedStatus::NotExecuted),
            equivalent: count(GeneratedStatus::Equivalent),
            killed: count(GeneratedStatus::Killed),
            survived: count(GeneratedStatus::Survived),
            undecided: count(GeneratedStatus::Undecided),
            score: None,
        };
        let judged = totals.generated - totals.equivalent - totals.not_executed;
        if judged > 0 && totals.undecided == 0 {
            #[expect(clippy::cast_precision_loss, reason = "few mutants, far below 2^52")]
            let score = totals.killed as f64 / judged as f64;
            totals.score = Some(score);
        }
        totals
    }
}
