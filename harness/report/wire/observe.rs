use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fields::{Places, Walk};
use super::mask::Mask;
use super::total::{Total, total};
use crate::contract::Method;
use crate::evidence::{CaseRecord, Decision, Ended, Evidence, Request};
use crate::reading::{Called, Reading, SentEvent};
use crate::report::model::{
    Carried, CaseWire, Repeated, SeenShape, ShapeReport, StorageWire, WireReport,
};
use crate::scenario::Observed;
use crate::sdk::Profile;
use crate::verdict::CaseOutcome;

/// How many events of each form came with how many bytes.
type Forms = BTreeMap<ShapeReport, BTreeMap<usize, usize>>;

/// What the build was seen to do on the wire.
pub fn wire(outcomes: &[CaseOutcome], profile: &Profile) -> WireReport {
    let driven: Vec<(&CaseOutcome, Reading<'_>)> = outcomes
        .iter()
        .filter_map(|outcome| {
            let evidence = attempt(&outcome.record)?;
            Some((outcome, Reading::of(&outcome.case, evidence, profile)))
        })
        .collect();
    let seen = driven
        .iter()
        .map(|(outcome, reading)| case_wire(&outcome.case.id, reading))
        .collect();
    let readings: Vec<&Reading<'_>> = driven.iter().map(|(_, reading)| reading).collect();
    numbered(seen, storage(&readings), globals(&readings))
}

/// What the parts of one run saw, each case in the part that is named beside it.
pub fn together(cases: &[(&str, &WireReport)], parts: &[&WireReport]) -> WireReport {
    let of_case = |(id, wire): &(&str, &WireReport)| {
        let own = wire.cases.get(*id)?.clone();
        let form =
            |seen: &SeenShape| Some((wire.shapes.get(seen.shape)?.clone(), seen.bytes.clone()));
        let forms = own.events.iter().filter_map(form).collect();
        Some(((*id).to_owned(), own, forms))
    };
    let storage = parts.iter().find_map(|wire| wire.storage.clone());
    let globals = parts
        .iter()
        .filter_map(|wire| wire.globals.clone())
        .reduce(|one, other| one.union(&other).cloned().collect());
    numbered(cases.iter().filter_map(of_case).collect(), storage, globals)
}

fn numbered(
    seen: Vec<(String, CaseWire, Forms)>,
    storage: Option<StorageWire>,
    globals: Option<BTreeSet<String>>,
) -> WireReport {
    let shapes: BTreeSet<&ShapeReport> =
        seen.iter().flat_map(|(_, _, forms)| forms.keys()).collect();
    let shapes: Vec<ShapeReport> = shapes.into_iter().cloned().collect();
    let mut cases = BTreeMap::new();
    for (id, mut own, forms) in seen {
        let index = |form: &ShapeReport| shapes.binary_search(form).ok();
        own.events = forms
            .into_iter()
            .filter_map(|(form, bytes)| {
                Some(SeenShape {
                    shape: index(&form)?,
                    bytes,
                })
            })
            .collect();
        cases.insert(id, own);
    }
    let Total {
        events,
        other_requests,
        preflights,
    } = total(&shapes, cases.values());
    WireReport {
        events,
        other_requests,
        preflights,
        storage,
        globals,
        shapes,
        cases,
    }
}

/// The last attempt that came to its end and that the verdicts do not report, else the one they
/// report.
fn attempt(record: &CaseRecord) -> Option<&Evidence> {
    let mut whole: Vec<_> = record
        .attempts
        .iter()
        .enumerate()
        .filter(|(_, attempt)| attempt.ended == Ended::Whole)
        .collect();
    whole.sort_by_key(|(index, _)| Some(*index) != record.reported);
    whole.last().map(|(_, attempt)| &attempt.evidence)
}

fn case_wire(id: &str, reading: &Reading<'_>) -> (String, CaseWire, Forms) {
    let mask = Mask::new(reading);
    let (mut own, mut forms) = (CaseWire::default(), Forms::new());
    for request in &reading.evidence.requests {
        let name = format!("{} {}", request.method, mask.masked(request.endpoint()));
        if request.decision == Decision::Preflight {
            own.preflights.insert(name);
            continue;
        }
        // What the matrix calls is wrong on purpose, and shows nothing of the types of a field.
        if reading.scenario.matrix.is_none() {
            take_events(request, &name, &mask, reading, &mut forms);
        }
        match own.sequence.last_mut().filter(|last| last.request == name) {
            Some(last) => last.times += 1,
            None => own.sequence.push(Repeated {
                request: name,
                times: 1,
            }),
        }
    }
    let mut requests: BTreeMap<Method, BTreeSet<u64>> = BTreeMap::new();
    let was_recorded = |called: &&Called<'_>| !called.recorded.is_empty();
    for called in reading.called.iter().filter(was_recorded) {
        let method = called.event.method;
        own.carried
            .entry(method)
            .or_insert_with(Carried::default)
            .calls += 1;
        let own = reading
            .recorded(called)
            .map(|recorded| recorded.request.id.0);
        requests.entry(method).or_default().extend(own);
    }
    for (method, requests) in requests {
        own.carried.entry(method).or_default().requests = requests.len();
    }
    (id.to_owned(), own, forms)
}

/// Takes the events of one request in.
fn take_events(
    request: &Request,
    name: &str,
    mask: &Mask,
    reading: &Reading<'_>,
    forms: &mut Forms,
) {
    let wire = &reading.profile.wire;
    let Some(envelope) = wire.envelope(&request.method, &request.path, &request.body) else {
        return;
    };
    let media_type = request.content_type.as_ref().map(|header| {
        header
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    });
    let events: Vec<&SentEvent<'_>> = reading.ledger.brought_by(request.id).collect();
    let share = envelope.bytes / events.len().max(1);
    for event in events {
        let mut places = Places::default();
        let around = Walk {
            mask,
            opened: &envelope.opened,
            stop: envelope.batch.as_deref(),
        };
        places.take(&envelope.content, "", &around);
        if let Some(batch) = &envelope.batch {
            places.take(
                &event.body,
                &format!("{batch}/*"),
                &Walk {
                    stop: None,
                    ..around
                },
            );
        }
        let form = ShapeReport {
            event: event.method,
            request: name.to_owned(),
            content_type: media_type.clone(),
            fields: places.fields(),
        };
        *forms.entry(form).or_default().entry(share).or_default() += 1;
    }
}

fn storage(readings: &[&Reading<'_>]) -> Option<StorageWire> {
    let [local, session, cookies] = observed(readings, Observed::StoredNames)?.try_into().ok()?;
    Some(StorageWire {
        local,
        session,
        cookies,
    })
}

fn globals(readings: &[&Reading<'_>]) -> Option<BTreeSet<String>> {
    observed(readings, Observed::Globals)?.pop()
}

/// The names that were read, a set for each value that belongs to it; `None` where no case that
/// observes it came as far as to read them.
fn observed(readings: &[&Reading<'_>], what: Observed) -> Option<Vec<BTreeSet<String>>> {
    let reads = what.reads();
    let of_it: Vec<&&Reading<'_>> = readings
        .iter()
        .filter(|reading| {
            let is_read = |name: &&str| reading.evidence.reads.contains_key(*name);
            reading.scenario.observes.contains(&what) && reads.iter().any(is_read)
        })
        .collect();
    let names = |read: &&str| {
        of_it
            .iter()
            .flat_map(|reading| names(reading, read))
            .collect()
    };
    (!of_it.is_empty()).then(|| reads.iter().map(names).collect())
}

fn names(reading: &Reading<'_>, read: &str) -> Vec<String> {
    let mask = Mask::new(reading);
    let names = reading
        .evidence
        .reads
        .get(read)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    names.map(|name| mask.masked(name)).collect()
}
