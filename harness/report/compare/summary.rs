use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::words::fields_in_words;
use crate::contract::Method;
use crate::evidence::Asker;
use crate::report::model::{EventWire, FieldWire, HostReport, StorageWire, WireReport};
use crate::report::wire::total;

/// Requests grow and shrink by so much with the numbers of ports and cases in them, which differ
/// from run to run.
const SAME_SIZE: f64 = 0.03;

/// Trackers that send by the clock put more or fewer events into a request by chance: sizes and
/// counts vary by so much.
const SAME_BATCH: f64 = 0.35;

/// Or by so many bytes.
const SAME_BYTES: usize = 16;

/// The number of requests a call, where each event has its own, varies by so much: an attempt may
/// be lost on its way.
const SAME_RATE: f64 = 0.05;

/// The wire of one side, as it is compared and as a baseline keeps it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireSummary {
    /// Each kind of event.
    #[serde(default)]
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
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSummary {
    /// The requests that bring it.
    pub requests: BTreeSet<String>,
    /// Their media types.
    pub content_types: BTreeSet<String>,
    /// Every place in it.
    #[serde(default, deserialize_with = "fields_in_words")]
    pub fields: BTreeMap<String, FieldWire>,
    /// Requests that brought one recorded call, on average; absent where none was.
    pub requests_a_call: Option<f64>,
    /// The median size of those requests, in bytes.
    pub bytes: Option<usize>,
}

impl WireSummary {
    /// What a report saw in these cases.
    pub fn of(wire: &WireReport, hosts: &[HostReport], cases: &BTreeSet<&str>) -> Self {
        let driven = wire.cases.iter();
        let driven = driven.filter(|(id, _)| cases.contains(id.as_str()));
        let total = total(&wire.shapes, driven.map(|(_, case)| case));
        let events = total.events.iter();
        let is_seen = |host: &&HostReport| {
            let mut seen_in = host.cases.iter();
            host.asked_by == Asker::Page && seen_in.any(|case| cases.contains(case.as_str()))
        };
        let hosts = hosts.iter().filter(is_seen);
        Self {
            events: events
                .map(|(method, event)| (*method, EventSummary::of(event)))
                .collect(),
            other_requests: total.other_requests.into_keys().collect(),
            preflights: total.preflights,
            hosts: hosts.map(|host| host.host.clone()).collect(),
            storage: wire.storage.clone(),
            globals: wire.globals.clone(),
        }
    }

    /// This summary, with the figures of `before` where they differ by chance only.
    pub fn steadied(mut self, before: &Self) -> Self {
        for (method, event) in &mut self.events {
            let Some(earlier) = before.events.get(method) else {
                continue;
            };
            if event.is_of_the_size_of(earlier) {
                event.bytes = earlier.bytes;
            }
            if event.is_as_frequent_as(earlier) {
                event.requests_a_call = earlier.requests_a_call;
            }
        }
        self
    }
}

impl EventSummary {
    fn of(event: &EventWire) -> Self {
        let names = |counts: &BTreeMap<String, usize>| counts.keys().cloned().collect();
        let carried = event.carried;
        let rate = || hundredths(ratio(carried.requests, carried.calls));
        Self {
            requests: names(&event.requests),
            content_types: names(&event.content_types),
            fields: event.fields.clone(),
            requests_a_call: (carried.calls > 0).then(rate),
            bytes: event.bytes.map(|bytes| bytes.median),
        }
    }

    /// Whether one request brings several of them.
    pub fn is_batched(&self) -> bool {
        self.requests_a_call
            .is_some_and(|requests| requests < 1.0 - SAME_RATE)
    }

    /// Whether the sizes differ by chance only.
    pub fn is_of_the_size_of(&self, other: &Self) -> bool {
        let is_batched = self.is_batched() || other.is_batched();
        let noise = if is_batched { SAME_BATCH } else { SAME_SIZE };
        match (other.bytes, self.bytes) {
            (Some(old), Some(new)) => {
                old.abs_diff(new) <= SAME_BYTES || is_near(ratio(new, old), noise)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether the numbers of requests a call differ by chance only.
    pub fn is_as_frequent_as(&self, other: &Self) -> bool {
        let is_batched = self.is_batched() && other.is_batched();
        let noise = if is_batched { SAME_BATCH } else { SAME_RATE };
        match (other.requests_a_call, self.requests_a_call) {
            (Some(old), Some(new)) => is_near(new / old, noise),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// How many times `old` is `new`.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts and sizes are far below 2^52"
)]
pub fn ratio(new: usize, old: usize) -> f64 {
    new as f64 / old as f64
}

fn is_near(ratio: f64, noise: f64) -> bool {
    ratio <= 1.0 + noise && 1.0 <= ratio * (1.0 + noise)
}

/// Rounded to two places after the point.
pub fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
