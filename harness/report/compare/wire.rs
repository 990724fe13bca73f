//! The wire of both sides. Each change is classed by what it does to whoever reads the wire today:
//! a backend, a shop's policy, a browser's storage that an earlier release has filled.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::fields;
use super::model::{WireChangeKind, WireComparison};
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
        match (before.events.get(&method), now.events.get(&method)) {
            (None, None) => {}
            (Some(_), None) => changes.say(
                WireChangeKind::EventGone,
                Some(method),
                method.name(),
                Some("sent"),
                None,
            ),
            (None, Some(_)) => changes.say(
                WireChangeKind::EventAdded,
                Some(method),
                method.name(),
                None,
                Some("sent"),
            ),
            (Some(before), Some(now)) => event(method, before, now, &mut changes),
        }
    }
    let sets = [
        (
            &before.preflights,
            &now.preflights,
            WireChangeKind::PreflightAdded,
            WireChangeKind::PreflightRemoved,
        ),
        (
            &before.other_requests,
            &now.other_requests,
            WireChangeKind::OtherRequestAdded,
            WireChangeKind::OtherRequestRemoved,
        ),
        (
            &before.hosts,
            &now.hosts,
            WireChangeKind::HostAdded,
            WireChangeKind::HostRemoved,
        ),
    ];
    for (before, now, added, removed) in sets {
        changes.names(None, before, now, (added, removed), "");
    }
    match (&before.storage, &now.storage) {
        (Some(before), Some(now)) => {
            let keys = (WireChangeKind::StorageAdded, WireChangeKind::StorageRemoved);
            changes.names(None, &before.local, &now.local, keys, "localStorage ");
            changes.names(None, &before.session, &now.session, keys, "sessionStorage ");
            changes.names(
                None,
                &before.cookies,
                &now.cookies,
                (WireChangeKind::CookieAdded, WireChangeKind::CookieRemoved),
                "",
            );
        }
        (None, None) => {}
        _ => found.not_compared.push(
            "names of what is stored: one side did not look (the scenario open/what-is-stored)"
                .to_owned(),
        ),
    }
    match (&before.globals, &now.globals) {
        (Some(before), Some(now)) => changes.names(
            None,
            before,
            now,
            (WireChangeKind::GlobalAdded, WireChangeKind::GlobalRemoved),
            "",
        ),
        (None, None) => {}
        _ => found.not_compared.push(
            "globals: one side did not look (the scenario guest/adds-only-its-own-globals)"
                .to_owned(),
        ),
    }
    let batched: BTreeSet<&str> = [&before, &now].into_iter().flat_map(batched).collect();
    cases(old, new, &common, &batched, &mut changes);
    found.changes = changes.0;
    found.changes.sort_by(|a, b| {
        (a.class, a.event, a.kind, &a.subject).cmp(&(b.class, b.event, b.kind, &b.subject))
    });
    found
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
                "the wire: the {whose} side does not tell of it; a report of an older \
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

fn event(method: Method, before: &EventSummary, now: &EventSummary, changes: &mut Changes) {
    fields(method, &before.fields, &now.fields, changes);
    changes.names(
        Some(method),
        &before.requests,
        &now.requests,
        (WireChangeKind::RequestAdded, WireChangeKind::RequestRemoved),
        "",
    );
    changes.names(
        Some(method),
        &before.content_types,
        &now.content_types,
        (
            WireChangeKind::ContentTypeAdded,
            WireChangeKind::ContentTypeRemoved,
        ),
        "",
    );
    if let (Some(old), Some(new)) = (before.requests_a_call, now.requests_a_call)
        && !now.is_as_frequent_as(before)
    {
        changes.say(
            WireChangeKind::RequestsACall,
            Some(method),
            "requests a recorded call",
            Some(&old.to_string()),
            Some(&new.to_string()),
        );
    }
    if let (Some(old), Some(new)) = (before.bytes, now.bytes)
        && !now.is_of_the_size_of(before)
    {
        let now = format!("{new}, {:.2} times as many", ratio(new, old));
        changes.say(
            WireChangeKind::Bytes,
            Some(method),
            "bytes an event, in the middle",
            Some(&old.to_string()),
            Some(&now),
        );
    }
}

/// The requests that bring several events each. How many there are is a matter of chance.
fn batched(summary: &WireSummary) -> impl Iterator<Item = &str> {
    summary
        .events
        .values()
        .filter(|event| event.is_batched())
        .flat_map(|event| event.requests.iter().map(String::as_str))
}

/// The requests of each case, as a multiset: requests race, so that their order tells nothing.
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
        let mut checks = side
            .checks
            .values()
            .filter(|check| check.names.first().is_some_and(|name| name == case));
        checks.all(|check| check.state().is_none_or(|state| state == State::Holds))
    };
    for case in common {
        let (Some(before), Some(now)) = (before.cases.get(*case), now.cases.get(*case)) else {
            continue;
        };
        let (before, now) = (requests(before, batched), requests(now, batched));
        // What a failure does to the requests of its case, the failure says.
        if before != now && is_steady(old, case) && is_steady(new, case) {
            changes.say(
                WireChangeKind::CaseRequests,
                None,
                case,
                Some(&words(&before)),
                Some(&words(&now)),
            );
        }
    }
}

fn requests<'c>(case: &'c CaseWire, batched: &BTreeSet<&str>) -> BTreeMap<&'c str, usize> {
    let mut requests = BTreeMap::new();
    for Repeated { request, times } in &case.sequence {
        let count: &mut usize = requests.entry(request.as_str()).or_default();
        *count = if batched.contains(request.as_str()) {
            1
        } else {
            *count + times
        };
    }
    requests
}

fn words(requests: &BTreeMap<&str, usize>) -> String {
    let each: Vec<String> = requests
        .iter()
        .map(|(request, times)| format!("{times} × {request}"))
        .collect();
    if each.is_empty() {
        "no request".to_owned()
    } else {
        each.join(", ")
    }
}
