//! The remote inspector of `WebKit`, by which its own developer tools read a page's console.
//!
//! A browser that is driven opens its port for the driver. It takes one more client: us. Each
//! window is a target, numbered in the order in which it was opened; the browser reports to the
//! driver alone which there are, so the next numbers are tried. What a page logged before is sent,
//! too. So is that a window shows another document.
//!
//! The browser sends one message after another only once the first is confirmed, which takes 40 ms
//! where nothing goes the other way. So one is sent, and answered, at a time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, mem};

use fantoccini::wd::WindowHandle;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::{mpsc, oneshot, watch};

use super::error::BrowserError;
use super::inspector_wire::{FromTarget, framed, receive, to_target};

/// How long an answer may take on a machine under full load.
const ANSWER: Duration = Duration::from_secs(10);

/// The target of the first window.
const FIRST_WINDOW: u64 = 1;

/// The target that the driver works with, which comes after the first window. It has one client.
const DRIVERS: u64 = 2;

/// How many of the windows that come next are tried: one that has closed has no target.
const TRIED: usize = 4;

/// The id of the one command that a page is sent.
const ENABLE: u64 = 1;

/// The inspector of one browser. A task of its own reads it; it ends when this is dropped.
#[derive(Debug)]
pub struct Inspector {
    requests: mpsc::UnboundedSender<Request>,
    /// How many documents the windows have come to show.
    documents: watch::Receiver<u64>,
    /// The session has one window, and its documents are reported.
    knows_window: AtomicBool,
}

/// A question for the log.
#[derive(Debug)]
struct Request {
    /// Every window of the session, where each is to be asked first.
    windows: Option<Vec<WindowHandle>>,
    taken: Taken,
}

/// Where the console messages go that came since the last time.
type Taken = oneshot::Sender<Vec<Message>>;

/// One console message (`Console.ConsoleMessage` of the inspector's protocol).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Message {
    /// `console-api`, `javascript`, `network`, `security` and others.
    pub source: String,
    /// `log`, `info`, `warning`, `error` or `debug`.
    pub level: String,
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Seconds since 1970.
    pub timestamp: f64,
    /// Of the script or the resource; empty where there is none.
    #[serde(default)]
    pub url: String,
    /// Counted from 1; 0 where there is none.
    #[serde(default)]
    pub line: usize,
    /// Counted from 1; 0 where there is none.
    #[serde(default)]
    pub column: usize,
}

impl Inspector {
    /// Connects to the inspector at `port` of this machine, and reads the console of the browser's
    /// only window from now on.
    pub async fn connect(port: u16, window: WindowHandle) -> Result<Self, BrowserError> {
        let failed =
            |why: String| BrowserError::Lost(format!("no connection to WebKit's inspector: {why}"));
        let stream = TcpStream::connect(("127.0.0.1", port)).await;
        let stream = stream.map_err(|error| failed(error.to_string()))?;
        let (read, write) = stream.into_split();
        let (received, messages) = mpsc::unbounded_channel();
        tokio::spawn(receive(read, received));
        let (requests, asked) = mpsc::unbounded_channel();
        let (shown, documents) = watch::channel(0);
        let client = Client {
            write,
            shown,
            handles: Vec::new(),
            sent: 0,
            windows: BTreeMap::new(),
            last: None,
            log: Vec::new(),
            waiting: None,
        };
        tokio::spawn(client.run(messages, asked));
        let own = Self {
            requests,
            documents,
            knows_window: AtomicBool::new(false),
        };
        own.take_log(vec![window]).await?;
        Ok(own)
    }

    /// Takes the console messages that came since the last time, and reads the console of those of
    /// `windows`, all that there are, that have opened since.
    pub async fn take_log(&self, windows: Vec<WindowHandle>) -> Result<Vec<Message>, BrowserError> {
        let is_alone = windows.len() == 1;
        let log = self.ask(Some(windows)).await?;
        self.knows_window.store(is_alone, Ordering::Relaxed);
        Ok(log)
    }

    /// As `take_log`, of what has come without asking: what was logged before the last document
    /// that was reported.
    pub async fn take_log_so_far(&self) -> Result<Vec<Message>, BrowserError> {
        self.ask(None).await
    }

    /// The session goes on in a window that may not be known.
    pub fn has_entered(&self) {
        self.knows_window.store(false, Ordering::Relaxed);
    }

    /// How many documents have been shown, where those of the current window are reported.
    pub fn documents(&self) -> Option<u64> {
        let knows = self.knows_window.load(Ordering::Relaxed);
        knows.then(|| *self.documents.borrow())
    }

    /// Whether more documents than these have been shown, at the latest after this time.
    pub async fn has_shown_more(&self, than: u64, within: Duration) -> bool {
        let mut documents = self.documents.clone();
        let more = documents.wait_for(|documents| *documents > than);
        matches!(tokio::time::timeout(within, more).await, Ok(Ok(_)))
    }

    async fn ask(&self, windows: Option<Vec<WindowHandle>>) -> Result<Vec<Message>, BrowserError> {
        let (taken, answered) = oneshot::channel();
        let ended = || BrowserError::Lost("WebKit's inspector has ended".to_owned());
        let request = Request { windows, taken };
        self.requests.send(request).map_err(|_| ended())?;
        let answer = tokio::time::timeout(ANSWER, answered).await;
        let seconds = ANSWER.as_secs();
        let late = format!("WebKit's inspector did not answer within {seconds} s");
        answer
            .map_err(|_| BrowserError::Lost(late))?
            .map_err(|_| ended())
    }
}

/// A window that is being read.
#[derive(Debug, Default)]
struct Window {
    /// Its pages by the inspector's ids, each with its last console message.
    pages: BTreeMap<String, Option<Message>>,
    /// Not all has come yet that was logged before it was found.
    is_new: bool,
    /// It has answered since it was last asked.
    has_answered: bool,
}

/// Somebody who waits for console messages.
#[derive(Debug)]
struct Waiting {
    taken: Taken,
    round: Round,
}

/// How far the windows have been asked.
///
/// Answers come in the order of the commands, each after what was logged before. One that has
/// closed does not answer, nor does a target that is not there. So the first answer to the second
/// round shows that all others to the first have come; where one window is known, there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// The first answer to a command of this id, or of a later one, begins the last round.
    First(u64),
    /// The first answer to a command of this id, or of a later one, ends it.
    Last(u64),
    /// All has come.
    Done,
}

/// Our side of the inspector.
#[derive(Debug)]
struct Client {
    write: OwnedWriteHalf,
    sent: u64,
    shown: watch::Sender<u64>,
    /// The windows of the session when it was last asked.
    handles: Vec<WindowHandle>,
    windows: BTreeMap<u64, Window>,
    /// The number of the last window that was found.
    last: Option<u64>,
    log: Vec<Message>,
    waiting: Option<Waiting>,
}

/// What a target sends, or a page of it.
#[derive(Debug, Deserialize)]
struct Sent {
    /// Of the command that it answers.
    id: Option<u64>,
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Value,
}

impl Client {
    /// Until either side ends.
    async fn run(
        mut self,
        mut messages: mpsc::UnboundedReceiver<FromTarget>,
        mut asked: mpsc::UnboundedReceiver<Request>,
    ) {
        // The hash of the commands that we know of: none.
        let setup = framed(b"SetupInspectorClient\0\0");
        if self.write.write_all(&setup).await.is_err() {
            return;
        }
        loop {
            let done = tokio::select! {
                request = asked.recv() => match request {
                    None => return,
                    Some(request) => self.ask(request).await,
                },
                message = messages.recv() => match message {
                    None => return,
                    Some(message) => self.take(message).await,
                },
            };
            if done.is_err() {
                return;
            }
            self.answer();
        }
    }

    /// Tries the next windows where some may have opened, and asks each known one.
    async fn ask(&mut self, request: Request) -> io::Result<()> {
        let Request { windows, taken } = request;
        let Some(windows) = windows else {
            let round = Round::Done;
            self.waiting = Some(Waiting { taken, round });
            return Ok(());
        };
        if windows != self.handles || windows.len() != self.windows.len() {
            let first = self.last.map_or(FIRST_WINDOW, |last| last + 1);
            let next = (first..).filter(|target| *target != DRIVERS).take(TRIED);
            let attach = next.flat_map(|target| to_target("Setup", target, None));
            self.write.write_all(&attach.collect::<Vec<_>>()).await?;
        }
        self.handles = windows;
        let next = self.sent + 1;
        let round = match self.windows.len() {
            0 => Round::Done,
            1 => Round::Last(next),
            _ => Round::First(next),
        };
        for window in self.windows.values_mut() {
            window.has_answered = false;
        }
        self.waiting = Some(Waiting { taken, round });
        self.ask_each().await
    }

    async fn ask_each(&mut self) -> io::Result<()> {
        let known: Vec<u64> = self.windows.keys().copied().collect();
        for target in known {
            let nothing = json!({"pauseOnStart": false});
            self.command(target, "Target.setPauseOnStart", nothing)
                .await?;
        }
        Ok(())
    }

    /// A window has answered a command.
    async fn answered(&mut self, command: Option<u64>) -> io::Result<()> {
        let next = self.sent + 1;
        let Some(waiting) = &mut self.waiting else {
            return Ok(());
        };
        match waiting.round {
            Round::First(first) if command >= Some(first) => {
                waiting.round = Round::Last(next);
                self.ask_each().await
            }
            Round::Last(first) if command >= Some(first) => {
                waiting.round = Round::Done;
                Ok(())
            }
            Round::First(_) | Round::Last(_) | Round::Done => Ok(()),
        }
    }

    async fn command(&mut self, target: u64, method: &str, params: Value) -> io::Result<()> {
        self.sent += 1;
        let command = json!({"id": self.sent, "method": method, "params": params}).to_string();
        let message = to_target("SendMessageToBackend", target, Some(&command));
        self.write.write_all(&message).await
    }

    async fn take(&mut self, message: FromTarget) -> io::Result<()> {
        let FromTarget { target, text } = message;
        // What has no known shape is an event that nobody asked for.
        let Ok(sent) = serde_json::from_str::<Sent>(&text) else {
            return Ok(());
        };
        match &*sent.method {
            "Target.targetCreated" => {
                let page = sent.params["targetInfo"]["targetId"].as_str();
                self.read_page(target, page.unwrap_or_default()).await?;
            }
            "Target.didCommitProvisionalTarget" => self.has_shown_another(),
            "Target.targetDestroyed" => {
                if let Some(window) = self.windows.get_mut(&target) {
                    window
                        .pages
                        .remove(sent.params["targetId"].as_str().unwrap_or_default());
                }
            }
            "Target.dispatchMessageFromTarget" => {
                let page = sent.params["targetId"].as_str().unwrap_or_default();
                let text = sent.params["message"].as_str().unwrap_or_default();
                self.take_from_page(target, page, text);
            }
            _ => {
                if let Some(window) = self.windows.get_mut(&target) {
                    window.has_answered = true;
                }
                self.answered(sent.id).await?;
            }
        }
        Ok(())
    }

    /// Has the console messages of a page sent, those that it has already logged first.
    async fn read_page(&mut self, target: u64, page: &str) -> io::Result<()> {
        self.last = self.last.max(Some(target));
        let window = self.windows.entry(target).or_insert_with(|| Window {
            is_new: true,
            has_answered: true,
            ..Window::default()
        });
        window.pages.insert(page.to_owned(), None);
        let enable = json!({"id": ENABLE, "method": "Console.enable"}).to_string();
        let enable = json!({"targetId": page, "message": enable});
        self.command(target, "Target.sendMessageToTarget", enable)
            .await
    }

    fn has_shown_another(&self) {
        self.shown.send_modify(|shown| *shown += 1);
    }

    fn take_from_page(&mut self, target: u64, page: &str, text: &str) {
        let (Some(window), Ok(mut sent)) = (
            self.windows.get_mut(&target),
            serde_json::from_str::<Sent>(text),
        ) else {
            return;
        };
        if sent.id == Some(ENABLE) {
            window.is_new = false;
        }
        let Some(last) = window.pages.get_mut(page) else {
            return;
        };
        match &*sent.method {
            "Console.messagesCleared" => {
                // Not by a page that clears its console.
                if sent.params["reason"] == "main-frame-navigation" {
                    self.has_shown_another();
                }
                return;
            }
            "Console.messageAdded" => {
                *last = serde_json::from_value(sent.params["message"].take()).ok();
            }
            // One that repeats the last is not sent again.
            "Console.messageRepeatCountUpdated" => {
                let at = sent.params["timestamp"].as_f64();
                if let (Some(last), Some(at)) = (last.as_mut(), at) {
                    last.timestamp = at;
                }
            }
            _ => return,
        }
        self.log.extend(last.clone());
    }

    /// Hands the log over once everything has come, and forgets the windows that have closed.
    fn answer(&mut self) {
        let has_come = |waiting: &mut Waiting| {
            let is_new = self.windows.values().any(|window| window.is_new);
            waiting.round == Round::Done && !is_new && !self.windows.is_empty()
        };
        if let Some(waiting) = self.waiting.take_if(has_come) {
            self.windows.retain(|_, window| window.has_answered);
            // Who asked may have stopped waiting.
            let _ = waiting.taken.send(mem::take(&mut self.log));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use tokio::io::{AsyncReadExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    fn event(method: &str, params: &Value) -> String {
        json!({"method": method, "params": params}).to_string()
    }

    fn said(text: &str, at: f64) -> String {
        let message = json!({"source": "console-api", "level": "log", "text": text,
            "timestamp": at, "url": "", "line": 0, "column": 0, "repeatCount": 1});
        from_page(&event("Console.messageAdded", &json!({"message": message})))
    }

    fn from_page(message: &str) -> String {
        let params = json!({"targetId": "page-8", "message": message});
        event("Target.dispatchMessageFromTarget", &params)
    }

    fn created() -> String {
        let info = json!({"targetId": "page-8", "type": "page"});
        event("Target.targetCreated", &json!({"targetInfo": info}))
    }

    /// As much of a browser as has `windows` targets, and before it answers their n-th command
    /// sends the n-th of `before`.
    async fn browser(windows: &'static [u64], before: Vec<Vec<String>>) -> Inspector {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut read = BufReader::new(read);
            let mut before = before.into_iter();
            while let Ok(length) = read.read_u32().await {
                let mut body = vec![0; length as usize];
                read.read_u8().await.unwrap();
                read.read_exact(&mut body).await.unwrap();
                let name = body.split(|byte| *byte == 0).next().unwrap().to_vec();
                let parameters = &body[name.len() + 1..];
                let target = || u64::from_le_bytes(parameters[8..16].try_into().unwrap());
                let mut send = Vec::new();
                match &*name {
                    b"Setup" if windows.contains(&target()) => send.push(created()),
                    b"SendMessageToBackend" => {
                        let text = &parameters[16..parameters.len() - 1];
                        let command: Value = serde_json::from_slice(text).unwrap();
                        if !windows.contains(&target()) {
                            continue;
                        }
                        send.extend(before.next().unwrap_or_default());
                        send.push(json!({"id": command["id"], "result": {}}).to_string());
                        if command["method"] == "Target.sendMessageToTarget" {
                            send.push(from_page(r#"{"id": 1, "result": {}}"#));
                        }
                    }
                    _ => continue,
                }
                for text in send {
                    let message = to_target("SendMessageToFrontend", target(), Some(&text));
                    write.write_all(&message).await.unwrap();
                }
            }
        });
        Inspector::connect(port).await.unwrap()
    }

    fn texts(log: &[Message]) -> Vec<(&str, f64)> {
        let entries = log.iter();
        entries
            .map(|entry| (&*entry.text, entry.timestamp))
            .collect()
    }

    #[tokio::test]
    async fn log_is_taken_up_to_what_each_window_answers() {
        let repeated = event(
            "Console.messageRepeatCountUpdated",
            &json!({"count": 2, "timestamp": 3.0}),
        );
        let before = vec![
            vec![said("a", 1.0)],
            vec![said("b", 2.0), from_page(&repeated)],
        ];
        let inspector = browser(&[1], before).await;
        let log = inspector.take_log().await.unwrap();
        assert_eq!(texts(&log), [("b", 2.0), ("b", 3.0)]);
    }

    #[tokio::test]
    async fn target_of_the_driver_and_windows_that_closed_are_passed_over() {
        let before = vec![vec![], vec![said("a", 1.0)]];
        let inspector = browser(&[2, 4], before).await;
        let log = inspector.take_log().await.unwrap();
        assert_eq!(texts(&log), [("a", 1.0)]);
    }

    #[tokio::test]
    async fn ended_browser_is_a_lost_session() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { drop(listener.accept().await) });
        let error = Inspector::connect(port).await.unwrap_err();
        assert!(matches!(error, BrowserError::Lost(_)), "{error}");
    }
}
