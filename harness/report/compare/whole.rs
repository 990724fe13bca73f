use std::collections::BTreeMap;

use super::circumstances::circumstances;
use super::model::{COMPARISON_SCHEMA, CheckChange, Comparison, RegressionKind, RequirementChange};
use super::observations::observations;
use super::semver::semver;
use super::side::{Side, State};
use super::timing::timing;
use super::verdicts::{Verdicts, turned, verdicts};
use super::wire::wire;
use crate::contract::{CheckId, RequirementId};
use crate::report::model::HarnessReport;

/// Compares a run with an earlier one, or with a baseline.
///
/// What counts as a regression: a check that held (or could not be decided) and fails; one that is
/// flaky now and was not; one that is selected and not made or claimed any more; one that the old
/// side does not have and that fails; one that held and could not be decided. What a list of known
/// failures excuses on the new side does not count. Neither do times, observations and the wire:
/// they are reported.
#[must_use]
pub fn compare(old: &Side, new: &Side) -> Comparison {
    let Verdicts {
        new_failures,
        fixed,
        vanished,
        appeared,
        flaky,
        undecided,
        still_wrong,
        unchanged,
        not_selected,
    } = verdicts(old, new);
    let observations = observations(old, new);
    let wire = wire(old, new);
    let failures: Vec<&CheckChange> = [&new_failures, &appeared, &flaky, &undecided]
        .into_iter()
        .flatten()
        .filter(|change| change.regression.is_some_and(RegressionKind::is_failure))
        .collect();
    let held: Vec<&CheckChange> = fixed
        .iter()
        .chain(
            flaky
                .iter()
                .filter(|change| change.new.and_then(State::of) == Some(State::Holds)),
        )
        .collect();
    let mut regressions: BTreeMap<RegressionKind, usize> = BTreeMap::new();
    let changes = [&new_failures, &vanished, &appeared, &flaky, &undecided]
        .into_iter()
        .flatten();
    for kind in changes.filter_map(|change| change.regression) {
        *regressions.entry(kind).or_default() += 1;
    }
    Comparison {
        schema: COMPARISON_SCHEMA.to_owned(),
        harness: HarnessReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        old: old.about.clone(),
        new: new.about.clone(),
        circumstances: circumstances(old, new),
        regressions,
        semver: semver(&failures, &observations, &wire.changes),
        requirements_broken: requirements(new, &turned(failures.into_iter(), old, new)),
        requirements_mended: requirements(new, &turned(held.into_iter(), new, new)),
        new_failures,
        fixed,
        observations,
        vanished,
        appeared,
        flaky,
        undecided,
        still_wrong,
        unchanged,
        not_selected,
        timing: timing(old, new),
        wire,
    }
}

fn requirements(new: &Side, turned: &[(RequirementId, Vec<CheckId>)]) -> Vec<RequirementChange> {
    let register = new.report.iter().flat_map(|report| &report.requirements);
    let in_order = register.filter_map(|requirement| {
        let (id, checks) = turned.iter().find(|(id, _)| *id == requirement.id)?;
        Some(RequirementChange {
            id: id.clone(),
            level: requirement.level,
            statement: requirement.statement.clone(),
            checks: checks.clone(),
        })
    });
    let mut changes: Vec<RequirementChange> = in_order.collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.level));
    changes
}
