//! The parts of a run, put together.

use std::collections::{BTreeMap, BTreeSet};

use toml::value::Datetime;

use super::super::build::{proved_by, tenths, totals};
use super::super::model::{
    CaseReport, CheckReport, HostReport, KnownFailureReport, Report, SdkReport, WireReport,
};
use super::super::stored::Stored;
use super::super::wire::together;
use super::parts::{MergeError, RunPart, checked};
use crate::evidence::Asker;
use crate::plan::plan_sha256;
use crate::verdict::Status;
use crate::verdict::known::{Counts, EntryState, Standing};

/// Puts the parts of one run together: what a run that was not cut would have reported, but for
/// times.
///
/// # Errors
/// If they are not the parts of one run, each once.
pub fn merge(mut parts: Vec<RunPart>) -> Result<Stored, MergeError> {
    let of = checked(&parts)?;
    parts.sort_by_key(|part| part.stored.report.shard.as_ref().map(|shard| shard.index));
    let places = places(&parts)
        .filter(|places| is_the_plan(&parts, places, of))
        .ok_or(MergeError::NotThePlan)?;
    let checks: Vec<CheckReport> = places
        .iter()
        .flat_map(|place| checks_of(&parts, place))
        .collect();
    let cases: Vec<CaseReport> = places
        .iter()
        .filter_map(|place| case_of(&parts, place).cloned())
        .collect();
    let reports: Vec<&Report> = parts.iter().map(|part| &part.stored.report).collect();
    let first = reports[0];
    let wires: Vec<&WireReport> = reports
        .iter()
        .filter_map(|report| report.wire.as_ref())
        .collect();
    let seen: Vec<(&str, &WireReport)> = places
        .iter()
        .filter_map(|place| Some((place.case.as_str(), reports[place.part].wire.as_ref()?)))
        .collect();
    let wire = (!wires.is_empty()).then(|| together(&seen, &wires));
    let report = Report {
        shard: None,
        wire,
        sdk: SdkReport {
            fetched: reports.iter().any(|report| report.sdk.fetched),
            ..first.sdk.clone()
        },
        environment: reports.iter().find_map(|report| report.environment.clone()),
        began: reports
            .iter()
            .map(|report| &report.began)
            .min()
            .cloned()
            .unwrap_or_default(),
        interrupted: reports.iter().any(|report| report.interrupted),
        bug: reports.iter().any(|report| report.bug),
        duration_ms: tenths(reports.iter().map(|report| report.duration_ms).sum()),
        totals: totals(&checks),
        known_failures: known_failures(&reports, &checks),
        hosts: hosts(&reports),
        requirements: first
            .requirements
            .iter()
            .map(|requirement| proved_by(requirement.clone(), &checks))
            .collect(),
        cases,
        checks,
        ..first.clone()
    };
    let (mut records, mut screenshots) = (BTreeMap::new(), BTreeMap::new());
    for Place { case, part, .. } in &places {
        let stored = &mut parts[*part].stored;
        let own = report.cases.iter().find(|own| own.id == *case);
        let (evidence, screenshot) = own
            .map(|own| (own.evidence.as_ref(), own.screenshot.as_ref()))
            .unwrap_or_default();
        records.extend(evidence.and_then(|path| stored.records.remove_entry(path)));
        screenshots.extend(screenshot.and_then(|path| stored.screenshots.remove_entry(path)));
    }
    Ok(Stored {
        report,
        records,
        screenshots,
        comparison: None,
    })
}

/// Where a case of the plan is taken from.
#[derive(Debug)]
struct Place {
    case: String,
    /// The place of the part: of several, the one in which it went worst.
    part: usize,
    /// It is a prerequisite, which every part drives.
    is_shared: bool,
}

/// Every case in the order of the plan: prerequisites, which all parts have, then the others by
/// their ids. `None` where one is in some parts.
fn places(parts: &[RunPart]) -> Option<Vec<Place>> {
    let mut having: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        part.stored
            .report
            .cases
            .iter()
            .for_each(|case| having.entry(&case.id).or_default().push(index));
    }
    if having
        .values()
        .any(|own| own.len() != 1 && own.len() != parts.len())
    {
        return None;
    }
    let shared = parts[0]
        .stored
        .report
        .cases
        .iter()
        .map(|case| case.id.as_str())
        .filter(|case| having[case].len() == parts.len());
    let shared: Vec<Place> = shared
        .map(|case| Place {
            case: case.to_owned(),
            part: worst(parts, case),
            is_shared: true,
        })
        .collect();
    let own = having.iter().filter(|(_, own)| own.len() < parts.len());
    Some(
        shared
            .into_iter()
            .chain(own.map(|(case, own)| Place {
                case: (*case).to_owned(),
                part: own[0],
                is_shared: false,
            }))
            .collect(),
    )
}

/// The part in which a case that all of them have went worst; of equals, the first.
fn worst(parts: &[RunPart], case: &str) -> usize {
    let worst_in = |part: &RunPart| {
        part.stored
            .report
            .checks
            .iter()
            .filter(|check| check.case == case)
            .map(|check| check.status)
            .min()
    };
    (0..parts.len())
        .min_by_key(|index| worst_in(&parts[*index]).unwrap_or(Status::NotApplicable))
        .unwrap_or_default()
}

fn is_the_plan(parts: &[RunPart], places: &[Place], of: usize) -> bool {
    let part_of = |place: &Place| {
        parts[place.part]
            .stored
            .report
            .shard
            .as_ref()
            .map(|shard| shard.index)
            .filter(|_| !place.is_shared)
    };
    let checks = places.iter().flat_map(|place| {
        checks_of(parts, place)
            .into_iter()
            .map(move |check| (check.id, part_of(place)))
    });
    let planned = parts[0]
        .stored
        .report
        .shard
        .as_ref()
        .map(|shard| &shard.plan_sha256);
    planned == Some(&plan_sha256(of, checks))
}

fn case_of<'p>(parts: &'p [RunPart], place: &Place) -> Option<&'p CaseReport> {
    parts[place.part]
        .stored
        .report
        .cases
        .iter()
        .find(|case| case.id == place.case)
}

/// The checks of a case. Of a prerequisite each with its worst verdict: what was once seen to break
/// is not undone by another part.
fn checks_of(parts: &[RunPart], place: &Place) -> Vec<CheckReport> {
    let of_case = |part: &RunPart| {
        part.stored
            .report
            .checks
            .iter()
            .filter(|check| check.case == place.case)
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut checks = of_case(&parts[place.part]);
    if place.is_shared {
        for other in parts.iter().flat_map(of_case) {
            if let Some(own) = checks
                .iter_mut()
                .find(|own| own.id == other.id && other.status.is_worse_than(own.status))
            {
                *own = CheckReport {
                    evidence: case_of(parts, place).and_then(|case| case.evidence.clone()),
                    ..other
                };
            }
        }
    }
    checks
}

/// What became of each known failure, now that all its checks are there.
fn known_failures(reports: &[&Report], checks: &[CheckReport]) -> Vec<KnownFailureReport> {
    let merged = |(index, first): (usize, &KnownFailureReport)| {
        let of_parts: Vec<&KnownFailureReport> = reports
            .iter()
            .filter_map(|report| report.known_failures.get(index))
            .collect();
        let own: Vec<&CheckReport> = checks
            .iter()
            .filter(|check| {
                of_parts
                    .iter()
                    .any(|entry| entry.checks.contains(&check.id))
            })
            .collect();
        let not_selected = (first.checks.len() + first.not_selected).saturating_sub(own.len());
        let verdicts: Vec<Status> = own.iter().map(|check| check.status).collect();
        let (state, message) =
            Counts::of(&verdicts, not_selected).state(standing(&of_parts), first.flaky);
        KnownFailureReport {
            state,
            message,
            checks: own.iter().map(|check| check.id.clone()).collect(),
            not_selected,
            ..first.clone()
        }
    };
    reports[0]
        .known_failures
        .iter()
        .enumerate()
        .map(merged)
        .collect()
}

/// Whether an entry says anything about the run, by what its parts made of it.
fn standing(of_parts: &[&KnownFailureReport]) -> Standing {
    let expired = of_parts
        .iter()
        .find(|entry| entry.state == EntryState::Expired)
        .and_then(|entry| entry.expires.as_ref()?.parse::<Datetime>().ok()?.date);
    // A part without a browser cannot say that an entry is about this one.
    let is_elsewhere = of_parts
        .iter()
        .all(|entry| entry.state == EntryState::NotApplicable);
    match (expired, of_parts.first()) {
        (Some(day), _) => Standing::Expired(day),
        (None, Some(entry)) if is_elsewhere => {
            Standing::Elsewhere(entry.message.clone().unwrap_or_default())
        }
        (None, _) => Standing::InForce,
    }
}

/// The hosts of all parts, each once for whoever asked.
fn hosts(reports: &[&Report]) -> Vec<HostReport> {
    let mut merged: BTreeMap<(Asker, String), HostReport> = BTreeMap::new();
    for host in reports.iter().flat_map(|report| &report.hosts) {
        let Some(seen) = merged.get_mut(&(host.asked_by, host.host.clone())) else {
            merged.insert((host.asked_by, host.host.clone()), host.clone());
            continue;
        };
        seen.ours |= host.ours;
        seen.requests += host.requests;
        seen.cases = seen
            .cases
            .iter()
            .chain(&host.cases)
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        seen.example = seen.example.take().or_else(|| host.example.clone());
    }
    // A spare connection is the page's doing where a page of any part asked for that host.
    let of_pages: BTreeSet<String> = merged
        .keys()
        .filter(|(asker, _)| *asker == Asker::Page)
        .map(|(_, host)| host.clone())
        .collect();
    merged.retain(|(asker, host), seen| {
        *asker == Asker::Page || seen.example.is_some() || !of_pages.contains(host)
    });
    merged.into_values().collect()
}
