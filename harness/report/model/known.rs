use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::CheckId;
use crate::verdict::known::EntryState;

/// One entry of the list of known failures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailureReport {
    /// `file:line` of the entry.
    pub at: String,
    /// The engine whose limit it is, and no failure of the build; absent where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The pattern of its checks.
    pub check: String,
    /// Why they are not fixed yet.
    pub reason: String,
    /// Where they are being fixed.
    pub link: Option<String>,
    /// The last day on which it excuses anything, in UTC.
    pub expires: Option<String>,
    /// It comes and goes.
    pub flaky: bool,
    /// What became of it.
    pub state: EntryState,
    /// Why, in one sentence, where it is not true or is about something else.
    pub message: Option<String>,
    /// The checks of this run that it matches.
    pub checks: Vec<CheckId>,
    /// How many more it matches in the full plan.
    #[serde(default)]
    pub not_selected: usize,
}
