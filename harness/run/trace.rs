//! One more attempt at a case that failed, with the page after each step: for a person to step
//! through. No verdict rests on it: taking pictures takes time, which some failures need.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::attempting::Attempting;
use super::drive::{Driven, drive_in};
use super::manner::Manner;
use super::proxied::Proxied;
use super::runner::Runner;
use super::wait_times::WaitTimes;
use crate::browser::BrowserError;
use crate::evidence::{Evidence, Frame};
use crate::plan::Case;

const DOM: &str = include_str!("scripts/dom.js");

/// More of a document is cut.
const DOM_LETTERS: usize = 100_000;

/// A scenario with more steps has its first ones pictured.
const MOST_FRAMES: usize = 40;

/// The frames of an attempt so far.
#[derive(Debug, Default)]
pub(super) struct Frames {
    pub taken: Vec<Frame>,
    last_picture: String,
}

/// Drives cases of a run once more, on a session that it keeps from case to case.
#[derive(Debug)]
pub struct Tracer<'r> {
    runner: &'r Runner,
    kept: Option<Proxied>,
}

impl Runner {
    /// Who traces cases of this run; has no session yet.
    #[must_use]
    pub fn tracer(&self) -> Tracer<'_> {
        Tracer {
            runner: self,
            kept: None,
        }
    }
}

impl Tracer<'_> {
    /// Drives a case once more, with a frame after each step; `None` where the machine does not
    /// let it.
    pub async fn trace(&mut self, case: &Case) -> Option<Evidence> {
        let proxied = self.session_for(case).await?;
        let driven = self.drive(case, &proxied).await;
        if driven.as_ref().is_some_and(|own| own.error.is_none()) {
            self.kept = Some(proxied);
        } else {
            proxied.session.abandon().await;
        }
        let evidence = driven?.evidence;
        (!evidence.frames.is_empty()).then_some(evidence)
    }

    /// Ends its session.
    pub async fn end(self) {
        if let Some(kept) = self.kept {
            kept.session.close().await;
        }
    }

    /// The one that is kept, where its browser is the one that the case needs.
    async fn session_for(&mut self, case: &Case) -> Option<Proxied> {
        let (sessions, needs) = (self.runner.sessions(), case.needs());
        if let Some(kept) = self.kept.take() {
            if kept.browser == sessions.browser_for(&needs) {
                return Some(kept);
            }
            kept.session.close().await;
        }
        let opened = Proxied::open(self.runner.stage(), sessions, &needs).await;
        opened.ok()
    }

    async fn drive(&self, case: &Case, proxied: &Proxied) -> Option<Driven> {
        let (stage, installation) = (self.runner.stage(), self.runner.installation());
        let own = proxied.begin(stage, case, installation).await.ok()?;
        let waits = WaitTimes::default();
        let manner = Manner {
            frames: true,
            ..Manner::full(&waits)
        };
        let mut driven = drive_in(manner, case, stage, &own, &proxied.session).await;
        tokio::time::sleep(stage.profile.waits.settle()).await;
        driven.evidence.requests = own.account.requests();
        driven.evidence.contacts = own.account.contacts();
        driven.evidence.scripts = own.shop.fetches();
        stage.close(&own);
        Some(driven)
    }
}

impl Attempting<'_> {
    /// Keeps the page as it is after the last step, where that was asked for.
    pub(super) async fn take_frame(&mut self) -> Result<(), BrowserError> {
        let Some(mut frames) = self.frames.take() else {
            return Ok(());
        };
        let taken = self.frame(&mut frames).await;
        self.frames = Some(frames);
        taken
    }

    async fn frame(&self, frames: &mut Frames) -> Result<(), BrowserError> {
        let Some(step) = self.evidence.steps.len().checked_sub(1) else {
            return Ok(());
        };
        if frames.taken.len() >= MOST_FRAMES {
            return Ok(());
        }
        let session = self.page.session;
        let picture = could(session.screenshot().await)?.flatten();
        let picture = picture.map(|png| BASE64_STANDARD.encode(png));
        let dom = could(session.execute(DOM, vec![json!(DOM_LETTERS)]).await)?;
        let picture = picture.filter(|picture| *picture != frames.last_picture);
        if let Some(picture) = &picture {
            frames.last_picture.clone_from(picture);
        }
        frames.taken.push(Frame {
            step,
            at: self.own.clock.now(),
            picture,
            dom: dom.and_then(|dom| dom.as_str().map(str::to_owned)),
        });
        Ok(())
    }
}

/// A page that cannot be pictured now is no reason to end.
fn could<T>(done: Result<T, BrowserError>) -> Result<Option<T>, BrowserError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(
            BrowserError::Dialog(_)
            | BrowserError::GaveUp(_)
            | BrowserError::PageChanged(_)
            | BrowserError::Refused(_),
        ) => Ok(None),
        Err(
            error @ (BrowserError::Lost(_) | BrowserError::NotOpened(_) | BrowserError::Hung(_)),
        ) => Err(error),
    }
}
