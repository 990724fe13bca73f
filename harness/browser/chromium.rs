//! Chromium, Chrome and Chromium's headless shell, by chromedriver.

use std::collections::BTreeMap;
use std::path::Path;

use fantoccini::wd::Capabilities;
use serde::Deserialize;
use serde_json::{Value, json};

use super::chromium_coverage;
use super::connection::Connection;
use super::engine::{
    ConsoleEntry, Engine, Granted, PackageManager, Pending, RanScript, SIZE, w3c_proxy,
};
use super::error::{BrowserError, ErrorTexts, Meaning};
use super::options::{Reach, SessionOptions};
use crate::contract::BrowserFeature;
use crate::evidence::{Position, Severity};

/// The engine; it has no state.
#[derive(Debug)]
pub struct Chromium;

/// The headless shell loads a page in about half the time of the full browser.
///
/// On PATH, Debian has a script that starts it: whoever ends the script leaves the program behind.
const BROWSERS: [&str; 7] = [
    "../lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// What Docker and Podman put into each container.
const CONTAINER_MARKS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Chromium needs more bytes of shared memory than a container has without being asked: 64 MB.
#[cfg(target_os = "linux")]
const SHARED_MEMORY: u64 = 256 * 1024 * 1024;

/// What the headless shell is called, by its executables and by its sessions.
const HEADLESS_SHELLS: [&str; 2] = ["headless-shell", "headless_shell"];

/// What chromedriver puts before a message where code has no URL: the source of the message.
const NO_URL: [&str; 2] = ["console-api", "javascript"];

/// What Chromium puts before the text of an exception that nobody caught.
const UNCAUGHT: [&str; 2] = ["Uncaught ", "(in promise) "];

/// Has no host go past the proxy: without it, Chromium reaches names of loopback directly.
const NO_EXCEPTION: &str = "<-loopback>";

/// What chromedriver writes of a browser that has ended.
const LOST: [&str; 4] = ["disconnected", "crashed", "not reachable", "chrome not"];

/// What chromedriver writes of a page, a frame or an element that was replaced during a command.
/// The last two are unhandled errors of the browser.
const CHANGED: [&str; 7] = [
    "navigat",
    "context",
    "unloaded",
    "detached",
    "aborted",
    "does not belong to the document",
    "No node with given id",
];

impl Engine for Chromium {
    fn name(&self) -> &'static str {
        "Chromium"
    }

    fn id(&self) -> &'static str {
        "chromium"
    }

    /// The headless shell takes it as well.
    fn browser_name(&self) -> &'static str {
        "chrome"
    }

    fn browsers(&self, headed: bool) -> &'static [&'static str] {
        if headed { &BROWSERS[2..] } else { &BROWSERS }
    }

    fn applications(&self) -> &'static [&'static str] {
        &[
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["chromedriver", "chromium.chromedriver"]
    }

    fn packages(&self, manager: PackageManager) -> Option<&'static [&'static str]> {
        Some(match manager {
            PackageManager::Apt => &["chromium", "chromium-headless-shell", "chromium-driver"],
            PackageManager::Brew => &["chromium", "chromedriver"],
        })
    }

    fn by_hand(&self) -> &'static str {
        "Chromium or Chrome and its chromedriver"
    }

    fn on_ubuntu(&self) -> &'static str {
        "Ubuntu has Chromium only as a snap, which cannot be driven reliably: install Google \
         Chrome from https://www.google.com/chrome and its driver, such as with `npx \
         @puppeteer/browsers install chromedriver@stable`, and name them with --browser-binary \
         and --driver; or use the image of .docker/Dockerfile"
    }

    fn driver_arguments(&self) -> &[&'static str] {
        &["--port=0"]
    }

    /// `ChromeDriver was started successfully on port 40001.`
    fn driver_port(&self, line: &str) -> Option<u16> {
        let (_, port) = line.split_once("successfully on port ")?;
        port.strip_suffix('.').unwrap_or(port).trim().parse().ok()
    }

    /// chromedriver has the system choose a port of IPv6, and ends if that of IPv4 is in use.
    fn lost_its_port(&self, printed: &str) -> bool {
        printed.contains("IPv4 port not available")
    }

    fn shares_driver(&self) -> bool {
        true
    }

    fn arguments(&self, headed: bool, reach: Reach) -> Vec<String> {
        let mut arguments: Vec<&str> = vec![
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-gpu",
            "--disable-quic",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            // Pages are kept and prerendered on a machine with little memory, too. A page takes the
            // frame of the one before it, as before Chromium's RenderDocument: a frame of its own
            // for each page costs a fifth of a run.
            "--disable-features=BackForwardCacheMemoryControls,Prerender2MemoryControls,\
             RenderDocument",
            // WebRTC would send datagrams past every proxy.
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ];
        let names = names(reach);
        arguments.push(&names);
        let size = format!("--window-size={},{}", SIZE.0, SIZE.1);
        arguments.push(&size);
        if !headed {
            arguments.push("--headless");
        }
        // Chromium's sandbox refuses to run as root, and asks for rights that a container does not
        // give, which is one itself.
        let is_contained = CONTAINER_MARKS.iter().any(|mark| Path::new(mark).exists());
        if rustix::process::geteuid().is_root() || is_contained {
            arguments.push("--no-sandbox");
        }
        if has_little_shared_memory() {
            arguments.push("--disable-dev-shm-usage");
        }
        arguments.into_iter().map(str::to_owned).collect()
    }

    fn console_source(&self) -> &'static str {
        "the log of the driver"
    }

    fn capabilities(&self, options: &SessionOptions, arguments: &[String]) -> Capabilities {
        let mut chrome = json!({ "args": arguments });
        if let Some(browser) = &options.browser {
            chrome["binary"] = json!(browser);
        }
        let logging = json!({"browser": "ALL"});
        let own = [
            ("goog:loggingPrefs", logging),
            ("goog:chromeOptions", chrome),
        ];
        let proxy = options.proxy;
        let proxy = proxy.map(|proxy| ("proxy", w3c_proxy(proxy, &[NO_EXCEPTION])));
        let all = own.into_iter().chain(proxy);
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn granted(&self, capabilities: &Capabilities, _: &str) -> Granted {
        let chrome = capabilities.get("chrome");
        let version = chrome.and_then(|chrome| chrome["chromedriverVersion"].as_str());
        // The version is followed by the commit.
        let version = version.and_then(|version| version.split(' ').next());
        Granted {
            driver: format!("chromedriver {}", version.unwrap_or("unknown")),
            process: capabilities.get("goog:processID").and_then(Value::as_i64),
        }
    }

    fn missing_features(&self, browser: &str) -> BTreeMap<BrowserFeature, String> {
        let is_shell = HEADLESS_SHELLS.iter().any(|name| browser.contains(name));
        let lacks = (
            BrowserFeature::BackForwardCache,
            "the headless shell keeps no page that was left".to_owned(),
        );
        is_shell.then_some(lacks).into_iter().collect()
    }

    fn take_console<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<ConsoleEntry>> {
        Box::pin(async {
            let log = connection
                .vendor("se/log", json!({"type": "browser"}))
                .await?;
            let log: Vec<LogEntry> = serde_json::from_value(log).map_err(|error| {
                BrowserError::Refused(format!("the driver's log has an unknown shape: {error}"))
            })?;
            Ok(log.into_iter().map(ConsoleEntry::from).collect())
        })
    }

    fn clear_cookies<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async {
            let cleared = dev_tools(connection, "Network.clearBrowserCookies", json!({}));
            cleared.await.map(|_| ())
        })
    }

    fn clear_history<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async {
            let cleared = dev_tools(connection, "Page.resetNavigationHistory", json!({}));
            cleared.await.map(|_| ())
        })
    }

    fn set_locale<'c>(
        &'c self,
        connection: &'c Connection,
        locale: Option<&'c str>,
    ) -> Pending<'c, ()> {
        let parameters = locale.map_or_else(|| json!({}), |locale| json!({ "locale": locale }));
        Box::pin(async {
            let set = dev_tools(connection, "Emulation.setLocaleOverride", parameters);
            set.await.map(|_| ())
        })
    }

    fn counts_code(&self) -> bool {
        true
    }

    fn take_code<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<RanScript>> {
        Box::pin(chromium_coverage::take(connection))
    }

    fn set_offline<'c>(&'c self, connection: &'c Connection, offline: bool) -> Pending<'c, ()> {
        let conditions = json!({
            "offline": offline,
            "latency": 0,
            "download_throughput": -1,
            "upload_throughput": -1,
        });
        let body = json!({ "network_conditions": conditions });
        Box::pin(async {
            let set = connection.vendor("chromium/network_conditions", body);
            set.await.map(|_| ())
        })
    }
}

impl ErrorTexts for Chromium {
    fn meaning_of(&self, message: &str) -> Option<Meaning> {
        let has_any = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
        let lost = has_any(&LOST).then_some(Meaning::Lost);
        lost.or_else(|| has_any(&CHANGED).then_some(Meaning::PageChanged))
    }

    fn is_of_another_version(&self, message: &str) -> bool {
        message.contains("only supports")
    }

    /// `unexpected alert open: {Alert text : hello}`
    fn dialog_text(&self, message: &str) -> Option<String> {
        let (_, text) = message.split_once("Alert text : ")?;
        Some(text.trim_end_matches('}').to_owned())
    }
}

/// Which names resolve, and to what.
fn names(reach: Reach) -> String {
    match reach {
        // The harness's own resolve to IPv4 at once, without a try at ::1 for each connection.
        Reach::Local => "--host-resolver-rules=MAP *.localhost 127.0.0.1, \
                         MAP *.shop.co.uk 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, \
                         EXCLUDE 127.0.0.1"
            .to_owned(),
        // The rules are for addresses, too: the proxy's is an exception.
        Reach::Remote(proxy) => format!("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {proxy}"),
    }
}

/// Runs a command of the Chrome DevTools Protocol.
pub(super) async fn dev_tools(
    connection: &Connection,
    command: &'static str,
    parameters: Value,
) -> Result<Value, BrowserError> {
    let body = json!({"cmd": command, "params": parameters});
    connection.vendor("goog/cdp/execute", body).await
}

/// One message of chromedriver's log.
#[derive(Debug, Deserialize)]
struct LogEntry {
    /// `DEBUG`, `INFO`, `WARNING` or `SEVERE`.
    level: String,
    /// `console-api`, `javascript`, `network`, `security`…
    #[serde(default)]
    source: String,
    /// The location and the text: `http://… 12:34 "text"`.
    message: String,
    /// Milliseconds since 1970.
    timestamp: f64,
}

/// Separates the position that chromedriver puts before a text: `URL LINE:COLUMN text`, both
/// counted from 0. Code without a URL has its source in the place of the URL.
fn split_position(message: &str) -> (Option<Position>, &str) {
    let split = || {
        let (url, rest) = message.split_once(' ')?;
        let (position, text) = rest.split_once(' ')?;
        let (line, column) = position.split_once(':')?;
        let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
        if NO_URL.contains(&url) {
            return Some((None, text));
        }
        let position = Position {
            url: url.to_owned(),
            line: line + 1,
            column: column + 1,
        };
        url.contains("://").then_some((Some(position), text))
    };
    split().unwrap_or((None, message))
}

impl From<LogEntry> for ConsoleEntry {
    fn from(entry: LogEntry) -> Self {
        let severity = match (entry.source.as_str(), entry.level.as_str()) {
            // "javascript" is the source of uncaught exceptions and of requests that CORS refused.
            ("javascript", "SEVERE") if entry.message.contains("Uncaught") => Severity::Uncaught,
            (_, "SEVERE") => Severity::Error,
            (_, "WARNING") => Severity::Warning,
            (_, "DEBUG") => Severity::Debug,
            _ => Severity::Info,
        };
        // The URL stands first, with or without a position.
        let first = entry.message.split(' ').next().unwrap_or_default();
        let url = first.contains("://").then(|| first.to_owned());
        let (position, text) = split_position(&entry.message);
        let text = match severity {
            Severity::Uncaught => UNCAUGHT
                .iter()
                .fold(text, |text, word| text.strip_prefix(word).unwrap_or(text)),
            Severity::Debug | Severity::Info | Severity::Warning | Severity::Error => text,
        };
        Self {
            epoch_ms: entry.timestamp,
            severity,
            source: entry.source,
            url,
            position,
            text: text.to_owned(),
        }
    }
}

/// Whether pages would crash for want of shared memory. What cannot be read is enough.
#[cfg(target_os = "linux")]
fn has_little_shared_memory() -> bool {
    let memory = rustix::fs::statvfs("/dev/shm");
    memory.is_ok_and(|memory| memory.f_blocks * memory.f_frsize < SHARED_MEMORY)
}

#[cfg(not(target_os = "linux"))]
fn has_little_shared_memory() -> bool {
    false
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;
    use crate::browser::{DriverUrl, PageLoad, ProxyAt};

    #[test]
    fn driver_port_is_read_from_its_line() {
        assert_eq!(
            Chromium.driver_port("ChromeDriver was started successfully on port 40001."),
            Some(40001)
        );
        assert_eq!(
            Chromium.driver_port("Starting ChromeDriver 156 on port 0"),
            None
        );
    }

    #[rstest]
    #[case::uncaught_exception(
        "javascript",
        "SEVERE",
        "http://a 1:2 Uncaught Error: x",
        Severity::Uncaught
    )]
    #[case::refused_by_cors(
        "javascript",
        "SEVERE",
        "http://a Access to fetch at …",
        Severity::Error
    )]
    #[case::error("console-api", "SEVERE", "Uncaught, says the page", Severity::Error)]
    #[case::warning("console-api", "WARNING", "a", Severity::Warning)]
    #[case::debug("console-api", "DEBUG", "a", Severity::Debug)]
    #[case::info("console-api", "INFO", "a", Severity::Info)]
    fn severity_follows_source_and_level(
        #[case] source: &str,
        #[case] level: &str,
        #[case] message: &str,
        #[case] expected: Severity,
    ) {
        let log = json!({"source": source, "level": level, "message": message, "timestamp": 1});
        let entry = ConsoleEntry::from(serde_json::from_value::<LogEntry>(log).unwrap());
        assert_eq!(entry.severity, expected);
    }

    #[rstest]
    #[case::exception(
        "http://a.localhost:1/w.js 14:3 Uncaught TypeError: no",
        "TypeError: no",
        Some(("http://a.localhost:1/w.js", 15, 4))
    )]
    #[case::rejection("http://a/b 0:0 Uncaught (in promise) no", "no", Some(("http://a/b", 1, 1)))]
    #[case::code_without_url("javascript 0:8 Uncaught no", "no", None)]
    #[case::cors("http://a Access to fetch at …", "http://a Access to fetch at …", None)]
    #[case::words_like_a_position("won 1:2 again", "won 1:2 again", None)]
    fn text_is_what_the_page_gave(
        #[case] message: &str,
        #[case] text: &str,
        #[case] position: Option<(&str, usize, usize)>,
    ) {
        let log =
            json!({"source": "javascript", "level": "SEVERE", "message": message, "timestamp": 1});
        let entry = ConsoleEntry::from(serde_json::from_value::<LogEntry>(log).unwrap());
        let found = entry.position.as_ref();
        let found = found.map(|own| (own.url.as_str(), own.line, own.column));
        assert_eq!((entry.text.as_str(), found), (text, position));
    }

    #[rstest]
    #[case::executable("chromium-headless-shell", true)]
    #[case::session("chrome-headless-shell", true)]
    #[case::other_executable("headless_shell", true)]
    #[case::full_browser("chromium", false)]
    #[case::its_session("chrome", false)]
    fn only_the_headless_shell_lacks_a_back_forward_cache(
        #[case] browser: &str,
        #[case] lacks: bool,
    ) {
        let missing = Chromium.missing_features(browser);
        assert_eq!(
            missing.contains_key(&BrowserFeature::BackForwardCache),
            lacks
        );
    }

    #[test]
    fn capabilities_hold_no_proxy_unless_there_is_one() {
        let options = options(None);
        assert!(!Chromium.capabilities(&options, &[]).contains_key("proxy"));
    }

    #[rstest]
    #[case::local(Reach::Local, &["*.localhost", "*.shop.co.uk"], "MAP *.localhost 127.0.0.1")]
    #[case::remote(Reach::Remote([10, 0, 0, 1].into()), &["<-loopback>"], "EXCLUDE 10.0.0.1")]
    fn only_a_browser_on_this_machine_reaches_our_names_past_the_proxy(
        #[case] reach: Reach,
        #[case] direct: &[&str],
        #[case] rule: &str,
    ) {
        let address = ([10, 0, 0, 1], 8080).into();
        let options = options(Some(ProxyAt { address, reach }));
        let proxy = &Chromium.capabilities(&options, &[])["proxy"];
        assert_eq!(proxy["sslProxy"], "10.0.0.1:8080");
        assert_eq!(proxy["noProxy"], json!(direct));
        let arguments = Chromium.arguments(false, reach).join(" ");
        assert!(arguments.contains(rule), "{arguments}");
        assert!(arguments.contains("MAP * ~NOTFOUND"), "{arguments}");
    }

    fn options(proxy: Option<ProxyAt>) -> SessionOptions {
        SessionOptions {
            webdriver: DriverUrl::here(0),
            browser: None,
            headed: false,
            page_load: PageLoad::Ours,
            is_ours: true,
            start: Duration::from_secs(60),
            proxy,
        }
    }
}
