//! What workers are given, and what they return.

use std::sync::Arc;
use std::time::Duration;

use super::deadlines::DeadlineMode;
use super::wait_times::WaitTimes;
use crate::evidence::{AttemptResult, Code, Environment};
use crate::plan::Case;
use crate::sdk::Installation;
use crate::verdict::Attempted;

/// One attempt to be made.
#[derive(Debug)]
pub struct Job {
    /// What is driven.
    pub case: Arc<Case>,
    /// Cases that go on on its page.
    pub followers: Vec<Arc<Case>>,
    /// On what.
    pub installation: Installation,
    /// In a browser that has seen no other case: after a failure.
    pub fresh: bool,
    /// With a picture at the end.
    pub picture: bool,
    /// Which code of the build runs is noted, where the engine counts that.
    pub notes_code: bool,
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
            followers: Vec::new(),
            installation,
            fresh,
            picture: false,
            notes_code: false,
            settle_factor: 1,
            mode: DeadlineMode::Full,
            waits: Arc::default(),
            number: 1,
        }
    }
}

impl Job {
    /// An attempt at each of its cases, not made yet.
    pub fn unmade(&self) -> impl Iterator<Item = Attempt> {
        self.cases().map(|case| Attempt::not_made(self, case))
    }

    /// Its case and those that follow it.
    pub fn cases(&self) -> impl Iterator<Item = &Arc<Case>> {
        std::iter::once(&self.case).chain(&self.followers)
    }
}

/// What a worker reports.
#[derive(Debug)]
pub enum Message {
    /// It has begun this attempt at this case.
    Begun(Arc<Case>, usize),
    /// This attempt at a prerequisite has left its page, and every check holds by what is known
    /// now.
    LooksGood(Arc<Case>, usize),
    /// Its page ended before the case had its turn there: the attempt was not made.
    Unreached(Box<Attempt>),
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
    /// Which code of the build ran, where the job notes that.
    pub code: Code,
    /// The number of its job.
    pub number: usize,
    /// How many cases were on its page. Where there were others, it shows only what holds.
    pub neighbours: u32,
}

impl Attempt {
    /// The attempt at one of the cases of a job that could not be made.
    pub fn not_made(job: &Job, case: &Arc<Case>) -> Self {
        Self {
            case: Arc::clone(case),
            installation: job.installation.clone(),
            attempted: Attempted {
                result: AttemptResult::NoSession(String::new()),
                took: Duration::ZERO,
                label: String::new(),
                gave_up_early: false,
            },
            environment: None,
            code: Code::default(),
            number: job.number,
            neighbours: u32::try_from(1 + job.followers.len()).unwrap_or(u32::MAX),
        }
    }
}
