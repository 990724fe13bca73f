use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One part of a run that several machines share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardReport {
    /// Which part, counted from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
    /// SHA-256 over the ids of all checks of the whole run, each with the part that it is in: the
    /// parts of one run share it.
    pub plan_sha256: String,
}
