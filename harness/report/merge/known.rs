//! What became of the known failures, over all parts of a run.

use toml::value::Datetime;

use super::super::model::{CheckReport, KnownFailureReport, Report};
use crate::verdict::Status;
use crate::verdict::known::{Counts, EntryState, Standing};

/// What became of each known failure, now that all its checks are there.
pub fn known_failures(reports: &[&Report], checks: &[CheckReport]) -> Vec<KnownFailureReport> {
    let entries = reports[0].known_failures.iter().enumerate();
    let merged = |(index, first): (usize, &KnownFailureReport)| {
        let lists = reports.iter().map(|report| &report.known_failures);
        let of_parts: Vec<&KnownFailureReport> = lists.filter_map(|list| list.get(index)).collect();
        let is_own = |check: &&CheckReport| {
            let mut entries = of_parts.iter();
            entries.any(|entry| entry.checks.contains(&check.id))
        };
        let own: Vec<&CheckReport> = checks.iter().filter(is_own).collect();
        let not_selected = (first.checks.len() + first.not_selected).saturating_sub(own.len());
        let verdicts: Vec<Status> = own.iter().map(|check| check.status).collect();
        let counts = Counts::of(&verdicts, not_selected);
        let (state, message) = counts.state(standing(&of_parts), first.flaky);
        KnownFailureReport {
            state,
            message,
            checks: own.iter().map(|check| check.id.clone()).collect(),
            not_selected,
            ..first.clone()
        }
    };
    entries.map(merged).collect()
}

/// Whether an entry says anything about the run, by what its parts made of it.
fn standing(of_parts: &[&KnownFailureReport]) -> Standing {
    let mut entries = of_parts.iter();
    let expired = entries.find(|entry| entry.state == EntryState::Expired);
    let expired = expired.and_then(|entry| entry.expires.as_ref()?.parse::<Datetime>().ok()?.date);
    // A part without a browser cannot say that an entry is about this one.
    let is_not_applicable = |entry: &&KnownFailureReport| entry.state == EntryState::NotApplicable;
    let is_elsewhere = of_parts.iter().all(is_not_applicable);
    match (expired, of_parts.first()) {
        (Some(day), _) => Standing::Expired(day),
        (None, Some(entry)) if is_elsewhere => {
            Standing::Elsewhere(entry.message.clone().unwrap_or_default())
        }
        (None, _) => Standing::InForce,
    }
}
