//! Waiting for the SDK: until it is ready, or until it is plain that it will not be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::attempting::Attempting;
use super::deadlines::AGAIN;
use crate::browser::{BrowserError, ConsoleEntry};
use crate::evidence::Severity;
use crate::scenario::{Disturbs, ScriptState};
use crate::sdk::Profile;

/// The page is asked so long before the console is looked at: a build that works is ready by then.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// After so many looks at a page that is not ready, it is worth the time to try it again beside it.
const LOOKS_BEFORE_DOUBT: usize = 2;

/// An SDK may survive an error in one part of it: it is ready within this time, or at work.
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);

impl Attempting<'_> {
    /// Waits until the SDK is ready. Returns the milliseconds that it took since its last script
    /// had come; `None` where the page loaded no such script.
    ///
    /// A build whose script threw, or did not load, and which shows no other sign of life is not
    /// waited for to the deadline.
    pub(super) async fn await_ready(&mut self) -> Result<Option<f64>, BrowserError> {
        let Profile { ready, install, .. } = &*Arc::clone(&self.stage.profile);
        let entry = install.scripts.last().map_or("", String::as_str);
        let script = format!("{}{entry}", install.path);
        let begun = Instant::now();
        let mut end = begun + self.ready_deadline();
        let (mut failed, mut looks) = (false, 0_usize);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let slice = left.min(BETWEEN_LOOKS);
            match self.page.await_true_since(ready, &script, slice).await {
                Ok(took) => {
                    self.was_ready(begun.elapsed(), failed);
                    return Ok(took);
                }
                Err(BrowserError::GaveUp(_)) if slice < left => {
                    looks += 1;
                    if looks == LOOKS_BEFORE_DOUBT {
                        self.waits.doubt(begun.elapsed());
                    }
                }
                Err(BrowserError::GaveUp(missing)) => {
                    let is_shortened = self.ready_deadline() < self.within();
                    self.gave_up_early |= is_shortened && !failed && !self.is_not_ready;
                    self.is_not_ready = true;
                    let part = self.page.first_false(ready).await;
                    return Err(BrowserError::GaveUp(part.unwrap_or(missing)));
                }
                Err(error) => return Err(error),
            }
            if !failed && self.script_failed().await? {
                failed = true;
                end = end.min(Instant::now() + AFTER_AN_ERROR);
            }
        }
    }

    fn was_ready(&mut self, took: Duration, after_an_error: bool) {
        self.is_not_ready = false;
        let is_fair = self.is_fair();
        self.waits.note(|samples| {
            if is_fair {
                samples.ready.add(took);
            }
            samples.survives_errors |= after_an_error;
        });
    }

    /// How long a part of a widget may take.
    pub(super) fn widget_deadline(&self) -> Duration {
        if self.is_not_ready {
            AGAIN
        } else {
            self.within()
        }
    }

    /// How long readiness is waited for.
    fn ready_deadline(&self) -> Duration {
        if self.is_not_ready {
            AGAIN
        } else if self.is_fair() {
            self.deadlines.ready
        } else {
            self.within()
        }
    }

    /// Whether the SDK's script failed on this page, and nothing came of it since.
    async fn script_failed(&mut self) -> Result<bool, BrowserError> {
        if !self.is_fair() || self.waits.samples().survives_errors {
            return Ok(false);
        }
        self.log.extend(self.page.session.take_console().await?);
        let (clock, asked) = (self.own.clock, self.page_asked);
        let install = &self.stage.profile.install.path;
        let of_page = self.log.iter();
        let of_page = of_page.filter(|entry| clock.at_epoch_ms(entry.epoch_ms) >= asked);
        let has_failed = of_page
            .into_iter()
            .any(|entry| is_failure_of(entry, install));
        let requests = self.own.account.requests();
        let is_at_work = requests.iter().any(|request| request.at >= asked);
        Ok(has_failed && !is_at_work)
    }

    /// Whether neither the backend nor the delivery of the SDK is disturbed by the scenario.
    fn is_fair(&self) -> bool {
        let is_left_alone = self.case.disturbances().all(|own| own == Disturbs::Nothing);
        is_left_alone && self.own.shop.script() == ScriptState::Open
    }
}

/// Whether the console reports that a script below `install` threw, could not be parsed or could
/// not be loaded.
fn is_failure_of(entry: &ConsoleEntry, install: &str) -> bool {
    let is_failure = match entry.severity {
        Severity::Uncaught => true,
        Severity::Error => entry.source == "network",
        Severity::Debug | Severity::Info | Severity::Warning => false,
    };
    let url = entry.url.as_deref().and_then(|url| Url::parse(url).ok());
    is_failure && url.is_some_and(|url| url.path().starts_with(install))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDK: &str = "http://c1.api.localhost:4000/sdk/gleenWidget.js";

    fn fails(severity: Severity, source: &str, url: &str) -> bool {
        let entry = ConsoleEntry {
            epoch_ms: 0.0,
            severity,
            source: source.to_owned(),
            text: "no".to_owned(),
            url: Some(url.to_owned()),
            position: None,
        };
        is_failure_of(&entry, "/sdk/")
    }

    #[test]
    fn uncaught_error_of_the_sdk_is_a_failure() {
        assert!(fails(Severity::Uncaught, "javascript", SDK));
    }

    #[test]
    fn script_that_does_not_load_is_a_failure() {
        assert!(fails(Severity::Error, "network", SDK));
    }

    #[test]
    fn error_of_the_shop_is_no_failure_of_the_sdk() {
        let shop = "http://c1.shop.localhost:4000/shop.js";
        assert!(!fails(Severity::Uncaught, "javascript", shop));
    }

    #[test]
    fn message_of_the_sdk_is_no_failure() {
        assert!(!fails(Severity::Error, "console-api", SDK));
    }
}
