//! How often a case is tried.

use super::Expected;
use crate::judge::Finding;

/// How many attempts a case wants, by what they found so far.
///
/// What is not expected gets `all` attempts, or as many as failures that look `alike`, as long as
/// it repeats; a known failure gets one more, to see that it still repeats.
pub fn wanted(findings: &[Vec<Finding>], expected: &[Expected], all: usize, alike: usize) -> usize {
    let any = |wanted: Expected, broken: bool| {
        let each = findings
            .iter()
            .flat_map(|attempt| attempt.iter().zip(expected));
        each.filter(|(finding, _)| finding.is_testable())
            .any(|(finding, expected)| *expected == wanted && finding.is_broken() == broken)
    };
    let is_alike = |two: &[Vec<Finding>]| {
        let [before, after] =
            [&two[0], &two[1]].map(|attempt| attempt.iter().map(Finding::is_broken));
        before.eq(after)
    };
    let repeats = findings.windows(2).all(is_alike);
    let of_known = if any(Expected::Breaks, true) {
        all.min(2)
    } else {
        1
    };
    if any(Expected::Breaks, false) || (any(Expected::Holds, true) && !repeats) {
        all
    } else if any(Expected::Holds, true) {
        alike.max(of_known)
    } else {
        of_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(all: &[bool]) -> Vec<Vec<Finding>> {
        let broken = || Finding::NothingToJudge(String::new());
        all.iter()
            .map(|is_broken| vec![if *is_broken { broken() } else { Finding::Holds }])
            .collect()
    }

    fn wants(all: &[bool], expected: Expected) -> usize {
        wanted(&attempts(all), &[expected], 3, 3)
    }

    #[test]
    fn what_is_expected_to_hold_and_does_is_tried_once() {
        assert_eq!(wants(&[false], Expected::Holds), 1);
    }

    #[test]
    fn what_is_not_expected_is_tried_as_often_as_was_asked_for_whatever_follows() {
        assert_eq!(wants(&[true], Expected::Holds), 3);
        assert_eq!(wants(&[true, false], Expected::Holds), 3);
        assert_eq!(wants(&[false], Expected::Breaks), 3);
    }

    #[test]
    fn a_known_failure_is_tried_once_more_and_a_flaky_one_is_not() {
        assert_eq!(wants(&[true], Expected::Breaks), 2);
        assert_eq!(wants(&[true], Expected::Either), 1);
    }

    #[test]
    fn failure_that_repeats_like_believed_ones_gets_no_further_attempt() {
        let wants = |all: &[bool], alike| wanted(&attempts(all), &[Expected::Holds], 3, alike);
        assert_eq!(wants(&[true], 1), 1);
        assert_eq!(wants(&[true], 2), 2);
        assert_eq!(wants(&[true, true], 1), 1);
    }

    #[test]
    fn failure_that_does_not_repeat_gets_all_attempts_whatever_is_believed() {
        let wants = |all: &[bool]| wanted(&attempts(all), &[Expected::Holds], 3, 1);
        assert_eq!(wants(&[true, false]), 3);
        assert_eq!(wants(&[false, true]), 3);
    }

    #[test]
    fn known_failure_beside_a_believed_one_is_tried_once_more() {
        let both = vec![vec![Finding::NothingToJudge(String::new()); 2]];
        let expected = [Expected::Holds, Expected::Breaks];
        assert_eq!(wanted(&both, &expected, 3, 1), 2);
    }

    #[test]
    fn known_failure_that_holds_gets_all_attempts() {
        assert_eq!(wanted(&attempts(&[false]), &[Expected::Breaks], 3, 1), 3);
    }
}
