//! The causes of what fails, over all parts of a run.

use std::collections::BTreeMap;

use super::super::model::{CauseReport, CheckReport, Report};

/// The causes of the parts, each once, with all its cases and checks in the order of the plan. What
/// differs between the parts is that of the part which saw it in most checks.
///
/// A circumstance that only one part shows can make two causes of one.
pub fn causes(parts: &[&Report], checks: &[CheckReport]) -> Vec<CauseReport> {
    let mut by_id: BTreeMap<&str, Vec<&CauseReport>> = BTreeMap::new();
    for cause in parts.iter().flat_map(|part| &part.causes) {
        by_id.entry(&cause.id.0).or_default().push(cause);
    }
    let merged = by_id.into_values().filter_map(|same| merged(&same, checks));
    let mut causes: Vec<CauseReport> = merged.collect();
    causes.sort_by_key(CauseReport::importance);
    causes
}

fn merged(same: &[&CauseReport], checks: &[CheckReport]) -> Option<CauseReport> {
    // Of equals the first: the order of the parts must not matter more than that.
    let widest = same.iter().rev().max_by_key(|cause| cause.checks.len())?;
    let of_cause = |check: &&CheckReport| same.iter().any(|own| own.checks.contains(&check.id));
    let own: Vec<&CheckReport> = checks.iter().filter(of_cause).collect();
    let mut cases: Vec<String> = own.iter().map(|check| check.case.clone()).collect();
    cases.dedup();
    let mut breaks = widest.breaks.clone();
    let others = same.iter().flat_map(|cause| &cause.breaks);
    for id in others {
        if !breaks.contains(id) {
            breaks.push(id.clone());
        }
    }
    let mut hides: Vec<_> = same.iter().flat_map(|cause| cause.hides.clone()).collect();
    hides.sort();
    hides.dedup();
    hides.retain(|id| !breaks.contains(id));
    Some(CauseReport {
        status: same.iter().map(|cause| cause.status).min()?,
        level: same.iter().map(|cause| cause.level).max()?,
        breaks,
        hides,
        cases,
        checks: own.iter().map(|check| check.id.clone()).collect(),
        ..(*widest).clone()
    })
}
