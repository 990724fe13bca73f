//! All in which something could have gone wrong in the same way, whether it did or not.

use std::collections::BTreeSet;

use super::circumstance::{CallSite, call_sites, of_a_click};
use super::feature::{Feature, Occurrence};
use super::symptom::{JudgedCase, Novelty, Signature, is_failure};
use crate::contract::{Event, Question, RowCheckName};
use crate::judge::Defect;
use crate::plan::Case;
use crate::reading::{Called, Fault, Role};

/// The events, or the flawed calls, that this signature could concern, for failures of this
/// novelty; empty where it is about none.
pub fn of(signature: &Signature, novelty: Novelty, seats: &[JudgedCase<'_>]) -> Vec<Occurrence> {
    let cases = seats.iter().enumerate();
    let cases = cases.filter(|(_, seat)| seat.counts_for(novelty));
    match signature {
        Signature::Defect(Defect::Event(fault)) => cases
            .flat_map(|(case, seat)| events(case, seat, *fault))
            .collect(),
        Signature::Row(name) => cases
            .flat_map(|(case, seat)| rows(case, seat, *name, novelty))
            .collect(),
        Signature::Machine(_)
        | Signature::Hung
        | Signature::Exception(_)
        | Signature::Console(_)
        | Signature::Field(..)
        | Signature::Silent
        | Signature::Defect(_)
        | Signature::Nothing(_) => Vec::new(),
    }
}

fn events(case: usize, seat: &JudgedCase<'_>, fault: Fault) -> Vec<Occurrence> {
    let Some(reading) = &seat.reading else {
        return Vec::new();
    };
    let sites = call_sites(&seat.outcome.case);
    // Whether an open event is recorded, and how often, is up to the SDK: only a wrong one counts.
    let could = |called: &&Called<'_>| match (fault, called.role) {
        (Fault::Lost | Fault::Duplicated, Role::Expected) | (Fault::Forbidden, Role::Forbidden) => {
            true
        }
        (Fault::Duplicated, Role::Open) => called.fault() == Some(fault),
        (Fault::Lost | Fault::Forbidden, Role::Open)
        | (Fault::Lost | Fault::Duplicated, Role::Forbidden)
        | (Fault::Forbidden, Role::Expected) => false,
    };
    let called = reading.called.iter().filter(could);
    let occurrence = |called: &Called<'_>| Occurrence {
        case,
        row: None,
        method: called.event.method,
        features: features_of(fault, &seat.outcome.case, &sites, called.event),
        is_wrong: called.fault() == Some(fault),
    };
    called.map(occurrence).collect()
}

/// What is special about an event that is wrong in this way; `sites` are the calls of its case.
pub fn features_of(
    fault: Fault,
    case: &Case,
    sites: &[CallSite<'_>],
    event: &Event,
) -> BTreeSet<Feature> {
    let mut own = sites.iter().filter(|site| site.event == event);
    let site = match fault {
        // Each call of what is lost was lost.
        Fault::Lost => {
            let all = own.map(|site| site.features.clone());
            return all
                .reduce(|all, next| &all & &next)
                .unwrap_or_else(|| of_a_click(case, event));
        }
        // What is recorded again was called again, where it was.
        Fault::Duplicated => own.next_back(),
        Fault::Forbidden => own.next(),
    };
    site.map_or_else(|| of_a_click(case, event), |site| site.features.clone())
}

fn rows(
    case: usize,
    seat: &JudgedCase<'_>,
    asked: RowCheckName,
    novelty: Novelty,
) -> Vec<Occurrence> {
    let Some(matrix) = &seat.outcome.case.scenario.matrix else {
        return Vec::new();
    };
    let seen = seat.outcome.seen.iter();
    let seen = seen.filter(|seen| !is_failure(seen) || Novelty::of(seen) == novelty);
    let of_rows = seen.filter_map(|seen| match seen.check.question {
        Question::OfRow(name, row) if name == asked => Some((seen, row, matrix.rows.get(row)?)),
        Question::OfRow(..) | Question::OfCase(_) => None,
    });
    let occurrence = |(seen, index, row): (_, usize, &crate::scenario::Row)| {
        let features = [
            Feature::new(1, format!("in `{}`", row.location)),
            Feature::new(2, format!("with the flaw `{}`", row.flaw)),
        ];
        Occurrence {
            case,
            row: Some(index),
            method: matrix.method,
            features: features.into(),
            is_wrong: is_failure(seen),
        }
    };
    of_rows.map(occurrence).collect()
}
