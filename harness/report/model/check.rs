use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::present;
use crate::contract::{CheckId, Level, RequirementId};
use crate::verdict::{Bearing, Status, Tally};

/// One requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementReport {
    /// Its stable id.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What must hold.
    pub statement: String,
    /// The place in the API page.
    pub source: String,
    /// The worst status of its checks; absent where none was planned.
    pub status: Option<Status>,
    /// Why no check covers it, where none does.
    pub excluded: Option<String>,
    /// The checks that prove it.
    pub checks: Vec<CheckId>,
}

impl RequirementReport {
    /// Whom its checks speak against; absent where none was planned.
    pub fn bearing(&self) -> Option<Bearing> {
        Some(Bearing::of(self.status?, self.level))
    }

    /// Whether it binds, and does not hold or could not be decided.
    pub fn is_broken(&self) -> bool {
        self.bearing().is_some_and(Bearing::fails_the_run)
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckReport {
    /// Its stable id.
    pub id: CheckId,
    /// Its scenario.
    pub scenario: String,
    /// Its case.
    pub case: String,
    /// What it proves.
    pub requirements: Vec<RequirementId>,
    /// The requirements that its failure shows to be broken; absent where it does not fail, and in
    /// reports of versions that did not store it: all that it proves.
    #[serde(default)]
    pub breaks: Option<Vec<RequirementId>>,
    /// The requirements of which its failure shows nothing, because its cause breaks another that
    /// they rest on.
    #[serde(default)]
    pub hides: Vec<RequirementId>,
    /// The highest level of what it proves.
    pub level: Level,
    /// The verdict.
    pub status: Status,
    /// In how many attempts it was judged; absent where it never was.
    pub attempts: Option<usize>,
    /// In how many of them it was broken; absent where it was never judged.
    pub broken_attempts: Option<usize>,
    /// `file:line` of the known failure that it is expected to be; absent where none is.
    pub known: Option<String>,
    /// Milliseconds its case took; the checks of a case share them.
    pub duration_ms: f64,
    /// `file:line` of the scenario.
    pub at: String,
    /// What stands in that line.
    pub line: String,
    /// What is wrong, in one sentence; absent where nothing is.
    pub message: Option<String>,
    /// What would have been right; absent where the message says it all.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What was there; absent where the message says it all.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// What an observation saw; absent for any other check.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// For a check that passed: the mutants of the reference SDK that it is known to catch.
    /// `self-test` proves that it does.
    pub proved_by: Vec<String>,
    /// The evidence beside the report, where the check failed and it was kept.
    pub evidence: Option<String>,
}

impl CheckReport {
    /// What it says of one requirement; absent where it is not about it.
    pub fn status_for(&self, requirement: &RequirementId) -> Option<Status> {
        let is_own = self.requirements.contains(requirement);
        match &self.breaks {
            None => is_own.then_some(self.status),
            Some(broken) if broken.contains(requirement) => Some(self.status),
            Some(_) if self.hides.contains(requirement) => Some(Status::NotTestable),
            // What it was about there arrived as it must.
            Some(_) => is_own.then_some(Status::Pass),
        }
    }

    /// Whether the check itself found something wrong, excused or not.
    pub fn is_wrong(&self) -> bool {
        Bearing::of_found(self.status).fails_the_run()
    }

    /// Whether the build did the same as in `other`, whatever a list of known failures says of it.
    pub fn found_the_same_as(&self, other: &Self) -> bool {
        self.status.as_found() == other.status.as_found()
    }

    /// Whether it speaks against the build, or could not be decided: what a run ends badly for.
    pub fn fails_the_run(&self) -> bool {
        self.bearing().fails_the_run()
    }

    /// Whether its verdict matters, and to whom.
    pub fn bearing(&self) -> Bearing {
        Bearing::of(self.status, self.level)
    }

    /// The verdict, with how often it was seen where that varied: `flaky (1 of 3)`.
    pub fn verdict(&self) -> String {
        Tally {
            attempts: self.attempts.unwrap_or_default(),
            broken: self.broken_attempts.unwrap_or_default(),
        }
        .words(self.status)
    }
}
