use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{BrowserError, Session};

const REACHED: &str = include_str!("scripts/reached.js");
const FIND: &str = include_str!("scripts/find.js");
const AWAIT_TRUE: &str = include_str!("scripts/await_true.js");

/// Between two questions to a document that loads: asking without a pause takes the very processor
/// that it loads on.
const ASK_AGAIN: Duration = Duration::from_millis(4);

/// How long something is looked for in one frame before the frame itself is looked for again.
const IN_ONE_FRAME: Duration = Duration::from_millis(500);

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
pub struct PageState {
    /// Its `performance.timeOrigin`: tells one document from the next.
    pub time_origin: f64,
    /// Its origin.
    pub origin: String,
}

/// The page in the current window of a session, and what a shopper does on it.
#[derive(Debug)]
pub struct Page<'s> {
    /// The session.
    pub session: &'s Session,
    state: PageState,
}

impl<'s> Page<'s> {
    /// The page that the current window shows.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn current(session: &'s Session) -> Result<Self, BrowserError> {
        let state = session
            .execute(
                "return { timeOrigin: performance.timeOrigin, origin: location.origin };",
                vec![],
            )
            .await?;
        let state = serde_json::from_value(state)
            .map_err(|error| BrowserError::Refused(format!("the page has no origin: {error}")))?;
        Ok(Self { session, state })
    }

    /// Loads `url` and waits for it.
    ///
    /// Within one shop the page itself goes there, as by a link: chromedriver stops everything that
    /// is loading before it navigates, so that requests under way fail as no shopper's click makes
    /// them fail.
    ///
    /// # Errors
    /// If it does not come in time, or the session is lost.
    pub async fn visit(
        &mut self,
        url: &str,
        until: Until,
        within: Duration,
    ) -> Result<(), BrowserError> {
        if url
            .strip_prefix(&self.state.origin)
            .is_some_and(|path| path.starts_with('/'))
        {
            self.session
                .execute("location.assign(arguments[0]);", vec![json!(url)])
                .await?;
        } else {
            self.session.goto(url).await?;
        }
        self.await_next(until, within).await
    }

    /// One page back in the session history; within a single-page shop that is the same document at
    /// another address.
    ///
    /// # Errors
    /// As `visit`.
    pub async fn back(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        let from = self.address().await?;
        self.session.back().await?;
        self.await_document(until, Some(from), within).await
    }

    /// One page forward, as `back`.
    ///
    /// # Errors
    /// As `visit`.
    pub async fn forward(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        let from = self.address().await?;
        self.session.forward().await?;
        self.await_document(until, Some(from), within).await
    }

    /// The same page again.
    ///
    /// # Errors
    /// As `visit`.
    pub async fn reload(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        self.session.reload().await?;
        self.await_next(until, within).await
    }

    /// Waits until the window shows another document than the known one, and that has reached
    /// `until`.
    ///
    /// # Errors
    /// As `visit`.
    pub async fn await_next(&mut self, until: Until, within: Duration) -> Result<(), BrowserError> {
        self.await_document(until, None, within).await
    }

    async fn address(&self) -> Result<Value, BrowserError> {
        self.session.execute("return location.href", vec![]).await
    }

    /// Asks again and again rather than leaving a script behind that waits: a document that goes
    /// into the back/forward cache freezes its scripts, and the driver would wait for them.
    async fn await_document(
        &mut self,
        until: Until,
        from: Option<Value>,
        within: Duration,
    ) -> Result<(), BrowserError> {
        let end = Instant::now() + within;
        let known = json!(self.state.time_origin);
        let arguments = vec![known, json!(until.word()), from.unwrap_or(Value::Null)];
        loop {
            let missing = match self.session.execute(REACHED, arguments.clone()).await {
                Ok(answer) => match serde_json::from_value::<PageState>(answer["ok"].clone()) {
                    Ok(state) => {
                        self.state = state;
                        return Ok(());
                    }
                    Err(_) => answer["missing"].as_str().unwrap_or_default().to_owned(),
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

    /// Waits until an expression is true.
    ///
    /// # Errors
    /// If it does not become true in time.
    pub async fn await_true(&self, expression: &str, within: Duration) -> Result<(), BrowserError> {
        let script = AWAIT_TRUE.replace("EXPRESSION", expression);
        self.patiently(&script, |left| vec![json!(expression), json!(left)], within)
            .await
            .map(|_| ())
    }

    /// Clicks what `selectors` find, once it is there and in view. Each but the last leads into a
    /// shadow root or a frame.
    ///
    /// # Errors
    /// If it does not come in time, or something covers it.
    pub async fn click(&self, selectors: &[String], within: Duration) -> Result<(), BrowserError> {
        self.act(Act::Click, selectors, within).await
    }

    /// Types into what `selectors` find, as `click` does.
    ///
    /// # Errors
    /// If it does not come in time.
    pub async fn type_into(
        &self,
        selectors: &[String],
        keys: &str,
        within: Duration,
    ) -> Result<(), BrowserError> {
        self.act(Act::Type(keys), selectors, within).await
    }

    /// Waits until `selectors` find something, as `click` does, shown or not.
    ///
    /// # Errors
    /// If it does not come in time.
    pub async fn await_there(
        &self,
        selectors: &[String],
        within: Duration,
    ) -> Result<(), BrowserError> {
        let found = self.find(selectors, Wanted::There, within).await?;
        self.leave_frames(&found).await
    }

    async fn act(
        &self,
        act: Act<'_>,
        selectors: &[String],
        within: Duration,
    ) -> Result<(), BrowserError> {
        let end = Instant::now() + within;
        loop {
            let found = self
                .find(
                    selectors,
                    Wanted::ToBeUsed,
                    end.saturating_duration_since(Instant::now()),
                )
                .await?;
            let done = match act {
                Act::Click => self.session.click(&found.element).await,
                Act::Type(keys) => self.session.send_keys(&found.element, keys).await,
            };
            self.leave_frames(&found).await?;
            match done {
                // The shop or the SDK drew that part of the page anew in between.
                Err(error) if found.has_gone(&error) && Instant::now() < end => {}
                result => return result,
            }
        }
    }

    async fn find(
        &self,
        selectors: &[String],
        wanted: Wanted,
        within: Duration,
    ) -> Result<Found, BrowserError> {
        let end = Instant::now() + within;
        let mut inside = selectors.to_vec();
        let mut found = Found {
            element: Value::Null,
            frames: 0,
        };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let patience = if found.frames > 0 {
                left.min(IN_ONE_FRAME)
            } else {
                left
            };
            let arguments = |left| {
                vec![
                    json!(inside),
                    json!(wanted == Wanted::ToBeUsed),
                    json!(left),
                ]
            };
            let entered = match self.patiently(FIND, arguments, patience).await {
                Ok(mut answer) => match answer.get("frame") {
                    None => {
                        return Ok(Found {
                            element: answer["element"].take(),
                            ..found
                        });
                    }
                    Some(frame) => self.session.enter_frame(frame).await.map(|()| {
                        serde_json::from_value(answer["inside"].take()).unwrap_or_default()
                    }),
                },
                Err(error) => Err(error),
            };
            match entered {
                Ok(rest) => {
                    inside = rest;
                    found.frames += 1;
                }
                Err(error) => {
                    self.leave_frames(&found).await?;
                    let gave_up = found.frames > 0 && matches!(error, BrowserError::GaveUp(_));
                    if !(gave_up || found.has_gone(&error)) || Instant::now() >= end {
                        return Err(error);
                    }
                    // Its widget may have put another frame in its place: from the top again.
                    inside = selectors.to_vec();
                    found.frames = 0;
                }
            }
        }
    }

    async fn leave_frames(&self, found: &Found) -> Result<(), BrowserError> {
        if found.frames > 0 {
            self.session.leave_frames().await
        } else {
            Ok(())
        }
    }

    /// Runs a script that answers `{ok: …}` or, at the deadline it is given, `{missing: …}`; again
    /// on the next document where the page is replaced meanwhile.
    async fn patiently(
        &self,
        script: &str,
        arguments: impl Fn(u64) -> Vec<Value>,
        within: Duration,
    ) -> Result<Value, BrowserError> {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            match self.session.execute_async(script, arguments(left_ms)).await {
                Ok(mut answer) => match answer.get_mut("ok").map(Value::take) {
                    Some(found) => return Ok(found),
                    None => {
                        return Err(BrowserError::GaveUp(
                            answer["missing"]
                                .as_str()
                                .unwrap_or("nothing was found")
                                .to_owned(),
                        ));
                    }
                },
                Err(BrowserError::PageChanged(_)) if !left.is_zero() => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// What a shopper does with an element.
#[derive(Debug, Clone, Copy)]
enum Act<'k> {
    Click,
    Type(&'k str),
}

/// What is to be done with an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A click or a key: it must be shown, in view and not covered.
    ToBeUsed,
    /// Nothing.
    There,
}

/// An element, and how many frames deep the driver is for it.
struct Found {
    element: Value,
    frames: usize,
}

impl Found {
    /// Whether a command failed because the element or its frame is there no more. Who was in a
    /// frame that has gone has no window, and could leave it all the same; who could not has lost
    /// the session.
    fn has_gone(&self, error: &BrowserError) -> bool {
        match error {
            BrowserError::PageChanged(_) => true,
            BrowserError::Lost(_) => self.frames > 0,
            _ => false,
        }
    }
}
