use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde::Deserialize;
use url::{ParseError, Url};

/// Takes what the console said since the last time, all windows together. An extension of
/// chromedriver's.
#[derive(Debug)]
pub(super) struct TakeConsole;

impl WebDriverCompatibleCommand for TakeConsole {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!(
            "session/{}/se/log",
            session_id.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(r#"{"type":"browser"}"#.to_owned()))
    }
}

/// Runs a command of the Chrome DevTools Protocol. An extension of chromedriver's.
#[derive(Debug)]
pub(super) struct DevTools(pub &'static str);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!(
            "session/{}/goog/cdp/execute",
            session_id.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (
            Method::POST,
            Some(serde_json::json!({"cmd": self.0, "params": {}}).to_string()),
        )
    }
}

/// One message, as the driver hands it over.
#[derive(Debug, Clone, Deserialize)]
pub struct LogEntry {
    /// `DEBUG`, `INFO`, `WARNING` or `SEVERE`.
    pub level: String,
    /// `console-api`, `javascript`, `network`, `security`…
    #[serde(default)]
    pub source: String,
    /// The place and the text: `http://… 12:34 "text"`.
    pub message: String,
    /// Milliseconds since 1970.
    pub timestamp: f64,
}
