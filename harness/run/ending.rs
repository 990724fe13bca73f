//! The end of an attempt: waits for what must be recorded, leaves the page, clears up, and hands
//! over the evidence.

use std::time::Instant;

use super::attempting::Attempting;
use super::calls;
use super::drive::MOST_DIALOGS;
use crate::browser::{BrowserError, ConsoleEntry};
use crate::evidence::{ConsoleMessage, Evidence};
use crate::scenario::{NetworkState, ScriptState, Tab};

impl Attempting<'_> {
    /// What follows the steps. A dialog may open at any of it; it is begun again then.
    pub(super) async fn end_in_spite_of_dialogs(
        &mut self,
        picture: bool,
    ) -> Result<(), BrowserError> {
        let mut result = self.end(picture).await;
        for _ in 0..MOST_DIALOGS {
            if !self.was_interrupted(&result) {
                break;
            }
            result = self.end(picture).await;
        }
        result
    }

    async fn end(&mut self, picture: bool) -> Result<(), BrowserError> {
        self.collect_started().await?;
        if picture {
            self.screenshot = self.page.session.screenshot().await?;
        }
        self.leave().await
    }

    /// Gives everything that must be recorded its chance before the page is left. What does not
    /// come is for the checks to say.
    pub(super) async fn await_expected(&mut self) {
        let begun = Instant::now();
        if self.evidence.impossible().is_none() {
            let case = self.case;
            let _ = self.await_recorded(&case.scenario.expect.recorded).await;
        }
        self.evidence.spent.waiting += begun.elapsed().as_secs_f64() * 1000.0;
    }

    /// Leaves by navigation, which flushes what the SDK held back, and clears what is shared
    /// between the origins of one session.
    async fn leave(&mut self) -> Result<(), BrowserError> {
        let begun = Instant::now();
        self.own.shop.set_script(ScriptState::Open);
        self.set_network(NetworkState::Online).await?;
        self.evidence.left_at.get_or_insert(self.own.clock.now());
        if self.windows.has_second() {
            self.windows.switch(Tab::Second, &mut self.page).await?;
            self.go_to_blank().await?;
            self.windows.close(Tab::Second, &mut self.page).await?;
        }
        self.windows.close_others(&self.page).await?;
        self.windows.restore(&self.page).await?;
        if self.locale().is_some() {
            self.page.session.set_locale(None).await?;
        }
        self.go_to_blank().await?;
        self.own.account.release_answers();
        self.log.extend(self.page.session.take_console().await?);
        // The blank page has cleared `window.name` itself. Storage and workers stay behind with
        // their origin.
        self.page.session.clear_cookies().await?;
        self.page.session.clear_history().await?;
        self.evidence.spent.navigation += begun.elapsed().as_secs_f64() * 1000.0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Evidence {
        if let (Some(threw), Some(matrix)) = (self.matrix_threw.take(), &self.case.scenario.matrix)
        {
            self.evidence.rows = calls::rows(matrix, threw, &self.log);
        }
        if let Some(frames) = self.frames.take() {
            self.evidence.frames = frames.taken;
        }
        let clock = self.own.clock;
        let message = |entry: ConsoleEntry| ConsoleMessage {
            at: clock.at_epoch_ms(entry.epoch_ms),
            severity: entry.severity,
            source: entry.source,
            position: entry.position,
            text: entry.text,
        };
        let log = self.log.into_iter();
        let own = log.filter(|entry| !calls::is_mark(&entry.text));
        self.evidence.console = own.map(message).collect();
        self.evidence
    }
}
