//! What the API page leaves open: seen, recorded as a value without times or random parts, compared
//! between releases, never a failure.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Finding;
use crate::evidence::Decision;
use crate::reading::{Reading, differences};

/// For each call the harness made: whether it was recorded, how often, and what had changed.
pub(super) fn events(reading: &Reading<'_>) -> Finding {
    let mut seen = Map::new();
    for (event, recorded) in reading.calls() {
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
    if !reading.unexpected.is_empty() {
        seen.insert("of no call".into(), json!(reading.unexpected.len()));
    }
    Finding::Seen(Value::Object(seen))
}

/// How many requests each event endpoint got, by what the backend did. Without queries, which
/// may hold times and random parts.
pub(super) fn requests(reading: &Reading<'_>) -> Finding {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for request in &reading.evidence.requests {
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

pub(super) fn page(reading: &Reading<'_>) -> Finding {
    Finding::Seen(json!(reading.evidence.reads))
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
