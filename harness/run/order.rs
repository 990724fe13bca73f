//! In which order the cases of a batch begin.

use std::cmp::Reverse;
use std::sync::Arc;

use super::deadlines::needs_full;
use crate::plan::{Case, Durations};

/// Orders `cases` as they begin.
///
/// Prerequisites come first, as the plan has them. What decides slowly comes late: by then it may
/// be known how this build fails. Those that need a browser of their own come at the very end, so
/// that it is started once. Where `longest_first` knows how long cases take, that alone decides:
/// where many work at a time, a long case that begins last is waited for by all.
pub(super) fn order(cases: &mut [Arc<Case>], longest_first: Option<&Durations>) {
    cases.sort_by_cached_key(|case| {
        let late = match longest_first {
            Some(durations) => (Reverse(durations.of_case(&case.id)), false, false),
            None => (Reverse(0), !case.needs().is_empty(), needs_full(case)),
        };
        (!case.scenario.prerequisite).then_some(late)
    });
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    fn ordered(longest_first: Option<&Durations>) -> (Vec<Arc<Case>>, Vec<Arc<Case>>) {
        let suite = Suite::load(&Files::default()).unwrap();
        let plan = suite.plan(&mut Patterns::new(&[])).into_iter();
        let plan: Vec<Arc<Case>> = plan.map(Arc::new).collect();
        let mut cases = plan.clone();
        order(&mut cases, longest_first);
        (plan, cases)
    }

    /// Those after the prerequisites.
    fn others(cases: &[Arc<Case>]) -> &[Arc<Case>] {
        let prerequisites = cases.iter().take_while(|case| case.scenario.prerequisite);
        &cases[prerequisites.count()..]
    }

    fn ids(cases: &[Arc<Case>]) -> Vec<&str> {
        cases.iter().map(|case| case.id.as_str()).collect()
    }

    fn usual(cases: &[Arc<Case>]) -> Vec<&str> {
        let usual = |case: &&Arc<Case>| case.needs().is_empty() && !needs_full(case);
        let usual = cases.iter().filter(usual);
        usual.map(|case| case.id.as_str()).collect()
    }

    #[test]
    fn cases_begin_in_the_order_of_the_plan_and_slow_ones_at_the_end() {
        let (plan, cases) = ordered(None);
        let (plan, cases) = (others(&plan), others(&cases));
        assert_eq!(usual(plan), usual(cases));
        let is_slow = |case: &Arc<Case>| !case.needs().is_empty() || needs_full(case);
        let usual = usual(cases).len();
        assert!(usual < cases.len() && cases[usual..].iter().all(is_slow));
        assert!(cases.is_sorted_by_key(|case| !case.needs().is_empty()));
    }

    #[test]
    fn prerequisites_begin_first_in_the_order_of_the_plan() {
        for longest_first in [None, Some(&Durations::load(&Files::default()).unwrap())] {
            let (plan, cases) = ordered(longest_first);
            let first = plan.len() - others(&plan).len();
            assert_eq!(ids(&cases[..first]), ids(&plan[..first]));
            assert!(
                first > 1
                    && others(&cases)
                        .iter()
                        .all(|case| !case.scenario.prerequisite)
            );
        }
    }

    #[test]
    fn longest_cases_begin_first_where_it_is_known_which_they_are() {
        let durations = Durations::load(&Files::default()).unwrap();
        let (_, cases) = ordered(Some(&durations));
        let lengths = ids(others(&cases)).into_iter();
        let lengths = lengths.map(|id| durations.of_case(id));
        assert!(lengths.clone().is_sorted_by_key(Reverse));
        assert_ne!(lengths.clone().max(), lengths.min());
    }
}
