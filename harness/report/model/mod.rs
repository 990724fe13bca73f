use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{CheckId, Level, RequirementId};
use crate::evidence::Asker;
use crate::judge::Status;
use crate::known::EntryState;

/// The version of the report's shape. It changes when a reader of the old shape would be misled.
pub const SCHEMA: &str = "alhena-conformance/report/2";

/// `report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// The run was stopped before its end.
    pub interrupted: bool,
    /// Milliseconds the run took.
    pub duration_ms: f64,
    /// How many checks have each status; every status is there.
    pub totals: BTreeMap<Status, usize>,
    /// What became of each entry of the list of known failures, in its order; empty where no list was given.
    pub known_failures: Vec<KnownFailureReport>,
    /// The hosts that were asked for by their public names. An observation: none fails a run by itself.
    pub hosts: Vec<HostReport>,
    /// Every requirement, in the order of the register.
    pub requirements: Vec<RequirementReport>,
    /// Every planned check, in the order of the plan.
    pub checks: Vec<CheckReport>,
}

/// The harness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HarnessReport {
    /// Its version.
    pub version: String,
}

/// The build under test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SdkReport {
    /// Where it came from, as the user named it.
    pub source: String,
    /// SHA-256 of the script that the storefront sent; of a folder with other files: over the names and the bytes of all of them.
    pub sha256: String,
    /// Whether a browser fetched it.
    pub fetched: bool,
}

/// The profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileReport {
    /// Its name.
    pub name: String,
    /// The file it was read from.
    pub file: String,
    /// SHA-256 over all that it says, what it adds to and the files it names; comments aside.
    pub sha256: String,
    /// The policies that the build was judged by: `gate`, `dedup` and `attribution`.
    pub policies: BTreeMap<String, String>,
}

/// The snippet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnippetReport {
    /// Where it came from.
    pub source: String,
    /// SHA-256 of its bytes in the pages as served.
    pub sha256: String,
}

/// The browser and the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentReport {
    /// The browser's name.
    pub browser: String,
    /// Its exact version.
    pub browser_version: String,
    /// The driver's name and version.
    pub driver: String,
    /// The browser's command line options.
    pub arguments: Vec<String>,
    /// Whether `fetch`, `XMLHttpRequest` and `sendBeacon` of a fresh page are the browser's own: nothing of the harness stands before them.
    pub natives: BTreeMap<String, bool>,
    /// The operating system and the architecture.
    pub platform: String,
}

/// One entry of the list of known failures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailureReport {
    /// `file:line` of the entry.
    pub at: String,
    /// The pattern of its checks.
    pub check: String,
    /// Why they are not mended yet.
    pub reason: String,
    /// Where they are being mended.
    pub link: Option<String>,
    /// The last day on which it excuses anything, in UTC.
    pub expires: Option<String>,
    /// It comes and goes.
    pub flaky: bool,
    /// What became of it.
    pub state: EntryState,
    /// Why, in one sentence, where it is not as it should be or is about something else.
    pub message: Option<String>,
    /// The checks of this run that it matches.
    pub checks: Vec<CheckId>,
}

/// One host that was asked for by its public name, over all attempts of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostReport {
    /// Its name, without a port.
    pub host: String,
    /// Who asked for it. What the browser asks for by itself is not the SDK's doing.
    pub asked_by: Asker,
    /// Whether the profile's `hosts` name it, so that the backend answered. Any other was denied.
    pub ours: bool,
    /// How often it was asked for.
    pub requests: usize,
    /// The ids of the cases in which it was; empty where no case is known.
    pub cases: Vec<String>,
    /// The first URL that was asked for; absent where a connection was opened and nothing asked for.
    pub example: Option<String>,
}

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

/// One check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckReport {
    /// Its stable id.
    pub id: CheckId,
    /// Its scenario.
    pub scenario: String,
    /// What it proves.
    pub requirements: Vec<RequirementId>,
    /// The highest level of those.
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
    /// What is wrong, in one sentence; absent where nothing is.
    pub message: Option<String>,
    /// What would have been right.
    pub expected: Option<Value>,
    /// What was there.
    pub actual: Option<Value>,
    /// What an observation saw.
    pub value: Option<Value>,
    /// For a check that passed: the mutants of the reference SDK that it is known to catch. `self-test` proves that it does.
    pub proved_by: Vec<String>,
    /// The evidence beside the report, where it was kept.
    pub evidence: Option<String>,
}

/// The JSON Schema of [`Report`].
#[must_use]
pub fn json_schema() -> Value {
    schema_for!(Report).to_value()
}
