//! What workers are given, and what they return.

use std::sync::Arc;
use std::time::Duration;

use super::deadlines::{DeadlineMode, WaitTimes};
use crate::evidence::{AttemptResult, Environment};
use crate::plan::Case;
use crate::sdk::Installation;
use crate::verdict::Attempted;

/// One attempt to be made.
#[derive(Debug)]
pub struct Job {
    /// What is driven.
    pub case: Arc<Case>,
    /// On what.
    pub installation: Installation,
    /// In a browser that has seen no other case: after a failure.
    pub fresh: bool,
    /// With a picture at the end.
    pub picture: bool,
    /// How many times the usual settle time is waited at the end.
    pub settle_factor: u32,
    /// How long its waits may take.
    pub mode: DeadlineMode,
    /// What waits take with this build.
    pub waits: Arc<WaitTimes>,
    /// Which attempt at its case this is; the first is 1.
    pub number: usize,
}

impl Job {
    /// The first attempt at `case`, without a picture, with full deadlines and the usual settle
    /// time.
    pub fn first(case: Arc<Case>, installation: Installation, fresh: bool) -> Self {
        Self {
            case,
            installation,
            fresh,
            picture: false,
            settle_factor: 1,
            mode: DeadlineMode::Full,
            waits: Arc::default(),
            number: 1,
        }
    }
}

/// What a worker reports.
#[derive(Debug)]
pub enum Message {
    /// It has begun this attempt at this case.
    Begun(Arc<Case>, usize),
    /// An attempt has ended, and settled.
    Ended(Box<Attempt>),
}

/// One attempt, as it ended.
#[derive(Debug)]
pub struct Attempt {
    /// The case.
    pub case: Arc<Case>,
    /// What it was made on.
    pub installation: Installation,
    /// How it ended: what the verdict on its case is made from.
    pub attempted: Attempted,
    /// The browser it ran on.
    pub environment: Option<Environment>,
    /// The number of its job.
    pub number: usize,
}

impl Attempt {
    /// The attempt of a job that could not be made.
    pub fn not_made(job: &Job) -> Self {
        Self {
            case: Arc::clone(&job.case),
            installation: job.installation.clone(),
            attempted: Attempted {
                result: AttemptResult::NoSession(String::new()),
                took: Duration::ZERO,
                label: String::new(),
                gave_up_early: false,
            },
            environment: None,
            number: job.number,
        }
    }
}
