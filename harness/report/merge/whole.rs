//! The parts of a run, put together.

use std::collections::BTreeMap;

use super::super::build::{proved_by, tenths, totals};
use super::super::model::{
    CaseReport, CheckReport, EnvironmentReport, ReadyReport, Report, SdkReport, WireReport,
};
use super::super::stored::Stored;
use super::super::wire::together;
use super::causes::causes;
use super::hosts::hosts;
use super::known::known_failures;
use super::parts::{MergeError, RunPart, checked};
use super::places::{Place, is_the_plan, places};

/// Puts the parts of one run together: what a run that was not cut would have reported, but for
/// times.
///
/// # Errors
/// If they are not the parts of one run, each once.
pub fn merge(mut parts: Vec<RunPart>) -> Result<Stored, MergeError> {
    let of = checked(&parts)?;
    parts.sort_by_key(|part| part.stored.report.shard.as_ref().map(|shard| shard.index));
    let reports: Vec<&Report> = parts.iter().map(|part| &part.stored.report).collect();
    let places = places(&reports)
        .filter(|places| is_the_plan(&reports, places, of))
        .ok_or(MergeError::NotThePlan)?;
    let report = report(&reports, &places);
    let (mut records, mut screenshots) = (BTreeMap::new(), BTreeMap::new());
    for place in &places {
        let stored = &mut parts[place.part].stored;
        let case = report.case(&place.case);
        if let Some(path) = case.and_then(|case| case.evidence.as_ref()) {
            records.extend(stored.records.remove_entry(path));
        }
        if let Some(path) = case.and_then(|case| case.screenshot.as_ref()) {
            screenshots.extend(stored.screenshots.remove_entry(path));
        }
    }
    Ok(Stored {
        report,
        records,
        screenshots,
        comparison: None,
    })
}

fn report(parts: &[&Report], places: &[Place]) -> Report {
    let first = parts[0];
    let checks = places.iter().flat_map(|place| place.checks(parts));
    let checks: Vec<CheckReport> = checks.collect();
    let cases = places.iter();
    let cases = cases.filter_map(|place| parts[place.part].case(&place.case).cloned());
    let cases: Vec<CaseReport> = cases.collect();
    let began = parts.iter().map(|part| &part.began).min();
    let requirements = first.requirements.iter().cloned();
    Report {
        shard: None,
        wire: wire(parts, places),
        sdk: SdkReport {
            fetched: parts.iter().any(|part| part.sdk.fetched),
            ..first.sdk.clone()
        },
        environment: environment(parts),
        began: began.cloned().unwrap_or_default(),
        interrupted: parts.iter().any(|part| part.interrupted),
        bug: parts.iter().any(|part| part.bug),
        duration_ms: tenths(parts.iter().map(|part| part.duration_ms).sum()),
        totals: totals(&checks),
        known_failures: known_failures(parts, &checks),
        hosts: hosts(parts),
        causes: causes(parts, &checks),
        requirements: requirements.map(|own| proved_by(own, &checks)).collect(),
        ready: ReadyReport::of(&cases),
        cases,
        checks,
        ..first.clone()
    }
}

/// What the parts saw on the wire; `None` where none of them looked.
fn wire<'p>(parts: &[&'p Report], places: &'p [Place]) -> Option<WireReport> {
    let wires: Vec<&WireReport> = parts.iter().filter_map(|part| part.wire.as_ref()).collect();
    let case = |place: &'p Place| Some((place.case.as_str(), parts[place.part].wire.as_ref()?));
    let cases: Vec<(&str, &WireReport)> = places.iter().filter_map(case).collect();
    (!wires.is_empty()).then(|| together(&cases, &wires))
}

/// The browser of all parts, with the second one where a part needed it.
fn environment(parts: &[&Report]) -> Option<EnvironmentReport> {
    let own = parts.iter().filter_map(|part| part.environment.as_ref());
    let also = own.clone().find_map(|own| own.also.clone());
    let first = own.clone().next()?.clone();
    Some(EnvironmentReport { also, ..first })
}
