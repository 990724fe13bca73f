//! What a run is given and what it reports.

use std::time::Duration;

use tokio::sync::watch;

use crate::contract::CheckId;
use crate::evidence::AttemptResult;
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
    /// Let cases go on on the page of others, where they can.
    pub shares_pages: bool,
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
    /// A worker begins an attempt at a case.
    AttemptStarted {
        /// The case.
        case: &'a Case,
        /// Which attempt at it; the first is 1.
        number: usize,
    },
    /// An attempt has ended, and settled.
    AttemptEnded {
        /// The case.
        case: &'a Case,
        /// Which attempt at it.
        number: usize,
        /// How it ended.
        end: AttemptEnd,
        /// How long driving took, without the settle time.
        took: Duration,
        /// The checks that did not hold in it, whatever was expected of them.
        broken: Vec<&'a CheckId>,
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

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// It came to its end, and is judged.
    Whole,
    /// A wait was cut short, or others were on its page, so that what it shows proves nothing.
    Inconclusive,
    /// The page stopped answering, for this reason.
    Hung(String),
    /// The machine failed, for this reason. Says nothing of the SDK.
    Lost(String),
    /// The harness failed, for this reason.
    Bug(String),
}

impl AttemptEnd {
    /// The end of an attempt, before it is judged.
    pub(super) fn of(result: &AttemptResult) -> Self {
        match result {
            AttemptResult::Evidence(..) => Self::Whole,
            AttemptResult::Hung(why, _) => Self::Hung(why.clone()),
            AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) => Self::Lost(why.clone()),
            AttemptResult::Bug(why) => Self::Bug(why.clone()),
        }
    }
}

/// Becomes true when the run is to stop.
pub type Interrupt = watch::Receiver<bool>;
