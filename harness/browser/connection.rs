//! The connection to a driver: sends commands one after the other, each with a deadline, and
//! translates its errors.

use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use url::{ParseError, Url};

use super::error::{BrowserError, ErrorTexts};

/// No healthy command takes this long on a machine under full load; a page whose script loops takes
/// for ever.
const COMMAND: Duration = Duration::from_secs(12);

/// How long a new browser may take to start.
const NEW_SESSION: Duration = Duration::from_secs(60);

/// How long a browser may take to end by itself.
const CLOSE: Duration = Duration::from_secs(4);

/// The commands of one session.
#[derive(Debug)]
pub struct Connection {
    pub(super) client: Client,
    texts: &'static dyn ErrorTexts,
}

impl Connection {
    /// Opens a session at the driver `webdriver`.
    pub async fn open(
        texts: &'static dyn ErrorTexts,
        webdriver: &str,
        capabilities: Capabilities,
    ) -> Result<Self, BrowserError> {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let refused = |why: String| {
            BrowserError::Lost(format!("the driver at {webdriver} opened no session{why}"))
        };
        let client = tokio::time::timeout(NEW_SESSION, builder.connect(webdriver))
            .await
            .map_err(|_| refused(format!(" within {} s", NEW_SESSION.as_secs())))?
            .map_err(|error| refused(format!(": {error}")))?;
        Ok(Self { client, texts })
    }

    /// What the driver granted.
    pub fn capabilities(&self) -> Capabilities {
        self.client.capabilities().cloned().unwrap_or_default()
    }

    /// Waits for a command.
    pub async fn run<T>(
        &self,
        command: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        match tokio::time::timeout(COMMAND, command).await {
            Ok(answer) => answer.map_err(|error| BrowserError::of(self.texts, error)),
            Err(_) => Err(BrowserError::Hung(COMMAND.as_secs())),
        }
    }

    /// Sends a command that only this engine's driver has: a POST of `body` to
    /// `/session/{id}/{path}`.
    pub async fn vendor(&self, path: &'static str, body: Value) -> Result<Value, BrowserError> {
        let command = VendorCommand { path, body };
        self.run(self.client.issue_cmd(command)).await
    }

    /// Ends the session.
    pub async fn close(&self) {
        // An error means that it has ended already.
        let _ = tokio::time::timeout(CLOSE, self.client.clone().close()).await;
    }
}

/// A command of one engine's driver.
#[derive(Debug)]
struct VendorCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for VendorCommand {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        let session = session_id.unwrap_or_default();
        base_url.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
