use super::CaseOutcome;
use crate::evidence::{Environment, Hosts};

/// All that a run found.
#[derive(Debug)]
pub struct RunResult {
    /// One a case, in the order of the plan.
    pub outcomes: Vec<CaseOutcome>,
    /// The browser; `None` where no session was ever had.
    pub environment: Option<Environment>,
    /// Whether a browser fetched the SDK's script.
    pub fetched: bool,
    /// The hosts that were asked for by their public names.
    pub hosts: Hosts,
    /// How it ended.
    pub ended: RunEnd,
    /// Why no session could be had, if that ended the run.
    pub no_session: Option<String>,
    /// The harness itself panicked on a case.
    pub bug: bool,
    /// When it began, in UTC: RFC 3339.
    pub began: String,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// By itself.
    Whole,
    /// Stopped by the user.
    Interrupted,
    /// Its time was over.
    TimedOut,
}

impl RunResult {
    /// Whether the user stopped it.
    pub fn is_interrupted(&self) -> bool {
        self.ended == RunEnd::Interrupted
    }

    /// Whether it came to its own end.
    pub fn is_whole(&self) -> bool {
        self.ended == RunEnd::Whole && !self.bug && self.no_session.is_none()
    }
}
