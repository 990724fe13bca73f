//! The requirements and the verdict, as a person reads them in a terminal. Styled; who prints it decides whether the styles stay.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::model::{Report, RequirementReport};
use crate::contract::Level;
use crate::judge::Status;

/// The requirements with their verdicts.
#[must_use]
pub fn requirements(report: &Report) -> String {
    let mut text = String::new();
    let width = report.requirements.iter().map(|requirement| requirement.id.0.len()).max().unwrap_or(0);
    for level in [Level::Must, Level::Should, Level::Observe] {
        let rows: Vec<&RequirementReport> =
            report.requirements.iter().filter(|requirement| requirement.level == level && requirement.status.is_some()).collect();
        if rows.is_empty() {
            continue;
        }
        let heading = match level {
            Level::Must => "must: the API page says so",
            Level::Should => "should: its promises imply it",
            Level::Observe => "observe: the API page is silent; seen and compared, never a failure",
        };
        let _ = writeln!(text, "\n{}", heading.bold());
        for row in rows {
            let checks = format!("{:>3} {}", row.checks.len(), if row.checks.len() == 1 { "check " } else { "checks" });
            let status = row.status.unwrap_or(Status::Pass);
            let _ = writeln!(text, "  {} {:width$}  {}  {}", mark(status, level), row.id.0, checks.dimmed(), row.statement);
        }
    }
    text
}

/// The last line: what to believe of the SDK.
#[must_use]
pub fn verdict(report: &Report) -> String {
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let totals = Status::ALL.iter().rev().filter(|status| count(**status) > 0 || **status == Status::Pass);
    let totals = totals.map(|status| format!("{} {}", count(*status), status.word())).collect::<Vec<_>>().join(" · ");
    let broken: Vec<&str> = report
        .requirements
        .iter()
        .filter(|requirement| requirement.level > Level::Observe && requirement.status.is_some_and(|status| status != Status::Pass))
        .map(|requirement| requirement.id.0.as_str())
        .collect();
    let seconds = format!("{:.1} s", report.duration_ms / 1000.0);
    let said = match (report.interrupted, broken.is_empty(), count(Status::Fail) + count(Status::Flaky) > 0) {
        (true, _, _) => "interrupted: the verdicts so far are above".yellow().bold().to_string(),
        (_, true, _) => "conforms".green().bold().to_string(),
        (_, _, true) => "does not conform".red().bold().to_string(),
        (_, _, false) => "not decided".yellow().bold().to_string(),
    };
    format!("{} {said} — {totals} in {seconds}", report.sdk.source.bold())
}

fn mark(status: Status, level: Level) -> String {
    match (status, level) {
        (Status::Pass, Level::Observe) => format!("{:<12}", "seen").cyan().to_string(),
        (Status::Pass, _) => format!("{:<12}", status.word()).green().to_string(),
        (Status::NotTestable | Status::Error, _) => format!("{:<12}", status.word()).yellow().to_string(),
        (Status::Fail | Status::Flaky, _) => format!("{:<12}", status.word()).red().bold().to_string(),
    }
}
