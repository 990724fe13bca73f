//! Asks a driver that is not ours for sessions. A Selenium Grid is asked again where it opens none
//! for now: its queue has a limit of its own, and one of its nodes may have died.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedRwLockReadGuard, oneshot};

use crate::browser::{BrowserError, EngineRef, Session, SessionOptions};

/// How long a session is waited for behind others in the queue of a Grid.
pub const IN_A_QUEUE: Duration = Duration::from_secs(1800);

/// Between two requests.
pub const PAUSE: Duration = Duration::from_secs(1);

/// How long a Grid may refuse at once while it has no session of ours. One whose nodes come up does
/// so for seconds; one whose nodes have no such browser, for ever.
const REFUSED: Duration = Duration::from_secs(20);

/// How a Grid says that a session waited too long in its queue (4.48).
const TIMED_OUT: &str = "timed out";

/// What is known of the sessions that a driver or a Grid opened.
#[derive(Debug, Clone, Default)]
pub struct Asking(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Whether it is one; a plain driver is asked once.
    is_grid: bool,
    /// Sessions that are open.
    open: usize,
    /// When the last one was there that is not any more.
    last_seen: Option<Instant>,
    /// Since when it has opened none.
    refuses_since: Option<Instant>,
}

/// A session is open as long as this is held.
#[derive(Debug)]
struct Open(Asking);

impl Asking {
    /// Of a Grid, or of a plain driver.
    pub fn at(is_grid: bool) -> Self {
        Self(Arc::new(Mutex::new(Known {
            is_grid,
            ..Known::default()
        })))
    }

    /// Opens a session, which holds `left_open`, unless nobody waits any more for what comes to
    /// `opened`. A Grid that has been asked for one opens it sooner or later, whether anybody still
    /// waits for it or not: then it is dropped, and ended.
    pub async fn ask(
        self,
        engine: EngineRef,
        options: SessionOptions,
        left_open: OwnedRwLockReadGuard<()>,
        mut opened: oneshot::Sender<Result<Session, BrowserError>>,
    ) {
        loop {
            let ended = match Session::open(engine, &options).await {
                Ok(session) => Ok(session.holding(Box::new((self.opened(), left_open)))),
                Err(why) if self.is_asked_again(&why) => {
                    tokio::select! {
                        () = tokio::time::sleep(PAUSE) => continue,
                        () = opened.closed() => return,
                    }
                }
                Err(why) => Err(why),
            };
            // Where nobody waits, it is dropped here.
            let _ = opened.send(ended);
            return;
        }
    }

    /// Whether a session of ours is open, or was until a moment ago.
    pub fn has_any(&self) -> bool {
        self.known().has_any()
    }

    fn opened(&self) -> Open {
        let mut known = self.known();
        known.open += 1;
        known.refuses_since = None;
        Open(self.clone())
    }

    fn is_asked_again(&self, why: &BrowserError) -> bool {
        let BrowserError::NotOpened(why) = why else {
            return false;
        };
        let mut known = self.known();
        if !known.is_grid {
            return false;
        }
        let since = *known.refuses_since.get_or_insert_with(Instant::now);
        let is_busy = why.to_lowercase().contains(TIMED_OUT);
        let patience = if is_busy || known.has_any() {
            IN_A_QUEUE
        } else {
            REFUSED
        };
        since.elapsed() < patience
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn has_any(&self) -> bool {
        let lately = self.last_seen.is_some_and(|seen| seen.elapsed() < REFUSED);
        self.open > 0 || lately
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut known = self.0.known();
        known.open = known.open.saturating_sub(1);
        known.last_seen = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// What a Grid has refused for this time, with so many sessions of ours.
    fn asking(refused: Duration, open: usize) -> Asking {
        Asking(Arc::new(Mutex::new(Known {
            is_grid: true,
            open,
            last_seen: None,
            refuses_since: Instant::now().checked_sub(refused),
        })))
    }

    const A_MINUTE: Duration = Duration::from_secs(60);

    #[rstest]
    #[case::queue_is_too_long("Timed out creating session", A_MINUTE, 0, true)]
    #[case::session_waited_too_long("New session request timed out", A_MINUTE, 0, true)]
    #[case::queue_is_too_long_for_ever("Timed out creating session", IN_A_QUEUE, 0, false)]
    #[case::node_comes_up("no chrome binary", Duration::ZERO, 0, true)]
    #[case::no_node_has_the_browser("no chrome binary", A_MINUTE, 0, false)]
    #[case::one_node_has_it("no chrome binary", A_MINUTE, 1, true)]
    fn grid_is_asked_again_as_long_as_it_may_open_one(
        #[case] why: &str,
        #[case] refused: Duration,
        #[case] open: usize,
        #[case] expected: bool,
    ) {
        let why = BrowserError::NotOpened(why.to_owned());
        assert_eq!(asking(refused, open).is_asked_again(&why), expected);
    }

    #[test]
    fn what_does_not_answer_is_not_asked_again() {
        let why = BrowserError::Lost("connection refused".to_owned());
        assert!(!asking(Duration::ZERO, 1).is_asked_again(&why));
    }

    #[test]
    fn plain_driver_is_asked_once() {
        let why = BrowserError::NotOpened("Session is already started".to_owned());
        assert!(!Asking::at(false).is_asked_again(&why));
    }

    #[test]
    fn session_that_is_closed_counts_for_a_moment() {
        let asking = Asking::default();
        assert!(!asking.has_any());
        let open = asking.opened();
        assert!(asking.has_any());
        drop(open);
        assert!(asking.has_any());
    }
}
