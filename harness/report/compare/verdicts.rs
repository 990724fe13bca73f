use std::collections::{BTreeMap, BTreeSet};

use super::model::{CheckChange, RegressionKind};
use super::side::{Side, SideCheck, State};
use crate::contract::{CheckId, RequirementId};
use crate::plan::Patterns;
use crate::verdict::Status;

/// The verdicts of both sides, sorted by what became of them.
#[derive(Debug, Default)]
pub struct Verdicts {
    pub new_failures: Vec<CheckChange>,
    pub fixed: Vec<CheckChange>,
    pub vanished: Vec<CheckChange>,
    pub appeared: Vec<CheckChange>,
    pub flaky: Vec<CheckChange>,
    pub undecided: Vec<CheckChange>,
    pub still_wrong: Vec<CheckId>,
    pub unchanged: usize,
    pub not_selected: usize,
}

/// Compares every check of either side.
pub fn verdicts(old: &Side, new: &Side) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let ids: BTreeSet<&CheckId> = old.checks.keys().chain(new.checks.keys()).collect();
    for id in ids {
        let (before, now) = (old.checks.get(id), new.checks.get(id));
        let (was, is) = (
            before.and_then(SideCheck::state),
            now.and_then(SideCheck::state),
        );
        let change = |regression: Option<RegressionKind>| change(id, old, new, regression);
        match (was, is) {
            (None, None) => {}
            (Some(_), None) if now.is_none() && !is_selected(old, new, id) => {
                verdicts.not_selected += 1;
            }
            (Some(_), None) => verdicts
                .vanished
                .push(change(Some(RegressionKind::Vanished))),
            (None, Some(State::Broken | State::Flaky)) => verdicts
                .appeared
                .push(change(Some(RegressionKind::AppearedFailing))),
            (None, Some(State::Holds | State::Undecided)) => {
                verdicts.appeared.push(change(None));
            }
            (Some(State::Holds), Some(State::Holds)) => verdicts.unchanged += 1,
            (Some(State::Flaky), Some(State::Flaky))
            | (Some(State::Broken), Some(State::Broken))
            | (Some(State::Undecided), Some(State::Undecided)) => {
                verdicts.unchanged += 1;
                verdicts.still_wrong.push(id.clone());
            }
            (Some(State::Holds), Some(State::Broken)) => verdicts
                .new_failures
                .push(change(Some(RegressionKind::NewFailure))),
            (Some(State::Broken), Some(State::Holds)) => verdicts.fixed.push(change(None)),
            (Some(State::Holds | State::Undecided), Some(State::Flaky)) => verdicts
                .flaky
                .push(change(Some(RegressionKind::NewlyFlaky))),
            // What failed sometimes and now fails in all of its few attempts may do so by chance.
            (Some(State::Flaky), Some(State::Holds | State::Broken))
            | (Some(State::Broken), Some(State::Flaky)) => verdicts.flaky.push(change(None)),
            (Some(State::Undecided), Some(State::Broken)) => verdicts
                .undecided
                .push(change(Some(RegressionKind::NewFailure))),
            (Some(State::Holds), Some(State::Undecided)) => verdicts
                .undecided
                .push(change(Some(RegressionKind::Undecided))),
            (Some(State::Flaky | State::Broken), Some(State::Undecided))
            | (Some(State::Undecided), Some(State::Holds)) => {
                verdicts.undecided.push(change(None));
            }
        }
    }
    // The most binding first, in each list; then by id, which is how they stand already.
    for list in [
        &mut verdicts.new_failures,
        &mut verdicts.vanished,
        &mut verdicts.appeared,
        &mut verdicts.flaky,
        &mut verdicts.undecided,
    ] {
        list.sort_by_key(|change| (change.regression.is_none(), std::cmp::Reverse(change.level)));
    }
    verdicts
}

/// Whether the new side would have made a check that the old side has.
fn is_selected(old: &Side, new: &Side, id: &CheckId) -> bool {
    let same = |a: &[String], b: &[String]| {
        a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>()
    };
    let Some(check) = old
        .checks
        .get(id)
        .filter(|_| !same(&old.about.filter, &new.about.filter))
    else {
        return true;
    };
    let names: Vec<&str> = check.names.iter().map(String::as_str).collect();
    Patterns::new(&new.about.filter).select(id, &names, &check.requirements)
}

fn change(id: &CheckId, old: &Side, new: &Side, regression: Option<RegressionKind>) -> CheckChange {
    let (before, now) = (old.checks.get(id), new.checks.get(id));
    let report = new.check_report(id);
    // Where the new side has nothing to say, the old one says what the check was.
    let known_to = now.or(before);
    let status =
        |check: Option<&SideCheck>| check.map(|check| check.status.unwrap_or(Status::Pass));
    let is_excused = report.is_some_and(|check| check.status == Status::KnownFailure);
    let message = match (now, new.about.interrupted) {
        (None, true) => Some("the new run was interrupted".to_owned()),
        (None, false) => Some("it is selected, and is not made any more".to_owned()),
        (Some(_), _) => report.and_then(|check| check.message.clone()),
    };
    CheckChange {
        check: id.clone(),
        old: status(before),
        new: status(now),
        regression: regression.filter(|_| !is_excused),
        level: known_to.and_then(|check| check.level),
        requirements: known_to
            .map(|check| check.requirements.clone())
            .unwrap_or_default(),
        at: known_to.and_then(|check| check.at.clone()),
        message,
        expected: report.and_then(|check| check.expected.clone()),
        actual: report.and_then(|check| check.actual.clone()),
        known: report.and_then(|check| check.known.clone()),
        again: report.and_then(|check| Some(new.case(&check.case)?.again.clone())),
    }
}

/// The requirements of which `changed` holds a check and no check is wrong on `side`: they changed
/// as a whole.
pub fn turned<'a>(
    changed: impl Iterator<Item = &'a CheckChange>,
    side: &Side,
    new: &Side,
) -> Vec<(RequirementId, Vec<CheckId>)> {
    let mut turned: BTreeMap<RequirementId, Vec<CheckId>> = BTreeMap::new();
    for change in changed {
        for id in &change.requirements {
            turned
                .entry(id.clone())
                .or_default()
                .push(change.check.clone());
        }
    }
    // A baseline does not tell what its checks prove; the new side does.
    let requirements = |id: &CheckId, check: &'_ SideCheck| {
        new.checks.get(id).unwrap_or(check).requirements.clone()
    };
    let wrong = side
        .checks
        .iter()
        .filter(|(_, check)| check.state().is_some_and(State::is_broken));
    let wrong: BTreeSet<RequirementId> = wrong
        .flat_map(|(id, check)| requirements(id, check))
        .collect();
    turned
        .into_iter()
        .filter(|(id, _)| !wrong.contains(id))
        .collect()
}
