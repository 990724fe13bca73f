use std::collections::{BTreeMap, BTreeSet};

use crate::contract::Method;
use crate::evidence::Asker;
use crate::report::model::{EventWire, FieldWire, HostReport, StorageWire, WireReport};
use crate::report::wire::{Total, total};

/// Requests grow and shrink by so much with the numbers of ports and cases in them, which differ from run to run.
const SAME_SIZE: f64 = 0.03;

/// Or by so many bytes.
const SAME_BYTES: usize = 16;

/// Trackers that send by the clock put more or fewer events into a request by chance.
const SAME_RATE: f64 = 0.05;

/// The wire of one side, as it is compared and as a baseline keeps it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WireSummary {
    /// Each kind of event.
    pub events: BTreeMap<Method, EventSummary>,
    /// Requests that carried no event.
    pub other_requests: BTreeSet<String>,
    /// Paths with a preflight.
    pub preflights: BTreeSet<String>,
    /// Hosts that pages asked for by their public names.
    pub hosts: BTreeSet<String>,
    /// Names of what is stored; absent where no case looked.
    pub storage: Option<StorageWire>,
    /// Added globals; absent where no case looked.
    pub globals: Option<BTreeSet<String>>,
}

/// One kind of event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventSummary {
    /// The requests that bring it.
    pub requests: BTreeSet<String>,
    /// Their media types.
    pub content_types: BTreeSet<String>,
    /// Every place in it.
    pub fields: BTreeMap<String, FieldWire>,
    /// Requests that brought one recorded call, on average; absent where none was.
    pub requests_a_call: Option<f64>,
    /// The median size of those requests, in bytes.
    pub bytes: Option<usize>,
}

impl WireSummary {
    /// What a report saw in these cases.
    #[must_use]
    pub fn of(wire: &WireReport, hosts: &[HostReport], cases: &BTreeSet<&str>) -> Self {
        let of_cases = wire.cases.iter().filter(|(id, _)| cases.contains(id.as_str())).map(|(_, case)| case);
        let Total { events, other_requests, preflights } = total(&wire.shapes, of_cases);
        let is_seen = |host: &&HostReport| host.asked_by == Asker::Page && host.cases.iter().any(|case| cases.contains(case.as_str()));
        Self {
            events: events.iter().map(|(method, event)| (*method, EventSummary::of(event))).collect(),
            other_requests: other_requests.into_keys().collect(),
            preflights,
            hosts: hosts.iter().filter(is_seen).map(|host| host.host.clone()).collect(),
            storage: wire.storage.clone(),
            globals: wire.globals.clone(),
        }
    }

    /// This summary, with the figures of `before` where they differ by chance only.
    #[must_use]
    pub fn steadied(mut self, before: &Self) -> Self {
        for (method, event) in &mut self.events {
            let Some(earlier) = before.events.get(method) else { continue };
            if let (Some(old), Some(new)) = (earlier.bytes, event.bytes)
                && is_same_size(old, new)
            {
                event.bytes = Some(old);
            }
            if let (Some(old), Some(new)) = (earlier.requests_a_call, event.requests_a_call)
                && is_same_rate(old, new)
            {
                event.requests_a_call = Some(old);
            }
        }
        self
    }
}

impl EventSummary {
    fn of(event: &EventWire) -> Self {
        let names = |counts: &BTreeMap<String, usize>| counts.keys().cloned().collect();
        Self {
            requests: names(&event.requests),
            content_types: names(&event.content_types),
            fields: event.fields.clone(),
            requests_a_call: (event.carried.calls > 0).then(|| hundredths(ratio(event.carried.requests, event.carried.calls))),
            bytes: event.bytes.map(|bytes| bytes.median),
        }
    }
}

/// Whether two sizes differ by chance only.
pub(super) fn is_same_size(old: usize, new: usize) -> bool {
    old.abs_diff(new) <= SAME_BYTES || is_near(ratio(new, old), SAME_SIZE)
}

/// Whether two numbers of requests a call differ by chance only.
pub(super) fn is_same_rate(old: f64, new: f64) -> bool {
    is_near(new / old, SAME_RATE)
}

/// How many times `old` is `new`.
#[expect(clippy::cast_precision_loss, reason = "counts and sizes are far below 2^52")]
pub(super) fn ratio(new: usize, old: usize) -> f64 {
    new as f64 / old as f64
}

fn is_near(ratio: f64, noise: f64) -> bool {
    ratio <= 1.0 + noise && 1.0 <= ratio * (1.0 + noise)
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
