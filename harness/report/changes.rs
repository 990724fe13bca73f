//! Where two reports of the same checks differ.

use std::collections::BTreeMap;

use super::model::{CheckReport, Report};

/// A check that has another verdict than before.
#[derive(Debug, Clone, Copy)]
pub struct Change<'r> {
    /// As it was; `None`: it was not asked.
    pub before: Option<&'r CheckReport>,
    /// As it is.
    pub after: &'r CheckReport,
}

/// The checks of `after` that found something else than in `before`, in its order. What a list of
/// known failures excuses is no finding.
pub fn changes<'r>(before: &'r Report, after: &'r Report) -> Vec<Change<'r>> {
    let then = before.checks.iter().map(|check| (&check.id, check));
    let then: BTreeMap<_, _> = then.collect();
    let change = |after: &'r CheckReport| {
        let before = then.get(&after.id).copied();
        let is_same = before.is_some_and(|before| after.found_the_same_as(before));
        (!is_same).then_some(Change { before, after })
    };
    after.checks.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;
    use crate::verdict::Status;

    /// The ids of the changed checks, with what they were.
    fn found(change: impl FnOnce(&mut Report)) -> Vec<(String, Option<String>)> {
        let before = sample().report;
        let mut after = before.clone();
        change(&mut after);
        changes(&before, &after)
            .iter()
            .map(|change| {
                (
                    change.after.id.0.clone(),
                    change.before.map(CheckReport::verdict),
                )
            })
            .collect()
    }

    #[test]
    fn same_finding_is_no_change() {
        assert_eq!(found(|_| {}), []);
        assert_eq!(
            found(|report| report.checks[1].status = Status::KnownFailure),
            []
        );
    }

    #[test]
    fn other_finding_is_a_change() {
        assert_eq!(
            found(|report| report.checks[2].status = Status::Pass),
            [(
                "leaving/close#delivered".to_owned(),
                Some("flaky (1 of 3)".to_owned())
            )]
        );
    }

    #[test]
    fn new_check_is_a_change() {
        let new = |report: &mut Report| {
            report.checks[0].id = crate::contract::CheckId("queue/order#once".into());
        };
        assert_eq!(found(new), [("queue/order#once".to_owned(), None)]);
    }
}
