use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::connection::Connection;
use super::engine::{ConsoleEntry, EngineRef};
use super::processes::Processes;
use super::{BrowserError, Driver};
use crate::contract::BrowserFeature;
use crate::evidence::Environment;

/// In-page scripts have their own, shorter deadlines.
const SCRIPT_MS: u64 = 9_000;

const NATIVE_FUNCTIONS: &str = include_str!("scripts/native_functions.js");

/// What a session is opened with.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The engine of the browser.
    pub engine: EngineRef,
    /// The driver's URL.
    pub webdriver: String,
    /// The browser's executable; `None`: the driver's own choice.
    pub browser: Option<PathBuf>,
    /// Show a window.
    pub headed: bool,
    /// Who waits for a page to load.
    pub page_load: PageLoad,
    /// Whether the driver is our own, so that its browsers are processes of this machine.
    pub is_ours: bool,
    /// The proxy for all names but the harness's own; `None`: no other name can be reached.
    pub proxy: Option<SocketAddr>,
}

/// Who waits for a page to load (W3C WebDriver, “page load strategy”).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageLoad {
    /// We do: a page whose script is held back never completes.
    Ours,
    /// The driver does, as in most suites.
    Drivers,
}

impl PageLoad {
    fn strategy(self) -> &'static str {
        match self {
            Self::Ours => "none",
            Self::Drivers => "normal",
        }
    }
}

/// One browser with one driver session. Commands are sent one after the other, each with a
/// deadline.
#[derive(Debug)]
pub struct Session {
    pub(super) connection: Connection,
    /// The browser's processes, where it is our own.
    processes: Option<Processes>,
    /// The browser, its driver and what they were started with.
    pub environment: Environment,
    /// The driver, where it serves this session alone.
    driver: Option<Box<Driver>>,
}

impl Session {
    /// Starts a browser.
    ///
    /// # Errors
    /// If the driver refuses or does not answer.
    pub async fn open(options: &SessionOptions) -> Result<Self, BrowserError> {
        let engine = options.engine;
        let arguments = engine.arguments(options.headed);
        let connection = Connection::open(
            engine,
            &options.webdriver,
            capabilities(options, &arguments),
        )
        .await?;
        let capabilities = connection.capabilities();
        let granted = engine.granted(&capabilities);
        let processes = granted
            .process
            .filter(|_| options.is_ours)
            .and_then(Processes::of);
        let text = |name: &str| {
            let value = capabilities.get(name).and_then(Value::as_str);
            value.unwrap_or("unknown").to_owned()
        };
        let mut session = Self {
            connection,
            processes,
            environment: Environment {
                browser: text("browserName"),
                browser_version: text("browserVersion"),
                driver: granted.driver,
                arguments,
                native_functions: BTreeMap::new(),
            },
            driver: None,
        };
        let answer = session.execute(NATIVE_FUNCTIONS, Vec::new()).await?;
        session.environment.native_functions = serde_json::from_value(answer)
            .map_err(|error| BrowserError::unexpected_answer("native_functions.js", error))?;
        Ok(session)
    }

    /// Keeps `driver` running as long as this session.
    #[must_use]
    pub fn with_driver(mut self, driver: Driver) -> Self {
        self.driver = Some(Box::new(driver));
        self
    }

    /// What checks cannot observe in this browser, each with the reason.
    #[must_use]
    pub fn missing_features(&self) -> BTreeMap<BrowserFeature, String> {
        self.connection.engine.missing_features()
    }

    /// Ends the session and its browser. Never ends a case: a closing session loses what its pages
    /// still send.
    pub async fn close(&self) {
        self.connection.close().await;
        // A page in an endless loop outlives its session, and its console messages block the
        // driver.
        if let Some(processes) = &self.processes {
            processes.kill();
        }
    }

    /// Starts loading `url`; waits for it only where that is the driver's.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn goto(&self, url: &str) -> Result<(), BrowserError> {
        let connection = &self.connection;
        connection.run(connection.client.goto(url)).await
    }

    /// Runs a script in the page; `arguments` as in WebDriver.
    ///
    /// # Errors
    /// If it throws, or the page or session goes away.
    pub async fn execute(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, BrowserError> {
        let connection = &self.connection;
        connection
            .run(connection.client.execute(script, arguments))
            .await
    }

    /// Runs a script that ends by calling its last argument.
    ///
    /// # Errors
    /// As `execute`.
    pub async fn execute_async(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, BrowserError> {
        let connection = &self.connection;
        connection
            .run(connection.client.execute_async(script, arguments))
            .await
    }

    /// Moves through the session history, without waiting.
    pub(super) async fn back(&self) -> Result<(), BrowserError> {
        self.connection.run(self.connection.client.back()).await
    }

    /// As `back`.
    pub(super) async fn forward(&self) -> Result<(), BrowserError> {
        self.connection.run(self.connection.client.forward()).await
    }

    /// As `back`.
    pub(super) async fn reload(&self) -> Result<(), BrowserError> {
        self.connection.run(self.connection.client.refresh()).await
    }

    /// Deletes every cookie of the browser, whatever its domain and path.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn clear_cookies(&self) -> Result<(), BrowserError> {
        let connection = &self.connection;
        connection.engine.clear_cookies(connection).await
    }

    /// Deletes the cookies that end with the visitor's session.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn delete_session_cookies(&self) -> Result<(), BrowserError> {
        let connection = &self.connection;
        for cookie in connection.run(connection.client.get_all_cookies()).await? {
            if cookie.expires().is_none() {
                connection
                    .run(connection.client.delete_cookie(cookie.name()))
                    .await?;
            }
        }
        Ok(())
    }

    /// Deletes every entry of the session history but the current one, where the engine can.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn clear_history(&self) -> Result<(), BrowserError> {
        let connection = &self.connection;
        connection.engine.clear_history(connection).await
    }

    /// Takes what the consoles of all windows received since the last time.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn take_console(&self) -> Result<Vec<ConsoleEntry>, BrowserError> {
        let connection = &self.connection;
        connection.engine.take_console(connection).await
    }

    /// A PNG of what the current window shows.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn screenshot(&self) -> Result<Vec<u8>, BrowserError> {
        let connection = &self.connection;
        connection.run(connection.client.screenshot()).await
    }
}

/// What all engines take, and what this one takes besides.
fn capabilities(options: &SessionOptions, arguments: &[String]) -> Capabilities {
    let mut capabilities = options.engine.capabilities(options, arguments);
    let common = [
        ("pageLoadStrategy", json!(options.page_load.strategy())),
        (
            "timeouts",
            json!({"script": SCRIPT_MS, "pageLoad": SCRIPT_MS}),
        ),
        ("unhandledPromptBehavior", json!("dismiss and notify")),
    ];
    capabilities.extend(common.map(|(name, value)| (name.to_owned(), value)));
    if options.proxy.is_some() {
        // The proxy answers for https hosts with certificates that no authority signed.
        capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
    }
    capabilities
}
