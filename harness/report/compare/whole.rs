use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::causes::causes;
use super::circumstances::circumstances;
use super::model::{COMPARISON_SCHEMA, CheckChange, Comparison, RegressionKind, RequirementChange};
use super::observations::observations;
use super::semver::semver;
use super::side::{Side, State};
use super::timing::timing;
use super::verdicts::{turned, verdicts};
use super::wire::wire;
use crate::contract::{CheckId, RequirementId};
use crate::report::model::{HarnessReport, RequirementReport};

/// Compares a run with an earlier one, or with a baseline.
///
/// What counts as a regression: a check that held (or could not be decided) and fails; one that is
/// flaky now and was not; one that is selected and not made or claimed any more; one that the old
/// side does not have and that fails; one that held and could not be decided. What a list of known
/// failures excuses on the new side does not count. Neither do times, observations and the wire:
/// they are reported. Between two engines, no check vanishes that one of them cannot bring about.
pub fn compare(old: &Side, new: &Side) -> Comparison {
    let found = verdicts(old, new);
    let observations = observations(old, new);
    let wire = wire(old, new);
    let changes = found.check_changes();
    let is_failure =
        |change: &&CheckChange| change.regression.is_some_and(RegressionKind::is_failure);
    let failures: Vec<&CheckChange> = changes.filter(is_failure).collect();
    let holds = |change: &&CheckChange| change.new.and_then(State::of) == Some(State::Holds);
    let held = found.fixed.iter().chain(found.flaky.iter().filter(holds));
    let mut regressions: BTreeMap<RegressionKind, usize> = BTreeMap::new();
    for kind in found.check_changes().filter_map(|change| change.regression) {
        *regressions.entry(kind).or_default() += 1;
    }
    Comparison {
        schema: COMPARISON_SCHEMA.to_owned(),
        harness: HarnessReport::of_this_version(),
        old: old.about.clone(),
        new: new.about.clone(),
        causes: causes(old, new),
        circumstances: circumstances(old, new),
        regressions,
        semver: (old.about.engines_with(&new.about).is_none())
            .then(|| semver(&failures, &observations, &wire.changes)),
        requirements_broken: requirements(new, &turned(failures.into_iter(), new, old, new)),
        requirements_mended: requirements(new, &turned(held, old, new, new)),
        observations,
        timing: timing(old, new),
        wire,
        ..found
    }
}

/// Those that turned, the most binding first; of equals, in the order of the register.
fn requirements(
    new: &Side,
    turned: &BTreeMap<RequirementId, Vec<CheckId>>,
) -> Vec<RequirementChange> {
    let register = new.report.iter().flat_map(|report| &report.requirements);
    let change = |requirement: &RequirementReport| {
        Some(RequirementChange {
            id: requirement.id.clone(),
            level: requirement.level,
            statement: requirement.statement.clone(),
            checks: turned.get(&requirement.id)?.clone(),
        })
    };
    let mut changes: Vec<RequirementChange> = register.filter_map(change).collect();
    changes.sort_by_key(|change| Reverse(change.level));
    changes
}
