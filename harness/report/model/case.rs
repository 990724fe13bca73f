use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::present;

/// One scenario on one value of each of its axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReport {
    /// Its stable id: `scenario` or `scenario@axis=value,…`.
    pub id: String,
    /// Its scenario.
    pub scenario: String,
    /// What the scenario shows, as a sentence.
    pub title: String,
    /// The condition that its pages are under; absent where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionReport>,
    /// Milliseconds the last attempt took on its session; 0 where it was not driven.
    pub duration_ms: f64,
    /// Of a case that failed: each event, with what was called, sent and recorded.
    pub events: Vec<EventReport>,
    /// What else may be wrong, in one sentence: a profile that does not fit the build.
    pub hint: Option<String>,
    /// Milliseconds from when the SDK's script had come until the SDK was seen to be ready, by the
    /// page's clock: the slowest time of the last attempt. Absent where the case did not wait for
    /// it right after loading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_ms: Option<f64>,
    /// The command that drives just this case again.
    pub again: String,
    /// What its attempts left behind, beside the report, where it was kept.
    pub evidence: Option<String>,
    /// The picture of the page, beside the report, where one was taken.
    pub screenshot: Option<String>,
}

/// A condition of pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionReport {
    /// Its id in the fixtures.
    pub id: String,
    /// As messages put it: “on a page with an AMD loader”.
    pub on: String,
}

/// One event: the call, the request and the ledger side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventReport {
    /// Whether it is as it should be, but for changed fields.
    pub fine: bool,
    /// The event's name in the fixtures; absent where no call explains what was recorded.
    pub label: Option<String>,
    /// What was called.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<Value>,
    /// What was sent, as it lay in the request; absent where nothing came.
    pub sent: Option<String>,
    /// The fields that differ between the two.
    pub changes: Vec<FieldChange>,
    /// What the ledger says of it.
    pub ledger: String,
}

/// A field that was not sent as it was called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// Its path in the call.
    pub path: String,
    /// Its value in the call; absent where it had none.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<Value>,
    /// Its value in the request; absent where it has none.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Value>,
}
