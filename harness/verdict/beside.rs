//! What an attempt shows that was made on a page with other cases.

use super::Expected;
use super::alike::Failure;
use super::known::Knowledge;
use crate::evidence::{AttemptResult, Evidence};
use crate::judge::{Finding, judge};
use crate::plan::Case;
use crate::sdk::Profile;

/// What an attempt shows of its case that was made beside others.
#[derive(Debug)]
pub enum Beside {
    /// Every check of it holds, and nothing else is expected.
    Holds,
    /// Some do not. That may be its neighbours' doing, unless it fails alone in the same way.
    Fails(Failed),
    /// Nothing.
    Nothing,
}

/// An attempt that was made beside others, and failed.
#[derive(Debug)]
pub struct Failed {
    /// What it left.
    pub evidence: Box<Evidence>,
    /// What each check of its case found.
    pub findings: Vec<Finding>,
    /// What of it is not expected.
    pub failures: Vec<Failure>,
}

impl Beside {
    /// Of such an attempt at `case`.
    pub fn of(
        case: &Case,
        result: &AttemptResult,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
    ) -> Self {
        let AttemptResult::Evidence(evidence, _) = result else {
            return Self::Nothing;
        };
        let Ok(judged) = judge(case, evidence, profile) else {
            return Self::Nothing;
        };
        let findings: Vec<Finding> = judged.into_iter().map(|(_, finding)| finding).collect();
        let mut expected = expected(case, knowledge).into_iter();
        if !expected.all(|expected| expected == Expected::Holds) {
            return Self::Nothing;
        }
        if findings.iter().all(|finding| *finding == Finding::Holds) {
            return Self::Holds;
        }
        let failures = unexpected(case, &findings, knowledge);
        if failures.is_empty() {
            return Self::Nothing;
        }
        Self::Fails(Failed {
            evidence: evidence.clone(),
            findings,
            failures,
        })
    }
}

/// What is expected of each check of `case`.
pub(super) fn expected(case: &Case, knowledge: &Knowledge<'_>) -> Vec<Expected> {
    let checks = case.checks.iter();
    checks
        .map(|check| knowledge.expected(case, check).0)
        .collect()
}

/// What of `findings`, one for each check of `case`, is broken and was expected to hold.
pub(super) fn unexpected(
    case: &Case,
    findings: &[Finding],
    knowledge: &Knowledge<'_>,
) -> Vec<Failure> {
    let expected = expected(case, knowledge);
    let all = case.checks.iter().zip(findings).zip(expected);
    let unexpected = all.filter(|(_, expected)| *expected == Expected::Holds);
    let failures = unexpected.filter_map(|((check, finding), _)| Failure::of(check, finding));
    let mut failures: Vec<Failure> = failures.collect();
    // Where nothing could be judged, what failed beside it says why.
    if failures.iter().any(|own| !own.follows()) {
        failures.retain(|own| !own.follows());
    }
    failures
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::verdict::attempts::tests::target;
    use crate::verdict::known::KnownFailures;
    use crate::verdict::{Attempted, Attempts, Belief, Next, Retries};

    /// An attempt in which nothing came of a case.
    fn attempted() -> Attempted {
        Attempted {
            result: AttemptResult::Evidence(Box::default(), None),
            took: Duration::ZERO,
            label: String::new(),
            gave_up_early: false,
        }
    }

    /// What is to be done after an attempt alone, where `change` made of an attempt beside others
    /// what was put aside.
    fn after(change: impl FnOnce(&mut Failed)) -> Next {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let profile = Profile::load("reference", &files).unwrap();
        let pattern = "cart/item-added#delivered".to_owned();
        let mut cases = suite.selected(&mut Patterns::new(&[pattern]));
        let case = Arc::new(cases.remove(0));
        let known = KnownFailures::none("");
        let knowledge = Knowledge {
            known: &known,
            register: &suite.register,
            target: target(),
        };
        let beside = Beside::of(&case, &attempted().result, &profile, &knowledge);
        let Beside::Fails(mut failed) = beside else {
            panic!("{beside:?}");
        };
        change(&mut failed);
        let mut attempts = Attempts::default();
        attempts.put_aside(failed);
        let retries = Retries {
            most: 2,
            belief: &Belief::default(),
        };
        let next = attempts.take(&case, attempted(), &profile, &knowledge, retries);
        assert!(!attempts.has_one_aside());
        next
    }

    #[test]
    fn failure_beside_others_counts_where_the_case_fails_alone_in_the_same_way() {
        assert_eq!(after(|_| {}), Next::Again(1));
    }

    #[test]
    fn failure_beside_others_that_is_another_alone_counts_for_nothing() {
        let next = after(|failed| failed.failures = vec![Failure::found_by("once", &[])]);
        assert_eq!(next, Next::Again(2));
    }
}
