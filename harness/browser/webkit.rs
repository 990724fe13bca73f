//! `WebKit`, by `WebKitGTK`'s own browser and driver; its console, documents and pictures by the
//! remote inspector.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use url::Url;

use super::at_once::send_at_once;
use super::connection::{COMMAND, Connection};
use super::engine::{ConsoleEntry, Document, Engine, Granted, PackageManager, Pending, SIZE};
use super::error::{BrowserError, ErrorTexts, Meaning};
use super::inspector::{Inspector, Message};
use super::options::{Reach, SessionOptions};
use crate::contract::BrowserFeature;
use crate::evidence::{Position, Severity};

/// The engine; it has no state.
#[derive(Debug)]
pub struct WebKit;

/// The height of the browser's own bars, which is part of the window's.
const BARS: u32 = 38;

/// The width that the browser gives each window that it opens.
const OWN_WIDTH: u64 = 1024;

/// Goes to the first page of the current window's session history.
const TO_THE_FIRST_ENTRY: &str = "history.go(1 - history.length); return history.length === 1;";

const IS_EMPTY_PAGE: &str = "return location.protocol === 'about:';";

/// Between two questions to a page that is on its way.
const ASK_AGAIN: Duration = Duration::from_millis(4);

/// While a page is on its way, how often it is asked whether a dialog keeps it from leaving.
const LOOK_FOR_DIALOG: Duration = Duration::from_millis(100);

/// The variable by which the driver gives the browser the address of its inspector.
const INSPECTOR: &str = "WEBKIT_INSPECTOR_SERVER=127.0.0.1:";

/// The hosts that are reached directly. No setting gives others an address of this machine: those
/// are reached by the proxy.
const DIRECT: &str = "*.localhost";

/// A host that there is not: where one is named, loopback goes through the proxy, too.
const NOBODY: &str = "example.invalid";

/// Seen in `WebKitGTK` 2.50, with `Timing-Allow-Origin` and with the header exposed, too.
const NO_START_TIMES: &str = "WebKit hides the Server-Timing header of another origin from a page, \
    and rounds the start of a request to a millisecond, so that the order of requests is unknown";

/// Begins the message about a rejection that nobody handled.
const REJECTION: &str = "Unhandled Promise Rejection: ";

impl Engine for WebKit {
    fn name(&self) -> &'static str {
        "WebKit"
    }

    fn id(&self) -> &'static str {
        "webkit"
    }

    fn browser_name(&self) -> &'static str {
        "MiniBrowser"
    }

    fn browsers(&self, _: bool) -> &'static [&'static str] {
        &["MiniBrowser"]
    }

    fn applications(&self) -> &'static [&'static str] {
        &[
            "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
            "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
            "/usr/lib/x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser",
            "/usr/lib/aarch64-linux-gnu/webkitgtk-6.0/MiniBrowser",
            "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
            "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
        ]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["WebKitWebDriver"]
    }

    fn packages(&self, manager: PackageManager) -> Option<&'static [&'static str]> {
        match manager {
            PackageManager::Apt => Some(&["webkit2gtk-driver", "xvfb"]),
            PackageManager::Brew => None,
        }
    }

    fn display(&self) -> Option<&'static str> {
        Some("Xvfb")
    }

    fn by_hand(&self) -> &'static str {
        "WebKitGTK's MiniBrowser and WebKitWebDriver, and Xvfb, which exist for Linux alone"
    }

    fn on_ubuntu(&self) -> &'static str {
        "install webkit2gtk-driver and xvfb with apt-get: no release of Ubuntu was tried"
    }

    fn driver_arguments(&self) -> &[&'static str] {
        &[]
    }

    /// What the browser keeps goes below the home folder. It draws without accelerated compositing:
    /// without a graphics card, that takes as much time as all else that a page does.
    fn driver_environment(&self, folder: &Path) -> Vec<(&'static str, OsString)> {
        vec![
            ("HOME", folder.as_os_str().to_owned()),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
        ]
    }

    fn is_given_a_port(&self) -> bool {
        true
    }

    fn driver_port(&self, _: &str) -> Option<u16> {
        None
    }

    /// It prints nothing.
    fn lost_its_port(&self, _: &str) -> bool {
        false
    }

    fn shares_driver(&self) -> bool {
        false
    }

    fn may_lose_its_browser(&self) -> bool {
        true
    }

    /// Pages open windows when nobody has clicked, as in the other engines. A name that a page
    /// expects to need is not asked for: that goes past the proxy.
    fn arguments(&self, _: bool, _: Reach) -> Vec<String> {
        let all = [
            "--automation",
            "--javascript-can-open-windows-automatically=true",
            "--features=-LinkDNSPrefetch",
        ];
        all.map(str::to_owned).to_vec()
    }

    fn console_source(&self) -> &'static str {
        "WebKit's remote inspector, Console.messageAdded"
    }

    /// The driver takes no proxy: the browser does.
    fn capabilities(&self, options: &SessionOptions, arguments: &[String]) -> Capabilities {
        let proxy = options.proxy.into_iter().flat_map(|proxy| {
            let direct = match proxy.reach {
                Reach::Local => DIRECT,
                Reach::Remote(_) => NOBODY,
            };
            let proxy = format!("--proxy=http://{}", proxy.address);
            [proxy, format!("--ignore-host={direct}")]
        });
        let arguments: Vec<String> = arguments.iter().cloned().chain(proxy).collect();
        let mut webkit = json!({ "args": arguments });
        if let Some(browser) = &options.browser {
            webkit["binary"] = json!(browser);
        }
        Capabilities::from_iter([("webkitgtk:browserOptions".to_owned(), webkit)])
    }

    /// Driver and browser are of one version. The driver names no process.
    fn granted(&self, capabilities: &Capabilities, webdriver: &str) -> Granted {
        let version = capabilities.get("browserVersion");
        let version = version.and_then(Value::as_str).unwrap_or("unknown");
        Granted {
            driver: format!("WebKitWebDriver {version}"),
            process: browser_of(webdriver),
        }
    }

    /// Shoppers meet the last three in Safari; the driver cannot bring them about.
    fn never_does(&self) -> BTreeMap<BrowserFeature, String> {
        let reasons = [
            (BrowserFeature::RequestStartTimes, NO_START_TIMES),
            (
                BrowserFeature::Prerender,
                "WebKit never loads a page before anyone goes there",
            ),
            (
                BrowserFeature::Locale,
                "WebKit's driver has no command for a page's language",
            ),
            (
                BrowserFeature::NetworkConditions,
                "WebKit's driver has no command for the network",
            ),
            (
                BrowserFeature::ScriptsApart,
                "WebKit's driver runs its scripts with the page's own objects, which this page \
                 has broken",
            ),
        ];
        BTreeMap::from(reasons.map(|(feature, why)| (feature, why.to_owned())))
    }

    fn missing_features(&self, _: &str) -> BTreeMap<BrowserFeature, String> {
        let start_times = BrowserFeature::RequestStartTimes;
        BTreeMap::from([(start_times, NO_START_TIMES.to_owned())])
    }

    fn prepare<'c>(
        &'c self,
        connection: &'c mut Connection,
        granted: &'c Granted,
    ) -> Pending<'c, ()> {
        Box::pin(async {
            let port = granted.process.and_then(inspector_port).ok_or_else(|| {
                let why = "WebKit's console is read from its browser's process, and no process of \
                           this machine was found that this driver started";
                BrowserError::Lost(why.to_owned())
            })?;
            let window = connection.run(connection.client.window()).await?;
            connection.inspector = Some(Inspector::connect(port, window).await?);
            let browser = granted.process;
            for process in browser.into_iter().chain(browser.and_then(parent_of)) {
                send_at_once(process);
            }
            self.show(connection, SIZE.0, SIZE.1).await
        })
    }

    /// Else it says of a field in a frame of another site that it cannot have the focus.
    fn clicks_to_type(&self) -> bool {
        true
    }

    /// A dialog stops the process that would answer.
    fn longest_wait(&self) -> Duration {
        Duration::ZERO
    }

    /// The answer of a script comes after all that the page has logged. It does not come while a
    /// dialog is open, which the command reports.
    fn take_console<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<ConsoleEntry>> {
        Box::pin(async {
            let script = connection.client.execute("return null", Vec::new());
            match connection.run_script(script).await {
                Ok(_) | Err(BrowserError::PageChanged(_)) => {}
                Err(error) => return Err(error),
            }
            let windows = connection.run(connection.client.windows()).await?;
            let log = connection.inspector()?.take_log(windows).await?;
            Ok(log.into_iter().map(ConsoleEntry::from).collect())
        })
    }

    /// By the inspector: the driver's command waits for the window to be drawn again, which may
    /// never happen. With several windows, the inspector does not say which is the current one.
    fn screenshot<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Option<Vec<u8>>> {
        Box::pin(async {
            // It fails where a dialog is open.
            let window = connection.client.get_window_rect();
            let (_, _, width, height) = connection.run(window).await?;
            let size = (width, height.saturating_sub(u64::from(BARS)));
            Ok(connection.inspector()?.picture(size).await)
        })
    }

    /// Those of the page's host and its domains. Each case has hosts of its own; one that a build
    /// names itself keeps its cookies until the session ends.
    fn clear_cookies<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(connection.run(connection.client.delete_all_cookies()))
    }

    /// No command does. The empty page of a new window is the first entry: from there, the next
    /// page takes the place of all that follow.
    fn clear_history<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async {
            let begun = Instant::now();
            let mut script = TO_THE_FIRST_ENTRY;
            let number = self.documents(connection);
            loop {
                let answer = connection.client.execute(script, Vec::new());
                match connection.run_script(answer).await {
                    Ok(Value::Bool(true)) => return Ok(()),
                    Ok(_) | Err(BrowserError::PageChanged(_)) if begun.elapsed() < COMMAND => {}
                    Ok(_) => return Err(BrowserError::Lost("the history goes on".to_owned())),
                    Err(error) => return Err(error),
                }
                script = IS_EMPTY_PAGE;
                if let Some(number) = number {
                    connection.inspector()?.shows_more(number, COMMAND).await?;
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
        })
    }

    fn documents(&self, connection: &Connection) -> Option<u64> {
        connection.inspector.as_ref()?.documents()
    }

    /// The driver can lose the answer of a script whose page goes away meanwhile. So a page that is
    /// left for another is sent none.
    fn still_shows<'c>(
        &'c self,
        connection: &'c Connection,
        document: &'c Document<'c>,
    ) -> Pending<'c, bool> {
        Box::pin(async {
            // Another address may be one of the same document.
            let number = document.number.filter(|_| document.address.is_none());
            let Some(number) = number else {
                return Ok(false);
            };
            let inspector = connection.inspector()?;
            if inspector.shows_more(number, LOOK_FOR_DIALOG).await? {
                return Ok(false);
            }
            // It fails where a dialog is open.
            connection.run(connection.client.current_url()).await?;
            Ok(true)
        })
    }

    fn show<'c>(&'c self, connection: &'c Connection, width: u32, height: u32) -> Pending<'c, ()> {
        Box::pin(connection.run(connection.client.set_window_size(width, height + BARS)))
    }

    /// A window that the browser has opened is given the size of the first.
    fn entered<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async {
            let windows = connection.run(connection.client.windows()).await?;
            connection.inspector()?.find(windows).await?;
            let (_, _, width, _) = connection.run(connection.client.get_window_rect()).await?;
            if width == OWN_WIDTH {
                self.show(connection, SIZE.0, SIZE.1).await?;
            }
            Ok(())
        })
    }
}

/// The process of this machine that the driver at `webdriver` started: the driver is the one that
/// was given this port.
fn browser_of(webdriver: &str) -> Option<i64> {
    let port = Url::parse(webdriver).ok()?.port()?;
    let argument = format!("--port={port}");
    let has_the_port = |process: &u32| {
        let line = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
        line.split('\0').any(|word| word == argument) && line.contains("WebKitWebDriver")
    };
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    let driver = ids.into_iter().find(has_the_port)?;
    let threads = fs::read_dir(format!("/proc/{driver}/task")).ok()?.flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .find_map(|children| children.split_whitespace().next()?.parse().ok())
}

/// The process that started this one.
fn parent_of(process: i64) -> Option<i64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let mut lines = status.lines();
    let parent = lines.find_map(|line| line.strip_prefix("PPid:"))?;
    parent.trim().parse().ok()
}

/// The port of the inspector of this browser.
fn inspector_port(process: i64) -> Option<u16> {
    let environment = fs::read(format!("/proc/{process}/environ")).ok()?;
    let environment = String::from_utf8_lossy(&environment);
    let mut variables = environment.split('\0');
    let port = variables.find_map(|variable| variable.strip_prefix(INSPECTOR))?;
    port.parse().ok()
}

impl ErrorTexts for WebKit {
    /// The driver has no words for a browser that has ended.
    fn meaning_of(&self, message: &str) -> Option<Meaning> {
        message.is_empty().then_some(Meaning::Lost)
    }

    fn may_not_answer(&self) -> bool {
        true
    }

    /// It is always in the data.
    fn dialog_text(&self, _: &str) -> Option<String> {
        None
    }
}

impl From<Message> for ConsoleEntry {
    fn from(message: Message) -> Self {
        let whole = message.whole_text();
        let is_rejection = whole.starts_with(REJECTION);
        let severity = match (&*message.source, &*message.level) {
            // One without a position is about a request that failed.
            ("javascript", "error") if is_rejection || message.line > 0 => Severity::Uncaught,
            (_, "error") => Severity::Error,
            (_, "warning") => Severity::Warning,
            (_, "debug") => Severity::Debug,
            (_, _) => Severity::Info,
        };
        let position = (message.line > 0 && !message.url.is_empty()).then(|| Position {
            url: message.url.clone(),
            line: message.line,
            // It is 0 where the script cannot be read at all.
            column: message.column.max(1),
        });
        let text = whole.strip_prefix(REJECTION);
        Self {
            epoch_ms: message.timestamp * 1000.0,
            severity,
            source: message.source,
            text: text.unwrap_or(&whole).to_owned(),
            url: Some(message.url).filter(|url| !url.is_empty()),
            position,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    fn message(source: &str, text: &str, line: usize) -> ConsoleEntry {
        let url = if line > 0 {
            "http://c1.api.localhost/sdk.js"
        } else {
            ""
        };
        ConsoleEntry::from(Message {
            source: source.to_owned(),
            level: "error".to_owned(),
            text: text.to_owned(),
            parameters: Vec::new(),
            timestamp: 1.5,
            url: url.to_owned(),
            line,
            column: 0,
        })
    }

    #[rstest]
    #[case::exception("javascript", "TypeError: no", 2, Severity::Uncaught)]
    #[case::rejection("javascript", "Unhandled Promise Rejection: no", 0, Severity::Uncaught)]
    #[case::failed_request("javascript", "Fetch API cannot load /a", 0, Severity::Error)]
    #[case::logged("console-api", "no", 2, Severity::Error)]
    fn only_exceptions_and_rejections_are_uncaught(
        #[case] source: &str,
        #[case] text: &str,
        #[case] line: usize,
        #[case] severity: Severity,
    ) {
        assert_eq!(message(source, text, line).severity, severity);
    }

    #[test]
    fn all_arguments_of_a_call_are_read() {
        let message = json!({
            "source": "console-api",
            "level": "error",
            "text": "[Alhena]",
            "timestamp": 1,
            "parameters": [
                { "type": "string", "value": "[Alhena]" },
                { "type": "object", "description": "TypeError: no" },
                { "type": "number", "value": 7, "description": "7" },
                { "type": "undefined" },
                { "type": "object", "subtype": "null", "value": null },
            ],
        });
        let message: Message = serde_json::from_value(message).unwrap();
        let text = ConsoleEntry::from(message).text;
        assert_eq!(text, "[Alhena] TypeError: no 7 undefined null");
    }

    #[test]
    fn rejection_is_reported_by_its_reason() {
        let entry = message(
            "javascript",
            "Unhandled Promise Rejection: TypeError: no",
            0,
        );
        assert_eq!(entry.text, "TypeError: no");
        assert_eq!((entry.url, entry.position), (None, None));
    }

    #[test]
    fn script_that_cannot_be_read_has_a_first_column() {
        let entry = message("javascript", "SyntaxError: no", 3);
        let position = entry.position.map(|own| (own.line, own.column));
        assert_eq!((position, entry.epoch_ms), (Some((3, 1)), 1500.0));
    }

    #[test]
    fn error_without_words_is_a_lost_session() {
        assert_eq!(WebKit.meaning_of(""), Some(Meaning::Lost));
        assert_eq!(WebKit.meaning_of("cannot serialize"), None);
    }
}
