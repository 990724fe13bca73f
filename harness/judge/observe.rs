//! What the API page leaves open: seen, recorded as a value without times or random parts, compared
//! between releases, never a failure.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Finding, Subject};
use crate::contract::Event;
use crate::evidence::Decision;
use crate::reading::differences;

impl Subject<'_> {
    /// For each call the harness made: whether it was recorded, how often, and what had changed.
    pub(super) fn observe_events(&self) -> Finding {
        let called: Vec<&Event> = self.evidence.calls.iter().map(|call| &call.event).collect();
        let matched = self.ledger.match_calls(&called);
        let mut seen = Map::new();
        for (event, places) in called.iter().zip(&matched.found) {
            let recorded = self.recorded(places);
            let changes = recorded
                .first()
                .map(|recorded| differences(&event.args, &recorded.args))
                .unwrap_or_default();
            let change = changes.first().map(|(path, _, actual)| match actual {
                Some(actual) => format!(", {path} as {}", shortened(actual)),
                None => format!(", without {path}"),
            });
            let times = match recorded.len() {
                0 => "not recorded".to_owned(),
                1 => "recorded once".to_owned(),
                times => format!("recorded {times} times"),
            };
            let mut name = event.label.clone();
            while seen.contains_key(&name) {
                name.push_str(" again");
            }
            seen.insert(
                name,
                json!(format!("{times}{}", change.unwrap_or_default())),
            );
        }
        if !matched.unexpected.is_empty() {
            seen.insert("of no call".into(), json!(matched.unexpected.len()));
        }
        Finding::Seen(Value::Object(seen))
    }

    /// How many requests each event endpoint got, by what the backend did. Without queries, which
    /// may hold times and random parts.
    pub(super) fn observe_requests(&self) -> Finding {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for request in &self.evidence.requests {
            let done = match request.decision {
                Decision::Recorded => "recorded".to_owned(),
                Decision::Refused(status) => status.to_string(),
                Decision::Dropped => "dropped".to_owned(),
                Decision::Preflight | Decision::Answered | Decision::Unknown => continue,
            };
            *counts
                .entry(format!("{} {} {done}", request.method, request.endpoint()))
                .or_default() += 1;
        }
        Finding::Seen(json!(counts))
    }

    pub(super) fn observe_page(&self) -> Finding {
        Finding::Seen(json!(self.evidence.reads))
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 {
        format!(
            "{}… ({} characters)",
            text.chars().take(40).collect::<String>(),
            text.chars().count()
        )
    } else {
        text
    }
}
