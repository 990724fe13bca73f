//! The document of a window: loading another one, and waiting for it.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::conjunction;
use super::error::BrowserError;
use super::session::Session;

const REACHED: &str = include_str!("scripts/reached.js");
const SPECULATE: &str = include_str!("scripts/speculate.js");
const AWAIT_TRUE: &str = include_str!("scripts/await_true.js");
const FIRST_FALSE: &str = include_str!("scripts/first_false.js");

/// Between two questions to a document that loads: asking without a pause takes the very processor
/// that it loads on.
const ASK_AGAIN: Duration = Duration::from_millis(4);

/// A script waits in the page so long at most, and is sent again: so a page that loops can be
/// distinguished from one that waits.
const LONGEST_SCRIPT: Duration = Duration::from_secs(1);

/// What one document must have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Its `load` event is over.
    Complete,
    /// All of it is there, and the shop's own scripts have run. For a page whose SDK is held back
    /// and does not stand in the way.
    Parsed,
    /// The snippet, or what the shop has in its place, has run. For a page that goes no further
    /// because its SDK is held back.
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

/// What a script of ours returns that looks for something.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer<T> {
    /// It is there.
    Ok(T),
    /// It is not; holds what is there instead.
    Missing(String),
}

/// The page in the current window of a session, and what a shopper does on it.
#[derive(Debug)]
pub struct Page<'s> {
    /// The session.
    pub session: &'s Session,
    state: PageState,
    /// It is the page in the only frame of another.
    is_framed: bool,
}

impl<'s> Page<'s> {
    /// The page that the current window shows.
    pub async fn current(session: &'s Session) -> Result<Self, BrowserError> {
        Ok(Self {
            session,
            state: PageState::current(session).await?,
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
        let path = url.strip_prefix(&self.state.origin);
        if path.is_some_and(|path| path.starts_with('/')) {
            let script = "location.assign(arguments[0]);";
            self.session.execute(script, vec![json!(url)]).await?;
        } else {
            self.session.goto(url).await?;
        }
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
        self.state = self.reached(until.word(), from, within).await?;
        Ok(())
    }

    /// Asks again and again rather than leaving a script behind that waits: a document that goes
    /// into the back/forward cache freezes its scripts, and the driver would wait for them.
    async fn reached(
        &self,
        until: &str,
        from: Option<Value>,
        within: Duration,
    ) -> Result<PageState, BrowserError> {
        let end = Instant::now() + within;
        let known = json!(self.state.time_origin);
        let arguments = vec![known, json!(until), from.unwrap_or(Value::Null)];
        loop {
            let missing = match self.session.execute(REACHED, arguments.clone()).await {
                // The next command reports it.
                Ok(Value::Null) => "a dialog stopped the page".to_owned(),
                Ok(answer) => match parsed("reached.js", answer)? {
                    Answer::Ok(state) => return Ok(state),
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

    /// Waits until an expression is true. Names the first part of it that is not, where it gives
    /// up.
    pub async fn await_true(&self, expression: &str, within: Duration) -> Result<(), BrowserError> {
        match self.await_since(expression, None, within).await {
            Ok(_) => Ok(()),
            Err(BrowserError::GaveUp(whole)) => {
                let part = self.first_false(expression).await;
                Err(BrowserError::GaveUp(part.unwrap_or(whole)))
            }
            Err(error) => Err(error),
        }
    }

    /// As `await_true`, and names no part. Returns the milliseconds from when the script of this
    /// path had come until the expression was seen to be true; `None` where the page did not load
    /// that script.
    pub async fn await_true_since(
        &self,
        expression: &str,
        script: &str,
        within: Duration,
    ) -> Result<Option<f64>, BrowserError> {
        self.await_since(expression, Some(script), within).await
    }

    async fn await_since(
        &self,
        expression: &str,
        since: Option<&str>,
        within: Duration,
    ) -> Result<Option<f64>, BrowserError> {
        let script = AWAIT_TRUE.replace("EXPRESSION", expression);
        let arguments = |left| vec![json!(expression), json!(since), json!(left)];
        self.await_ok("await_true.js", &script, arguments, within)
            .await
    }

    /// The first part of a conjunction that is not true, in words; `None` where it has no parts, or
    /// all of them are true by now.
    pub async fn first_false(&self, expression: &str) -> Option<String> {
        let parts = conjunction::parts(expression);
        if parts.len() < 2 {
            return None;
        }
        let functions = parts.iter().map(|part| format!("() => ({part})"));
        let functions: Vec<String> = functions.collect();
        let script = FIRST_FALSE.replace("PARTS", &functions.join(",\n"));
        // An error is the next command's: this one only explains.
        let answer = self
            .session
            .execute_async(&script, vec![json!(parts)])
            .await;
        answer.ok()?.as_str().map(str::to_owned)
    }

    /// Runs a script that answers `{ok: …}` or, at the deadline it is given in milliseconds,
    /// `{missing: …}`; again on the next document where the page is replaced meanwhile.
    pub(super) async fn await_ok<T: DeserializeOwned>(
        &self,
        name: &str,
        script: &str,
        arguments: impl Fn(u64) -> Vec<Value>,
        within: Duration,
    ) -> Result<T, BrowserError> {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let slice = left.min(LONGEST_SCRIPT);
            let left_ms = u64::try_from(slice.as_millis()).unwrap_or(u64::MAX);
            match self.session.execute_async(script, arguments(left_ms)).await {
                // A dialog stopped the script, which the next command reports; or the page was
                // replaced.
                Ok(Value::Null) | Err(BrowserError::PageChanged(_)) if !left.is_zero() => {}
                Ok(Value::Null) => {
                    return Err(BrowserError::GaveUp("a dialog stopped the page".to_owned()));
                }
                Ok(answer) => match parsed(name, answer)? {
                    Answer::Ok(found) => return Ok(found),
                    Answer::Missing(_) if left > slice => {}
                    Answer::Missing(what) => return Err(BrowserError::GaveUp(what)),
                },
                Err(error) => return Err(error),
            }
        }
    }
}

fn parsed<T: DeserializeOwned>(script: &str, answer: Value) -> Result<Answer<T>, BrowserError> {
    serde_json::from_value(answer).map_err(|error| BrowserError::unexpected_answer(script, error))
}
