//! Which failures of a run need no further proof: those that look like confirmed ones.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::Failure;

/// After so many cases with failures that look alike, one more needs no second attempt.
pub const BELIEVED_AFTER: usize = 3;

/// The failures that a run has confirmed so far: for each kind the ids of its cases.
#[derive(Debug, Default)]
pub struct Belief {
    confirmed: BTreeMap<Failure, BTreeSet<String>>,
}

impl Belief {
    /// Takes in that `case` failed so in more than one attempt, and in none otherwise.
    pub fn confirm(&mut self, case: &str, failures: Vec<Failure>) {
        for failure in failures {
            let cases = self.confirmed.entry(failure).or_default();
            cases.insert(case.to_owned());
        }
    }

    /// In how many cases failures like each of these were confirmed; of the rarest.
    pub fn cases_alike(&self, failures: &[Failure]) -> usize {
        let cases = failures.iter().map(|failure| self.cases_like(failure));
        cases.min().unwrap_or_default()
    }

    /// In how many cases a failure like this one was confirmed.
    pub fn cases_like(&self, failure: &Failure) -> usize {
        self.confirmed.get(failure).map_or(0, BTreeSet::len)
    }

    /// Whether some kind of failure needs no further proof.
    pub fn has_believed_kind(&self) -> bool {
        let mut kinds = self.confirmed.values();
        kinds.any(|cases| cases.len() >= BELIEVED_AFTER)
    }

    /// How many attempts a case is worth that fails like this in each of them, of `all` that a new
    /// kind of failure gets: one where it is believed, two where a case confirms it.
    pub fn attempts_wanted(&self, failures: &[Failure], all: usize) -> usize {
        match self.cases_alike(failures) {
            0 => all,
            cases if cases < BELIEVED_AFTER => all.min(2),
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Defect;
    use crate::reading::Fault;

    fn lost(check: &str) -> Failure {
        Failure::found_by(check, &[Defect::Event(Fault::Lost)])
    }

    fn confirmed_in(cases: &[&str]) -> Belief {
        let mut belief = Belief::default();
        for case in cases {
            belief.confirm(case, vec![lost("delivered")]);
        }
        belief
    }

    #[test]
    fn new_kind_of_failure_gets_all_attempts() {
        let belief = confirmed_in(&["a", "b", "c"]);
        assert_eq!(belief.attempts_wanted(&[lost("in-order")], 3), 3);
    }

    #[test]
    fn failure_like_a_confirmed_one_is_repeated_once() {
        let belief = confirmed_in(&["a"]);
        assert_eq!(belief.attempts_wanted(&[lost("delivered")], 3), 2);
        assert_eq!(belief.attempts_wanted(&[lost("delivered")], 1), 1);
    }

    #[test]
    fn failure_like_those_of_three_cases_is_believed_at_once() {
        let belief = confirmed_in(&["a", "b", "c"]);
        assert_eq!(belief.attempts_wanted(&[lost("delivered")], 3), 1);
        assert!(belief.has_believed_kind());
    }

    #[test]
    fn case_that_is_confirmed_again_counts_once() {
        let belief = confirmed_in(&["a", "b", "a"]);
        assert_eq!(belief.attempts_wanted(&[lost("delivered")], 3), 2);
        assert!(!belief.has_believed_kind());
    }

    #[test]
    fn one_new_failure_beside_believed_ones_gets_all_attempts() {
        let belief = confirmed_in(&["a", "b", "c"]);
        let both = [lost("delivered"), lost("once")];
        assert_eq!(belief.attempts_wanted(&both, 3), 3);
    }
}
