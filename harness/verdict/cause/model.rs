use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{CheckId, Question, RequirementId};
use crate::evidence::Position;
use crate::plan::Case;
use crate::verdict::Status;

/// What follows the name of a defect where its failures are known.
const KNOWN: &str = ", known";

/// The stable name of a cause: the same defect has it in every run. Known failures of a defect are
/// a cause of their own.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct CauseId(pub String);

impl CauseId {
    /// That of the known failures of this defect.
    pub(super) fn of_known(defect: &str) -> Self {
        Self(format!("{defect}{KNOWN}"))
    }

    /// The defect, whether its failures are known or not.
    pub fn defect(&self) -> &str {
        self.0.strip_suffix(KNOWN).unwrap_or(&self.0)
    }
}

impl fmt::Display for CauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The one defect that explains a group of failures.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Its stable name.
    pub id: CauseId,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The worst status of its checks.
    pub status: Status,
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
    /// What that check asks.
    pub question: Question,
    /// What would have been right in the example.
    pub expected: Option<Value>,
    /// What was there in the example.
    pub actual: Option<Value>,
    /// What the console said in the example when it happened.
    pub console: Vec<String>,
    /// The page itself shows why: nothing need be guessed.
    pub is_evident: bool,
    /// The example's case, and where in a script it was thrown or said.
    pub position: Option<(Arc<Case>, Position)>,
}

/// What one failing check says of requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blame {
    /// Those that it shows to be broken.
    pub breaks: BTreeSet<RequirementId>,
    /// Those of which it shows nothing, because its cause breaks another.
    pub hides: BTreeSet<RequirementId>,
}

/// The causes of what fails, and what each failing check says of requirements.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// Each once.
    pub causes: Vec<Cause>,
    /// By the failing check.
    pub blame: BTreeMap<CheckId, Blame>,
}
