//! What an attempt shows that was made on a page with other cases.

use std::time::Duration;

use super::alike::Failure;
use super::known::Knowledge;
use super::{Attempted, Expected};
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

/// An attempt that failed, and is put aside: something else than the build may have brought it
/// about.
#[derive(Debug)]
pub struct Failed {
    /// What it left.
    pub evidence: Box<Evidence>,
    /// What each check of its case found.
    pub findings: Vec<Finding>,
    /// What of it is not expected.
    pub failures: Vec<Failure>,
    /// Its share of what driving the page took.
    pub took: Duration,
    /// The first label of its hosts.
    pub label: String,
    /// What else that may be.
    pub doubt: Doubt,
}

/// Why an attempt that failed is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It had neighbours.
    Neighbours,
    /// A wait ended at a deadline that was shortened.
    ShortDeadline,
}

impl Beside {
    /// Of such an attempt at `case`.
    pub fn of(
        case: &Case,
        attempted: &Attempted,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
    ) -> Self {
        let AttemptResult::Evidence(evidence, _) = &attempted.result else {
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
            took: attempted.took,
            label: attempted.label.clone(),
            doubt: Doubt::Neighbours,
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

    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::verdict::attempts::tests::target;
    use crate::verdict::known::KnownFailures;
    use crate::verdict::{Attempts, Belief, Next, Retries};

    /// An attempt in which nothing came of a case.
    fn attempted() -> Attempted {
        Attempted {
            result: AttemptResult::Evidence(Box::default(), None),
            took: Duration::ZERO,
            label: String::new(),
            gave_up_early: false,
        }
    }

    /// A case, and what it is judged with.
    fn with_a_case<T>(look: impl FnOnce(&Arc<Case>, &Profile, &Knowledge<'_>, Failed) -> T) -> T {
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
        let beside = Beside::of(&case, &attempted(), &profile, &knowledge);
        let Beside::Fails(failed) = beside else {
            panic!("{beside:?}");
        };
        look(&case, &profile, &knowledge, failed)
    }

    /// So many cases failed in this way before.
    fn belief(failed: &Failed, confirmed: usize) -> Belief {
        let mut belief = Belief::default();
        for number in 0..confirmed {
            belief.confirm(&format!("case {number}"), failed.failures.clone());
        }
        belief
    }

    /// What is to be done after an attempt beside others, and after one alone, where `change` made
    /// of the first what was put aside and `confirmed` cases failed alike before.
    fn after(confirmed: usize, change: impl FnOnce(&mut Failed)) -> [Next; 2] {
        with_a_case(|case, profile, knowledge, mut failed| {
            let retries = Retries {
                most: 2,
                belief: &belief(&failed, confirmed),
            };
            change(&mut failed);
            let mut attempts = Attempts::default();
            attempts.put_aside(failed);
            let beside = attempts.next(case, knowledge, retries);
            let alone = attempts.take(case, attempted(), profile, knowledge, retries);
            assert!(!attempts.has_one_aside());
            [beside, alone]
        })
    }

    #[test]
    fn failure_at_a_short_deadline_counts_only_where_those_like_it_are_believed() {
        with_a_case(|case, profile, knowledge, failed| {
            let (none, enough) = (belief(&failed, 0), belief(&failed, 3));
            let of = |belief| Retries { most: 2, belief };
            let early = || Attempted {
                gave_up_early: true,
                ..attempted()
            };
            let mut attempts = Attempts::default();
            let next = attempts.take(case, early(), profile, knowledge, of(&none));
            assert_eq!(next, Next::WithFullDeadlines);
            assert_eq!(attempts.failures(case, knowledge), failed.failures);
            assert_eq!(attempts.next(case, knowledge, of(&enough)), Next::Done);

            let mut attempts = Attempts::default();
            attempts.take(case, early(), profile, knowledge, of(&none));
            let next = attempts.take(case, attempted(), profile, knowledge, of(&none));
            assert_eq!(next, Next::Again(2), "the first shows nothing");
        });
    }

    #[test]
    fn failure_beside_others_counts_where_the_case_fails_alone_in_the_same_way() {
        assert_eq!(after(0, |_| {}), [Next::Alone, Next::Again(1)]);
        assert_eq!(after(1, |_| {}), [Next::Alone, Next::Done]);
    }

    #[test]
    fn failure_beside_others_that_is_another_alone_counts_for_nothing() {
        let next = after(0, |failed| {
            failed.failures = vec![Failure::found_by("once", &[])];
        });
        assert_eq!(next, [Next::Alone, Next::Again(2)]);
    }

    #[test]
    fn failure_beside_others_counts_at_once_where_those_like_it_are_believed() {
        let [beside, _] = after(3, |_| {});
        assert_eq!(beside, Next::Done);
    }
}
