//! What is around the SDK: the storefront of a scenario, and how storefront and backend answer.

use serde::{Deserialize, Serialize};

use super::axes::Load;

/// Where the snippet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnippetPlace {
    /// Before the SDK: the documented install.
    #[default]
    BeforeSdk,
    /// After the SDK's script element.
    AfterSdk,
    /// Twice, before the SDK.
    Twice,
    /// Not at all.
    Absent,
}

/// Whether the page may use web storage and cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// As usual.
    #[default]
    Allowed,
    /// Every access to `localStorage`, `sessionStorage` or `document.cookie` throws (an opaque
    /// origin, by `Content-Security-Policy: sandbox`).
    Blocked,
}

/// What is unusual about the storefront of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct StorefrontOptions {
    /// How the SDK is loaded, where no axis sets it.
    pub load: Load,
    /// Where the snippet stands.
    pub snippet: SnippetPlace,
    /// The install fragment stands twice.
    pub sdk_twice: bool,
    /// Pages carry a Content-Security-Policy that allows just their own scripts and the API's
    /// origin.
    pub strict_policy: bool,
    /// Whether storage works.
    pub storage: Storage,
    /// A script of the shop's that runs before the snippet.
    pub prelude: Option<String>,
}

/// What the storefront answers when the browser asks for the SDK's script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScriptState {
    /// The script, at once.
    #[default]
    Open,
    /// Nothing yet: the answer waits until the scenario opens the gate.
    Held,
    /// A redirect to a port that browsers refuse: the load fails in the browser, at once, as behind
    /// a content blocker.
    Blocked,
    /// 500 once, then as `open`.
    FailsOnce,
}

/// How the backend behaves on its event endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendState {
    /// Records and answers 200.
    #[default]
    Well,
    /// Answers 500 and records nothing.
    Error500,
    /// Answers 403 and records nothing, as a firewall that dislikes what it reads.
    Error403,
    /// Answers 429 and records nothing. No header says for how long.
    TooMany,
    /// Answers 308, to another address of its own, and records there.
    Redirects,
    /// Records at once and answers late.
    Slow,
    /// Records at once, and answers when the page that a `track` step leaves has gone.
    Held,
    /// Records at once and answers after seconds: later than an impatient client waits.
    VerySlow,
    /// Reads the request, records nothing and drops the connection.
    DropsRequest,
    /// Records the request and drops the connection instead of answering.
    DropsResponse,
    /// Refuses connections.
    Refused,
    /// Answers the preflight, and everything else, without CORS headers.
    NoCors,
}

/// How the backend answers what visitors ask the widgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// At once.
    #[default]
    Well,
    /// After seconds.
    Late,
    /// The head at once, the body piece by piece for seconds.
    Streamed,
    /// By 500.
    Failing,
}

/// Whether a visitor's browser reaches anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkState {
    /// It does.
    #[default]
    Online,
    /// Every request fails, and `navigator.onLine` is false.
    Offline,
}

impl BackendState {
    /// Whether it records what it gets, whatever it answers.
    pub fn records(self) -> bool {
        match self {
            Self::Well
            | Self::Slow
            | Self::Held
            | Self::VerySlow
            | Self::Redirects
            | Self::DropsResponse => true,
            Self::Error500
            | Self::Error403
            | Self::TooMany
            | Self::DropsRequest
            | Self::Refused
            | Self::NoCors => false,
        }
    }

    /// Whether it answers the widgets: only events fail in the other states.
    pub fn answers_widgets(self) -> bool {
        match self {
            Self::Refused | Self::NoCors => false,
            Self::Well
            | Self::Error500
            | Self::Error403
            | Self::TooMany
            | Self::Redirects
            | Self::Slow
            | Self::Held
            | Self::VerySlow
            | Self::DropsRequest
            | Self::DropsResponse => true,
        }
    }

    /// Whether connections are refused: for that a case needs a port of its own.
    pub fn refuses_connections(self) -> bool {
        match self {
            Self::Refused => true,
            Self::Well
            | Self::Error500
            | Self::Error403
            | Self::TooMany
            | Self::Redirects
            | Self::Slow
            | Self::Held
            | Self::VerySlow
            | Self::DropsRequest
            | Self::DropsResponse
            | Self::NoCors => false,
        }
    }
}
