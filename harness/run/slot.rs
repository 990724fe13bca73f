//! The places of a worker's sessions.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use super::proxied::Proxied;
use super::sessions::Which;

/// One of the sessions a worker has; shared with the attempt under way, so that it can be ended
/// when the attempt is given up.
#[derive(Debug, Clone, Default)]
pub struct SessionSlot(Arc<Mutex<Option<Arc<Proxied>>>>);

/// A place for each browser.
#[derive(Debug, Default)]
pub struct Slots {
    usual: SessionSlot,
    fuller: SessionSlot,
}

impl Slots {
    /// The place of this one.
    pub fn of(&self, browser: Which) -> &SessionSlot {
        match browser {
            Which::Usual => &self.usual,
            Which::Fuller => &self.fuller,
        }
    }

    /// Ends the sessions in `closing`, at once.
    pub fn end(&self, closing: &mut JoinSet<()>) {
        self.usual.end(closing, Duration::ZERO);
        self.fuller.end(closing, Duration::ZERO);
    }
}

impl SessionSlot {
    /// The session, where there is one.
    pub fn get(&self) -> Option<Arc<Proxied>> {
        self.lock().clone()
    }

    /// Puts a session in.
    pub fn set(&self, session: &Arc<Proxied>) {
        *self.lock() = Some(Arc::clone(session));
    }

    /// Ends the session in `closing`, after `delay`, and leaves the slot empty.
    pub fn end(&self, closing: &mut JoinSet<()>, delay: Duration) {
        if let Some(used) = self.lock().take() {
            closing.spawn(async move {
                tokio::time::sleep(delay).await;
                used.session.close().await;
            });
        }
    }

    /// Ends the session in `closing` at once, as nothing more is to come of it, and leaves the slot
    /// empty.
    pub fn abandon(&self, closing: &mut JoinSet<()>) {
        if let Some(used) = self.lock().take() {
            closing.spawn(async move { used.session.abandon().await });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Proxied>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
