//! The lines of `run --events`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::contract::{CheckId, Level, RequirementId};
use crate::verdict::Status;

/// The version of these lines. It changes when a reader of the old ones would be misled.
pub const SCHEMA: &str = "alhena-conformance/events/1";

/// One line of `run --events`: a JSON object that is written and flushed as it happens. New kinds
/// of events and new fields do not change the version: a reader skips what it does not know.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// Milliseconds since the program began to write events.
    pub at_ms: f64,
}

/// What happened.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run of one build with one snippet begins. Several builds or snippets run one after the
    /// other; with --watch, each save begins a run.
    RunStarted {
        /// The version of these lines.
        schema: String,
        /// The version of the harness.
        harness: String,
        /// The build under test, as the user named it.
        sdk: String,
        /// SHA-256 of the build.
        sdk_sha256: String,
        /// The snippet, as the user named it.
        snippet: String,
        /// The name of the profile.
        profile: String,
        /// How many cases are planned.
        cases: usize,
        /// How many checks they have.
        checks: usize,
    },
    /// The first attempt at a case begins. Begins again if a request came after the verdict, which
    /// may change it.
    CaseStarted {
        /// The case.
        case: String,
        /// The file of its scenario.
        file: String,
        /// Its checks.
        checks: Vec<CheckId>,
    },
    /// An attempt at a case begins. Several attempts at one case may run side by side.
    AttemptStarted {
        /// The case.
        case: String,
        /// Which attempt at it; the first is 1.
        attempt: usize,
    },
    /// An attempt has ended.
    AttemptEnded {
        /// The case.
        case: String,
        /// Which attempt at it.
        attempt: usize,
        /// How it ended.
        end: End,
        /// Why it did not come to its end; absent where it did.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// The checks that did not hold in it, whatever was expected of them.
        broken: Vec<CheckId>,
        /// Milliseconds it took.
        duration_ms: f64,
    },
    /// A case is tried again in a fresh session.
    CaseRetried {
        /// The case.
        case: String,
        /// Why.
        why: String,
    },
    /// A case has its verdict. Cases that were not driven have one, too.
    CaseFinished {
        /// The case.
        case: String,
        /// The worst status of its checks.
        status: Status,
        /// Whether it fails the run, or leaves it undecided.
        fails_the_run: bool,
        /// Milliseconds its last attempt took.
        duration_ms: f64,
        /// Its checks, in the order of the scenario.
        checks: Vec<CheckLine>,
    },
    /// The run of one build with one snippet has ended, and its report is made.
    RunFinished {
        /// Its conclusion, as in the last line of the text.
        conclusion: String,
        /// How many checks have each status; every status is there.
        totals: BTreeMap<Status, usize>,
        /// The causes of what fails, one sentence each, the most important first.
        causes: Vec<String>,
        /// Milliseconds the run took.
        duration_ms: f64,
    },
    /// The program ends. Always the last line, unless the program is killed.
    Ended {
        /// Its exit code.
        exit_code: u8,
        /// Why it could not do what it was asked to; absent where it could.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The folder of the report; absent where none was asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        report: Option<String>,
    },
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It came to its end, and is judged.
    Whole,
    /// A wait was cut short, so that it proves nothing. It is made again with full deadlines.
    Inconclusive,
    /// The page stopped answering.
    Hung,
    /// The machine failed. Says nothing of the SDK.
    Lost,
    /// The harness failed.
    Bug,
}

/// The verdict on one check.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckLine {
    /// Its id.
    pub id: CheckId,
    /// The verdict.
    pub status: Status,
    /// The highest level of what it proves.
    pub level: Level,
    /// What it proves.
    pub requirements: Vec<RequirementId>,
    /// In how many attempts it was judged.
    pub attempts: usize,
    /// In how many of them it was broken.
    pub broken_attempts: usize,
    /// What is wrong, in one sentence; absent where nothing is, and with --mask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `file:line` of the known failure that it is expected to be; absent where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// The JSON Schema of one line.
pub fn json_schema() -> serde_json::Value {
    schema_for!(Line).to_value()
}
