//! Where two reports of the same checks differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::model::{CheckReport, Report};

/// More changes than these are counted only.
const SHOWN: usize = 40;

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
#[must_use]
pub fn changes<'r>(before: &'r Report, after: &'r Report) -> Vec<Change<'r>> {
    let then: BTreeMap<_, _> = before
        .checks
        .iter()
        .map(|check| (&check.id, check))
        .collect();
    let change = |check: &'r CheckReport| Change {
        before: then.get(&check.id).copied(),
        after: check,
    };
    after
        .checks
        .iter()
        .map(change)
        .filter(|change| {
            change
                .before
                .is_none_or(|then| !change.after.found_the_same_as(then))
        })
        .collect()
}

/// The changes, one a line: the check, what it was, what it is.
#[must_use]
pub fn listed(changes: &[Change<'_>]) -> String {
    let mut text = String::new();
    if changes.is_empty() {
        return "no verdict has changed\n".to_owned();
    }
    let _ = writeln!(
        text,
        "{}",
        format!(
            "changed: {}",
            if changes.len() == 1 {
                "1 verdict".to_owned()
            } else {
                format!("{} verdicts", changes.len())
            }
        )
        .bold()
    );
    for Change { before, after } in changes.iter().take(SHOWN) {
        let then = before.map_or_else(|| "not asked".to_owned(), CheckReport::verdict);
        let _ = writeln!(text, "  {}: {then} → {}", after.id, after.verdict());
    }
    if changes.len() > SHOWN {
        let _ = writeln!(text, "  … {} more", changes.len() - SHOWN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;
    use crate::verdict::Status;

    fn list_after(change: impl FnOnce(&mut Report)) -> String {
        let before = sample().report;
        let mut after = before.clone();
        change(&mut after);
        anstream::adapter::strip_str(&listed(&changes(&before, &after))).to_string()
    }

    #[test]
    fn same_finding_is_no_change() {
        assert_eq!(list_after(|_| {}), "no verdict has changed\n");
        assert_eq!(
            list_after(|report| report.checks[1].status = Status::KnownFailure),
            "no verdict has changed\n"
        );
    }

    #[test]
    fn change_shows_both_verdicts() {
        assert_eq!(
            list_after(|report| report.checks[0].status = Status::Fail),
            "changed: 1 verdict\n  queue/order#in-order: pass → fail\n"
        );
        assert_eq!(
            list_after(|report| report.checks[2].status = Status::Pass),
            "changed: 1 verdict\n  leaving/close#delivered: flaky (1 of 3) → pass\n"
        );
    }

    #[test]
    fn new_check_is_listed_as_not_asked_before() {
        let new = |report: &mut Report| {
            report.checks[0].id = crate::contract::CheckId("queue/order#once".into());
        };
        assert_eq!(
            list_after(new),
            "changed: 1 verdict\n  queue/order#once: not asked → pass\n"
        );
    }

    #[test]
    fn many_changes_are_counted() {
        let mut before = sample().report;
        before.checks = vec![before.checks[0].clone(); SHOWN + 2];
        for (place, check) in before.checks.iter_mut().enumerate() {
            check.id.0 = format!("queue/order#{place}");
        }
        let mut after = before.clone();
        after
            .checks
            .iter_mut()
            .for_each(|check| check.status = Status::Fail);
        assert!(listed(&changes(&before, &after)).ends_with("  … 2 more\n"));
    }
}
