use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::contract::Method;
use crate::input::{Files, InputError};

/// Where the things of a build are, and how a shopper uses them. It never does the SDK's work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// For reports.
    pub name: String,
    /// The shop's company key.
    pub company_key: String,
    /// A JavaScript expression that is true once the SDK is ready.
    pub ready: String,
    /// Expressions that return the visitor's fingerprints.
    pub identifiers: Identifiers,
    /// How long the harness waits.
    pub waits: Waits,
    /// The chat widget.
    pub chat: ChatPlace,
    /// The Product FAQ widget.
    pub faq: FaqPlace,
    /// Where events go, and where their fields lie.
    pub wire: Wire,
    /// What the backend answers on other paths.
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
}

/// Expressions evaluated on the page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifiers {
    /// The chat's.
    pub user_fingerprint: String,
    /// The Product FAQs'.
    pub user_faq_fingerprint: String,
}

/// How long the harness waits, in milliseconds. Deadlines, not sleeps: a wait ends with what it waits for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waits {
    /// For readiness, and for a widget's parts to appear.
    pub ready_ms: u64,
    /// For an expected event to be recorded.
    pub recorded_ms: u64,
    /// The quiet time after a case has left its page, in which late requests still count.
    pub settle_ms: u64,
}

impl Waits {
    /// See `ready_ms`.
    #[must_use]
    pub fn ready(&self) -> Duration {
        Duration::from_millis(self.ready_ms)
    }

    /// See `recorded_ms`.
    #[must_use]
    pub fn recorded(&self) -> Duration {
        Duration::from_millis(self.recorded_ms)
    }

    /// See `settle_ms`.
    #[must_use]
    pub fn settle(&self) -> Duration {
        Duration::from_millis(self.settle_ms)
    }
}

/// The chat's parts, as CSS selectors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatPlace {
    /// What a click opens the chat with.
    pub launcher: String,
    /// Where a message is typed; Enter sends it.
    pub input: String,
    /// What shows once the answer is there.
    pub answer: String,
    /// What the visitor types.
    pub message: String,
}

/// The Product FAQs' parts, as CSS selectors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaqPlace {
    /// A question to click.
    pub question: String,
    /// What shows once the answer is there.
    pub answer: String,
}

/// The HTTP wire format.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wire {
    /// The path of the SDK's script below the API's base URL.
    pub script: String,
    /// The name of the company key in a request.
    pub company_key: String,
    /// The name of the chat's fingerprint.
    pub user_fingerprint: String,
    /// The name of the Product FAQs' fingerprint.
    pub user_faq_fingerprint: String,
    /// Where the events of each method go.
    pub events: BTreeMap<Method, WireEvent>,
}

/// Where one method's events go, and the name of each documented field there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireEvent {
    /// The path below the API's base URL.
    pub path: String,
    /// From the page's name to the wire's.
    pub fields: BTreeMap<String, String>,
    /// As `fields`, for each line item.
    #[serde(default)]
    pub item_fields: BTreeMap<String, String>,
}

/// One canned answer of the backend.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The path.
    pub path: String,
    /// The JSON body, status 200.
    pub body: Value,
}

impl Profile {
    /// Reads the bundled profile of that name.
    ///
    /// # Errors
    /// If it cannot be read, or leaves out where a method's events go.
    pub fn load(name: &str, files: &Files) -> Result<Self, InputError> {
        let source = files.fixture(&format!("profiles/{name}.toml"))?;
        let profile: Self = source.toml()?;
        match Method::ALL.into_iter().find(|method| !profile.wire.events.contains_key(method)) {
            Some(method) => Err(source.error(format!("[wire.events.{method}] is missing"))),
            None => Ok(profile),
        }
    }

    /// Where the events of `method` go.
    #[must_use]
    pub fn event(&self, method: Method) -> &WireEvent {
        &self.wire.events[&method]
    }

    /// The method whose events go to `path`.
    #[must_use]
    pub fn method_at(&self, path: &str) -> Option<Method> {
        self.wire.events.iter().find(|(_, event)| event.path == path).map(|(method, _)| *method)
    }
}
