//! Which mutant is the proof of which check, so that a self-test has few drives: one is one mutant
//! in one case, however many of the case's checks it proves.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::CheckId;

/// A check of one case, and the mutants that it was seen to catch.
#[derive(Debug)]
pub struct Provable<'a> {
    pub check: &'a CheckId,
    /// In the order in which one is taken where nothing else decides.
    pub by: Vec<&'a str>,
    /// The one that is its proof so far.
    pub so_far: Option<&'a str>,
}

/// The proof of each check of one case. `driven` are the mutants that are driven through the case
/// for a check that they name.
pub fn choose<'a>(
    mut checks: Vec<Provable<'a>>,
    driven: &BTreeSet<&str>,
) -> BTreeMap<&'a CheckId, &'a str> {
    let mut chosen = BTreeMap::new();
    while let Some(best) = best_of(&checks, driven) {
        let (proved, left) = checks.into_iter().partition(|own| own.by.contains(&best));
        checks = left;
        let proved: Vec<Provable<'a>> = proved;
        chosen.extend(proved.into_iter().map(|own| (own.check, best)));
    }
    chosen
}

/// A mutant that costs no drive of its own; else the one that proves most; else one that proves
/// already, so that the file of the proofs changes little.
fn best_of<'a>(checks: &[Provable<'a>], driven: &BTreeSet<&str>) -> Option<&'a str> {
    let mut best: Option<((bool, usize, usize), &'a str)> = None;
    for mutant in checks.iter().flat_map(|own| &own.by) {
        let proves = checks.iter().filter(|own| own.by.contains(mutant)).count();
        let keeps = checks.iter().filter(|own| own.so_far == Some(mutant));
        let worth = (driven.contains(mutant), proves, keeps.count());
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, mutant));
        }
    }
    best.map(|(_, mutant)| mutant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(
        checks: &[(&str, &[&'static str], Option<&'static str>)],
        driven: &[&str],
    ) -> Vec<(String, String)> {
        let ids: Vec<CheckId> = checks.iter().map(|own| CheckId(own.0.to_owned())).collect();
        let provable = ids.iter().zip(checks);
        let provable = provable.map(|(check, (_, by, so_far))| Provable {
            check,
            by: by.to_vec(),
            so_far: *so_far,
        });
        let chosen = choose(provable.collect(), &driven.iter().copied().collect());
        let chosen = chosen.into_iter();
        chosen
            .map(|(check, mutant)| (check.0.clone(), mutant.to_owned()))
            .collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(check, mutant): &(&str, &str)| ((*check).to_owned(), (*mutant).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn mutant_that_is_driven_anyway_comes_first() {
        let checks: [(&str, &[&str], _); 2] = [
            ("a#once", &["broad", "named"], Some("broad")),
            ("a#page", &["broad"], Some("broad")),
        ];
        assert_eq!(
            chosen(&checks, &["named"]),
            pairs(&[("a#once", "named"), ("a#page", "broad")])
        );
    }

    #[test]
    fn mutant_that_proves_most_comes_next() {
        let checks: [(&str, &[&str], _); 3] = [
            ("a#delivered", &["narrow", "broad"], Some("narrow")),
            ("a#once", &["broad"], None),
            ("a#page", &["other", "broad"], Some("other")),
        ];
        let all = pairs(&[
            ("a#delivered", "broad"),
            ("a#once", "broad"),
            ("a#page", "broad"),
        ]);
        assert_eq!(chosen(&checks, &[]), all);
    }

    #[test]
    fn proof_stays_where_another_is_no_better() {
        let checks: [(&str, &[&str], _); 1] = [("a#once", &["first", "second"], Some("second"))];
        assert_eq!(chosen(&checks, &[]), pairs(&[("a#once", "second")]));
    }

    #[test]
    fn check_that_caught_nothing_has_no_proof() {
        let checks: [(&str, &[&str], _); 1] = [("a#once", &[], None)];
        assert_eq!(chosen(&checks, &["named"]), []);
    }
}
