use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::present;
use crate::contract::{CheckId, Level, RequirementId};
use crate::evidence::Spot;
use crate::verdict::{Bearing, CauseId, Status};

/// The one defect that explains a group of failures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CauseReport {
    /// Its stable name: the same defect has it in every run.
    pub id: CauseId,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The worst status of its checks.
    pub status: Status,
    /// The highest level of what it breaks.
    pub level: Level,
    /// The requirements that it breaks.
    pub breaks: Vec<RequirementId>,
    /// The requirements of which nothing is known because of it.
    pub hides: Vec<RequirementId>,
    /// The cases in which it was seen, in the order of the plan.
    pub cases: Vec<String>,
    /// The checks that fail for it, in the order of the plan.
    pub checks: Vec<CheckId>,
    /// The check that shows it, in the simplest of its cases.
    pub example: CheckId,
    /// What would have been right in the example; absent as in a check.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What was there in the example; absent as in a check.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// What the console said in the example when it happened, whole.
    pub console: Vec<String>,
    /// Where in the user's file it was thrown or said; absent where nothing says it.
    #[serde(default)]
    pub spot: Option<Spot>,
    /// What it usually means.
    pub means: Option<String>,
    /// The command that drives the example again.
    pub again: String,
}

impl CauseReport {
    /// A cause of which no more is known than its name and its sentence.
    pub fn named(id: CauseId, sentence: String) -> Self {
        Self {
            id,
            sentence,
            status: Status::Fail,
            level: Level::Must,
            breaks: Vec::new(),
            hides: Vec::new(),
            cases: Vec::new(),
            checks: Vec::new(),
            example: CheckId(String::new()),
            expected: None,
            actual: None,
            console: Vec::new(),
            spot: None,
            means: None,
            again: String::new(),
        }
    }

    /// By which causes are ordered: the worst first, of equal ones those of most checks.
    pub fn importance(&self) -> (Status, Reverse<usize>) {
        (self.status, Reverse(self.checks.len()))
    }

    /// Whether it matters, and to whom.
    pub fn bearing(&self) -> Bearing {
        Bearing::of(self.status, self.level)
    }
}
