//! Our side of the inspector: which windows there are, what they have logged and what they show.

use std::collections::BTreeMap;
use std::{io, mem};

use fantoccini::wd::WindowHandle;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::{mpsc, oneshot, watch};

use super::wire::{FromTarget, framed, to_target};
use super::{Found, Message, Request};

/// The target of the first window.
const FIRST_WINDOW: u64 = 1;

/// The target that the driver works with, which comes after the first window. It has one client.
const DRIVERS: u64 = 2;

/// How many of the windows that come next are tried: one that has closed has no target.
const TRIED: usize = 32;

/// The id of the command to a page that begins its console. Those of others are greater.
const ENABLE: u64 = 1;

/// A window that is being read.
#[derive(Debug, Default)]
struct Window {
    /// Its pages by the inspector's ids, each with its last console message.
    pages: BTreeMap<String, Option<Message>>,
    /// The page that it shows: others are on their way.
    shown: String,
    /// Not all has come yet that was logged before it was found.
    is_new: bool,
    /// It has answered since it was last asked.
    has_answered: bool,
}

/// Somebody who waits for console messages.
#[derive(Debug)]
struct Waiting {
    found: oneshot::Sender<Found>,
    /// Whether the log is handed over.
    log: bool,
    round: Round,
}

/// How far the windows have been asked.
///
/// Answers come in the order of the commands, each after what was logged before. One that has
/// closed does not answer, nor does a target that is not there. So the first answer to the second
/// round shows that all others to the first have come. Where one window is known, and no other can
/// have opened, there are none.
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
pub(super) struct Client {
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
    /// The id of the last command that asked for a picture, and who waits for it.
    picture: Option<(u64, oneshot::Sender<String>)>,
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
    #[serde(default)]
    result: Value,
}

impl Client {
    /// One that counts in `shown` the documents that windows show.
    pub(super) fn new(write: OwnedWriteHalf, shown: watch::Sender<u64>) -> Self {
        Self {
            write,
            sent: 0,
            shown,
            handles: Vec::new(),
            windows: BTreeMap::new(),
            last: None,
            log: Vec::new(),
            waiting: None,
            picture: None,
        }
    }

    /// Until either side ends.
    pub(super) async fn run(
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
                    Some(Request::Windows { windows, log, found }) => {
                        self.ask(windows, log, found).await
                    }
                    Some(Request::Picture { size, taken }) => self.ask_picture(size, taken).await,
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
    async fn ask(
        &mut self,
        windows: Vec<WindowHandle>,
        log: bool,
        found: oneshot::Sender<Found>,
    ) -> io::Result<()> {
        let some_are_new = windows != self.handles || windows.len() != self.windows.len();
        if some_are_new {
            let first = self.last.map_or(FIRST_WINDOW, |last| last + 1);
            let next = (first..).filter(|target| *target != DRIVERS).take(TRIED);
            let attach = next.flat_map(|target| to_target("Setup", target, None));
            self.write.write_all(&attach.collect::<Vec<_>>()).await?;
        }
        self.handles = windows;
        let next = self.sent + 1;
        let round = match self.windows.len() {
            0 => Round::Done,
            1 if !some_are_new => Round::Last(next),
            _ => Round::First(next),
        };
        for window in self.windows.values_mut() {
            window.has_answered = false;
        }
        self.waiting = Some(Waiting { found, log, round });
        self.ask_each().await
    }

    /// Asks the page of the only window for a picture.
    async fn ask_picture(
        &mut self,
        (width, height): (u64, u64),
        taken: oneshot::Sender<String>,
    ) -> io::Result<()> {
        let window = self.windows.iter().next();
        let shown = window.map(|(target, window)| (*target, window.shown.clone()));
        // Without a window nobody answers, and who asked hears that.
        let Some((target, page)) = shown else {
            return Ok(());
        };
        let id = ENABLE + 1 + self.sent;
        self.picture = Some((id, taken));
        let rect = json!({"x": 0, "y": 0, "width": width, "height": height,
            "coordinateSystem": "Viewport"});
        self.command_page(target, &page, id, "Page.snapshotRect", &rect)
            .await
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
                let info = &sent.params["targetInfo"];
                let page = info["targetId"].as_str().unwrap_or_default();
                self.read_page(target, page).await?;
                if let Some(window) = self.windows.get_mut(&target)
                    && info["isProvisional"] != true
                {
                    page.clone_into(&mut window.shown);
                }
            }
            "Target.didCommitProvisionalTarget" => {
                let page = sent.params["newTargetId"].as_str().unwrap_or_default();
                if let Some(window) = self.windows.get_mut(&target) {
                    page.clone_into(&mut window.shown);
                }
                self.count_document();
            }
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
        self.command_page(target, page, ENABLE, "Console.enable", &json!({}))
            .await
    }

    async fn command_page(
        &mut self,
        target: u64,
        page: &str,
        id: u64,
        method: &str,
        params: &Value,
    ) -> io::Result<()> {
        let message = json!({"id": id, "method": method, "params": params}).to_string();
        let message = json!({"targetId": page, "message": message});
        self.command(target, "Target.sendMessageToTarget", message)
            .await
    }

    fn count_document(&self) {
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
        // One that comes too late is nobody's.
        let is_asked = |(id, _): &mut (u64, _)| sent.id == Some(*id);
        if let Some((_, taken)) = self.picture.take_if(is_asked) {
            let url = sent.result["dataURL"].as_str().unwrap_or_default();
            // Who asked may have stopped waiting.
            let _ = taken.send(url.to_owned());
        }
        let Some(last) = window.pages.get_mut(page) else {
            return;
        };
        match &*sent.method {
            "Console.messagesCleared" => {
                // Not by a page that clears its console.
                if sent.params["reason"] == "main-frame-navigation" {
                    self.count_document();
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
            let log = if waiting.log {
                mem::take(&mut self.log)
            } else {
                Vec::new()
            };
            let windows = self.windows.len();
            // Who asked may have stopped waiting.
            let _ = waiting.found.send(Found { windows, log });
        }
    }
}
