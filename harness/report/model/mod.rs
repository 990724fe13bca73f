//! The shape of `report.json`, and of nothing else: what a reader of the file may rely on.

mod case;
mod cause;
mod check;
mod known;
mod ready;
mod subject;
mod wire;

use std::collections::{BTreeMap, HashMap};

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use case::{CaseReport, ConditionReport, EventReport, FieldChange};
pub use cause::CauseReport;
pub use check::{CheckReport, RequirementReport};
pub use known::KnownFailureReport;
pub use ready::{ReadyReport, median, seconds};
pub use subject::{
    EnvironmentReport, HarnessReport, HostReport, ProfileReport, SdkReport, ShardReport,
    SnippetReport,
};
pub use wire::{
    Bytes, Carried, CaseWire, EventWire, FieldWire, JsonKind, Repeated, SeenShape, ShapeReport,
    StorageWire, WireReport,
};

use crate::contract::{CheckId, RequirementId};
use crate::sdk::Mutant;
use crate::verdict::{Bearing, Status};

/// The version of the report's shape. It changes when a reader of the old shape would be misled.
pub const SCHEMA: &str = "alhena-conformance/report/3";

/// `report.json`. With the evidence beside it, every format is made from it, and nothing else is
/// asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of this shape.
    pub schema: String,
    /// The harness that made it.
    pub harness: HarnessReport,
    /// The build under test.
    pub sdk: SdkReport,
    /// The snippet in the pages.
    pub snippet: SnippetReport,
    /// The profile used.
    pub profile: ProfileReport,
    /// The browser; absent where none was ever had.
    pub environment: Option<EnvironmentReport>,
    /// When the run began, in UTC: RFC 3339.
    pub began: String,
    /// The options of `run` that make the same run again, but for the selection.
    pub command: Vec<String>,
    /// The patterns that selected its checks; empty: all of them.
    pub filter: Vec<String>,
    /// Which part of a run it is of; absent where it is of a whole one.
    #[serde(default)]
    pub shard: Option<ShardReport>,
    /// The run was stopped before its end.
    pub interrupted: bool,
    /// The harness itself failed on a case.
    #[serde(default)]
    pub bug: bool,
    /// Milliseconds the run took.
    pub duration_ms: f64,
    /// How soon the SDK is ready; absent where no case waited for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<ReadyReport>,
    /// How many checks have each status; every status is there.
    pub totals: BTreeMap<Status, usize>,
    /// What became of each entry of the list of known failures, in its order; empty where no list
    /// was given.
    pub known_failures: Vec<KnownFailureReport>,
    /// The hosts that were asked for by their public names. An observation: none fails a run by
    /// itself.
    pub hosts: Vec<HostReport>,
    /// What the build was seen to do on the wire; absent in reports of versions that did not look.
    pub wire: Option<WireReport>,
    /// The causes of what fails, the most important first; empty in reports of versions that did
    /// not look for them.
    #[serde(default)]
    pub causes: Vec<CauseReport>,
    /// Every requirement, in the order of the register.
    pub requirements: Vec<RequirementReport>,
    /// Every case, in the order of the plan.
    pub cases: Vec<CaseReport>,
    /// Every planned check, in the order of the plan.
    pub checks: Vec<CheckReport>,
}

impl Report {
    /// The worst bearing of a check, or of an entry of the list of known failures that is not true
    /// of this run.
    pub fn worst_bearing(&self) -> Bearing {
        let entries = self.known_failures.iter();
        let entries = entries.map(|entry| entry.state.bearing());
        let checks = self.checks.iter().map(CheckReport::bearing);
        checks.chain(entries).min().unwrap_or(Bearing::Holds)
    }

    /// The entries of the list of known failures that are not true of this run.
    pub fn wrong_entries(&self) -> impl Iterator<Item = &KnownFailureReport> {
        let entries = self.known_failures.iter();
        entries.filter(|entry| entry.state.is_wrong())
    }

    /// Whether a wrong entry of the list of known failures already reports a check.
    pub fn is_reported_by_an_entry(&self, check: &CheckReport) -> bool {
        let mut entries = self.wrong_entries();
        check.status == Status::UnexpectedPass
            && entries.any(|entry| entry.checks.contains(&check.id))
    }

    /// The hosts that pages asked for and that were denied.
    pub fn denied_hosts(&self) -> impl Iterator<Item = &HostReport> {
        self.hosts.iter().filter(|host| host.is_denied())
    }

    /// Whether no build was named, so that the bundled reference SDK was judged. A mutant of it has
    /// a name of its own.
    pub fn is_of_the_bundled_reference(&self) -> bool {
        let is_named = self.command.iter().any(|word| word == "--sdk");
        !is_named && !Mutant::is_source(&self.sdk.source)
    }

    /// The causes that fail the run; `None`: the version that made the report did not look for
    /// causes, as far as that shows.
    pub fn failing_causes(&self) -> Option<impl Iterator<Item = &CauseReport>> {
        let knows_them = !self.causes.is_empty() || !self.checks.iter().any(CheckReport::is_wrong);
        let causes = self.causes.iter();
        knows_them.then(|| causes.filter(|own| own.bearing().fails_the_run()))
    }

    /// A check.
    pub fn check(&self, id: &CheckId) -> Option<&CheckReport> {
        self.checks.iter().find(|check| check.id == *id)
    }

    /// A requirement.
    pub fn requirement(&self, id: &RequirementId) -> Option<&RequirementReport> {
        self.requirements.iter().find(|own| own.id == *id)
    }

    /// A case.
    pub fn case(&self, id: &str) -> Option<&CaseReport> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// The case of a check.
    pub fn case_of(&self, check: &CheckReport) -> Option<&CaseReport> {
        self.case(&check.case)
    }

    /// The checks of each case, in their order, by its id.
    pub fn checks_by_case(&self) -> HashMap<&str, Vec<&CheckReport>> {
        let mut all: HashMap<&str, Vec<&CheckReport>> = HashMap::new();
        for check in &self.checks {
            all.entry(check.case.as_str()).or_default().push(check);
        }
        all
    }
}

/// The JSON Schema of [`Report`].
pub fn json_schema() -> Value {
    schema_for!(Report).to_value()
}

/// Reads a value that is there, `null` included; used with `default`, so that absent and null stay
/// apart.
pub fn present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
