use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::connection::Connection;
use super::driver::Driver;
use super::engine::{ConsoleEntry, Document, EngineRef, RanScript};
use super::error::BrowserError;
use super::options::SessionOptions;
use super::processes::Processes;
use crate::contract::BrowserFeature;
use crate::evidence::Environment;

/// In-page scripts have their own, shorter deadlines.
const SCRIPT_MS: u64 = 9_000;

const NATIVE_FUNCTIONS: &str = include_str!("scripts/native_functions.js");

/// One browser with one driver session. Commands are sent one after the other, each with a
/// deadline.
#[derive(Debug)]
pub struct Session {
    pub(super) engine: EngineRef,
    pub(super) connection: Connection,
    /// The browser's processes, where it is our own.
    processes: Option<Processes>,
    /// The browser, its driver and what they were started with.
    pub environment: Environment,
    /// What it does not offer, each with the reason.
    missing: BTreeMap<BrowserFeature, String>,
    /// The driver, where it serves this session alone.
    driver: Option<Box<Driver>>,
    /// Held until the session has been ended, where its driver is not ours.
    left_open: Mutex<Option<LeftOpen>>,
}

/// Who gave it knows by its end that a session has been ended.
pub type LeftOpen = Box<dyn Debug + Send + Sync>;

impl Session {
    /// Starts a browser.
    pub async fn open(engine: EngineRef, options: &SessionOptions) -> Result<Self, BrowserError> {
        let arguments = engine.arguments(options.headed, options.reach());
        let wanted = capabilities(engine, options, &arguments);
        let mut connection =
            Connection::open(engine, &options.webdriver, wanted, options.start).await?;
        let capabilities = connection.capabilities();
        let granted = engine.granted(&capabilities, &options.webdriver.to_string());
        if let Err(why) = engine.prepare(&mut connection, &granted).await {
            // Before anybody hears of it: who asks again finds the driver free.
            connection.close().await;
            return Err(why);
        }
        let process = granted.process.filter(|_| options.is_ours);
        let processes = process.and_then(Processes::of);
        let text = |name: &str| {
            let value = capabilities.get(name).and_then(Value::as_str);
            value.unwrap_or("unknown").to_owned()
        };
        let browser = text("browserName");
        let mut session = Self {
            missing: engine.missing_features(&browser),
            engine,
            connection,
            processes,
            environment: Environment {
                engine: engine.name().to_owned(),
                browser,
                browser_version: text("browserVersion"),
                driver: granted.driver,
                arguments,
                preferences: engine
                    .preferences(options.reach())
                    .iter()
                    .map(written)
                    .collect(),
                console: engine.console_source().to_owned(),
                native_functions: BTreeMap::new(),
                also: None,
            },
            driver: None,
            left_open: Mutex::default(),
        };
        match session.native_functions().await {
            Ok(own) => session.environment.native_functions = own,
            Err(why) => {
                session.close().await;
                return Err(why);
            }
        }
        Ok(session)
    }

    /// Which built-in functions are the browser's own.
    async fn native_functions(&self) -> Result<BTreeMap<String, bool>, BrowserError> {
        let answer = self.execute(NATIVE_FUNCTIONS, Vec::new()).await?;
        serde_json::from_value(answer)
            .map_err(|error| BrowserError::unexpected_answer("native_functions.js", error))
    }

    /// Keeps `driver` running as long as this session.
    #[must_use]
    pub fn with_driver(mut self, driver: Driver) -> Self {
        self.driver = Some(Box::new(driver));
        self
    }

    /// Holds this until the session has been ended: when it is dropped without that, too.
    #[must_use]
    pub fn holding(self, left_open: LeftOpen) -> Self {
        *self.left_open() = Some(left_open);
        self
    }

    fn left_open(&self) -> MutexGuard<'_, Option<LeftOpen>> {
        self.left_open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, where `why` says of all that it does not offer why no other browser is taken.
    #[must_use]
    pub fn without_another(mut self, why: &str) -> Self {
        for reason in self.missing.values_mut() {
            *reason = format!("{reason}, and {why}");
        }
        self
    }

    /// What this browser does not offer, each with the reason.
    #[must_use]
    pub fn missing_features(&self) -> &BTreeMap<BrowserFeature, String> {
        &self.missing
    }

    /// Ends the session and its browser. Never ends a case: a closing session loses what its pages
    /// still send.
    pub async fn close(&self) {
        let left_open = self.left_open().take();
        self.connection.close().await;
        drop(left_open);
        // A page in an endless loop outlives its session, and its console messages block the
        // driver.
        if let Some(processes) = &self.processes {
            processes.kill();
        }
    }

    /// Ends a session whose page answers no more, or whose browser has gone: its processes first,
    /// as a page in an endless loop takes a processor as long as it is there.
    pub async fn abandon(&self) {
        if let Some(processes) = &self.processes {
            processes.kill();
        }
        let left_open = self.left_open().take();
        self.connection.close().await;
        drop(left_open);
    }

    /// Sets how long a command may take from now on.
    pub fn set_deadline(&self, deadline: Duration) {
        self.connection.set_deadline(deadline);
    }

    /// What the slowest command took that was answered, since this was last asked.
    pub fn take_slowest(&self) -> Duration {
        self.connection.take_slowest()
    }

    /// Waits until a command is late: its page may have stopped answering.
    pub async fn is_late(&self) {
        self.connection.is_late().await;
    }

    /// Its id, by which other programs send commands to it.
    pub fn id(&self) -> &str {
        self.connection.id()
    }

    pub(super) fn client(&self) -> &Client {
        &self.connection.client
    }

    pub(super) async fn run<T>(
        &self,
        command: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        self.connection.run(command).await
    }

    /// Starts loading `url`; waits for it only where that is the driver's.
    pub async fn goto(&self, url: &str) -> Result<(), BrowserError> {
        self.run(self.client().goto(url)).await
    }

    /// Runs a script in the page; `arguments` as in WebDriver.
    pub async fn execute(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, BrowserError> {
        let script = self.client().execute(script, arguments);
        self.connection.run_script(script).await
    }

    /// Runs a script that ends by calling its last argument.
    pub async fn execute_async(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, BrowserError> {
        let script = self.client().execute_async(script, arguments);
        self.connection.run_waiting(script).await
    }

    /// Moves through the session history, without waiting.
    pub(super) async fn back(&self) -> Result<(), BrowserError> {
        self.run(self.client().back()).await
    }

    /// As `back`.
    pub(super) async fn forward(&self) -> Result<(), BrowserError> {
        self.run(self.client().forward()).await
    }

    /// As `back`.
    pub(super) async fn reload(&self) -> Result<(), BrowserError> {
        self.run(self.client().refresh()).await
    }

    /// Deletes every cookie of the browser, whatever its domain and path.
    pub async fn clear_cookies(&self) -> Result<(), BrowserError> {
        self.engine.clear_cookies(&self.connection).await
    }

    /// Deletes the cookies that end with the visitor's session.
    pub async fn delete_session_cookies(&self) -> Result<(), BrowserError> {
        for cookie in self.run(self.client().get_all_cookies()).await? {
            if cookie.expires().is_none() {
                self.run(self.client().delete_cookie(cookie.name())).await?;
            }
        }
        Ok(())
    }

    /// Deletes every entry of the session history but the current one, where the engine can.
    pub async fn clear_history(&self) -> Result<(), BrowserError> {
        self.engine.clear_history(&self.connection).await
    }

    /// Gives the current window this language, a BCP 47 tag, or the browser's own again.
    pub async fn set_locale(&self, locale: Option<&str>) -> Result<(), BrowserError> {
        self.engine.set_locale(&self.connection, locale).await
    }

    /// The engine's number of documents, where it reports those of the current window.
    pub(super) fn documents(&self) -> Option<u64> {
        self.engine.documents(&self.connection)
    }

    /// Whether the current window still shows this document; `false` where only a script can tell.
    pub(super) async fn still_shows(&self, document: &Document<'_>) -> Result<bool, BrowserError> {
        self.engine.still_shows(&self.connection, document).await
    }

    /// Takes every window off the network, or puts it back.
    pub async fn set_offline(&self, offline: bool) -> Result<(), BrowserError> {
        self.engine.set_offline(&self.connection, offline).await
    }

    /// Takes what the consoles of all windows received since the last time.
    pub async fn take_console(&self) -> Result<Vec<ConsoleEntry>, BrowserError> {
        self.engine.take_console(&self.connection).await
    }

    /// Takes what code ran in the current window, or in its process, since the last time, where the
    /// engine counts that.
    pub async fn take_code(&self) -> Result<Vec<RanScript>, BrowserError> {
        self.engine.take_code(&self.connection).await
    }

    /// A PNG of what the current window shows, where the engine can take one.
    pub async fn screenshot(&self) -> Result<Option<Vec<u8>>, BrowserError> {
        self.engine.screenshot(&self.connection).await
    }
}

/// Its connection ends it: until then it is left open.
impl Drop for Session {
    fn drop(&mut self) {
        let left_open = self.left_open().take();
        if let (Some(left_open), Some(answer)) = (left_open, self.connection.end()) {
            tokio::spawn(async move {
                let _ = answer.await;
                drop(left_open);
            });
        }
    }
}

/// `name = value`
fn written((name, value): &(&str, Value)) -> String {
    format!("{name} = {value}")
}

/// What all engines take, and what this one takes besides.
fn capabilities(engine: EngineRef, options: &SessionOptions, arguments: &[String]) -> Capabilities {
    let mut capabilities = engine.capabilities(options, arguments);
    let timeouts = json!({"script": SCRIPT_MS, "pageLoad": SCRIPT_MS});
    let common = [
        ("browserName", json!(engine.browser_name())),
        ("pageLoadStrategy", json!(options.page_load.strategy())),
        ("timeouts", timeouts),
        // The connection dismisses a dialog: with `BiDi`, Firefox would do so and notify nobody.
        ("unhandledPromptBehavior", json!("ignore")),
    ];
    capabilities.extend(common.map(|(name, value)| (name.to_owned(), value)));
    if options.proxy.is_some() {
        // The proxy answers for https hosts with certificates that no authority signed.
        capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
    }
    capabilities
}
