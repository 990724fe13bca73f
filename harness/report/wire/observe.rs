use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fields::{Places, Walk};
use super::mask::Mask;
use super::total::total;
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
    let (mut seen, mut readings) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        if let Some(evidence) = attempt(&outcome.record) {
            let reading = Reading::of(&outcome.case, evidence, profile);
            seen.push(case_wire(&outcome.case.id, &reading));
            readings.push(reading);
        }
    }
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
    let shapes: BTreeSet<_> = seen.iter().flat_map(|(_, _, forms)| forms.keys()).collect();
    let shapes: Vec<ShapeReport> = shapes.into_iter().cloned().collect();
    let seen_shape = |(form, bytes)| {
        let shape = shapes.binary_search(&form).ok()?;
        Some(SeenShape { shape, bytes })
    };
    let cases = seen.into_iter().map(|(id, own, forms)| {
        let events = forms.into_iter().filter_map(seen_shape).collect();
        (id, CaseWire { events, ..own })
    });
    let cases: BTreeMap<String, CaseWire> = cases.collect();
    let total = total(&shapes, cases.values());
    WireReport {
        storage,
        globals,
        shapes,
        cases,
        ..total
    }
}

/// The last attempt that came to its end and that the verdicts do not report, else the one they
/// report.
fn attempt(record: &CaseRecord) -> Option<&Evidence> {
    let attempts = record.attempts.iter().enumerate();
    let whole = attempts.filter(|(_, attempt)| attempt.ended == Ended::Whole);
    let last = whole.max_by_key(|(index, _)| Some(*index) != record.reported);
    last.map(|(_, attempt)| &attempt.evidence)
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
    own.carried = carried(reading);
    (id.to_owned(), own, forms)
}

/// The recorded calls of each kind of event, and the requests that brought them.
fn carried(reading: &Reading<'_>) -> BTreeMap<Method, Carried> {
    let mut carried: BTreeMap<Method, (usize, BTreeSet<u64>)> = BTreeMap::new();
    let was_recorded = |called: &&Called<'_>| !called.recorded.is_empty();
    for called in reading.called.iter().filter(was_recorded) {
        let (calls, requests) = carried.entry(called.event.method).or_default();
        *calls += 1;
        requests.extend(reading.recorded(called).map(|sent| sent.request.id.0));
    }
    let counted = carried.into_iter().map(|(method, (calls, requests))| {
        let requests = requests.len();
        (method, Carried { calls, requests })
    });
    counted.collect()
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
        let (media_type, _) = header.split_once(';').unwrap_or((header, ""));
        media_type.trim().to_ascii_lowercase()
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
            let stop = None;
            places.take(&event.body, &format!("{batch}/*"), &Walk { stop, ..around });
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

fn storage(readings: &[Reading<'_>]) -> Option<StorageWire> {
    let [local, session, cookies] = observed(readings, Observed::StoredNames)?.try_into().ok()?;
    Some(StorageWire {
        local,
        session,
        cookies,
    })
}

fn globals(readings: &[Reading<'_>]) -> Option<BTreeSet<String>> {
    observed(readings, Observed::Globals)?.pop()
}

/// The names that were read, a set for each value that belongs to it; `None` where no case that
/// observes it came as far as to read them.
fn observed(readings: &[Reading<'_>], what: Observed) -> Option<Vec<BTreeSet<String>>> {
    let reads = what.reads();
    let observes_it = |reading: &&Reading<'_>| {
        let is_read = |name: &&str| reading.evidence.reads.contains_key(*name);
        reading.scenario.observes.contains(&what) && reads.iter().any(is_read)
    };
    let of_it: Vec<&Reading<'_>> = readings.iter().filter(observes_it).collect();
    let names = |read: &&str| {
        let names = of_it.iter().flat_map(|reading| names(reading, read));
        names.collect()
    };
    (!of_it.is_empty()).then(|| reads.iter().map(names).collect())
}

fn names(reading: &Reading<'_>, read: &str) -> Vec<String> {
    let mask = Mask::new(reading);
    let names = reading.evidence.reads.get(read).and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(|name| mask.masked(name)).collect()
}
