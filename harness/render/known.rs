//! The list of known failures, as a person reads in a terminal what became of it.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use crate::report::{KnownFailureReport, Report};
use crate::verdict::known::EntryState;

/// More checks than this are counted only.
const SHOWN_CHECKS: usize = 5;

/// What is as the list says, one line an entry. Entries that were not selected are not spoken of.
#[must_use]
pub fn known_failures(report: &Report) -> String {
    let mut text = String::new();
    let shown = report
        .known_failures
        .iter()
        .filter(|entry| !entry.state.is_wrong() && entry.state != EntryState::NotSelected);
    for (index, entry) in shown.enumerate() {
        if index == 0 {
            let _ = writeln!(text, "\n{}", "known failures".bold());
        }
        let until = entry
            .expires
            .as_ref()
            .map(|day| format!(", until {day}"))
            .unwrap_or_default();
        let link = entry
            .link
            .as_ref()
            .map(|link| format!(" {link}"))
            .unwrap_or_default();
        let said = entry.message.as_ref().unwrap_or(&entry.reason);
        let place = format!("{} {}", entry.at, entry.check);
        let _ = writeln!(
            text,
            "  {}  {place}: {said}{}{}",
            format!("{:<14}", entry.state.word()).yellow(),
            link,
            until.dimmed()
        );
    }
    text
}

/// What is not as the list says, each entry at its line.
#[must_use]
pub fn wrong_known_failures(report: &Report) -> String {
    report
        .known_failures
        .iter()
        .filter(|entry| entry.state.is_wrong())
        .map(|entry| wrong(report, entry))
        .collect()
}

fn wrong(report: &Report, entry: &KnownFailureReport) -> String {
    let (mut text, bar) = (String::new(), "|".blue().to_string());
    let _ = writeln!(
        text,
        "{}: {}",
        entry.state.word().red().bold(),
        entry.message.as_deref().unwrap_or_default()
    );
    let _ = writeln!(text, "  {} {}", "-->".blue(), entry.at);
    let _ = writeln!(text, "    {bar} check = \"{}\"", entry.check);
    let _ = writeln!(text, "    {bar} reason: {}", entry.reason);
    let of = report
        .checks
        .iter()
        .filter(|check| entry.checks.contains(&check.id));
    for (index, check) in of.enumerate() {
        if index == SHOWN_CHECKS {
            let _ = writeln!(
                text,
                "    {bar} … {} more checks, all in the report",
                entry.checks.len() - SHOWN_CHECKS
            );
            break;
        }
        let held = match (check.attempts, check.broken_attempts) {
            (Some(attempts), Some(broken)) => {
                format!("held in {} of {attempts} attempts", attempts - broken)
            }
            _ => check.status.word().to_owned(),
        };
        let _ = writeln!(text, "    {bar} {held}: {}", check.id);
    }
    let help = match entry.state {
        EntryState::Stale => "remove it: what was mended must not break again unseen",
        EntryState::TooWide => "narrow it to the checks that fail",
        EntryState::Unmatched => "correct or remove it; `alhena-conformance list` shows the checks",
        _ => "mend it, or say in the list why it may wait longer",
    };
    let by_itself = if entry.state == EntryState::Expired {
        ""
    } else {
        "; --update-known-failures does it"
    };
    let _ = writeln!(text, "   {} {help}{by_itself}\n", "=".blue());
    text
}
