use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fields::{Places, Walk};
use super::mask::Mask;
use super::total::{Total, total};
use crate::contract::Method;
use crate::evidence::{CaseRecord, Decision, Ended, Evidence, Request};
use crate::plan::Case;
use crate::reading::Ledger;
use crate::report::events::called;
use crate::report::model::{
    Carried, CaseWire, Repeated, SeenShape, ShapeReport, StorageWire, WireReport,
};
use crate::sdk::Profile;
use crate::verdict::CaseOutcome;

/// The scenario that reads under which names things are stored, as `local`, `session` and
/// `cookies`.
const STORED: &str = "open/what-is-stored";

/// The scenario that reads which globals were added, as `others`.
const GLOBALS: &str = "guest/adds-only-its-own-globals";

/// How many events of each form came with how many bytes.
type Forms = BTreeMap<ShapeReport, BTreeMap<usize, usize>>;

/// What the build was seen to do on the wire.
pub fn wire(outcomes: &[CaseOutcome], profile: &Profile) -> WireReport {
    let driven: Vec<(&Case, &Evidence)> = outcomes
        .iter()
        .filter_map(|outcome| Some((&*outcome.case, attempt(&outcome.record)?)))
        .collect();
    let seen = driven
        .iter()
        .map(|(case, evidence)| case_wire(case, evidence, profile))
        .collect();
    numbered(seen, storage(&driven), globals(&driven))
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
        let place = |form: &ShapeReport| shapes.binary_search(form).ok();
        own.events = forms
            .into_iter()
            .filter_map(|(form, bytes)| {
                Some(SeenShape {
                    shape: place(&form)?,
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

/// The last attempt that came to its end and that the verdicts do not tell of, else the one they
/// tell of.
fn attempt(record: &CaseRecord) -> Option<&Evidence> {
    let mut whole: Vec<_> = record
        .attempts
        .iter()
        .enumerate()
        .filter(|(_, attempt)| attempt.ended == Ended::Whole)
        .collect();
    whole.sort_by_key(|(place, _)| Some(*place) != record.told);
    whole.last().map(|(_, attempt)| &attempt.evidence)
}

fn case_wire(case: &Case, evidence: &Evidence, profile: &Profile) -> (String, CaseWire, Forms) {
    let called = called(case, evidence);
    let mask = Mask::new(&called, evidence);
    let (mut own, mut forms) = (CaseWire::default(), Forms::new());
    for request in &evidence.requests {
        let name = format!("{} {}", request.method, mask.masked(request.endpoint()));
        if request.decision == Decision::Preflight {
            own.preflights.insert(name);
            continue;
        }
        // What the matrix calls is wrong on purpose, and tells nothing of the types of a field.
        if case.scenario.matrix.is_none() {
            events(request, &name, &mask, profile, &mut forms);
        }
        match own.sequence.last_mut().filter(|last| last.request == name) {
            Some(last) => last.times += 1,
            None => own.sequence.push(Repeated {
                request: name,
                times: 1,
            }),
        }
    }
    let ledger = Ledger::new(&evidence.requests, profile);
    let found = ledger.match_calls(&called).found;
    let mut requests: BTreeMap<Method, BTreeSet<u64>> = BTreeMap::new();
    for (event, places) in called
        .iter()
        .zip(found)
        .filter(|(_, places)| !places.is_empty())
    {
        own.carried
            .entry(event.method)
            .or_insert_with(Carried::default)
            .calls += 1;
        requests.entry(event.method).or_default().extend(
            places
                .iter()
                .map(|place| ledger.recorded[*place].request.id.0),
        );
    }
    for (method, requests) in requests {
        own.carried.entry(method).or_default().requests = requests.len();
    }
    (case.id.clone(), own, forms)
}

/// Takes the events of one request in.
fn events(request: &Request, name: &str, mask: &Mask, profile: &Profile, forms: &mut Forms) {
    let Request {
        method,
        path,
        body,
        content_type,
        ..
    } = request;
    let Some(envelope) = profile.wire.envelope(method, path, body) else {
        return;
    };
    let media_type = content_type.as_ref().map(|header| {
        header
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    });
    let records = profile.wire.read(method, path, body);
    let share = envelope.bytes / records.len().max(1);
    for record in records {
        let mut places = Places::default();
        let around = Walk {
            mask,
            opened: &envelope.opened,
            stop: envelope.batch.as_deref(),
        };
        places.take(&envelope.content, "", &around);
        if let Some(batch) = &envelope.batch {
            places.take(
                &record.body,
                &format!("{batch}/*"),
                &Walk {
                    stop: None,
                    ..around
                },
            );
        }
        let form = ShapeReport {
            event: record.method,
            request: name.to_owned(),
            content_type: media_type.clone(),
            fields: places.fields(),
        };
        *forms.entry(form).or_default().entry(share).or_default() += 1;
    }
}

fn storage(driven: &[(&Case, &Evidence)]) -> Option<StorageWire> {
    let looked = of_scenario(driven, STORED, "local");
    let all = |name: &str| names(&looked, name);
    (!looked.is_empty()).then(|| StorageWire {
        local: all("local"),
        session: all("session"),
        cookies: all("cookies"),
    })
}

fn globals(driven: &[(&Case, &Evidence)]) -> Option<BTreeSet<String>> {
    let looked = of_scenario(driven, GLOBALS, "others");
    (!looked.is_empty()).then(|| names(&looked, "others"))
}

/// The cases of a scenario that came as far as to read this value.
fn of_scenario<'a>(
    driven: &[(&'a Case, &'a Evidence)],
    scenario: &str,
    read: &str,
) -> Vec<(&'a Case, &'a Evidence)> {
    driven
        .iter()
        .filter(|(case, evidence)| {
            case.scenario.id == scenario && evidence.reads.contains_key(read)
        })
        .copied()
        .collect()
}

fn names(looked: &[(&Case, &Evidence)], read: &str) -> BTreeSet<String> {
    let of_case = |(case, evidence): &(&Case, &Evidence)| {
        let mask = Mask::new(&called(case, evidence), evidence);
        let names = evidence
            .reads
            .get(read)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        names.map(|name| mask.masked(name)).collect::<Vec<_>>()
    };
    looked.iter().flat_map(of_case).collect()
}
