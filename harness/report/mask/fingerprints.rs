use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::super::model::Report;
use super::super::stored::Stored;
use super::replace::Mask;
use crate::evidence::{CaseRecord, Request};
use crate::sdk::{Profile, wrapped};

/// The names that the vendor documents.
const DOCUMENTED: [&str; 2] = ["user_fingerprint", "user_faq_fingerprint"];

/// A shorter value is no mark of a visitor, and would be found in everything.
const SHORTEST: usize = 8;

/// The fingerprints of a run, in the order in which they appear.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints {
    names: BTreeSet<String>,
    found: Vec<String>,
    known: BTreeSet<String>,
    uuids: Vec<String>,
    known_uuids: BTreeSet<String>,
}

impl Fingerprints {
    /// None yet. They are looked for at the documented names.
    pub fn documented() -> Self {
        Self {
            names: DOCUMENTED.into_iter().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// None yet. They are looked for at the places of this profile too.
    pub fn of_profile(profile: &Profile) -> Self {
        let mut fingerprints = Self::documented();
        let answers = profile.answers.iter();
        let answers = answers.filter_map(|answer| answer.fingerprint.as_ref());
        let sent = [
            &profile.wire.user_fingerprint,
            &profile.wire.user_faq_fingerprint,
        ];
        let places = sent.into_iter().chain(answers);
        let names = places.map(|place| place.name().to_owned());
        fingerprints.names.extend(names);
        fingerprints
    }

    /// Those of a stored report.
    pub fn of_stored(stored: &Stored) -> Self {
        let mut fingerprints = Self::documented();
        let cases = stored.report.cases.iter();
        let paths = cases.filter_map(|case| case.evidence.as_ref());
        for record in paths.filter_map(|path| stored.records.get(path)) {
            fingerprints.see(record);
        }
        fingerprints
    }

    /// Takes in what the attempts at a case left behind.
    pub fn see(&mut self, record: &CaseRecord) {
        for attempt in &record.attempts {
            for Request { path, body, .. } in &attempt.evidence.requests {
                self.see_text(path.split_once('?').map_or("", |(_, query)| query));
                self.see_text(body);
            }
            for identity in &attempt.evidence.identities {
                self.take(&identity.user_fingerprint);
                self.take(&identity.user_faq_fingerprint);
            }
        }
        self.see_uuids(&serde_json::to_string(record).unwrap_or_default());
    }

    /// What masks them in a report and in the evidence beside it. Any other UUID there becomes
    /// `uuid-1` and so on: it may be a fingerprint whose evidence was not kept.
    pub fn mask(mut self, report: &Report) -> Mask {
        for event in report.cases.iter().flat_map(|case| &case.events) {
            self.see_text(event.sent.as_deref().unwrap_or_default());
        }
        self.see_uuids(&serde_json::to_string(report).unwrap_or_default());
        self.uuids.retain(|uuid| !self.known.contains(uuid));
        Mask::new(&self.found, &self.uuids)
    }

    /// The body or the query of a request: JSON, a form, or either within the other.
    fn see_text(&mut self, text: &str) {
        match wrapped(text) {
            Some(value) => self.see_value(&value),
            None if text.contains('=') => {
                for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
                    self.see_field(&name, &Value::String(value.into_owned()));
                }
            }
            None => {}
        }
    }

    fn see_value(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.see_field(name, value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.see_value(item)),
            Value::String(text) => {
                if let Some(value) = wrapped(text) {
                    self.see_value(&value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn see_field(&mut self, name: &str, value: &Value) {
        if self.names.contains(name) {
            self.take(value);
        }
        self.see_value(value);
    }

    fn take(&mut self, value: &Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return,
        };
        // Not what a getter threw, nor the word `undefined`.
        let marks_a_visitor = text.len() >= SHORTEST
            && text.contains(|letter: char| letter.is_ascii_digit())
            && !text.contains(char::is_whitespace);
        if marks_a_visitor && self.known.insert(alike(&text)) {
            self.found.push(text);
        }
    }

    fn see_uuids(&mut self, text: &str) {
        const LETTERS: usize = 36;
        let dashes = text.match_indices('-');
        let starts = dashes.filter_map(|(dash, _)| dash.checked_sub(8));
        let parts = starts.filter_map(|start| text.get(start..start + LETTERS));
        for uuid in parts.filter_map(|part| Uuid::try_parse(part).ok()) {
            let uuid = uuid.hyphenated().to_string();
            if self.known_uuids.insert(uuid.clone()) {
                self.uuids.push(uuid);
            }
        }
    }
}

/// The same for each way to write one UUID.
fn alike(text: &str) -> String {
    Uuid::try_parse(text).map_or_else(|_| text.to_owned(), |uuid| uuid.hyphenated().to_string())
}
