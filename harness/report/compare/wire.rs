//! The wire of both sides. Each change is classed by what it does to whoever reads the wire today:
//! a backend, a shop's policy, a browser's storage that an earlier release has filled.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::fields;
use super::model::{WireChangeKind as Kind, WireComparison};
use super::side::{Side, State};
use super::summary::{EventSummary, WireSummary, ratio};
use super::wire_changes::Changes;
use crate::contract::Method;
use crate::report::model::{CaseWire, Repeated};

/// Compares the wire over the cases that both sides have driven.
pub fn wire(old: &Side, new: &Side) -> WireComparison {
    let mut found = WireComparison::default();
    let Some(common) = common(old, new, &mut found.not_compared) else {
        return found;
    };
    let (Some(before), Some(now)) = (summary(old, &common), summary(new, &common)) else {
        return found;
    };
    found.cases = common.len();
    let mut changes = Changes::default();
    for method in Method::ALL {
        let (event, name) = (Some(method), method.name());
        match (before.events.get(&method), now.events.get(&method)) {
            (None, None) => {}
            (Some(_), None) => changes.say(Kind::EventGone, event, name, Some("sent"), None),
            (None, Some(_)) => changes.say(Kind::EventAdded, event, name, None, Some("sent")),
            (Some(before), Some(now)) => compare_events(method, before, now, &mut changes),
        }
    }
    names(&before, &now, &mut changes);
    storage(&before, &now, &mut found.not_compared, &mut changes);
    let batched: BTreeSet<&str> = [&before, &now].into_iter().flat_map(batched).collect();
    cases(old, new, &common, &batched, &mut changes);
    found.changes = changes.0;
    found.changes.sort_by(|a, b| {
        (a.class, a.event, a.kind, &a.subject).cmp(&(b.class, b.event, b.kind, &b.subject))
    });
    found
}

fn names(before: &WireSummary, now: &WireSummary, changes: &mut Changes) {
    let preflights = (&before.preflights, &now.preflights);
    let requests = (&before.other_requests, &now.other_requests);
    let hosts = (&before.hosts, &now.hosts);
    let request_kinds = (Kind::OtherRequestAdded, Kind::OtherRequestRemoved);
    changes.names(
        None,
        preflights,
        (Kind::PreflightAdded, Kind::PreflightRemoved),
    );
    changes.names(None, requests, request_kinds);
    changes.names(None, hosts, (Kind::HostAdded, Kind::HostRemoved));
}

/// The names of what is stored and of globals, which only some cases look at.
fn storage(
    before: &WireSummary,
    now: &WireSummary,
    not_compared: &mut Vec<String>,
    changes: &mut Changes,
) {
    match (&before.storage, &now.storage) {
        (Some(before), Some(now)) => {
            let keys = (&before.keys(), &now.keys());
            let cookies = (&before.cookies, &now.cookies);
            changes.names(None, keys, (Kind::StorageAdded, Kind::StorageRemoved));
            changes.names(None, cookies, (Kind::CookieAdded, Kind::CookieRemoved));
        }
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => not_compared.push(
            "names of what is stored: one side did not look (the scenario open/what-is-stored)"
                .to_owned(),
        ),
    }
    match (&before.globals, &now.globals) {
        (Some(before), Some(now)) => {
            changes.names(
                None,
                (before, now),
                (Kind::GlobalAdded, Kind::GlobalRemoved),
            );
        }
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => not_compared.push(
            "globals: one side did not look (the scenario guest/adds-only-its-own-globals)"
                .to_owned(),
        ),
    }
}

/// The cases over which the wire can be compared; where it cannot be, why.
fn common<'s>(
    old: &'s Side,
    new: &'s Side,
    not_compared: &mut Vec<String>,
) -> Option<BTreeSet<&'s str>> {
    for (side, whose) in [(old, "old"), (new, "new")] {
        if side.wire.is_none() {
            not_compared.push(format!(
                "the wire: the {whose} side does not describe it; a report of an older \
                 version has none"
            ));
            return None;
        }
    }
    let driven = new.driven()?;
    match old.driven() {
        Some(before) => Some(before.intersection(&driven).copied().collect()),
        // A baseline holds the wire of all its cases together.
        None if old.checks.keys().eq(new.checks.keys()) => Some(driven),
        None => {
            not_compared.push(
                "the wire: the baseline was made on other checks than this run's, and holds the \
                 wire of all of them together"
                    .to_owned(),
            );
            None
        }
    }
}

fn summary(side: &Side, cases: &BTreeSet<&str>) -> Option<WireSummary> {
    match (side.wire_report(), &side.report) {
        (Some(wire), Some(report)) => Some(WireSummary::of(wire, &report.hosts, cases)),
        _ => side.wire.clone(),
    }
}

fn compare_events(
    method: Method,
    before: &EventSummary,
    now: &EventSummary,
    changes: &mut Changes,
) {
    let event = Some(method);
    let media_types = (&before.content_types, &now.content_types);
    let media_type_kinds = (Kind::ContentTypeAdded, Kind::ContentTypeRemoved);
    let requests = (&before.requests, &now.requests);
    fields(method, &before.fields, &now.fields, changes);
    changes.names(event, requests, (Kind::RequestAdded, Kind::RequestRemoved));
    changes.names(event, media_types, media_type_kinds);
    if let (Some(old), Some(new)) = (before.requests_a_call, now.requests_a_call)
        && !now.is_as_frequent_as(before)
    {
        let (old, new) = (old.to_string(), new.to_string());
        let subject = "requests a recorded call";
        changes.say(Kind::RequestsACall, event, subject, Some(&old), Some(&new));
    }
    if let (Some(old), Some(new)) = (before.bytes, now.bytes)
        && !now.is_of_the_size_of(before)
    {
        let times = format!("{new}, {:.2} times as many", ratio(new, old));
        let (old, subject) = (old.to_string(), "bytes an event, in the middle");
        changes.say(Kind::Bytes, event, subject, Some(&old), Some(&times));
    }
}

/// The requests that bring several events each. How many there are is a matter of chance.
fn batched(summary: &WireSummary) -> impl Iterator<Item = &str> {
    let batched = summary.events.values().filter(|event| event.is_batched());
    batched.flat_map(|event| event.requests.iter().map(String::as_str))
}

/// The requests of each case, as a multiset: requests race, so that their order means nothing.
fn cases(
    old: &Side,
    new: &Side,
    common: &BTreeSet<&str>,
    batched: &BTreeSet<&str>,
    changes: &mut Changes,
) {
    let (Some(before), Some(now)) = (old.wire_report(), new.wire_report()) else {
        return;
    };
    let is_steady = |side: &Side, case: &str| {
        let checks = side.checks.values();
        let mut of_case =
            checks.filter(|check| check.names.first().is_some_and(|name| name == case));
        of_case.all(|check| check.state().is_none_or(|state| state == State::Holds))
    };
    for case in common {
        let (Some(before), Some(now)) = (before.cases.get(*case), now.cases.get(*case)) else {
            continue;
        };
        let (before, now) = (requests(before, batched), requests(now, batched));
        // What a failure does to the requests of its case, the failure says.
        if before != now && is_steady(old, case) && is_steady(new, case) {
            let (before, now) = (words(&before), words(&now));
            changes.say(Kind::CaseRequests, None, case, Some(&before), Some(&now));
        }
    }
}

fn requests<'c>(case: &'c CaseWire, batched: &BTreeSet<&str>) -> BTreeMap<&'c str, usize> {
    let mut requests = BTreeMap::new();
    for Repeated { request, times } in &case.sequence {
        let count: &mut usize = requests.entry(request.as_str()).or_default();
        let is_batched = batched.contains(request.as_str());
        *count = if is_batched { 1 } else { *count + times };
    }
    requests
}

fn words(requests: &BTreeMap<&str, usize>) -> String {
    let in_words = |(request, times)| format!("{times} × {request}");
    match requests.iter().map(in_words).collect::<Vec<_>>().as_slice() {
        [] => "no request".to_owned(),
        each => each.join(", "),
    }
}
