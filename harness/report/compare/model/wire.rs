use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::Method;

/// What changed on the wire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WireComparison {
    /// Over how many cases, which both sides have driven.
    pub cases: usize,
    /// What was not compared, and why.
    pub not_compared: Vec<String>,
    /// What changed; what breaks first.
    pub changes: Vec<WireChange>,
}

/// One change on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WireChange {
    /// What it does to whoever reads the wire today.
    pub class: WireClass,
    /// What sort of change it is.
    pub kind: WireChangeKind,
    /// The kind of event; absent where it is about none.
    pub event: Option<Method>,
    /// What changed: a field's pointer, a request, a host, a name.
    pub subject: String,
    /// What it was; absent where it is new.
    pub old: Option<String>,
    /// What it is; absent where it is gone.
    pub new: Option<String>,
    /// Why it is classed so.
    pub reason: String,
}

/// What a change does to whoever reads the wire today.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WireClass {
    /// Who relies on the old wire may not get along with the new one.
    Breaking,
    /// Who reads the old wire reads the new one too.
    Additive,
}

impl WireClass {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
        }
    }
}

/// The sorts of changes on the wire.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WireChangeKind {
    /// A kind of event is sent no more.
    EventGone,
    /// A kind of event is sent for the first time.
    EventAdded,
    /// A field is never there any more.
    FieldRemoved,
    /// A field has a type that it never had.
    FieldRetyped,
    /// A field is `null` for the first time.
    FieldNewlyNull,
    /// A field that was always there is missing sometimes.
    FieldSometimes,
    /// A field is new.
    FieldAdded,
    /// A field that was missing sometimes is always there.
    FieldAlways,
    /// A field has one of its types no more.
    FieldNarrowed,
    /// Events go by a request that they never went by.
    RequestAdded,
    /// Events go by a request no more.
    RequestRemoved,
    /// Events have a media type that they never had.
    ContentTypeAdded,
    /// Events have one of their media types no more.
    ContentTypeRemoved,
    /// A browser asks first, by a preflight, whether it may.
    PreflightAdded,
    /// It asks no more.
    PreflightRemoved,
    /// Another number of requests brings the same calls.
    RequestsACall,
    /// Requests are larger or smaller.
    Bytes,
    /// A request that carries no event is new.
    OtherRequestAdded,
    /// A request that carries no event is gone.
    OtherRequestRemoved,
    /// One case makes other requests, or makes them more or less often.
    CaseRequests,
    /// Pages contact a host that they never did.
    HostAdded,
    /// Pages contact a host no more.
    HostRemoved,
    /// Something is stored under a new name.
    StorageAdded,
    /// Nothing is stored under a name any more.
    StorageRemoved,
    /// There is a new cookie.
    CookieAdded,
    /// There is a cookie no more.
    CookieRemoved,
    /// There is a new global.
    GlobalAdded,
    /// There is a global no more.
    GlobalRemoved,
}
