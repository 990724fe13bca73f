//! What a terminal shows of a failure, as plain text.

use super::failures::{write_check, write_course};
use crate::report::{CaseReport, CheckReport, Report, Stored};

/// A check and what is wrong with it.
pub fn check_text(report: &Report, case: &CaseReport, check: &CheckReport) -> String {
    let mut text = String::new();
    write_check(&mut text, report, case, check);
    plain(&text)
}

/// What happened in a case.
pub fn course_text(stored: &Stored, case: &CaseReport) -> String {
    let mut text = String::new();
    write_course(&mut text, stored, case);
    plain(&text)
}

/// A text without its styles.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
