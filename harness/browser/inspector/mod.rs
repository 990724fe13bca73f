//! The remote inspector of `WebKit`, by which its own developer tools look at a page: the console,
//! new documents, pictures.
//!
//! A browser that is driven opens its port for the driver. It takes one more client: us. Each
//! window is a target, numbered in the order in which it was opened; the browser reports to the
//! driver alone which there are, so the next numbers are tried. It also sends what a page logged
//! before we connected, and it reports each new document.

mod client;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::WindowHandle;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};

use self::client::Client;
use self::wire::receive;
use super::error::BrowserError;

/// How long an answer may take on a machine under full load.
const ANSWER: Duration = Duration::from_secs(10);

/// The inspector of one browser. A task of its own reads it; it ends when this is dropped.
#[derive(Debug)]
pub struct Inspector {
    requests: mpsc::UnboundedSender<Request>,
    /// Grows with each document that a window shows.
    documents: watch::Receiver<u64>,
    /// How many windows there were when the session's windows were last looked up; 0 where not all
    /// of them were found.
    windows: AtomicUsize,
}

/// What is asked of the browser.
#[derive(Debug)]
enum Request {
    /// To read these windows, all that the session has.
    Windows {
        windows: Vec<WindowHandle>,
        /// Whether the log is handed over.
        log: bool,
        found: oneshot::Sender<Found>,
    },
    /// A picture of the page, so many pixels wide and high, as a `data:` URL.
    Picture {
        size: (u64, u64),
        taken: oneshot::Sender<String>,
    },
}

/// What was found of the session's windows.
#[derive(Debug)]
struct Found {
    /// How many are read.
    windows: usize,
    /// The console messages that came since the last time.
    log: Vec<Message>,
}

/// One console message (`Console.ConsoleMessage` of the inspector's protocol).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Message {
    /// `console-api`, `javascript`, `network`, `security` and others.
    pub source: String,
    /// `log`, `info`, `warning`, `error` or `debug`.
    pub level: String,
    /// The text; of a call of the console its first argument alone.
    #[serde(default)]
    pub text: String,
    /// The arguments of a call of the console.
    #[serde(default)]
    pub parameters: Vec<Argument>,
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

/// A value that a page logged (`Runtime.RemoteObject` of the inspector's protocol).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Argument {
    /// `undefined`, `object`, of `null`, too, and others.
    #[serde(default, rename = "type")]
    kind: String,
    /// Its value, of one that JSON can hold.
    #[serde(default)]
    value: Option<Value>,
    /// Its description, of any other.
    #[serde(default)]
    description: Option<String>,
}

impl fmt::Display for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.value, &self.description) {
            (Some(Value::String(text)), _) | (None, Some(text)) => formatter.write_str(text),
            (Some(value), _) => write!(formatter, "{value}"),
            (None, None) if self.kind == "undefined" => formatter.write_str("undefined"),
            (None, None) => formatter.write_str("null"),
        }
    }
}

impl Message {
    /// All that was logged, separated by spaces.
    pub fn whole_text(&self) -> String {
        if self.parameters.is_empty() {
            return self.text.clone();
        }
        let all: Vec<String> = self.parameters.iter().map(Argument::to_string).collect();
        all.join(" ")
    }
}

impl Inspector {
    /// Connects to the inspector at `port` of this machine, and reads the console of the browser's
    /// only window from now on.
    pub async fn connect(port: u16, window: WindowHandle) -> Result<Self, BrowserError> {
        let failed =
            |why: String| BrowserError::Lost(format!("no connection to WebKit's inspector: {why}"));
        let stream = TcpStream::connect(("127.0.0.1", port)).await;
        let stream = stream.map_err(|error| failed(error.to_string()))?;
        // What `send_at_once` does for the browser's side.
        let at_once = stream.set_nodelay(true);
        at_once.map_err(|error| failed(error.to_string()))?;
        let (read, write) = stream.into_split();
        let (received, messages) = mpsc::unbounded_channel();
        tokio::spawn(receive(read, received));
        let (requests, asked) = mpsc::unbounded_channel();
        let (shown, documents) = watch::channel(0);
        let client = Client::new(write, shown);
        tokio::spawn(client.run(messages, asked));
        let own = Self {
            requests,
            documents,
            windows: AtomicUsize::new(0),
        };
        own.take_log(vec![window]).await?;
        Ok(own)
    }

    /// Takes the console messages that came since the last time, and reads the console of those of
    /// `windows`, all that there are, that have opened since.
    pub async fn take_log(&self, windows: Vec<WindowHandle>) -> Result<Vec<Message>, BrowserError> {
        self.look_up(windows, true).await
    }

    /// Reads the console of those of `windows`, all that there are, that have opened since.
    pub async fn find(&self, windows: Vec<WindowHandle>) -> Result<(), BrowserError> {
        self.look_up(windows, false).await.map(|_| ())
    }

    async fn look_up(
        &self,
        windows: Vec<WindowHandle>,
        log: bool,
    ) -> Result<Vec<Message>, BrowserError> {
        let all = windows.len();
        let request = |found| Request::Windows {
            windows,
            log,
            found,
        };
        let found = self.ask(request).await?.ok_or_else(ended)?;
        let known = if found.windows == all { all } else { 0 };
        self.windows.store(known, Ordering::Relaxed);
        Ok(found.log)
    }

    /// A number that grows with each document that a window shows; `None` where not all windows are
    /// known.
    pub fn documents(&self) -> Option<u64> {
        let knows = self.windows.load(Ordering::Relaxed) > 0;
        knows.then(|| *self.documents.borrow())
    }

    /// Whether the number of documents has become more than this, at the latest after this time.
    pub async fn shows_more(&self, than: u64, within: Duration) -> Result<bool, BrowserError> {
        let mut documents = self.documents.clone();
        let more = documents.wait_for(|documents| *documents > than);
        match tokio::time::timeout(within, more).await {
            Ok(Ok(_)) => Ok(true),
            Ok(Err(_)) => Err(ended()),
            Err(_) => Ok(false),
        }
    }

    /// A PNG of the page in the session's only window; `None` where it has several, or the page
    /// cannot be drawn now. Why it cannot, the next command finds out.
    pub async fn picture(&self, size: (u64, u64)) -> Option<Vec<u8>> {
        if self.windows.load(Ordering::Relaxed) != 1 {
            return None;
        }
        let url = self.ask(|taken| Request::Picture { size, taken }).await;
        let url = url.ok().flatten()?;
        let encoded = url.strip_prefix("data:image/png;base64,")?;
        STANDARD.decode(encoded).ok()
    }

    /// The answer to a request; `None` where nobody can give one.
    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Result<Option<T>, BrowserError> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(request(answer)).map_err(|_| ended())?;
        let answer = tokio::time::timeout(ANSWER, answered).await;
        let seconds = ANSWER.as_secs();
        let late = format!("WebKit's inspector did not answer within {seconds} s");
        Ok(answer.map_err(|_| BrowserError::Lost(late))?.ok())
    }
}

fn ended() -> BrowserError {
    BrowserError::Lost("WebKit's inspector has ended".to_owned())
}
