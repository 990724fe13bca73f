//! What a self-test drives again after a change, so that all proofs stand.

use std::collections::BTreeSet;

use crate::contract::CheckId;
use crate::plan::Case;
use crate::sdk::{Changes, Mutant, Proofs};

/// Of all `cases` and `mutants`, those that `changes` reach.
///
/// A mutant that is another is driven through all cases of its own: those of the check that it
/// names, and of those that it proves. Any other is driven where such a case has changed, and
/// through the case of the check that it names.
#[must_use]
pub fn again(
    changes: &Changes,
    cases: &[Case],
    mutants: &[Mutant],
    proofs: &Proofs,
) -> (Vec<Case>, Vec<Mutant>) {
    let holds = |case: &Case, own: &BTreeSet<&CheckId>| {
        let mut checks = case.checks.iter();
        checks.any(|check| own.contains(&check.id))
    };
    let has_changed = |case: &Case| changes.has_scenario(&case.scenario.id);
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut driven = Vec::new();
    for mutant in mutants {
        let named = BTreeSet::from([&mutant.killed_by]);
        let own: BTreeSet<&CheckId> = proofs.of(mutant).union(&named).copied().collect();
        let is_other = changes.has_mutant(mutant);
        if is_other
            || cases
                .iter()
                .any(|case| has_changed(case) && holds(case, &own))
        {
            let through = if is_other { &own } else { &named };
            let through = cases.iter().filter(|case| holds(case, through));
            needed.extend(through.map(|case| case.id.as_str()));
            driven.push(mutant.clone());
        }
    }
    let is_needed = |case: &&Case| has_changed(case) || needed.contains(case.id.as_str());
    (cases.iter().filter(is_needed).cloned().collect(), driven)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::contract::Register;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::sdk::{Installation, Mutated};

    /// A copy of the bundled fixtures.
    fn copy() -> tempfile::TempDir {
        fn copy_into(from: &Path, to: &Path) {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap().flatten() {
                let to = to.join(entry.file_name());
                if entry.path().is_dir() {
                    copy_into(&entry.path(), &to);
                } else {
                    fs::copy(entry.path(), to).unwrap();
                }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        copy_into(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
            folder.path(),
        );
        folder
    }

    fn mutants(files: &Files) -> Vec<Mutant> {
        let reference = Installation::reference(files).unwrap();
        Mutant::load_all(files, &reference, &Register::load(files).unwrap()).unwrap()
    }

    /// What is driven once `find` is `replace` in the file at `path`, and the proofs were sealed
    /// before.
    fn driven(
        path: &str,
        find: &str,
        replace: &str,
    ) -> Result<(BTreeSet<String>, BTreeSet<String>), String> {
        let before = Files::default();
        let folder = copy();
        let file = folder.path().join(path);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(find), "{path} holds {find}");
        fs::write(&file, text.replacen(find, replace, 1)).unwrap();
        let now = Files::in_folder(folder.path()).unwrap();
        let (old, new) = (mutants(&before), mutants(&now));
        let proofs = Proofs {
            made_on: Some(Proofs::ingredients(&before).unwrap()),
            ..Proofs::load(&before).unwrap()
        };
        let name = "before";
        let old = Mutated {
            name,
            files: &before,
            mutants: &old,
        };
        let all = Mutated {
            name,
            files: &now,
            mutants: &new,
        };
        let changes = Changes::since(old, all, &proofs).map_err(|error| error.to_string())?;
        let cases = Suite::load(&now).unwrap().plan(&mut Patterns::new(&[]));
        let (cases, mutants) = again(&changes, &cases, &new, &proofs);
        let cases = cases.into_iter().map(|case| case.id);
        let mutants = mutants.into_iter().map(|mutant| mutant.id);
        Ok((cases.collect(), mutants.collect()))
    }

    #[test]
    fn nothing_is_driven_where_nothing_changed() {
        let same = driven("mutants/dedup.toml", "[[mutant]]", "\n[[mutant]]").unwrap();
        assert_eq!(same, (BTreeSet::new(), BTreeSet::new()));
    }

    #[test]
    fn changed_mutant_alone_is_driven_through_its_cases() {
        let changed = driven("mutants/dedup.toml", "id = \"", "id = \"other-").unwrap();
        let (cases, mutants) = changed;
        assert_eq!(mutants.len(), 1, "{mutants:?}");
        assert!(mutants.iter().all(|id| id.starts_with("other-")));
        assert_eq!(cases.len(), 1, "{cases:?}");
    }

    #[test]
    fn changed_scenario_is_driven_on_all_that_prove_its_checks() {
        let path = "scenarios/dedup/in-a-second-window.toml";
        let (cases, mutants) = driven(path, "title = \"", "title = \"Again: ").unwrap();
        assert!(cases.contains("dedup/in-a-second-window"), "{cases:?}");
        assert!(!mutants.is_empty());
        assert!(mutants.len() < 20, "{mutants:?}");
        assert!(cases.len() <= mutants.len() + 1, "{cases:?}");
    }

    #[test]
    fn change_of_what_every_proof_depends_on_is_refused() {
        let error = driven("fields.toml", "#", "##").unwrap_err();
        assert!(
            error.starts_with("fields.toml has changed since"),
            "{error}"
        );
    }
}
