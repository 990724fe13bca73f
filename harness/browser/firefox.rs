//! Firefox, by geckodriver; its console and its cookies by WebDriver `BiDi`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::wd::{Capabilities, WindowHandle};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bidi::{Bidi, CallFrame, LogEntry};
use super::connection::Connection;
use super::engine::{
    ConsoleEntry, Document, Engine, Granted, PackageManager, Pending, SIZE, w3c_proxy,
};
use super::error::{BrowserError, ErrorTexts, Meaning};
use super::firefox_preferences::{ENVIRONMENT, preferences};
use super::options::{Reach, SessionOptions};
use crate::contract::BrowserFeature;
use crate::evidence::{Position, Severity};

/// The engine; it has no state.
#[derive(Debug)]
pub struct Firefox;

/// The realm of our own scripts: what a page has put in the place of the browser's functions is not
/// seen in it, and what it holds is not seen in the page.
const SANDBOX: &str = "alhena-conformance";

/// Ends the URL of `BiDi` that a Grid offers.
const OF_A_GRID: &str = "/se/bidi";

/// How long a page that is replaced again and again is followed for its console.
const FENCE: Duration = Duration::from_secs(5);

/// How long a page that is about to go is waited for, before it is asked by W3C WebDriver.
const SHORT: Duration = Duration::from_secs(1);

/// Firefox makes no window narrower than this, in pixels.
const NARROWEST: u32 = 500;

/// Empties the session history of the current window, as no command does. Runs in the browser's own
/// window.
const CLEAR_HISTORY: &str = "gBrowser.selectedBrowser.purgeSessionHistory();";

/// What Firefox writes where a driver that is not ours was started without system access, as those
/// of a Grid are: there the session history grows from case to case.
const NO_SYSTEM_ACCESS: &str = "System access is required";

/// What geckodriver writes of a browser that has ended.
const LOST: [&str; 3] = [
    "Failed to decode response from marionette",
    "without establishing a connection",
    "Connection refused",
];

/// What Firefox writes of a page that was replaced during a command. Most of these are unhandled
/// errors of the browser.
const CHANGED: [&str; 6] = [
    "NS_ERROR_OUT_OF_MEMORY",
    "clientRects is undefined",
    "destroyed before query",
    "Document was unloaded",
    "dead object",
    "no such frame",
];

/// Topics of Firefox's own errors that look like the name of a class.
const OWN_TOPICS: [&str; 1] = ["WebRTC"];

/// Begins the message about a script that did not load.
const NOT_LOADED: &str = "Loading failed for the <script> with source “";

/// What an address of this machine means where the driver runs on another one.
const OWN_MACHINE_ALONE: &str = "geckodriver offers BiDi to its own machine alone; Firefox on \
    another one is reached by a Selenium Grid";

impl Engine for Firefox {
    fn name(&self) -> &'static str {
        "Firefox"
    }

    fn id(&self) -> &'static str {
        "firefox"
    }

    fn browser_name(&self) -> &'static str {
        "firefox"
    }

    fn browsers(&self, _: bool) -> &'static [&'static str] {
        &["firefox-esr", "firefox"]
    }

    fn applications(&self) -> &'static [&'static str] {
        &["/Applications/Firefox.app/Contents/MacOS/firefox"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["geckodriver"]
    }

    /// Those before it do not know `--allow-system-access`.
    fn driver_needed(&self) -> Option<&'static str> {
        Some("geckodriver 0.36 or newer")
    }

    fn packages(&self, manager: PackageManager) -> Option<&'static [&'static str]> {
        Some(match manager {
            PackageManager::Apt => &["firefox-esr"],
            PackageManager::Brew => &["firefox"],
        })
    }

    fn driver_crate(&self) -> Option<&'static str> {
        Some("geckodriver")
    }

    fn by_hand(&self) -> &'static str {
        "Firefox and its geckodriver"
    }

    fn on_ubuntu(&self) -> &'static str {
        "Ubuntu has Firefox only as a snap, which cannot be driven reliably: install Firefox from \
         https://www.mozilla.org/firefox and its driver with `cargo install --locked geckodriver`, \
         and name them with --browser-binary and --driver"
    }

    /// The session history is cleared from the browser's own windows, which takes system access.
    fn driver_arguments(&self) -> &[&'static str] {
        &["--port=0", "--websocket-port=0", "--allow-system-access"]
    }

    /// The browser inherits it. Downloads, and what Firefox keeps beside its profile, go below the
    /// home folder.
    fn driver_environment(&self, folder: &Path) -> Vec<(&'static str, OsString)> {
        let home = ("HOME", folder.as_os_str().to_owned());
        let fixed = ENVIRONMENT.map(|(name, value)| (name, OsString::from(value)));
        [home].into_iter().chain(fixed).collect()
    }

    /// `… INFO Listening on 127.0.0.1:40001`
    fn driver_port(&self, line: &str) -> Option<u16> {
        let (_, address) = line.split_once("Listening on ")?;
        address.trim().rsplit(':').next()?.parse().ok()
    }

    /// The system chooses it.
    fn lost_its_port(&self, _: &str) -> bool {
        false
    }

    fn shares_driver(&self) -> bool {
        false
    }

    fn arguments(&self, headed: bool, _: Reach) -> Vec<String> {
        let (width, height) = SIZE;
        let size = [format!("--width={width}"), format!("--height={height}")];
        let headless = (!headed).then(|| "-headless".to_owned());
        headless.into_iter().chain(size).collect()
    }

    fn preferences(&self, reach: Reach) -> Vec<(&'static str, Value)> {
        preferences(reach)
    }

    fn console_source(&self) -> &'static str {
        "WebDriver BiDi log.entryAdded"
    }

    fn capabilities(&self, options: &SessionOptions, arguments: &[String]) -> Capabilities {
        let preferences = self.preferences(options.reach()).into_iter();
        let preferences = preferences.map(|(name, value)| (name.to_owned(), value));
        let mut firefox = json!({
            "args": arguments,
            "prefs": preferences.collect::<serde_json::Map<_, _>>(),
        });
        if let Some(browser) = &options.browser {
            firefox["binary"] = json!(browser);
        }
        let own = [
            ("webSocketUrl", json!(true)),
            ("moz:firefoxOptions", firefox),
        ];
        let proxy = options.proxy.map(|proxy| ("proxy", w3c_proxy(proxy, &[])));
        let all = own.into_iter().chain(proxy);
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn granted(&self, capabilities: &Capabilities, _: &str) -> Granted {
        let version = capabilities.get("moz:geckodriverVersion");
        let version = version.and_then(Value::as_str).unwrap_or("unknown");
        Granted {
            driver: format!("geckodriver {version}"),
            process: capabilities.get("moz:processID").and_then(Value::as_i64),
        }
    }

    fn never_does(&self) -> BTreeMap<BrowserFeature, String> {
        let prerender = "Firefox never loads a page before anyone goes there";
        BTreeMap::from([(BrowserFeature::Prerender, prerender.to_owned())])
    }

    fn missing_features(&self, _: &str) -> BTreeMap<BrowserFeature, String> {
        BTreeMap::new()
    }

    fn prepare<'c>(&'c self, connection: &'c mut Connection, _: &'c Granted) -> Pending<'c, ()> {
        Box::pin(async {
            let capabilities = connection.capabilities();
            let url = capabilities.get("webSocketUrl").and_then(Value::as_str);
            let url = url.ok_or_else(|| {
                BrowserError::Lost("this Firefox offers no WebDriver BiDi".to_owned())
            })?;
            let url = bidi_url(url, &connection.url());
            connection.bidi = Some(Bidi::connect(&url, OWN_MACHINE_ALONE).await?);
            Ok(())
        })
    }

    /// A message of our own follows all others: once it has come, they have.
    fn take_console<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<ConsoleEntry>> {
        Box::pin(async {
            let begun = Instant::now();
            loop {
                match self.fenced(connection).await {
                    Err(BrowserError::PageChanged(_)) if begun.elapsed() < FENCE => {}
                    log => return Ok(log?.into_iter().map(ConsoleEntry::from).collect()),
                }
            }
        })
    }

    fn clear_cookies<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(self.order(connection, "storage.deleteCookies", json!({})))
    }

    fn clear_history<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async {
            let context = |name| json!({ "context": name });
            match connection.vendor("moz/context", context("chrome")).await {
                Err(BrowserError::Refused(why)) if why.contains(NO_SYSTEM_ACCESS) => return Ok(()),
                entered => entered.map(|_| ())?,
            }
            let script = json!({"script": CLEAR_HISTORY, "args": []});
            let cleared = connection.vendor("execute/sync", script).await;
            connection.vendor("moz/context", context("content")).await?;
            cleared.map(|_| ())
        })
    }

    /// By `BiDi`, which waits until the empty page has loaded: the command of W3C WebDriver does
    /// not, and the empty page may then take the place of the one that is asked for.
    fn new_window<'c>(&'c self, connection: &'c Connection) -> Pending<'c, WindowHandle> {
        Box::pin(async {
            let window = json!({ "type": "window" });
            let opened = self.bidi(connection, "browsingContext.create", window);
            let opened = opened.await?;
            let handle = opened["context"].as_str().map(str::to_owned);
            let handle = handle.and_then(|handle| WindowHandle::try_from(handle).ok());
            handle.ok_or_else(|| BrowserError::Refused("the new window has no handle".to_owned()))
        })
    }

    /// By `BiDi`: while a script of W3C WebDriver runs, its page has a listener for `unload`, and
    /// Firefox keeps no page in the back/forward cache that is left with one. A page that does not
    /// answer is for the commands that know what to do about it.
    fn still_shows<'c>(
        &'c self,
        connection: &'c Connection,
        document: &'c Document<'c>,
    ) -> Pending<'c, bool> {
        Box::pin(async {
            // It fails where a dialog is open.
            let address = connection.run(connection.client.current_url()).await?;
            let has_moved = |from: &str| from != address.as_str();
            if document.address.is_some_and(has_moved) {
                return Ok(false);
            }
            let evaluate = self.evaluate(connection, "performance.timeOrigin");
            let answer = tokio::time::timeout(SHORT, evaluate).await;
            let shown = answer.ok().and_then(Result::ok);
            let time_origin = shown.and_then(|shown| shown["result"]["value"].as_f64());
            Ok(time_origin == Some(document.time_origin))
        })
    }

    /// A window is no narrower than `NARROWEST`; what it shows can be.
    fn show<'c>(&'c self, connection: &'c Connection, width: u32, height: u32) -> Pending<'c, ()> {
        Box::pin(async move {
            let sized = connection.client.set_window_size(width, height);
            connection.run(sized).await?;
            let narrow = json!({ "width": width, "height": height });
            let viewport = (width < NARROWEST).then_some(narrow);
            let own = json!({ "context": window(connection).await?, "viewport": viewport });
            let command = "browsingContext.setViewport";
            self.order(connection, command, own).await
        })
    }

    fn set_locale<'c>(
        &'c self,
        connection: &'c Connection,
        locale: Option<&'c str>,
    ) -> Pending<'c, ()> {
        Box::pin(async move {
            let window = window(connection).await?;
            let override_of = json!({ "contexts": [window], "locale": locale });
            let command = "emulation.setLocaleOverride";
            self.order(connection, command, override_of).await
        })
    }

    fn set_offline<'c>(&'c self, connection: &'c Connection, offline: bool) -> Pending<'c, ()> {
        let offline = offline.then(|| json!({ "type": "offline" }));
        let conditions = json!({ "networkConditions": offline });
        let command = "emulation.setNetworkConditions";
        Box::pin(self.order(connection, command, conditions))
    }
}

impl Firefox {
    async fn fenced(&self, connection: &Connection) -> Result<Vec<LogEntry>, BrowserError> {
        let fence = format!("{SANDBOX} {}", Uuid::new_v4());
        let expression = format!("console.debug('{fence}')");
        self.evaluate(connection, &expression).await?;
        connection.bidi()?.take_log(fence).await
    }

    /// Evaluates an expression in the current window, apart from what its page has changed.
    async fn evaluate(
        &self,
        connection: &Connection,
        expression: &str,
    ) -> Result<Value, BrowserError> {
        let evaluate = json!({
            "expression": expression,
            "target": { "context": window(connection).await?, "sandbox": SANDBOX },
            "awaitPromise": false,
        });
        self.bidi(connection, "script.evaluate", evaluate).await
    }

    /// Runs a command of `BiDi`.
    async fn bidi(
        &self,
        connection: &Connection,
        method: &'static str,
        params: Value,
    ) -> Result<Value, BrowserError> {
        match connection.bidi()?.command(method, params).await {
            Err(BrowserError::Refused(why)) => Err(BrowserError::of_message(self, why)),
            result => result,
        }
    }

    /// Runs a command of `BiDi` whose result says nothing.
    async fn order(
        &self,
        connection: &Connection,
        method: &'static str,
        params: Value,
    ) -> Result<(), BrowserError> {
        self.bidi(connection, method, params).await.map(|_| ())
    }
}

/// The current window, which is its top-level browsing context of `BiDi`.
async fn window(connection: &Connection) -> Result<String, BrowserError> {
    let handle = connection.run(connection.client.window()).await?;
    Ok(handle.into())
}

/// Where the `BiDi` of a session is, whose driver offers this URL. A Grid offers the address that
/// its node takes for the Grid's: a node without `--grid-url` takes its own. So the Grid is asked
/// where it is known to be, at the `session`'s own URL.
fn bidi_url(offered: &str, session: &str) -> String {
    if !offered.ends_with(OF_A_GRID) {
        return offered.to_owned();
    }
    // `https` becomes `wss`.
    let session = session.strip_prefix("http").unwrap_or(session);
    format!("ws{session}{OF_A_GRID}")
}

impl ErrorTexts for Firefox {
    fn meaning_of(&self, message: &str) -> Option<Meaning> {
        let has_any = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
        let lost = has_any(&LOST).then_some(Meaning::Lost);
        lost.or_else(|| has_any(&CHANGED).then_some(Meaning::PageChanged))
    }

    fn is_of_another_version(&self, message: &str) -> bool {
        message.contains("supported browser version")
    }

    /// It is always in the data.
    fn dialog_text(&self, _: &str) -> Option<String> {
        None
    }
}

impl From<LogEntry> for ConsoleEntry {
    fn from(entry: LogEntry) -> Self {
        let text = entry.text.unwrap_or_default();
        let stack = entry.stack_trace.as_ref();
        let frame = stack.and_then(|stack| stack.call_frames.first());
        let position = frame.and_then(position);
        let url = position.as_ref().map(|position| position.url.clone());
        let not_loaded = text.strip_prefix(NOT_LOADED);
        let not_loaded = not_loaded.and_then(|rest| rest.split('”').next());
        let of_script = entry.kind == "console";
        let (source, severity) = match (entry.level.as_str(), of_script) {
            ("error", true) => ("console-api", Severity::Error),
            ("warn", true) => ("console-api", Severity::Warning),
            ("debug", true) => ("console-api", Severity::Debug),
            (_, true) => ("console-api", Severity::Info),
            (_, false) if not_loaded.is_some() => ("network", Severity::Error),
            ("error", false) if stack.is_some() || is_rejection(&text) => {
                ("javascript", Severity::Uncaught)
            }
            ("error", false) => ("javascript", Severity::Error),
            ("warn", false) => ("javascript", Severity::Warning),
            (_, false) => ("javascript", Severity::Info),
        };
        Self {
            epoch_ms: entry.timestamp,
            severity,
            source: source.to_owned(),
            url: not_loaded.map(str::to_owned).or(url),
            position,
            text,
        }
    }
}

/// A frame without a URL is that of a rejection, which Firefox gives no position.
fn position(frame: &CallFrame) -> Option<Position> {
    frame.url.contains("://").then(|| Position {
        url: frame.url.clone(),
        line: frame.line_number + 1,
        column: frame.column_number + 1,
    })
}

/// Whether an error without a stack is a rejection, and not Firefox's own about a policy or a
/// request: it begins with the name of the exception's class, or with what stands before a value
/// that is no exception.
fn is_rejection(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or_default();
    let is_name = |letter: char| letter.is_alphanumeric() || "_$".contains(letter);
    let is_class = !name.is_empty() && name.chars().all(is_name) && !OWN_TOPICS.contains(&name);
    text.starts_with("uncaught exception") || is_class
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::grid(
        "ws://10.0.0.7:4444/session/1/se/bidi",
        "ws://hub:4444/session/1/se/bidi"
    )]
    #[case::driver("ws://127.0.0.1:9222/session/1", "ws://127.0.0.1:9222/session/1")]
    fn bidi_of_a_grid_is_where_the_grid_is(#[case] offered: &str, #[case] asked: &str) {
        assert_eq!(bidi_url(offered, "http://hub:4444/session/1"), asked);
    }

    #[test]
    fn driver_port_is_read_from_its_line() {
        assert_eq!(
            Firefox.driver_port("1790000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:40001"),
            Some(40001)
        );
        assert_eq!(Firefox.driver_port("1790000000000\tmozrunner"), None);
    }

    fn entry(kind: &str, level: &str, text: &str) -> ConsoleEntry {
        let log = json!({"type": kind, "level": level, "text": text, "timestamp": 1});
        serde_json::from_value::<LogEntry>(log).unwrap().into()
    }

    #[rstest]
    #[case::rejection("javascript", "error", "TypeError: x is null", Severity::Uncaught)]
    #[case::own_class("javascript", "error", "Own_Error: x", Severity::Uncaught)]
    #[case::value("javascript", "error", "uncaught exception: x", Severity::Uncaught)]
    #[case::refused_by_cors(
        "javascript",
        "error",
        "Cross-Origin Request Blocked: The Same Origin Policy disallows …",
        Severity::Error
    )]
    #[case::refused_by_policy(
        "javascript",
        "error",
        "Content-Security-Policy: The page’s settings blocked …",
        Severity::Error
    )]
    #[case::own_topic("javascript", "error", "WebRTC: ICE failed", Severity::Error)]
    #[case::error("console", "error", "TypeError: says the page", Severity::Error)]
    #[case::warning("console", "warn", "a", Severity::Warning)]
    #[case::debug("console", "debug", "a", Severity::Debug)]
    #[case::info("console", "info", "a", Severity::Info)]
    fn severity_follows_kind_level_and_text(
        #[case] kind: &str,
        #[case] level: &str,
        #[case] text: &str,
        #[case] expected: Severity,
    ) {
        assert_eq!(entry(kind, level, text).severity, expected);
    }

    #[test]
    fn error_with_a_stack_is_an_exception_whatever_its_name() {
        let mut log = json!({"type": "javascript", "level": "error", "timestamp": 1});
        log["text"] = json!("Out of stock: shoes");
        log["stackTrace"] = json!({ "callFrames": [] });
        let entry = ConsoleEntry::from(serde_json::from_value::<LogEntry>(log).unwrap());
        assert_eq!(entry.severity, Severity::Uncaught);
    }

    #[test]
    fn script_that_does_not_load_is_named_by_its_url() {
        let text = "Loading failed for the <script> with source “http://a.localhost/sdk/w.js”.";
        let entry = entry("javascript", "warn", text);
        assert_eq!(entry.url.as_deref(), Some("http://a.localhost/sdk/w.js"));
        assert_eq!(
            (entry.severity, &*entry.source),
            (Severity::Error, "network")
        );
    }

    #[test]
    fn position_is_that_of_the_innermost_call() {
        let frame = |url, line| json!({"url": url, "lineNumber": line, "columnNumber": 4});
        let mut log = json!({"type": "console", "level": "error", "text": "e", "timestamp": 1});
        log["stackTrace"] = json!({
            "callFrames": [frame("http://a/w.js", 13), frame("http://a/b.js", 1)],
        });
        let entry = ConsoleEntry::from(serde_json::from_value::<LogEntry>(log).unwrap());
        let expected = Position {
            url: "http://a/w.js".to_owned(),
            line: 14,
            column: 5,
        };
        assert_eq!(entry.position, Some(expected));
    }
}
