use std::collections::BTreeSet;

use serde_json::Value;

use super::encoding::Encoding;
use super::format::Wire;
use crate::sdk::profile::Pointer;

/// What a request holds around its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// All of it; `Null` where it could not be read.
    pub content: Value,
    /// The bytes of the body, or of the query where that carries the event.
    pub bytes: usize,
    /// The JSON Pointer of the array that holds the events; absent: the request is the event.
    pub batch: Option<String>,
    /// The JSON Pointers, `*` for any place of a list, of what must be opened to get to a field:
    /// there a text holds JSON.
    pub opened: BTreeSet<String>,
}

impl Wire {
    /// What a request holds around its events, `path` with its query; nothing where it is not one
    /// that carries events.
    pub fn envelope(&self, http: &str, path: &str, body: &str) -> Option<Envelope> {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let (_, wire) = self.at(http, bare).next()?;
        let batch = wire.batch.as_ref().map(Pointer::full);
        let entry = batch
            .as_ref()
            .map_or_else(String::new, |batch| format!("{batch}/*"));
        let around = [
            &self.company_key,
            &self.user_fingerprint,
            &self.user_faq_fingerprint,
        ];
        let events = self.at(http, bare);
        let fields = events.flat_map(|(_, wire)| wire.fields.values());
        let in_the_event = fields
            .chain(around)
            .map(|place| format!("{entry}{}", place.full()));
        let places = in_the_event.chain(around.map(Pointer::full));
        let carrier = if wire.encoding == Encoding::Query {
            query
        } else {
            body
        };
        Some(Envelope {
            content: wire.encoding.read(query, body),
            bytes: carrier.len(),
            batch,
            opened: places.flat_map(|place| above(&place)).collect(),
        })
    }
}

/// Every place that a JSON Pointer leads through, with `*` for a place of a list.
fn above(pointer: &str) -> Vec<String> {
    let is_place =
        |step: &str| !step.is_empty() && step.chars().all(|letter| letter.is_ascii_digit());
    let steps = pointer.split('/');
    let steps: Vec<&str> = steps
        .map(|step| if is_place(step) { "*" } else { step })
        .collect();
    (1..steps.len()).map(|end| steps[..end].join("/")).collect()
}
