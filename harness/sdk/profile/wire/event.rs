use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use wildmatch::WildMatch;

use super::encoding::Encoding;
use crate::sdk::profile::Pointer;

/// Where one method's events go, and where each documented field lies there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WireEvent {
    /// The HTTP method.
    #[serde(default = "post")]
    pub http: String,
    /// The path below the API's base URL; `*` and `?` as in a shell.
    pub path: String,
    /// How the body, or the query, is to be read.
    #[serde(default)]
    pub encoding: Encoding,
    /// The media types that a request may have; empty: the one that is usual for the encoding.
    #[serde(default)]
    pub content_types: Vec<String>,
    /// The array that holds the events of one request; absent: a request is an event.
    pub batch: Option<Pointer>,
    /// What distinguishes these events from others on the same path: the values that lie at these
    /// places.
    #[serde(default)]
    pub when: BTreeMap<String, Value>,
    /// From the page's name to the place in the event.
    pub fields: BTreeMap<String, Pointer>,
    /// As `fields`, for each line item.
    #[serde(default)]
    pub item_fields: BTreeMap<String, Pointer>,
    /// Fields that are numbers, for encodings that know only texts.
    #[serde(default = "numbers")]
    pub numbers: Vec<String>,
}

impl WireEvent {
    /// Whether `content_type`, as the header has it, is one that a request may have. A query has
    /// none.
    pub fn allows(&self, content_type: &str) -> bool {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is = |allowed: &str| media_type.eq_ignore_ascii_case(allowed);
        self.encoding == Encoding::Query
            || if self.content_types.is_empty() {
                is(self.encoding.content_type())
            } else {
                self.content_types.iter().any(|allowed| is(allowed))
            }
    }

    /// The media types that a request may have, for messages.
    pub fn content_types(&self) -> String {
        if self.content_types.is_empty() {
            self.encoding.content_type().to_owned()
        } else {
            self.content_types.join(" or ")
        }
    }

    /// Whether it goes to `path`.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.path == path || WildMatch::new(&self.path).matches(path)
    }

    /// Whether `entry` is one of them, and not another on the same path.
    pub(super) fn is(&self, entry: &Value) -> bool {
        self.when
            .iter()
            .all(|(place, value)| Pointer::from(place.clone()).find(entry).as_ref() == Some(value))
    }

    /// The documented fields of an event, under the names of the API page.
    pub(super) fn args(&self, entry: &Value) -> Value {
        let mut args = self.named(entry, &self.fields);
        if let Some(items) = args.get_mut("lineItems") {
            if let (true, Value::String(text)) = (self.encoding.is_text(), &*items) {
                *items = serde_json::from_str(text).unwrap_or(Value::String(text.clone()));
            }
            if let Value::Array(items) = items {
                for item in items {
                    *item = Value::Object(self.named(item, &self.item_fields));
                }
            }
        }
        Value::Object(args)
    }

    fn named(&self, value: &Value, places: &BTreeMap<String, Pointer>) -> Map<String, Value> {
        let number = |name: &String, value: Value| match &value {
            Value::String(text) if self.encoding.is_text() && self.numbers.contains(name) => {
                let number = serde_json::from_str(text).ok();
                number.filter(Value::is_number).unwrap_or(value)
            }
            _ => value,
        };
        places
            .iter()
            .filter_map(|(name, place)| Some((name.clone(), number(name, place.find(value)?))))
            .collect()
    }
}

fn post() -> String {
    "POST".to_owned()
}

fn numbers() -> Vec<String> {
    vec!["value".to_owned(), "quantity".to_owned()]
}
