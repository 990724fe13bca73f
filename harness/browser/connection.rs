//! The connection to a driver: sends commands one after the other, each with a deadline, and
//! translates its errors.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fantoccini::error::{CmdError, NewSessionError};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::{ParseError, Url};

use super::beside::beside;
use super::bidi::Bidi;
use super::driver_url::DriverUrl;
use super::error::{BrowserError, ErrorTexts};
use super::inspector::Inspector;
use super::one_connection::OneConnection;

/// No healthy command takes this long on a machine under full load; a page whose script loops takes
/// for ever.
pub const COMMAND: Duration = Duration::from_secs(12);

/// As `COMMAND`, of a script that does not wait. Less than the driver gives a script, so that a
/// page that loops is seen as such at once.
const SCRIPT: Duration = Duration::from_secs(8);

/// A command that takes longer than this is late.
const LATE: Duration = Duration::from_secs(1);

/// If the page answers so many other commands while one is late, the driver has lost the answer of
/// that one.
const ANSWERS_BESIDE: u32 = 3;

/// When the answer of a command is lost whose page answers others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LostAfter {
    /// After so many of those.
    Answers,
    /// At the deadline: until then it may wait.
    Deadline,
}

/// How long a browser may take to end by itself.
const CLOSE: Duration = Duration::from_secs(4);

/// The commands of one session, which ends with it.
#[derive(Debug)]
pub struct Connection {
    pub(super) client: Client,
    /// The commands of `BiDi`, where the engine has connected to it.
    pub(super) bidi: Option<Bidi>,
    /// The inspector of the browser, where the engine has connected to it.
    pub(super) inspector: Option<Inspector>,
    texts: &'static dyn ErrorTexts,
    /// Where the driver listens.
    webdriver: DriverUrl,
    /// The session's id.
    id: String,
    /// Whether the driver was asked to end the session.
    ended: AtomicBool,
    /// Milliseconds that a command may take.
    deadline: AtomicU64,
    /// Milliseconds that the slowest command took that was answered, since it was last asked.
    slowest: AtomicU64,
    /// Notified of each command that is late.
    late: Notify,
}

impl Connection {
    /// Opens a session at the driver `webdriver`, within this time.
    pub async fn open(
        texts: &'static dyn ErrorTexts,
        webdriver: &DriverUrl,
        capabilities: Capabilities,
        within: Duration,
    ) -> Result<Self, BrowserError> {
        let mut builder = ClientBuilder::new(OneConnection::new());
        builder.capabilities(capabilities);
        let refused = |why: String| format!("the driver at {webdriver} opened no session{why}");
        let client = tokio::time::timeout(within, builder.connect(&webdriver.below("")))
            .await
            .map_err(|_| BrowserError::Lost(refused(format!(" within {} s", within.as_secs()))))?
            .map_err(|error| {
                let why = refused(format!(": {error}"));
                match error {
                    NewSessionError::SessionNotCreated(_)
                    | NewSessionError::NotW3C(_)
                    | NewSessionError::UnexpectedError(_) => BrowserError::NotOpened(why),
                    NewSessionError::BadWebdriverUrl(_)
                    | NewSessionError::Failed(_)
                    | NewSessionError::FailedC(_)
                    | NewSessionError::Lost(_) => BrowserError::Lost(why),
                }
            })?;
        // Ending the session is ours: the client would send no name and no password with that.
        let _ = client.persist().await;
        let id = client.session_id().await.ok().flatten();
        Ok(Self {
            webdriver: webdriver.clone(),
            id: id.unwrap_or_default(),
            ended: AtomicBool::new(false),
            client,
            bidi: None,
            inspector: None,
            texts,
            deadline: AtomicU64::new(millis(COMMAND)),
            slowest: AtomicU64::new(0),
            late: Notify::new(),
        })
    }

    /// The session's id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The URL of the session at the driver, without name and password.
    pub(super) fn url(&self) -> String {
        format!("{}session/{}", self.webdriver, self.id)
    }

    /// The URL of a request beside those of the client.
    fn beside(&self, command: &str) -> String {
        self.webdriver
            .below(&format!("session/{}{command}", self.id))
    }

    /// What the driver granted.
    pub fn capabilities(&self) -> Capabilities {
        self.client.capabilities().cloned().unwrap_or_default()
    }

    /// The commands of `BiDi`.
    pub(super) fn bidi(&self) -> Result<&Bidi, BrowserError> {
        let missing = || BrowserError::Lost("there is no BiDi connection".to_owned());
        self.bidi.as_ref().ok_or_else(missing)
    }

    /// The inspector of the browser.
    pub(super) fn inspector(&self) -> Result<&Inspector, BrowserError> {
        let missing = || BrowserError::Lost("there is no connection to the inspector".to_owned());
        self.inspector.as_ref().ok_or_else(missing)
    }

    /// Sets how long a command may take from now on.
    pub fn set_deadline(&self, deadline: Duration) {
        self.deadline.store(millis(deadline), Ordering::Relaxed);
    }

    /// What the slowest command took that was answered, since this was last asked.
    pub fn take_slowest(&self) -> Duration {
        Duration::from_millis(self.slowest.swap(0, Ordering::Relaxed))
    }

    /// Waits until a command is late: its page may have stopped answering.
    pub async fn is_late(&self) {
        self.late.notified().await;
    }

    /// Waits for a command.
    pub async fn run<T>(
        &self,
        command: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        self.run_within(COMMAND, LostAfter::Answers, command).await
    }

    /// Waits for a script that may wait itself, while its page answers others.
    pub async fn run_waiting<T>(
        &self,
        script: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        self.run_within(COMMAND, LostAfter::Deadline, script).await
    }

    /// Waits for a script that does not wait itself.
    pub async fn run_script<T>(
        &self,
        script: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        self.run_within(SCRIPT, LostAfter::Answers, script).await
    }

    async fn run_within<T>(
        &self,
        most: Duration,
        lost_after: LostAfter,
        command: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, BrowserError> {
        let deadline = Duration::from_millis(self.deadline.load(Ordering::Relaxed)).min(most);
        let begun = Instant::now();
        let mut command = pin!(command);
        let mut answered_beside = 0;
        let answer = loop {
            let left = deadline.saturating_sub(begun.elapsed());
            if let Ok(answer) = tokio::time::timeout(left.min(LATE), &mut command).await {
                break answer;
            }
            if left <= LATE {
                return Err(if answered_beside < ANSWERS_BESIDE {
                    BrowserError::Hung(deadline.as_secs())
                } else {
                    lost_answer()
                });
            }
            self.late.notify_waiters();
            if !self.texts.may_not_answer() {
                continue;
            }
            if let Some(text) = self.hidden_dialog().await {
                // The command ends now. What it returns is of no use: its page was stopped.
                let _ = tokio::time::timeout(left, command).await;
                return Err(BrowserError::Dialog(text));
            }
            // A page that loops for ever answers nothing.
            answered_beside += u32::from(self.page_answers().await);
            if lost_after == LostAfter::Answers && answered_beside == ANSWERS_BESIDE {
                return Err(lost_answer());
            }
        };
        self.slowest
            .fetch_max(millis(begun.elapsed()), Ordering::Relaxed);
        let result = answer.map_err(|error| BrowserError::of(self.texts, error));
        if matches!(result, Err(BrowserError::Dialog(_))) {
            self.dismiss_dialog().await?;
        }
        result
    }

    /// Dismisses the dialog that may have stopped a command, and returns its text. The client sends
    /// one command at a time, so this is a request of its own,
    /// with a time limit, as a driver that hangs must not hold up the run.
    async fn hidden_dialog(&self) -> Option<String> {
        let url = self.beside("/alert");
        let text = tokio::task::spawn_blocking(move || {
            let agent = beside(LATE);
            let mut text = agent.get(format!("{url}/text")).call().ok()?;
            let text = text.body_mut().read_to_string().ok()?;
            // An error means that it has closed by itself.
            let _ = agent.post(format!("{url}/dismiss")).send("{}");
            Some(text)
        });
        let text: Value = serde_json::from_str(&text.await.ok()??).ok()?;
        Some(text["value"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether the page answers a request beside the command that is late.
    async fn page_answers(&self) -> bool {
        let url = self.beside("/execute/sync");
        let script = r#"{"script": "return 1", "args": []}"#;
        let ask = move || beside(LATE).post(url).send(script).is_ok();
        let answer = tokio::task::spawn_blocking(ask);
        answer.await.unwrap_or(false)
    }

    async fn dismiss_dialog(&self) -> Result<(), BrowserError> {
        let dismissed = tokio::time::timeout(COMMAND, self.client.dismiss_alert()).await;
        let dismissed = dismissed.map_err(|_| BrowserError::Hung(COMMAND.as_secs()))?;
        match dismissed {
            // It closed by itself, with its page.
            Err(error) if error.is_no_such_alert() => Ok(()),
            result => result.map_err(|error| BrowserError::of(self.texts, error)),
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
        if let Some(answer) = self.end() {
            let _ = answer.await;
        }
    }

    /// Asks the driver to end the session, once, whatever becomes of the task, which ends with the
    /// answer. The client would wait for the command under way, which a page may never answer: so
    /// this goes over a connection of its own.
    pub(super) fn end(&self) -> Option<JoinHandle<()>> {
        let runtime = Handle::try_current().ok()?;
        if self.ended.swap(true, Ordering::Relaxed) {
            return None;
        }
        let url = self.beside("");
        Some(runtime.spawn_blocking(move || {
            // An error means that it has ended already.
            let _ = beside(CLOSE).delete(url).call();
        }))
    }
}

/// A driver that is not ours goes on when we end, and one that is ours may have other sessions.
impl Drop for Connection {
    fn drop(&mut self) {
        drop(self.end());
    }
}

fn lost_answer() -> BrowserError {
    BrowserError::Lost("the driver lost the answer of a command".to_owned())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
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
