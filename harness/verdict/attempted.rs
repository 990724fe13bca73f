//! One attempt as it ended, and what is to be done after it.

use std::time::Duration;

use super::belief::Belief;
use crate::evidence::AttemptResult;

/// One attempt at a case, as it ended.
#[derive(Debug)]
pub struct Attempted {
    /// What came of it.
    pub result: AttemptResult,
    /// How long driving took; the settle time, spent on other cases, does not count.
    pub took: Duration,
    /// The first label of its hosts; empty where it never began.
    pub label: String,
    /// A wait ended at a deadline that was shortened.
    pub gave_up_early: bool,
}

/// What is to be done about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Its verdict stands.
    Done,
    /// So many attempts more, each in a fresh session.
    Again(usize),
    /// The attempt shows nothing: once more, with full deadlines.
    WithFullDeadlines,
    /// What the attempt shows may be the doing of the cases on its page: once more, alone.
    Alone,
}

/// How much is spent on believing what was not expected.
#[derive(Debug, Clone, Copy)]
pub struct Retries<'b> {
    /// How often a new kind of failure is tried again.
    pub most: usize,
    /// What needs less than that.
    pub belief: &'b Belief,
}
