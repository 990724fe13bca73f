//! The page that a build is looked at in.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::browser::{BrowserError, Page, Session, Until};

const LOOK: &str = include_str!("scripts/look.js");
const QUIET: &str = include_str!("scripts/quiet.js");

/// A page that has not changed for so long has done what it was about to do.
const QUIET_MS: u64 = 400;
const AT_MOST_MS: u64 = 3000;

const WITHIN: Duration = Duration::from_secs(10);

/// A click that finds nothing to click is not waited for: what was seen is there.
const CLICK: Duration = Duration::from_secs(1);

/// The page that a build is looked at in, with what was there without it.
pub struct LookedAt<'s> {
    pub page: Page<'s>,
    before: Value,
}

impl<'s> LookedAt<'s> {
    /// The page at `url`, once it is quiet.
    pub async fn visit(session: &'s Session, url: &str) -> Result<Self, BrowserError> {
        let mut page = Page::current(session).await?;
        page.visit(url, Until::Complete, WITHIN).await?;
        let looked = Self {
            page,
            before: json!({}),
        };
        looked.quiet().await?;
        Ok(looked)
    }

    /// The same, compared with what `before` had.
    pub fn after(self, before: Value) -> Self {
        Self { before, ..self }
    }

    /// What it shows.
    pub async fn look<T: DeserializeOwned>(&self, what: &str) -> Result<T, BrowserError> {
        self.look_with(what, json!({})).await
    }

    /// As `look`, with what is known already.
    pub async fn look_with<T: DeserializeOwned>(
        &self,
        what: &str,
        known: Value,
    ) -> Result<T, BrowserError> {
        let mut all = self.before.clone();
        if let (Some(all), Value::Object(known)) = (all.as_object_mut(), known) {
            all.extend(known);
        }
        let seen = self
            .page
            .session
            .execute(LOOK, vec![json!(what), all])
            .await?;
        serde_json::from_value(seen)
            .map_err(|error| BrowserError::Refused(format!("look.js: {what}: {error}")))
    }

    /// Waits until nothing changes any more.
    pub async fn quiet(&self) -> Result<(), BrowserError> {
        let arguments = vec![json!(QUIET_MS), json!(AT_MOST_MS)];
        self.page.session.execute_async(QUIET, arguments).await?;
        Ok(())
    }

    /// Clicks what a selector of a profile finds; whether that could be done.
    pub async fn click(&self, selector: &str) -> Result<bool, BrowserError> {
        could(self.page.click(&parts(selector), CLICK).await)
    }

    /// As `click`, typing.
    pub async fn type_into(&self, selector: &str, keys: &str) -> Result<bool, BrowserError> {
        could(self.page.type_into(&parts(selector), keys, CLICK).await)
    }

    /// Calls an event as the API page says.
    pub async fn call(&self, method: &str, args: Value) -> Result<(), BrowserError> {
        let script = "window.trackAlhenaEvent?.(arguments[0], arguments[1]);";
        self.page
            .session
            .execute(script, vec![json!(method), args])
            .await?;
        Ok(())
    }
}

fn could(done: Result<(), BrowserError>) -> Result<bool, BrowserError> {
    match done {
        Ok(()) => Ok(true),
        Err(BrowserError::GaveUp(_) | BrowserError::PageChanged(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn parts(selector: &str) -> Vec<String> {
    selector.split(" >>> ").map(str::to_owned).collect()
}
