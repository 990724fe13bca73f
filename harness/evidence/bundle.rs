use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::console::{ConsoleMessage, Position};
use super::frame::Frame;
use super::{Contact, Millis};
use crate::contract::{BrowserFeature, Event, Visitor};

/// Everything one attempt at a case left behind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The case's id.
    pub case: String,
    /// The steps, as they were done.
    pub steps: Vec<StepRecord>,
    /// The calls the harness made on the page.
    pub calls: Vec<Call>,
    /// The raw values the harness pushed onto the queue.
    pub pushes: Vec<Push>,
    /// Console messages, uncaught errors among them.
    pub console: Vec<ConsoleMessage>,
    /// Dialogs that opened.
    pub dialogs: Vec<Dialog>,
    /// Every request the backend got, in order of arrival.
    pub requests: Vec<Request>,
    /// Every request to a host by its public name, in order of arrival: those that the backend
    /// answered, and those that were denied.
    pub contacts: Vec<Contact>,
    /// When the page started each request, by its own resource timing. Absent for requests of a
    /// page that had gone.
    pub started: BTreeMap<RequestId, Millis>,
    /// The values of `read` steps.
    pub reads: BTreeMap<String, Value>,
    /// What the SDK's getters returned.
    pub identities: Vec<Identity>,
    /// The flawed calls of the validation matrix, by row.
    pub rows: Vec<RowRecord>,
    /// What the storefront answered to requests for the SDK's script.
    pub scripts: Vec<ScriptFetch>,
    /// SHA-256 of the snippet in the pages as served.
    pub snippet_sha256: Option<String>,
    /// How long after its script had come the SDK was seen to be ready, in milliseconds by the
    /// page's clock, once for each time that a case waited for it right after loading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ready_ms: Vec<f64>,
    /// When the last page was left. What arrived later had been held back.
    pub left_at: Option<Millis>,
    /// What checks cannot observe in this browser, each with the reason. Empty for an engine that
    /// offers everything, as in evidence that is older than this field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing_features: BTreeMap<BrowserFeature, String>,
    /// The page after each step; empty where that was not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<Frame>,
    /// Where the time went.
    pub spent: Spent,
}

impl Evidence {
    /// The step that the page did not let a shopper do, with the reason.
    pub fn impossible(&self) -> Option<(&StepRecord, &str)> {
        self.steps.iter().find_map(|step| match &step.outcome {
            StepOutcome::Impossible(why) => Some((step, why.as_str())),
            StepOutcome::Done | StepOutcome::GaveUp(_) => None,
        })
    }

    /// The errors in the console.
    pub fn errors(&self) -> impl Iterator<Item = &ConsoleMessage> {
        self.console.iter().filter(|message| message.is_error())
    }
}

/// One step as it was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    /// The line of the scenario.
    pub line: usize,
    /// The step in words.
    pub what: String,
    /// When it began.
    pub at: Millis,
    /// When it ended.
    pub until: Millis,
    /// How it ended.
    pub outcome: StepOutcome,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Done.
    Done,
    /// What it waited for did not come in time. The checks decide what that means.
    GaveUp(String),
    /// The page did not let a shopper do it; later steps were not tried.
    Impossible(String),
}

/// One call of an event on the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// When.
    pub at: Millis,
    /// What was called.
    pub event: Event,
    /// The exception that came back into the page.
    pub threw: Option<String>,
    /// The first position in its stack; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threw_at: Option<Position>,
}

impl Call {
    /// The exception, followed by its position where there is one.
    pub fn thrown(&self) -> Option<String> {
        let threw = self.threw.as_ref()?;
        Some(match &self.threw_at {
            Some(position) => format!("{threw} ({position})"),
            None => threw.clone(),
        })
    }
}

/// One raw value pushed onto the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// When.
    pub at: Millis,
    /// The JavaScript expression.
    pub expression: String,
    /// The exception that came back into the page.
    pub threw: Option<String>,
}

/// How serious a console message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// `console.debug`.
    Debug,
    /// `console.log` and `console.info`.
    Info,
    /// `console.warn`.
    Warning,
    /// `console.error`, and what the browser itself calls an error.
    Error,
    /// An exception nobody caught, or a rejection nobody handled.
    Uncaught,
}

/// An `alert`, `confirm` or `prompt`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialog {
    /// When it was noticed.
    pub at: Millis,
    /// Its text.
    pub text: String,
}

/// The backend's number for one request; unique in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// What the backend did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// An event, recorded and answered 200 (or meant to be: the answer may have been dropped).
    Recorded,
    /// An event, answered with this status and not recorded.
    Refused(u16),
    /// An event, read and dropped without a record and without an answer.
    Dropped,
    /// A CORS preflight.
    Preflight,
    /// Something else the profile has an answer for.
    Answered,
    /// Something nobody expects: 404.
    Unknown,
}

/// One HTTP request, as the backend got it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its number.
    pub id: RequestId,
    /// When it had arrived whole.
    pub at: Millis,
    /// Whose it was, by its host.
    pub visitor: Visitor,
    /// The HTTP method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The body as text.
    pub body: String,
    /// What the backend did with it.
    pub decision: Decision,
}

impl Request {
    /// The path without the query.
    pub fn endpoint(&self) -> &str {
        self.path
            .split_once('?')
            .map_or(self.path.as_str(), |(endpoint, _)| endpoint)
    }
}

/// What the SDK's getters returned.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// When.
    pub at: Millis,
    /// To whom.
    pub visitor: Visitor,
    /// The chat's fingerprint.
    pub user_fingerprint: Value,
    /// The Product FAQs' fingerprint.
    pub user_faq_fingerprint: Value,
}

/// What one flawed call of the matrix did.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRecord {
    /// The row's id.
    pub id: String,
    /// The exception that came back into the page.
    pub threw: Option<String>,
    /// The messages of the console between this call and the next.
    pub console: Vec<String>,
}

/// One answer to a request for the SDK's script.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptFetch {
    /// When it was answered.
    pub at: Millis,
    /// The HTTP status; 302 where it was blocked.
    pub status: u16,
    /// SHA-256 of the script sent, where one was.
    pub sha256: Option<String>,
}

/// Where the time of a case went, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// Loading pages, leaving them, and clearing up.
    pub navigation: f64,
    /// Doing steps.
    pub steps: f64,
    /// Waiting for the ledger or for a signal of the page.
    pub waiting: f64,
}
