use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{CheckChange, Comparison, RegressionKind};
use super::side::{Side, SideCheck, State};
use crate::contract::{CheckId, RequirementId};
use crate::plan::Patterns;
use crate::sdk::{Likeness, ProfileHash};
use crate::verdict::Status;

/// Compares every check of either side, and sorts them by what became of them.
pub fn verdicts(old: &Side, new: &Side) -> Comparison {
    use RegressionKind::{AppearedFailing, NewFailure, NewlyFlaky, Vanished};
    use State::{Broken, Flaky, Holds, Undecided};
    let mut found = Comparison::default();
    let engines_differ = differ_by_engine_alone(old, new);
    let ids: BTreeSet<&CheckId> = old.checks.keys().chain(new.checks.keys()).collect();
    for id in ids {
        let (before, now) = (old.checks.get(id), new.checks.get(id));
        let was = before.and_then(SideCheck::state);
        let is = now.and_then(SideCheck::state);
        let (list, regression) = match (was, is) {
            (None, None) => continue,
            (None, Some(_)) | (Some(_), None)
                if engines_differ && before.is_some() && now.is_some() =>
            {
                found.of_one_engine += 1;
                continue;
            }
            (Some(_), None) if now.is_none() && !is_selected(old, new, id) => {
                found.not_selected += 1;
                continue;
            }
            (Some(Holds), Some(Holds)) => {
                found.unchanged += 1;
                continue;
            }
            (Some(Flaky), Some(Flaky))
            | (Some(Broken), Some(Broken))
            | (Some(Undecided), Some(Undecided)) => {
                found.unchanged += 1;
                found.still_wrong.push(id.clone());
                continue;
            }
            (Some(_), None) => (&mut found.vanished, Some(Vanished)),
            (None, Some(Broken | Flaky)) => (&mut found.appeared, Some(AppearedFailing)),
            (None, Some(Holds | Undecided)) => (&mut found.appeared, None),
            (Some(Holds), Some(Broken)) => (&mut found.new_failures, Some(NewFailure)),
            (Some(Broken), Some(Holds)) => (&mut found.fixed, None),
            (Some(Holds | Undecided), Some(Flaky)) => (&mut found.flaky, Some(NewlyFlaky)),
            // What failed sometimes and now fails in all of its few attempts may do so by chance.
            (Some(Flaky), Some(Holds | Broken)) | (Some(Broken), Some(Flaky)) => {
                (&mut found.flaky, None)
            }
            (Some(Undecided), Some(Broken)) => (&mut found.undecided, Some(NewFailure)),
            (Some(Holds), Some(Undecided)) => {
                (&mut found.undecided, Some(RegressionKind::Undecided))
            }
            (Some(Flaky | Broken), Some(Undecided)) | (Some(Undecided), Some(Holds)) => {
                (&mut found.undecided, None)
            }
        };
        list.push(change(id, old, new, regression));
    }
    // The most binding first, in each list; then by id, which is how they stand already.
    for list in [
        &mut found.new_failures,
        &mut found.vanished,
        &mut found.appeared,
        &mut found.flaky,
        &mut found.undecided,
    ] {
        list.sort_by_key(|change| (change.regression.is_none(), Reverse(change.level)));
    }
    found
}

/// Whether two engines are compared under one profile. Then both sides claim the same, and a check
/// that applies on one side only is one that the other engine cannot bring about.
fn differ_by_engine_alone(old: &Side, new: &Side) -> bool {
    let profile = |side: &Side| ProfileHash::stored(&side.about.profile.sha256);
    let is_one_profile = profile(old).compare(&profile(new)) == Likeness::Same;
    is_one_profile && old.about.engines_with(&new.about).is_some()
}

/// Whether the new side would have made a check that the old side has.
fn is_selected(old: &Side, new: &Side, id: &CheckId) -> bool {
    let same = |a: &[String], b: &[String]| {
        a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>()
    };
    old.checks.get(id).is_none_or(|check| {
        let names: Vec<&str> = check.names.iter().map(String::as_str).collect();
        same(&old.about.filter, &new.about.filter)
            || Patterns::new(&new.about.filter).select(id, &names, &check.requirements, check.level)
    })
}

fn change(id: &CheckId, old: &Side, new: &Side, regression: Option<RegressionKind>) -> CheckChange {
    let (before, now) = (old.checks.get(id), new.checks.get(id));
    let report = new.report.as_ref();
    let case = |check| Some(report?.case_of(check)?.again.clone());
    let made = report.and_then(|report| report.check(id));
    // Where the new side has nothing to say, the old one says what the check was.
    let known_to = now.or(before);
    let status = |check: &SideCheck| check.status.unwrap_or(Status::Pass);
    let is_excused = made.is_some_and(|check| check.status == Status::KnownFailure);
    let message = match (now, new.about.interrupted) {
        (None, true) => Some("the new run was interrupted".to_owned()),
        (None, false) => Some("it is selected, and is not made any more".to_owned()),
        (Some(_), _) => made.and_then(|check| check.message.clone()),
    };
    CheckChange {
        check: id.clone(),
        old: before.map(status),
        new: now.map(status),
        regression: regression.filter(|_| !is_excused),
        level: known_to.and_then(|check| check.level),
        requirements: known_to.map_or_else(Vec::new, |check| check.requirements.clone()),
        at: known_to.and_then(|check| check.at.clone()),
        message,
        expected: made.and_then(|check| check.expected.clone()),
        actual: made.and_then(|check| check.actual.clone()),
        known: made.and_then(|check| check.known.clone()),
        again: made.and_then(case),
    }
}

/// The requirements that a check of `changed` breaks on the side `broken`, and that none breaks on
/// the side `sound`: they changed as a whole.
pub fn turned<'a>(
    changed: impl Iterator<Item = &'a CheckChange>,
    broken: &Side,
    sound: &Side,
    new: &Side,
) -> BTreeMap<RequirementId, Vec<CheckId>> {
    // A baseline does not hold what its checks prove; the new side does.
    let requirements = |(id, check)| {
        let proves: &[_] = &new.checks.get(id).unwrap_or(check).requirements;
        breaks(sound, id, proves)
    };
    let is_wrong = |(_, check): &(_, &SideCheck)| check.state().is_some_and(State::is_broken);
    let wrong = sound.checks.iter().filter(is_wrong);
    let wrong: BTreeSet<&RequirementId> = wrong.flat_map(requirements).collect();
    let mut turned: BTreeMap<RequirementId, Vec<CheckId>> = BTreeMap::new();
    for change in changed {
        let own = breaks(broken, &change.check, &change.requirements).iter();
        for id in own.filter(|id| !wrong.contains(id)) {
            let checks = turned.entry(id.clone()).or_default();
            checks.push(change.check.clone());
        }
    }
    turned
}

/// The requirements that the failure of a check shows to be broken, where the side knows them; else
/// all that it proves.
fn breaks<'s>(side: &'s Side, id: &CheckId, proves: &'s [RequirementId]) -> &'s [RequirementId] {
    let check = side.report.as_ref().and_then(|report| report.check(id));
    let known = check.and_then(|check| check.breaks.as_deref());
    known.unwrap_or(proves)
}
