//! What a run is given and what it reports.

use std::time::Duration;

use tokio::sync::watch;

use crate::plan::Case;
use crate::verdict::CaseOutcome;

/// How a run is made.
#[derive(Debug, Clone, Copy)]
pub struct RunOptions {
    /// Sessions at a time.
    pub workers: usize,
    /// Sessions at a time once the build is known to fail: its cases wait more than they work.
    pub most_workers: usize,
    /// How often an unexpected failure is tried again, each time in a fresh session.
    pub retries: usize,
    /// Begin no further case after so many failed.
    pub max_failures: Option<usize>,
    /// Stop after this time.
    pub timeout: Option<Duration>,
    /// Take pictures of pages: they take time.
    pub pictures: bool,
}

/// What happens during a run, in the order in which it happens.
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// It begins.
    Started {
        /// How many cases are planned.
        cases: usize,
        /// How many checks they have.
        checks: usize,
    },
    /// A case is tried again in a fresh session, for this reason.
    Retried {
        /// The case.
        case: &'a Case,
        /// The reason, in words.
        why: String,
    },
    /// A case has its verdict.
    Finished(&'a CaseOutcome),
}

/// Becomes true when the run is to stop.
pub type Interrupt = watch::Receiver<bool>;
