use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::BrowserError;
use super::console::{DevTools, LogEntry, TakeConsole};
use super::processes::Processes;

/// No healthy command takes this long on a machine under full load; a page whose script loops takes
/// for ever.
const COMMAND: Duration = Duration::from_secs(12);

/// How long a browser may take to end by itself.
const CLOSE: Duration = Duration::from_secs(4);

/// How long a new browser may take to come up.
const NEW_SESSION: Duration = Duration::from_secs(60);

/// In-page scripts carry their own, shorter deadlines.
const SCRIPT_MS: u64 = 9_000;

/// The key by which WebDriver marks an element in JSON (W3C WebDriver, 12.3 “Elements”).
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

const NATIVES: &str = include_str!("scripts/natives.js");

/// What a session is made with.
#[derive(Debug, Clone)]
pub struct SessionOptions {
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

/// One browser with one driver session. Commands are sent one after the other, each with a
/// deadline.
#[derive(Debug)]
pub struct Session {
    client: Client,
    /// The browser's processes, where it is our own.
    processes: Option<Processes>,
    /// The browser's own name and version.
    pub browser: (String, String),
    /// The driver's version, as far as it says.
    pub driver: String,
    /// The command line options it was given.
    pub arguments: Vec<String>,
    /// Whether `fetch`, `XMLHttpRequest` and `sendBeacon` of a fresh page are the browser's own:
    /// nothing of ours stands before them.
    pub natives: BTreeMap<String, bool>,
}

impl Session {
    /// Starts a browser.
    ///
    /// # Errors
    /// If the driver refuses or does not answer.
    pub async fn open(options: &SessionOptions) -> Result<Self, BrowserError> {
        let arguments = arguments(options.headed);
        let mut chrome = json!({ "args": arguments });
        if let Some(browser) = &options.browser {
            chrome["binary"] = json!(browser);
        }
        let mut capabilities: Capabilities = [
            (
                "pageLoadStrategy".to_owned(),
                json!(if options.page_load == PageLoad::Ours {
                    "none"
                } else {
                    "normal"
                }),
            ),
            (
                "timeouts".to_owned(),
                json!({"script": SCRIPT_MS, "pageLoad": SCRIPT_MS}),
            ),
            (
                "unhandledPromptBehavior".to_owned(),
                json!("dismiss and notify"),
            ),
            ("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"})),
            ("goog:chromeOptions".to_owned(), chrome),
        ]
        .into_iter()
        .collect();
        if let Some(proxy) = options.proxy {
            let proxy = proxy.to_string();
            // The harness's own names are reached directly, so that a page pays nothing for what it
            // does not use.
            capabilities.insert(
                "proxy".to_owned(),
                json!({
                    "proxyType": "manual",
                    "httpProxy": proxy,
                    "sslProxy": proxy,
                    "noProxy": ["*.localhost"],
                }),
            );
            // The proxy answers for https hosts with certificates that nobody vouches for.
            capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
        }
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = tokio::time::timeout(NEW_SESSION, builder.connect(&options.webdriver))
            .await
            .map_err(|_| {
                BrowserError::Lost(format!(
                    "the driver at {} opened no session within {} s",
                    options.webdriver,
                    NEW_SESSION.as_secs()
                ))
            })?
            .map_err(|error| {
                BrowserError::Lost(format!(
                    "the driver at {} opened no session: {error}",
                    options.webdriver
                ))
            })?;
        let text = |value: Option<&Value>| {
            value
                .and_then(Value::as_str)
                .unwrap_or("unknown")
                .to_owned()
        };
        let got = client.capabilities().cloned().unwrap_or_default();
        let browser = (
            text(got.get("browserName")),
            text(got.get("browserVersion")),
        );
        let driver = text(
            got.get("chrome")
                .and_then(|chrome| chrome.get("chromedriverVersion")),
        );
        let driver = driver.split(' ').next().unwrap_or_default().to_owned();
        let process = got
            .get("goog:processID")
            .and_then(Value::as_i64)
            .filter(|_| options.is_ours);
        let processes = process.and_then(Processes::of);
        let natives = within(client.execute(NATIVES, Vec::new())).await?;
        let natives = serde_json::from_value(natives).map_err(|error| {
            BrowserError::Refused(format!("the natives script answered otherwise: {error}"))
        })?;
        Ok(Self {
            client,
            processes,
            browser,
            driver: format!("chromedriver {driver}"),
            arguments,
            natives,
        })
    }

    /// Ends the session and its browser. Never ends a case: a closing session loses what its pages
    /// still send.
    pub async fn close(&self) {
        // An error means that it has ended already.
        let _ = tokio::time::timeout(CLOSE, self.client.clone().close()).await;
        // A page in an endless loop outlives its session, and what it says on the console chokes
        // the driver.
        if let Some(processes) = &self.processes {
            processes.kill();
        }
    }

    /// Starts loading `url`; waits for it only where that is the driver's.
    pub async fn goto(&self, url: &str) -> Result<(), BrowserError> {
        within(self.client.goto(url)).await
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
        within(self.client.execute(script, arguments)).await
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
        within(self.client.execute_async(script, arguments)).await
    }

    /// A trusted click in the middle of an element that is in view.
    ///
    /// By pointer actions: the “Element Click” command of chromedriver takes two and a half times
    /// as long.
    pub(super) async fn click(&self, element: &Value) -> Result<(), BrowserError> {
        let element = self.element(element)?;
        let click = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveToElement {
                element,
                duration: Some(Duration::ZERO),
                x: 0.0,
                y: 0.0,
            })
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        within(self.client.perform_actions(click)).await
    }

    /// Types into an element, key by key.
    pub(super) async fn send_keys(&self, element: &Value, keys: &str) -> Result<(), BrowserError> {
        within(self.element(element)?.send_keys(keys)).await
    }

    /// Goes on inside a frame, until `leave_frames`.
    pub(super) async fn enter_frame(&self, frame: &Value) -> Result<(), BrowserError> {
        within(self.element(frame)?.enter_frame()).await
    }

    /// Goes on in the page itself, whether the frame is still there or not.
    pub(super) async fn leave_frames(&self) -> Result<(), BrowserError> {
        self.switch_to(self.window().await?).await
    }

    /// What a bare suite does: find again and again until it is there, then “Element Click”.
    pub async fn find_and_click(&self, selector: &str) -> Result<(), BrowserError> {
        within(async { self.found(selector).await?.click().await }).await
    }

    /// What a bare suite does: find again and again until it is there, then “Element Send Keys”.
    pub async fn find_and_type(&self, selector: &str, keys: &str) -> Result<(), BrowserError> {
        within(async { self.found(selector).await?.send_keys(keys).await }).await
    }

    /// What a bare suite does: find again and again until it is there.
    pub async fn wait_for(&self, selector: &str) -> Result<(), BrowserError> {
        within(async { self.found(selector).await.map(|_| ()) }).await
    }

    async fn found(&self, selector: &str) -> Result<Element, fantoccini::error::CmdError> {
        self.client
            .wait()
            .every(Duration::from_millis(5))
            .for_element(Locator::Css(selector))
            .await
    }

    /// Moves through the session history, without waiting.
    pub(super) async fn back(&self) -> Result<(), BrowserError> {
        within(self.client.back()).await
    }

    /// As `back`.
    pub(super) async fn forward(&self) -> Result<(), BrowserError> {
        within(self.client.forward()).await
    }

    /// As `back`.
    pub(super) async fn reload(&self) -> Result<(), BrowserError> {
        within(self.client.refresh()).await
    }

    /// Opens a window and returns its handle. A window and not a tab: tabs hide and throttle each
    /// other.
    pub async fn new_window(&self) -> Result<WindowHandle, BrowserError> {
        Ok(within(self.client.new_window(false)).await?.handle)
    }

    /// Goes on in `window`.
    pub async fn switch_to(&self, window: WindowHandle) -> Result<(), BrowserError> {
        within(self.client.switch_to_window(window)).await
    }

    /// The current window.
    pub async fn window(&self) -> Result<WindowHandle, BrowserError> {
        within(self.client.window()).await
    }

    /// Every window.
    pub async fn windows(&self) -> Result<Vec<WindowHandle>, BrowserError> {
        within(self.client.windows()).await
    }

    /// Closes the current window.
    pub async fn close_window(&self) -> Result<(), BrowserError> {
        within(self.client.close_window()).await
    }

    /// Deletes every cookie of the browser, whatever its domain and path.
    pub async fn clear_cookies(&self) -> Result<(), BrowserError> {
        within(
            self.client
                .issue_cmd(DevTools("Network.clearBrowserCookies")),
        )
        .await
        .map(|_| ())
    }

    /// Deletes the cookies that end with the visitor's session.
    pub async fn delete_session_cookies(&self) -> Result<(), BrowserError> {
        for cookie in within(self.client.get_all_cookies()).await? {
            if cookie.expires().is_none() {
                within(self.client.delete_cookie(cookie.name())).await?;
            }
        }
        Ok(())
    }

    /// Forgets every entry of the session history but the current one.
    pub async fn forget_history(&self) -> Result<(), BrowserError> {
        within(
            self.client
                .issue_cmd(DevTools("Page.resetNavigationHistory")),
        )
        .await
        .map(|_| ())
    }

    /// Takes what the consoles of all pages said since the last time.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn take_console(&self) -> Result<Vec<LogEntry>, BrowserError> {
        let entries = within(self.client.issue_cmd(TakeConsole)).await?;
        serde_json::from_value(entries).map_err(|error| {
            BrowserError::Refused(format!("the driver's log has an unknown shape: {error}"))
        })
    }

    /// A PNG of what the current window shows.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn screenshot(&self) -> Result<Vec<u8>, BrowserError> {
        within(self.client.screenshot()).await
    }

    fn element(&self, element: &Value) -> Result<Element, BrowserError> {
        let id = element
            .get(ELEMENT_KEY)
            .and_then(Value::as_str)
            .ok_or_else(|| BrowserError::Refused("the script found no element".into()))?;
        Ok(Element::from_element_id(
            self.client.clone(),
            ElementRef::from(id.to_owned()),
        ))
    }
}

async fn within<T>(
    command: impl Future<Output = Result<T, fantoccini::error::CmdError>>,
) -> Result<T, BrowserError> {
    match tokio::time::timeout(COMMAND, command).await {
        Ok(answer) => answer.map_err(BrowserError::from),
        Err(_) => Err(BrowserError::Hung(COMMAND.as_secs())),
    }
}

fn arguments(headed: bool) -> Vec<String> {
    let mut arguments: Vec<&str> = vec![
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        // WebRTC would send datagrams past every proxy.
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        // The harness's own names lead to IPv4 at once, without a try at ::1 for each connection;
        // no other name resolves.
        "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, \
         EXCLUDE 127.0.0.1",
    ];
    if !headed {
        arguments.extend(["--headless", "--window-size=1280,900"]);
    }
    // Chromium's sandbox refuses to run as root, which is who runs in most containers.
    if rustix::process::geteuid().is_root() {
        arguments.push("--no-sandbox");
    }
    arguments.into_iter().map(str::to_owned).collect()
}
