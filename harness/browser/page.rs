//! The document of a window: loading another one, and waiting for it.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, parsed};
use super::engine::Document;
use super::error::BrowserError;
use super::session::Session;
use super::waiting::NO_ANSWER;

const REACHED: &str = include_str!("scripts/reached.js");
const SPECULATE: &str = include_str!("scripts/speculate.js");

/// Between two questions to a document that loads: asking without a pause takes the very processor
/// that it loads on.
const ASK_AGAIN: Duration = Duration::from_millis(4);

/// What one document must have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Its `load` event is over.
    Complete,
    /// All of it is there, and the shop's own scripts have run. For a page whose SDK is held back
    /// and does not stand in the way.
    Parsed,
    /// The snippet, or what the shop has in its place, has run, and what else stands before the
    /// SDK's script. For a page that goes no further because its SDK is held back.
    Snippet,
    /// Its body is there; nothing more is known to come.
    Body,
}

impl Until {
    fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Parsed => "parsed",
            Self::Snippet => "snippet",
            Self::Body => "body",
        }
    }
}

/// The document a window shows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageState {
    /// Its `performance.timeOrigin`: distinguishes one document from the next.
    time_origin: f64,
    /// Its origin.
    origin: String,
}

impl PageState {
    async fn current(session: &Session) -> Result<Self, BrowserError> {
        let script = "return { timeOrigin: performance.timeOrigin, origin: location.origin };";
        let state = session.execute(script, vec![]).await?;
        serde_json::from_value(state)
            .map_err(|error| BrowserError::Refused(format!("the page has no origin: {error}")))
    }
}

/// The page in the current window of a session, and what a shopper does on it.
#[derive(Debug)]
pub struct Page<'s> {
    /// The session.
    pub session: &'s Session,
    state: PageState,
    /// The engine's number of documents when this one was found, where the engine reports that.
    number: Option<u64>,
    /// It is the page in the only frame of another.
    is_framed: bool,
}

impl<'s> Page<'s> {
    /// The page that the current window shows.
    pub async fn current(session: &'s Session) -> Result<Self, BrowserError> {
        // Before the page is asked: a number that is too low only ends the next wait early.
        let number = session.documents();
        Ok(Self {
            session,
            state: PageState::current(session).await?,
            number,
            is_framed: false,
        })
    }

    /// As `visit`, in the only frame of the page at `framing`, which is loaded where the window
    /// does not show it yet.
    pub async fn visit_framed(
        &mut self,
        framing: &str,
        url: &str,
        until: Until,
        within: Duration,
    ) -> Result<(), BrowserError> {
        if !self.is_framed {
            self.visit(framing, Until::Complete, within).await?;
            self.session.enter_only_frame().await?;
            self.is_framed = true;
            // Nothing reports the documents of a frame.
            self.number = None;
            self.state = PageState::current(self.session).await?;
        }
        let script = "location.assign(arguments[0]);";
        self.session.execute(script, vec![json!(url)]).await?;
        self.await_next(until, within).await
    }

    /// Goes on in the page around this one, where there is one.
    pub async fn leave_framing(&mut self) -> Result<(), BrowserError> {
        if self.is_framed {
            self.session.leave_frames().await?;
            self.is_framed = false;
            self.number = self.session.documents();
            self.state = PageState::current(self.session).await?;
        }
        Ok(())
    }

    /// Goes on in the page itself after a visit to frames of its own.
    pub(super) async fn leave_own_frames(&self) -> Result<(), BrowserError> {
        self.session.leave_frames().await?;
        if self.is_framed {
            self.session.enter_only_frame().await?;
        }
        Ok(())
    }

    /// Loads `url` and waits for it.
    ///
    /// Within one shop the page itself goes there, as by a link: a driver stops everything that is
    /// loading before it navigates, so that requests under way fail as no shopper's click makes
    /// them fail.
    pub async fn visit(
        &mut self,
        url: &str,
        until: Until,
        within: Duration,
    ) -> Result<(), BrowserError> {
        self.go_to(url).await?;
        self.await_next(until, within).await
    }

    /// Starts loading `url`, and waits until the known document is gone.
    pub async fn set_out_for(&self, url: &str, within: Duration) -> Result<(), BrowserError> {
        self.go_to(url).await?;
        self.await_gone(within).await
    }

    async fn go_to(&self, url: &str) -> Result<(), BrowserError> {
        let path = url.strip_prefix(&self.state.origin);
        if path.is_some_and(|path| path.starts_with('/')) {
            let script = "location.assign(arguments[0]);";
            self.session.execute(script, vec![json!(url)]).await?;
            Ok(())
        } else {
            self.session.goto(url).await
        }
    }

    /// Waits until a window that a page has opened shows another than the empty page.
    pub async fn await_first(
        &mut self,
        until: Until,
        within: Duration,
    ) -> Result<(), BrowserError> {
        let script = "return location.protocol === 'about:'";
        let is_empty = match self.session.execute(script, vec![]).await {
            Ok(answer) => answer == Value::Bool(true),
            Err(BrowserError::PageChanged(_)) => false,
            Err(error) => return Err(error),
        };
        if !is_empty {
            // It may have come before it was counted.
            self.number = None;
        }
        // It may have the window object of the empty page, and so its time origin.
        self.state.time_origin = 0.0;
        self.await_next(until, within).await
    }

    /// Asks the browser to prerender `url`, by speculation rules.
    pub async fn prerender(&self, url: &str) -> Result<(), BrowserError> {
        self.session.execute(SPECULATE, vec![json!(url)]).await?;
        Ok(())
    }

    /// One page back in the session history; within a single-page shop that is the same document at
    /// another address.
    pub async fn back(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        let from = self.address().await?;
        self.session.back().await?;
        self.await_document(until, Some(from), within).await
    }

    /// One page forward, as `back`.
    pub async fn forward(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        let from = self.address().await?;
        self.session.forward().await?;
        self.await_document(until, Some(from), within).await
    }

    /// The same page again.
    pub async fn reload(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        self.session.reload().await?;
        self.await_next(until, within).await
    }

    /// Waits until the window shows another document than the known one, and that has reached
    /// `until`.
    pub async fn await_next(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        self.await_document(until, None, within).await
    }

    /// Waits until the known document is gone. What follows it is waited for as before.
    pub async fn await_gone(&self, within: Duration) -> Result<(), BrowserError> {
        self.reached("begun", None, within).await.map(|_| ())
    }

    async fn address(&self) -> Result<Value, BrowserError> {
        self.session.execute("return location.href", vec![]).await
    }

    async fn await_document(
        &mut self,
        until: Until,
        from: Option<Value>,
        within: Duration,
    ) -> Result<(), BrowserError> {
        (self.number, self.state) = self.reached(until.word(), from, within).await?;
        Ok(())
    }

    /// Asks again and again rather than leaving a script behind that waits: a document that goes
    /// into the back/forward cache freezes its scripts, and the driver would wait for them.
    async fn reached(
        &self,
        until: &str,
        from: Option<Value>,
        within: Duration,
    ) -> Result<(Option<u64>, PageState), BrowserError> {
        let end = Instant::now() + within;
        let known = Document {
            time_origin: self.state.time_origin,
            address: from.as_ref().and_then(Value::as_str),
            number: self.number,
        };
        let arguments = vec![json!(known.time_origin), json!(until), json!(known.address)];
        while Instant::now() <= end && self.session.still_shows(&known).await? {
            tokio::time::sleep(ASK_AGAIN).await;
        }
        loop {
            let number = self.session.documents().filter(|_| !self.is_framed);
            let missing = match self.session.execute(REACHED, arguments.clone()).await {
                // The next command reports it.
                Ok(Value::Null) => NO_ANSWER.to_owned(),
                Ok(answer) => match parsed("reached.js", answer)? {
                    Answer::Ok(state) => return Ok((number, state)),
                    Answer::Missing(what) => what,
                },
                Err(BrowserError::PageChanged(why)) => why,
                Err(error) => return Err(error),
            };
            if Instant::now() > end {
                return Err(BrowserError::GaveUp(missing));
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}
