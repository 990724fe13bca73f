use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::event::WireEvent;
use crate::contract::Method;
use crate::sdk::profile::Pointer;

/// The HTTP wire format.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wire {
    /// Where the company key lies, in the event or else in the request around it.
    pub company_key: Pointer,
    /// Where the chat's fingerprint lies, likewise.
    pub user_fingerprint: Pointer,
    /// Where the Product FAQs' fingerprint lies, likewise.
    pub user_faq_fingerprint: Pointer,
    /// Where the events of each method go.
    pub events: BTreeMap<Method, WireEvent>,
}

/// One event, read from a request.
#[derive(Debug, Clone, PartialEq)]
pub struct WireRecord {
    /// Which method's.
    pub method: Method,
    /// The event as it was written; `Null` where the request could not be read.
    pub body: Value,
    /// The documented fields under the names that the shop used; absent fields are absent.
    pub args: Value,
    /// The company key; absent is `None`, not `Null`.
    pub company_key: Option<Value>,
    /// The chat's fingerprint, likewise.
    pub user_fingerprint: Option<Value>,
    /// The Product FAQs' fingerprint, likewise.
    pub user_faq_fingerprint: Option<Value>,
}

impl Wire {
    /// Where the events of `method` go.
    pub fn event(&self, method: Method) -> &WireEvent {
        &self.events[&method]
    }

    /// Whether one request can hold several events.
    pub fn has_batches(&self) -> bool {
        self.events.values().any(|event| event.batch.is_some())
    }

    /// Whether a request of this HTTP method to this path, its query aside, carries events.
    pub fn takes(&self, http: &str, path: &str) -> bool {
        self.at(http, path).next().is_some()
    }

    /// Whether any event goes to `path`, by whatever HTTP method: then a preflight is one for
    /// events.
    pub fn takes_at(&self, path: &str) -> bool {
        self.events.values().any(|event| event.is_at(path))
    }

    /// The events in a request; `path` with its query. A request that cannot be read is one event
    /// without fields.
    pub fn read(&self, http: &str, path: &str, body: &str) -> Vec<WireRecord> {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let Some((first, wire)) = self.at(http, bare).next() else {
            return Vec::new();
        };
        let request = wire.encoding.read(query, body);
        let entries = match wire.batch.as_ref().map(|batch| batch.open(&request)) {
            Some(Some(Value::Array(entries))) => entries,
            // Also a lone event, where the profile knows of arrays: in the array's place, or the
            // request itself.
            Some(Some(lone @ Value::Object(_))) => vec![lone],
            None | Some(_) => vec![request.clone()],
        };
        let record = |entry: &Value| {
            let own = self.at(http, bare).find(|(_, wire)| wire.is(entry));
            // Where several methods share a path, an entry that is none of them is no event of
            // theirs.
            let (method, wire) =
                own.or((wire.when.is_empty() || !entry.is_object()).then_some((first, wire)))?;
            Some(self.record(method, wire, entry, &request))
        };
        entries.iter().filter_map(record).collect()
    }

    fn record(
        &self,
        method: Method,
        wire: &WireEvent,
        entry: &Value,
        request: &Value,
    ) -> WireRecord {
        let find = |pointer: &Pointer| pointer.find(entry).or_else(|| pointer.find(request));
        WireRecord {
            method,
            args: wire.args(entry),
            company_key: find(&self.company_key),
            user_fingerprint: find(&self.user_fingerprint),
            user_faq_fingerprint: find(&self.user_faq_fingerprint),
            body: entry.clone(),
        }
    }

    /// The kinds of events that a request of this HTTP method to this path may hold.
    pub(super) fn at<'w>(
        &'w self,
        http: &str,
        path: &str,
    ) -> impl Iterator<Item = (Method, &'w WireEvent)> {
        let events = self.events.iter().map(|(method, event)| (*method, event));
        events.filter(move |(_, event)| event.http.eq_ignore_ascii_case(http) && event.is_at(path))
    }
}
