use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::CheckId;
use crate::report::model::CauseReport;

/// What became of the causes of failures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CauseChanges {
    /// Those that only the new side has, the most important first.
    pub new: Vec<CauseReport>,
    /// Those that only the old side has.
    pub gone: Vec<CauseReport>,
    /// Those that both have, as the new side shows them.
    pub both: Vec<CauseReport>,
}

impl CauseChanges {
    /// The cause that explains a check on the new side.
    pub fn of_check(&self, check: &CheckId) -> Option<&CauseReport> {
        let mut causes = self.new.iter().chain(&self.both);
        causes.find(|own| own.checks.contains(check))
    }
}
