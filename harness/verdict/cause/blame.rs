//! Which requirements a cause breaks.

use std::collections::BTreeSet;

use super::group::Group;
use super::symptom::{JudgedCase, Novelty, Signature, is_failure};
use crate::contract::{Register, RequirementId};
use crate::judge::Defect;

/// Less of a requirement's checks than this fail in passing: something else is the subject.
const MINOR: f64 = 1.0 / 3.0;

/// The requirements that a cause breaks, of those that its symptoms show to be broken.
///
/// Where some of them are about the very circumstance that the events share, those. Else:
///
/// 1. Those of which more than a few checks fail, where there are any.
/// 2. Of these, those that are about no special pages and data, where there are any.
/// 3. Of these, those that rest on no other of them.
/// 4. Of these, those of which all checks fail, where there are any: what holds elsewhere is not
///    the subject.
/// 5. Of these, where one method alone is concerned, those that are about it.
pub fn broken_by(
    group: &Group,
    seats: &[JudgedCase<'_>],
    register: &Register,
) -> Vec<RequirementId> {
    let shown = group.symptoms.iter().flat_map(|own| &own.shows);
    let shown: BTreeSet<&RequirementId> = shown.collect();
    let in_order = register.iter().map(|own| &own.id);
    let mut left: Vec<(&RequirementId, f64)> = in_order
        .filter(|id| shown.contains(id))
        .map(|id| (id, share(id, group, seats)))
        .collect();
    let shared = group.rule.iter().flat_map(|rule| &rule.features);
    let shared: BTreeSet<&str> = shared.map(|own| own.words.as_str()).collect();
    let is_about_it = |id: &RequirementId| {
        let mut when = register.get(id).into_iter().flat_map(|own| &own.when);
        when.any(|words| shared.contains(words.as_str()))
    };
    let is_plain = left.iter().any(|(id, _)| is_about_it(id));
    prefer(&mut left, |(id, _)| is_about_it(id));
    // A field and a value on the page have requirements of their own.
    let by_share = !is_plain
        && !matches!(
            group.signature,
            Signature::Field(..) | Signature::Defect(Defect::PageValue(_))
        );
    if by_share {
        prefer(&mut left, |(_, share)| share >= MINOR);
    }
    prefer(&mut left, |(id, _)| {
        register.get(id).is_some_and(|own| !own.special)
    });
    let before = left.clone();
    left.retain(|(id, _)| !before.iter().any(|(other, _)| register.rests_on(id, other)));
    if by_share {
        prefer(&mut left, |(_, share)| share >= 1.0);
    }
    if let Some(method) = group.rule.as_ref().and_then(|rule| rule.method) {
        prefer(&mut left, |(id, _)| {
            let own = register.get(id).and_then(|own| own.method);
            own == Some(method)
        });
    }
    left.into_iter().map(|(id, _)| id.clone()).collect()
}

/// Keeps what is preferred, where anything is.
fn prefer(
    left: &mut Vec<(&RequirementId, f64)>,
    is_preferred: impl Fn((&RequirementId, f64)) -> bool,
) {
    if left.iter().any(|own| is_preferred(*own)) {
        left.retain(|own| is_preferred(*own));
    }
}

/// Which share of a requirement's checks fails for this cause, among those that ask the same.
fn share(id: &RequirementId, group: &Group, seats: &[JudgedCase<'_>]) -> f64 {
    let own = group.symptoms.iter().filter(|own| own.shows.contains(id));
    let failing: BTreeSet<(usize, usize)> = own.map(|own| (own.case, own.check)).collect();
    let name = |(case, check): &(usize, usize)| {
        seats[*case].outcome.seen[*check].check.question.to_string()
    };
    let names: BTreeSet<String> = failing.iter().map(name).collect();
    let all = seats.iter().enumerate().flat_map(|(case, seat)| {
        let checks = 0..seat.outcome.seen.len();
        checks.map(move |check| (case, check))
    });
    let asked = all.filter(|(case, check)| {
        let seen = &seats[*case].outcome.seen[*check];
        let counts = !is_failure(seen) || Novelty::of(seen) == group.novelty;
        counts && seen.check.requirements.contains(id) && seen.finding.is_some()
    });
    let held = asked.filter(|at| !failing.contains(at) && names.contains(&name(at)));
    #[expect(clippy::cast_precision_loss, reason = "a run has few checks")]
    let share = failing.len() as f64 / (failing.len() + held.count()).max(1) as f64;
    share
}
