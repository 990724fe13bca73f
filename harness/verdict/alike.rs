//! Whether two failures are of one kind.

use std::collections::BTreeSet;

use crate::judge::{Defect, Finding};
use crate::plan::CaseCheck;

/// One check that does not hold in one attempt. Failures that look alike are equal: the same check
/// found the same defects, whatever it found them in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The name of the check; empty where it had nothing to judge by.
    check: String,
    /// What it found, without labels and numbers.
    found: BTreeSet<String>,
}

impl Failure {
    /// What one check found in one attempt, where it does not hold.
    pub fn of(check: &CaseCheck, finding: &Finding) -> Option<Self> {
        let defects = match finding {
            Finding::Broken(broken) => broken.defects.as_slice(),
            Finding::NothingToJudge(_) => return Some(Self::nothing_to_judge()),
            Finding::Holds | Finding::NotTestable(_) | Finding::Seen(_) => return None,
        };
        Some(Self::found_by(&check.question.to_string(), defects))
    }

    /// Whether both are of one check and found the same in part: one cause is likely.
    pub fn shares_with(&self, other: &Self) -> bool {
        let has_same = !self.found.is_disjoint(&other.found) || self.found == other.found;
        self.check == other.check && has_same
    }

    /// That a check had nothing to judge by: whatever it asks, the evidence is missing.
    fn nothing_to_judge() -> Self {
        Self {
            check: String::new(),
            found: BTreeSet::new(),
        }
    }

    /// Whether it only says that something else has failed.
    pub fn follows(&self) -> bool {
        self.check.is_empty()
    }

    /// What the check of this name found.
    pub fn found_by(check: &str, defects: &[Defect]) -> Self {
        Self {
            check: check.to_owned(),
            found: defects.iter().map(Defect::name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Method;
    use crate::reading::{Edit, FieldChange};

    fn missing(field: &str) -> Failure {
        let change = FieldChange {
            method: Method::SendCheckoutEvent,
            field: field.to_owned(),
            edit: Edit::Missing,
        };
        Failure::found_by("unchanged", &[Defect::Field(change)])
    }

    #[test]
    fn same_change_of_a_field_is_alike() {
        assert_eq!(missing("value"), missing("value"));
    }

    #[test]
    fn change_of_another_field_is_not_alike() {
        assert_ne!(missing("lineItems[].value"), missing("value"));
    }

    #[test]
    fn numbers_in_an_exception_do_not_matter() {
        let threw = |text: &str| Failure::found_by("x", &[Defect::Threw(text.to_owned())]);
        assert_eq!(threw("TypeError: order 1"), threw("TypeError: order 22"));
        assert_ne!(threw("TypeError: order 1"), threw("RangeError: order 1"));
    }

    #[test]
    fn failures_with_one_defect_in_common_share_it() {
        let change = |field: &str| missing(field).found;
        let both = Failure {
            found: &change("value") | &change("currency"),
            ..missing("value")
        };
        assert!(both.shares_with(&missing("value")) && missing("currency").shares_with(&both));
        assert!(!missing("value").shares_with(&missing("currency")));
    }

    #[test]
    fn same_defect_of_another_check_is_not_alike() {
        let found_by = |check| Failure::found_by(check, &[Defect::Hung]);
        assert_ne!(found_by("once"), found_by("not-recorded"));
    }

    #[test]
    fn checks_without_anything_to_judge_are_alike_whatever_they_ask() {
        let cases = crate::scenario::Suite::load(&crate::input::Files::default())
            .map(|suite| suite.plan(&mut crate::plan::Patterns::new(&[])))
            .unwrap_or_default();
        let nothing = Finding::NothingToJudge("no event arrived".to_owned());
        let mut checks = cases.iter().flat_map(|case| &case.checks);
        let first = checks.next().and_then(|check| Failure::of(check, &nothing));
        assert!(first.as_ref().is_some_and(Failure::follows));
        assert!(checks.all(|check| Failure::of(check, &nothing) == first));
        assert!(!missing("value").follows());
    }
}
