//! The remote inspector of `WebKit`, by which its own developer tools read a page's console.
//!
//! A browser that is driven opens its port for the driver. It takes one more client: us. Each
//! window is a target, numbered in the order in which it was opened; the browser reports to the
//! driver alone which there are, so the next numbers are tried. What a page logged before is sent,
//! too. So is that a window shows another document.

mod client;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::WindowHandle;
use serde::Deserialize;
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
    /// How many documents the windows have come to show.
    documents: watch::Receiver<u64>,
    /// The session has one window, and its documents are reported.
    knows_window: AtomicBool,
}

/// What is asked of the browser.
#[derive(Debug)]
enum Request {
    /// The log of these windows, all that the session has.
    Log {
        windows: Vec<WindowHandle>,
        taken: Taken,
    },
    /// A picture of the page, so many pixels wide and high, as a `data:` URL.
    Picture {
        size: (u32, u32),
        taken: oneshot::Sender<String>,
    },
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
        let client = Client::new(write, shown);
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
        let log = self.ask(|taken| Request::Log { windows, taken }).await?;
        self.knows_window.store(is_alone, Ordering::Relaxed);
        Ok(log)
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

    /// A PNG of the page in the session's only window.
    pub async fn picture(&self, size: (u32, u32)) -> Result<Vec<u8>, BrowserError> {
        let url = self.ask(|taken| Request::Picture { size, taken }).await?;
        let encoded = url.strip_prefix("data:image/png;base64,");
        let picture = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
        picture.ok_or_else(|| BrowserError::Refused("WebKit's picture is no PNG".to_owned()))
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Result<T, BrowserError> {
        let (taken, answered) = oneshot::channel();
        let ended = || BrowserError::Lost("WebKit's inspector has ended".to_owned());
        self.requests.send(request(taken)).map_err(|_| ended())?;
        let answer = tokio::time::timeout(ANSWER, answered).await;
        let seconds = ANSWER.as_secs();
        let late = format!("WebKit's inspector did not answer within {seconds} s");
        answer
            .map_err(|_| BrowserError::Lost(late))?
            .map_err(|_| ended())
    }
}
