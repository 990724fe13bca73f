//! Finding an element, through shadow roots and frames, and using it as a shopper does.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::BrowserError;
use super::page::Page;

const FIND: &str = include_str!("scripts/find.js");

/// How long something is looked for in one frame before the frame itself is looked for again.
const IN_ONE_FRAME: Duration = Duration::from_millis(500);

impl Page<'_> {
    /// Clicks what `selectors` find, once it is there and in view. Each but the last leads into a
    /// shadow root or a frame.
    pub async fn click(&self, selectors: &[String], within: Duration) -> Result<(), BrowserError> {
        self.act(Act::Click, selectors, within).await
    }

    /// Types into what `selectors` find, as `click` does.
    pub async fn type_into(
        &self,
        selectors: &[String],
        keys: &str,
        within: Duration,
    ) -> Result<(), BrowserError> {
        self.act(Act::Type(keys), selectors, within).await
    }

    /// Waits until `selectors` find something, as `click` does, shown or not.
    pub async fn await_there(
        &self,
        selectors: &[String],
        within: Duration,
    ) -> Result<(), BrowserError> {
        let found = self.find(selectors, Condition::Present, within).await?;
        self.leave_frames(found.frames).await
    }

    /// Whether `selectors` find something now that a shopper can use.
    pub async fn is_usable(&self, selectors: &[String]) -> Result<bool, BrowserError> {
        match self
            .find(selectors, Condition::Usable, Duration::ZERO)
            .await
        {
            Ok(found) => self.leave_frames(found.frames).await.map(|()| true),
            Err(BrowserError::GaveUp(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn act(
        &self,
        act: Act<'_>,
        selectors: &[String],
        within: Duration,
    ) -> Result<(), BrowserError> {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let found = self.find(selectors, Condition::Usable, left).await?;
            let result = match act {
                Act::Click => self.session.click(&found.element).await,
                Act::Type(keys) => self.session.send_keys(&found.element, keys).await,
            };
            self.leave_frames(found.frames).await?;
            match result {
                // The shop or the SDK has drawn that part of the page anew in between.
                Err(error) if is_gone(&error, found.frames) && Instant::now() < end => {}
                result => return result,
            }
        }
    }

    async fn find(
        &self,
        selectors: &[String],
        condition: Condition,
        within: Duration,
    ) -> Result<Found, BrowserError> {
        let end = Instant::now() + within;
        let mut inside = selectors.to_vec();
        let mut frames = 0;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let within = if frames > 0 {
                left.min(IN_ONE_FRAME)
            } else {
                left
            };
            let is_to_be_used = condition == Condition::Usable;
            let arguments = |left| vec![json!(inside), json!(is_to_be_used), json!(left)];
            let entered = match self.await_ok("find.js", FIND, arguments, within).await {
                Ok(Target::Element(element)) => return Ok(Found { element, frames }),
                Ok(Target::Frame { element, inside }) => {
                    self.session.enter_frame(&element).await.map(|()| inside)
                }
                Err(error) => Err(error),
            };
            match entered {
                Ok(rest) => {
                    inside = rest;
                    frames += 1;
                }
                Err(error) => {
                    self.leave_frames(frames).await?;
                    let gave_up = frames > 0 && matches!(error, BrowserError::GaveUp(_));
                    if !(gave_up || is_gone(&error, frames)) || Instant::now() >= end {
                        return Err(error);
                    }
                    // Its widget may have put another frame in its place: from the top again.
                    inside = selectors.to_vec();
                    frames = 0;
                }
            }
        }
    }

    async fn leave_frames(&self, frames: usize) -> Result<(), BrowserError> {
        if frames > 0 {
            self.leave_own_frames().await
        } else {
            Ok(())
        }
    }
}

/// What a shopper does with an element.
#[derive(Debug, Clone, Copy)]
enum Act<'k> {
    Click,
    Type(&'k str),
}

/// What an element must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Shown, in view and not covered, for a click or a key.
    Usable,
    /// There.
    Present,
}

/// What `find.js` found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Target {
    /// The element.
    Element(Value),
    /// A frame to be entered, with the selectors that lead on inside it.
    Frame { element: Value, inside: Vec<String> },
}

/// An element, and how many frames deep the driver is for it.
struct Found {
    element: Value,
    frames: usize,
}

/// Whether a command failed because the element or its frame, so many frames deep, is no longer
/// there. A session that was in a frame which is gone has no window, but can still leave the frame;
/// a session that cannot is lost.
fn is_gone(error: &BrowserError, frames: usize) -> bool {
    match error {
        BrowserError::PageChanged(_) => true,
        BrowserError::Lost(_) => frames > 0,
        BrowserError::NotOpened(_)
        | BrowserError::Hung(_)
        | BrowserError::Dialog(_)
        | BrowserError::GaveUp(_)
        | BrowserError::Refused(_) => false,
    }
}
