use serde::Serialize;

use crate::contract::{CaseCheckName, Method, Requirement, Visitor};
use crate::evidence::{Millis, RequestId};
use crate::scenario::{BackendState, ScriptState};

/// What is served, and how it answers now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    pub sdk: String,
    pub sha256: String,
    /// How often it was saved anew since `serve` began.
    pub changes: u64,
    pub profile: String,
    pub shop: String,
    pub second_shop: String,
    /// How the SDK's script is answered.
    pub script: ScriptState,
    /// How often it was answered.
    pub script_answers: usize,
    /// How the last request for it was answered; absent: none was.
    pub script_status: Option<u16>,
    pub backend: BackendState,
    /// Requests before this number were cleared away.
    pub cleared: u64,
}

/// One request to the backend, with the events in it and the verdicts on them.
///
/// All texts that came from the page or the SDK are as they came: whoever shows them must show them
/// as text.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The backend's number for it.
    pub id: RequestId,
    /// When it had arrived.
    pub at: Millis,
    pub visitor: Visitor,
    pub method: String,
    /// The path, with the query.
    pub path: String,
    pub content_type: Option<String>,
    pub body: String,
    /// The outcome, in a word: `recorded`, `rejected`, `refused`, `dropped`, `preflight`,
    /// `answered`, `unknown`.
    pub fate: &'static str,
    /// The same in a sentence.
    pub what: String,
    pub events: Vec<SeenEvent>,
    pub verdicts: Vec<Verdict>,
}

/// One event, read from a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeenEvent {
    /// The method that it came from.
    pub method: Method,
    /// The documented fields that it carries, then what the SDK adds.
    pub fields: Vec<Field>,
    /// Why a server with the profile's policies does not record it.
    pub rejected: Option<&'static str>,
}

/// One field of an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name in the shop's data.
    pub name: String,
    /// Its value as JSON text, so that no reader rounds it; absent where the event has none.
    pub value: Option<String>,
}

/// The verdict of one check.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    pub check: CaseCheckName,
    pub status: VerdictStatus,
    /// What is broken, or why there was nothing to judge by.
    pub message: Option<String>,
    /// What would have been right, as JSON text.
    pub expected: Option<String>,
    /// What was there, as JSON text.
    pub actual: Option<String>,
    /// What it is about.
    pub requirements: Vec<Requirement>,
}

/// Whether a check holds of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictStatus {
    /// It does.
    Holds,
    /// It does not.
    Broken,
    /// There is nothing to judge by yet.
    Open,
}
