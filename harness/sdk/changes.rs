//! What changed in the fixtures since the proofs were made on them.

use std::collections::BTreeSet;

use super::{Mutant, Proofs};
use crate::input::{Files, InputError};

/// What has to be proved again, because it changed since a self-test of everything.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    scenarios: BTreeSet<String>,
    mutants: BTreeSet<String>,
}

/// How far a change of a file reaches, of those that a proof depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Each proof.
    Everything,
    /// The proofs of its own checks.
    OneScenario,
    /// Those of the mutants in it that are others now.
    ItsMutants,
}

/// Fixtures, with the mutants in them.
#[derive(Debug, Clone, Copy)]
pub struct Mutated<'a> {
    /// The folder, as a message names it.
    pub name: &'a str,
    pub files: &'a Files,
    pub mutants: &'a [Mutant],
}

impl Changes {
    /// What differs between `now` and `before`, on which `proofs` were made.
    ///
    /// # Errors
    /// If `proofs` were made on other fixtures than `before`, or a file differs that every proof
    /// depends on.
    pub fn since(
        before: Mutated<'_>,
        now: Mutated<'_>,
        proofs: &Proofs,
    ) -> Result<Self, InputError> {
        let wrong = |found: String| {
            InputError::new(before.name, found).help(
                "give the fixtures of the commit that wrote the line `made on`, or leave \
                 `--since` out: then everything is driven",
            )
        };
        if proofs.made_on != Some(Proofs::ingredients(before.files)?) {
            let found = format!(
                "the proofs in {} were not made on these fixtures",
                proofs.file
            );
            return Err(wrong(found));
        }
        let (old, new) = (
            Proofs::depend_on(before.files)?,
            Proofs::depend_on(now.files)?,
        );
        let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let mut scenarios = BTreeSet::new();
        for path in paths
            .into_iter()
            .filter(|path| old.get(*path) != new.get(*path))
        {
            match new.get(path).or(old.get(path)).map(|(reach, _)| reach) {
                Some(Reach::Everything) => {
                    let found = format!("{path} has changed since, and every proof depends on it");
                    return Err(wrong(found));
                }
                Some(Reach::OneScenario) => {
                    let id = path.trim_start_matches("scenarios/");
                    scenarios.insert(id.trim_end_matches(".toml").to_owned());
                }
                // Below.
                Some(Reach::ItsMutants) | None => {}
            }
        }
        let is_known = |own: &Mutant| before.mutants.iter().any(|old| own.is_the_same(old));
        let others = now.mutants.iter().filter(|own| !is_known(own));
        Ok(Self {
            scenarios,
            mutants: others.map(|own| own.id.clone()).collect(),
        })
    }

    /// Whether the scenario of this id is another.
    #[must_use]
    pub fn has_scenario(&self, id: &str) -> bool {
        self.scenarios.contains(id)
    }

    /// Whether a mutant is new, or another.
    #[must_use]
    pub fn has_mutant(&self, mutant: &Mutant) -> bool {
        self.mutants.contains(&mutant.id)
    }
}
