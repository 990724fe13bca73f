//! From which part each case of a run is taken.

use std::collections::BTreeMap;

use super::super::model::{CheckReport, Report};
use crate::plan::plan_sha256;
use crate::verdict::Status;

/// Where a case of the plan is taken from.
#[derive(Debug)]
pub struct Place {
    /// Its id.
    pub case: String,
    /// The place of the part: of several, the one in which it went worst.
    pub part: usize,
    /// It is a prerequisite, which every part drives.
    pub is_shared: bool,
}

/// Every case in the order of the plan: prerequisites, which all parts have, then the others by
/// their ids. `None` where one is in some parts.
pub fn places(parts: &[&Report]) -> Option<Vec<Place>> {
    let mut having: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        for case in &part.cases {
            having.entry(&case.id).or_default().push(index);
        }
    }
    let in_all = |(_, having): &(&str, Vec<usize>)| having.len() == parts.len();
    let (shared, own): (BTreeMap<_, _>, BTreeMap<_, _>) = having.into_iter().partition(in_all);
    if own.values().any(|having| having.len() != 1) {
        return None;
    }
    let planned = parts[0].cases.iter().map(|case| case.id.as_str());
    let shared = planned.filter(|case| shared.contains_key(case));
    let shared = shared.map(|case| Place {
        case: case.to_owned(),
        part: worst(parts, case),
        is_shared: true,
    });
    let own = own.into_iter().map(|(case, having)| Place {
        case: case.to_owned(),
        part: having[0],
        is_shared: false,
    });
    Some(shared.chain(own).collect())
}

/// The part in which a case that all of them have went worst; of equals, the first.
fn worst(parts: &[&Report], case: &str) -> usize {
    let worst_in = |part: &usize| {
        let statuses = checks_in(parts[*part], case).map(|check| check.status);
        statuses.min().unwrap_or(Status::NotApplicable)
    };
    (0..parts.len()).min_by_key(worst_in).unwrap_or_default()
}

/// Whether the checks of these cases are those that the plan of the run names.
pub fn is_the_plan(parts: &[&Report], places: &[Place], of: usize) -> bool {
    let checks = places.iter().flat_map(|place| {
        let shard = parts[place.part].shard.as_ref();
        let index = shard.map(|shard| shard.index).filter(|_| !place.is_shared);
        let checks = place.checks(parts).into_iter();
        checks.map(move |check| (check.id, index))
    });
    let planned = parts[0].shard.as_ref();
    planned.is_some_and(|shard| shard.plan_sha256 == plan_sha256(of, checks))
}

impl Place {
    /// The checks of the case. Of a prerequisite each with its worst verdict: what was once seen to
    /// break is not undone by another part.
    pub fn checks(&self, parts: &[&Report]) -> Vec<CheckReport> {
        let part = parts[self.part];
        let mut checks: Vec<CheckReport> = checks_in(part, &self.case).cloned().collect();
        if !self.is_shared {
            return checks;
        }
        let case = part.case(&self.case);
        let evidence = case.and_then(|case| case.evidence.as_ref());
        for other in parts.iter().flat_map(|part| checks_in(part, &self.case)) {
            let is_worse = |own: &&mut CheckReport| {
                own.id == other.id && other.status.is_worse_than(own.status)
            };
            if let Some(own) = checks.iter_mut().find(is_worse) {
                *own = CheckReport {
                    evidence: evidence.cloned(),
                    ..other.clone()
                };
            }
        }
        checks
    }
}

fn checks_in<'r>(part: &'r Report, case: &str) -> impl Iterator<Item = &'r CheckReport> {
    part.checks.iter().filter(move |check| check.case == case)
}
