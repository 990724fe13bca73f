//! What a terminal shows of a failure and of a verdict, as plain text.

use super::document::Block;
use super::run::{View, course, problem, verdict};
use super::terminal::{plain_blocks, plain_verdict};
use crate::report::{CaseReport, CheckReport, Stored};

/// A check and what is wrong with it.
pub fn check_text(stored: &Stored, check: &CheckReport) -> String {
    let text = plain_blocks([&Block::Problem(problem(&View::of(stored), check))]);
    format!("{}\n", text.trim_end())
}

/// What happened in a case.
pub fn course_text(stored: &Stored, case: &CaseReport) -> String {
    plain_blocks(&course(&View::of(stored), case))
}

/// The last lines of a report: its verdict.
pub fn verdict_text(stored: &Stored) -> String {
    plain_verdict(&verdict(&View::of(stored)))
        .trim_end()
        .to_owned()
}
