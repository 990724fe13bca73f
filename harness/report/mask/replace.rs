use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;
use uuid::Uuid;

use super::super::stored::Stored;

/// What is replaced, and by what.
#[derive(Debug)]
pub struct Mask {
    finder: AhoCorasick,
    /// For each of its patterns.
    names: Vec<String>,
}

impl Mask {
    pub fn new(fingerprints: &[String], uuids: &[String]) -> Self {
        let (mut patterns, mut names) = (Vec::new(), Vec::new());
        for (kind, values) in [("fingerprint", fingerprints), ("uuid", uuids)] {
            for (index, value) in values.iter().enumerate() {
                for written in ways_to_write(value) {
                    patterns.push(written);
                    names.push(format!("{kind}-{}", index + 1));
                }
            }
        }
        let finder = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(&patterns);
        Self {
            finder: finder
                .expect("the fingerprints of a run are far fewer than what can be looked for"),
            names,
        }
    }

    /// The report with all that lies beside it, masked. Pictures stay as they are.
    ///
    /// # Errors
    /// If the masked report is none any more: a fingerprint has the value of something that the
    /// report's shape rests on.
    pub fn over(&self, stored: Stored) -> serde_json::Result<Stored> {
        let records = stored.records.into_iter();
        let records = records.map(|(path, record)| Ok((path, self.within(&record)?)));
        let comparison = stored.comparison.map(|comparison| self.within(&comparison));
        Ok(Stored {
            report: self.within(&stored.report)?,
            records: records.collect::<serde_json::Result<_>>()?,
            screenshots: stored.screenshots,
            comparison: comparison.transpose()?,
        })
    }

    fn within<T: Serialize + DeserializeOwned>(&self, whole: &T) -> serde_json::Result<T> {
        serde_json::from_value(self.value(serde_json::to_value(whole)?))
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (self.text(&name), self.value(value)))
                .collect(),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::String(text) => self.text(&text).into(),
            Value::Number(number) => {
                let text = number.to_string();
                match self.finder.find(&text) {
                    Some(found) if found.len() == text.len() => {
                        self.names[found.pattern()].clone().into()
                    }
                    _ => Value::Number(number),
                }
            }
            other => other,
        }
    }

    /// A text, masked.
    pub fn text(&self, text: &str) -> String {
        let masked = self.finder.replace_all(text, &self.names);
        self.packed(&masked).unwrap_or(masked)
    }

    /// A text in which something packed was masked: base64, alone or in JSON or a form. Anything
    /// else is not written anew.
    fn packed(&self, text: &str) -> Option<String> {
        if text.starts_with(['{', '[']) {
            let value: Value = serde_json::from_str(text).ok()?;
            let mut is_changed = false;
            let value = self.unpacked(value, &mut is_changed);
            return is_changed.then(|| value.to_string());
        }
        if let Some(masked) = self.base64(text) {
            return Some(masked);
        }
        let (path, form) = text.split_at(text.find('?').map_or(0, |mark| mark + 1));
        if !form.contains('=') || form.contains(char::is_whitespace) {
            return None;
        }
        let mut is_changed = false;
        let fields = form_urlencoded::parse(form.as_bytes()).map(|(name, value)| {
            let masked = self.packed(&value);
            is_changed |= masked.is_some();
            (name, masked.map_or(value, Cow::Owned))
        });
        let mut written = form_urlencoded::Serializer::new(String::new());
        let form = written.extend_pairs(fields).finish();
        is_changed.then(|| format!("{path}{form}"))
    }

    fn unpacked(&self, value: Value, is_changed: &mut bool) -> Value {
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name, self.unpacked(value, is_changed)))
                .collect(),
            Value::Array(items) => {
                let items = items
                    .into_iter()
                    .map(|item| self.unpacked(item, is_changed));
                items.collect()
            }
            Value::String(text) => match self.packed(&text) {
                Some(masked) => {
                    *is_changed = true;
                    masked.into()
                }
                None => text.into(),
            },
            other => other,
        }
    }

    fn base64(&self, text: &str) -> Option<String> {
        /// The shortest fingerprint has so many letters there.
        const SHORTEST: usize = 11;
        let bare = text.trim_end_matches('=');
        if bare.len() < SHORTEST {
            return None;
        }
        let (engine, padded) = if bare.contains(['-', '_']) {
            (URL_SAFE_NO_PAD, URL_SAFE)
        } else {
            (STANDARD_NO_PAD, STANDARD)
        };
        let inner = String::from_utf8(engine.decode(bare).ok()?).ok()?;
        let masked = self.text(&inner);
        let is_padded = bare.len() < text.len();
        let engine = if is_padded { padded } else { engine };
        (masked != inner).then(|| engine.encode(masked))
    }
}

/// As a page may write a value down.
fn ways_to_write(value: &str) -> Vec<String> {
    let mut ways = vec![value.to_owned()];
    if let Ok(uuid) = Uuid::try_parse(value) {
        let whole = uuid.hyphenated().to_string();
        ways.extend([whole.replace('-', "%2D"), whole, uuid.simple().to_string()]);
    }
    ways.push(form_urlencoded::byte_serialize(value.as_bytes()).collect());
    ways.push(Value::from(value).to_string().trim_matches('"').to_owned());
    ways.sort();
    ways.dedup();
    ways
}
