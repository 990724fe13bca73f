//! What differs from one browser engine to the next.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use fantoccini::wd::{Capabilities, WindowHandle};
use serde_json::{Value, json};

use super::connection::Connection;
use super::error::{BrowserError, ErrorTexts};
use super::options::{ProxyAt, Reach, SessionOptions};
use crate::contract::BrowserFeature;
use crate::evidence::{Position, ScriptCode, Severity};

/// The width and height of what a window shows, unless a case asks for others.
pub const SIZE: (u32, u32) = (1280, 900);

/// An engine that the harness can drive.
pub type EngineRef = &'static dyn Engine;

/// One browser engine with its driver: the facts about both, and the commands that W3C WebDriver
/// does not have.
pub trait Engine: ErrorTexts {
    /// Its name in messages.
    fn name(&self) -> &'static str;

    /// Its name as a value of `--engine`.
    fn id(&self) -> &'static str;

    /// Its `browserName` of W3C WebDriver, by which a Grid finds a browser.
    fn browser_name(&self) -> &'static str;

    /// The browser's executables, the preferred one first.
    fn browsers(&self, headed: bool) -> &'static [&'static str];

    /// Paths at which the browser is installed outside of `PATH`.
    fn applications(&self) -> &'static [&'static str];

    /// The driver's executables, the preferred one first.
    fn drivers(&self) -> &'static [&'static str];

    /// The oldest driver that knows the command line it is given, in words, where there are older
    /// ones.
    fn driver_needed(&self) -> Option<&'static str> {
        None
    }

    /// The packages of the browser, and of its driver where there is one; `None` where the package
    /// manager has none.
    fn packages(&self, manager: PackageManager) -> Option<&'static [&'static str]>;

    /// The crate that the driver is installed from, where the packages do not hold it.
    fn driver_crate(&self) -> Option<&'static str> {
        None
    }

    /// The program that makes a display for a browser that shows no window and yet needs one.
    fn display(&self) -> Option<&'static str> {
        None
    }

    /// What a person installs where no package manager is known.
    fn by_hand(&self) -> &'static str;

    /// What a person does on Ubuntu, whose package of the browser is a snap.
    fn on_ubuntu(&self) -> &'static str;

    /// The driver's command line for a free port.
    fn driver_arguments(&self) -> &[&'static str];

    /// What the driver's environment holds besides ours, where `folder` is its own.
    fn driver_environment(&self, folder: &Path) -> Vec<(&'static str, OsString)> {
        let _ = folder;
        Vec::new()
    }

    /// Whether the driver prints nothing: it is then given a free port, by `--port=`, and listens
    /// there some time later.
    fn is_given_a_port(&self) -> bool {
        false
    }

    /// The port, if this line of the driver's standard output prints it.
    fn driver_port(&self, line: &str) -> Option<u16>;

    /// Whether the driver ended, with these words, because somebody else took the port that it was
    /// given: the next one is as good.
    fn lost_its_port(&self, printed: &str) -> bool;

    /// Whether one driver process takes many sessions. Where it takes one, each session starts a
    /// driver of its own, which ends with it.
    fn shares_driver(&self) -> bool;

    /// Whether the driver never answers where its browser has ended before it was reached.
    fn may_lose_its_browser(&self) -> bool {
        false
    }

    /// The browser's command line options.
    fn arguments(&self, headed: bool, reach: Reach) -> Vec<String>;

    /// The settings that the browser is started with beside its command line options.
    fn preferences(&self, reach: Reach) -> Vec<(&'static str, Value)> {
        let _ = reach;
        Vec::new()
    }

    /// How console messages are read, for the report.
    fn console_source(&self) -> &'static str;

    /// Makes a new session ready for the commands of this engine.
    fn prepare<'c>(
        &'c self,
        connection: &'c mut Connection,
        granted: &'c Granted,
    ) -> Pending<'c, ()> {
        let _ = (connection, granted);
        Box::pin(async { Ok(()) })
    }

    /// Whether an element of a frame takes keys only once it has been clicked.
    fn clicks_to_type(&self) -> bool {
        false
    }

    /// How long one script may wait in a page. Where an open dialog keeps a script from answering,
    /// it looks once, and is sent again.
    fn longest_wait(&self) -> Duration {
        Duration::from_secs(1)
    }

    /// The capabilities to ask for beyond those that all engines take.
    fn capabilities(&self, options: &SessionOptions, arguments: &[String]) -> Capabilities;

    /// What is known of a new session's driver and process. `webdriver` is the driver's URL.
    fn granted(&self, capabilities: &Capabilities, webdriver: &str) -> Granted;

    /// What no browser of the engine ever does, or no driver of it can bring about, each with the
    /// reason. Cases that need it do not apply: no build can be judged by them in this engine.
    fn never_does(&self) -> BTreeMap<BrowserFeature, String> {
        BTreeMap::new()
    }

    /// What `browser` does not offer, each with the reason. Its name is the one that its sessions
    /// report, or that of its executable.
    fn missing_features(&self, browser: &str) -> BTreeMap<BrowserFeature, String>;

    /// Takes what the consoles of all windows received since the last time.
    fn take_console<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<ConsoleEntry>>;

    /// A PNG of what the current window shows; `None` where the engine cannot take one now.
    fn screenshot<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Option<Vec<u8>>> {
        let taken = connection.run(connection.client.screenshot());
        Box::pin(async { taken.await.map(Some) })
    }

    /// Deletes every cookie of the browser, whatever its domain and path.
    fn clear_cookies<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()>;

    /// Deletes every entry of the session history but the current one, where the engine can.
    fn clear_history<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()>;

    /// Opens a window that shows an empty page, and returns its handle.
    fn new_window<'c>(&'c self, connection: &'c Connection) -> Pending<'c, WindowHandle> {
        Box::pin(async {
            let opened = connection.run(connection.client.new_window(false));
            Ok(opened.await?.handle)
        })
    }

    /// Makes a window ready that has become the current one.
    fn entered<'c>(&'c self, connection: &'c Connection) -> Pending<'c, ()> {
        let _ = connection;
        Box::pin(async { Ok(()) })
    }

    /// A number that grows with each document that a window shows; `None` where the engine does not
    /// report those of the current window.
    fn documents(&self, connection: &Connection) -> Option<u64> {
        let _ = connection;
        None
    }

    /// Whether the current window still shows this document, where the engine can tell without a
    /// script of the driver in it. It may take a while to answer.
    fn still_shows<'c>(
        &'c self,
        connection: &'c Connection,
        document: &'c Document<'c>,
    ) -> Pending<'c, bool> {
        let _ = (connection, document);
        Box::pin(async { Ok(false) })
    }

    /// Shows the current window, so many pixels wide and high.
    fn show<'c>(&'c self, connection: &'c Connection, width: u32, height: u32) -> Pending<'c, ()> {
        Box::pin(connection.run(connection.client.set_window_size(width, height)))
    }

    /// Gives the current window this language, a BCP 47 tag, or the browser's own again. Without
    /// it, `missing_features` names [`BrowserFeature::Locale`].
    fn set_locale<'c>(
        &'c self,
        connection: &'c Connection,
        locale: Option<&'c str>,
    ) -> Pending<'c, ()> {
        let _ = (connection, locale);
        let why = format!("{} has no command for the language", self.name());
        Box::pin(async { Err(BrowserError::Refused(why)) })
    }

    /// Whether it says which code of a page's scripts ran.
    fn counts_code(&self) -> bool {
        false
    }

    /// Takes what ran in the current window, or in its process, since the last time, where the
    /// engine counts that. A window is counted once it was asked.
    fn take_code<'c>(&'c self, connection: &'c Connection) -> Pending<'c, Vec<RanScript>> {
        let _ = connection;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Takes every window off the network, or puts it back. Without it, `missing_features` names
    /// [`BrowserFeature::NetworkConditions`].
    fn set_offline<'c>(&'c self, connection: &'c Connection, offline: bool) -> Pending<'c, ()> {
        let _ = (connection, offline);
        let why = format!("{} has no command for network conditions", self.name());
        Box::pin(async { Err(BrowserError::Refused(why)) })
    }
}

/// A document that a window shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Document<'d> {
    /// Its `performance.timeOrigin`, in milliseconds since 1970.
    pub time_origin: f64,
    /// Its address, where another address makes it another document.
    pub address: Option<&'d str>,
    /// The engine's number of documents when it was found, where the engine reports that.
    pub number: Option<u64>,
}

/// A script that a page loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct RanScript {
    /// Its address; empty where it has none.
    pub url: String,
    /// Which code of it ran.
    pub code: ScriptCode,
}

/// A command under way.
pub type Pending<'c, T> = Pin<Box<dyn Future<Output = Result<T, BrowserError>> + Send + 'c>>;

/// A package manager that the harness knows how to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageManager {
    /// Debian's and Ubuntu's `apt-get`.
    Apt,
    /// Homebrew's `brew`, for applications.
    Brew,
}

impl PackageManager {
    /// Each of them, the one that is asked first before the others.
    pub const ALL: [Self; 2] = [Self::Apt, Self::Brew];

    /// Its program.
    pub fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Brew => "brew",
        }
    }
}

/// What a driver reports of a new session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The driver's name and version.
    pub driver: String,
    /// The id of the browser process that it started, on the driver's machine.
    pub process: Option<i64>,
}

/// One console message.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsoleEntry {
    /// When, in milliseconds since 1970, by the browser's clock.
    pub epoch_ms: f64,
    /// How serious.
    pub severity: Severity,
    /// Who logged it, in the engine's words.
    pub source: String,
    /// The text, as the page gave it.
    pub text: String,
    /// The URL of the script or the resource that it is about, where the browser names one.
    pub url: Option<String>,
    /// The position in the script, where the browser names one.
    pub position: Option<Position>,
}

/// The W3C capability of a proxy for all hosts but those that the browser reaches directly. On this
/// machine these are the harness's own, so that a page pays nothing for what it does not use.
/// `everything` is what the engine takes for no exception at all.
pub fn w3c_proxy(proxy: ProxyAt, everything: &[&str]) -> Value {
    let address = proxy.address.to_string();
    let direct = match proxy.reach {
        Reach::Local => &["*.localhost", "*.shop.co.uk"],
        Reach::Remote(_) => everything,
    };
    json!({
        "proxyType": "manual",
        "httpProxy": address,
        "sslProxy": address,
        "noProxy": direct,
    })
}
