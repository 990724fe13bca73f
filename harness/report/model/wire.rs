use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::Method;

/// What the build was seen to do on the wire, over all driven cases. Names only: no values, no ids,
/// no times.
///
/// Of each case one attempt is read: the last that came to its end and that the verdicts do not
/// tell of, else the one they tell of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WireReport {
    /// Each kind of event that was sent.
    pub events: BTreeMap<Method, EventWire>,
    /// How often each request was made that carried no event, as `POST /path`; preflights aside.
    pub other_requests: BTreeMap<String, usize>,
    /// The paths for which a browser asked by a preflight whether it may, as `OPTIONS /path`.
    pub preflights: BTreeSet<String>,
    /// Under which names things are stored; absent where no case looked.
    pub storage: Option<StorageWire>,
    /// The globals that the build adds to its documented ones; absent where no case looked.
    pub globals: Option<BTreeSet<String>>,
    /// The different forms in which events were seen.
    pub shapes: Vec<ShapeReport>,
    /// What each driven case saw, by its id.
    pub cases: BTreeMap<String, CaseWire>,
}

impl WireReport {
    /// The ids of the driven cases.
    pub fn driven(&self) -> BTreeSet<&str> {
        self.cases.keys().map(String::as_str).collect()
    }
}

/// One kind of event on the wire. Events of the validation matrix are wrong on purpose, and not
/// counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventWire {
    /// How many of them were seen.
    pub events: usize,
    /// How many came by each request, as `POST /path`.
    pub requests: BTreeMap<String, usize>,
    /// How many came with each media type; `none`: without one.
    pub content_types: BTreeMap<String, usize>,
    /// Every place in the event, by its JSON Pointer, `*` for any place of a list. The empty one is
    /// the event itself.
    pub fields: BTreeMap<String, FieldWire>,
    /// The calls that were recorded, and the requests that brought them.
    pub carried: Carried,
    /// The sizes of the requests that brought one; where one brings several, each has its share.
    pub bytes: Option<Bytes>,
}

/// One place in an event.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct FieldWire {
    /// The JSON types that were seen there.
    pub types: BTreeSet<JsonKind>,
    /// Whether it is there wherever the object around it is.
    pub always: bool,
}

/// The types of JSON. `null` is one of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl JsonKind {
    /// The type of `value`.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// Calls that were recorded, and the requests that brought them: twice as many requests are
/// duplicates, half as many are batches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Calls.
    pub calls: usize,
    /// Requests.
    pub requests: usize,
}

/// Sizes of requests, in bytes of the body, or of the query where that carries the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// The smallest.
    pub min: usize,
    /// Half of them are at most as large.
    pub median: usize,
    /// The largest.
    pub max: usize,
}

/// The names under which a build stores things. Ids in them are masked: `order.{order}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageWire {
    /// In `localStorage`.
    pub local: BTreeSet<String>,
    /// In `sessionStorage`.
    pub session: BTreeSet<String>,
    /// Cookies.
    pub cookies: BTreeSet<String>,
}

impl StorageWire {
    /// Every name but those of cookies, after the storage that it is in: `localStorage NAME`.
    pub fn keys(&self) -> BTreeSet<String> {
        let local = self.local.iter().map(|name| format!("localStorage {name}"));
        let session = self
            .session
            .iter()
            .map(|name| format!("sessionStorage {name}"));
        local.chain(session).collect()
    }
}

/// One form in which events were seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShapeReport {
    /// The kind of event.
    pub event: Method,
    /// The request that brought it, as `POST /path`.
    pub request: String,
    /// Its media type; absent where it had none.
    pub content_type: Option<String>,
    /// As in [`EventWire::fields`].
    pub fields: BTreeMap<String, FieldWire>,
}

/// What one case saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseWire {
    /// Its requests in order of arrival, preflights aside, equal neighbours as one. Requests race,
    /// so that the order may vary.
    pub sequence: Vec<Repeated>,
    /// As in [`WireReport::preflights`].
    pub preflights: BTreeSet<String>,
    /// The events it saw.
    pub events: Vec<SeenShape>,
    /// As in [`EventWire::carried`].
    pub carried: BTreeMap<Method, Carried>,
}

/// The same request several times in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeated {
    /// As `POST /path`.
    pub request: String,
    /// How often.
    pub times: usize,
}

/// Events of one form in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenShape {
    /// The place of the form in [`WireReport::shapes`], counted from 0.
    pub shape: usize,
    /// How many came in a request of how many bytes; where it brings several, each has its share.
    pub bytes: BTreeMap<usize, usize>,
}
