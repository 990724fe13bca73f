//! The requirements and the verdict, as a person reads them in a terminal. Styled; who prints it
//! decides whether the styles stay.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use crate::contract::Level;
use crate::evidence::Asker;
use crate::report::Conclusion;
use crate::report::{Report, RequirementReport};
use crate::text::{cut_to, one_line};
use crate::verdict::Status;

/// Longer URLs are cut; the report holds them whole.
const SHOWN_URL: usize = 80;

/// The requirements with their verdicts.
#[must_use]
pub fn requirements(report: &Report) -> String {
    let mut text = String::new();
    let width = report
        .requirements
        .iter()
        .map(|requirement| requirement.id.0.len())
        .max()
        .unwrap_or(0);
    for level in [Level::Must, Level::Should, Level::Observe] {
        let rows: Vec<&RequirementReport> = report
            .requirements
            .iter()
            .filter(|requirement| requirement.level == level && requirement.status.is_some())
            .collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}", meaning(level).bold());
        for row in rows {
            let checks = format!(
                "{:>3} {}",
                row.checks.len(),
                if row.checks.len() == 1 {
                    "check "
                } else {
                    "checks"
                }
            );
            let status = row.status.unwrap_or(Status::Pass);
            let _ = writeln!(
                text,
                "  {} {:width$}  {}  {}",
                mark(status, level),
                row.id.0,
                checks.dimmed(),
                row.statement
            );
        }
    }
    text
}

/// How binding the requirements of a level are.
pub fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "must: the API page says so",
        Level::Should => "should: its promises imply it",
        Level::Observe => "observe: the API page is silent; seen and compared, never a failure",
    }
}

/// The hosts that pages asked for and that the profile does not name, one a line; nothing where
/// there are none.
#[must_use]
pub fn denied_hosts(report: &Report) -> String {
    let mut text = String::new();
    for host in report
        .hosts
        .iter()
        .filter(|host| host.asked_by == Asker::Page && !host.ours)
    {
        let count =
            |many: usize, what: &str| format!("{many} {what}{}", if many == 1 { "" } else { "s" });
        let (requests, cases) = (
            count(host.requests, "request"),
            count(host.cases.len(), "case"),
        );
        let example = host
            .example
            .as_ref()
            .map(|url| format!(", such as {}", cut_to(url, SHOWN_URL)))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "{} {}: {requests} in {cases}{example} — denied",
            "the SDK contacts".yellow(),
            cut_to(&host.host, SHOWN_URL).bold()
        );
    }
    text
}

/// The last lines: what to believe of the SDK, and whose it is where that is not a build of the
/// user's.
#[must_use]
pub fn verdict(report: &Report) -> String {
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let totals = Status::ALL
        .iter()
        .rev()
        .filter(|status| count(**status) > 0 || **status == Status::Pass);
    let totals = totals
        .map(|status| format!("{} {}", count(*status), status.word()))
        .collect::<Vec<_>>()
        .join(" · ");
    let seconds = format!("{:.1} s", report.duration_ms / 1000.0);
    let conclusion = Conclusion::of(report);
    let words = conclusion.words();
    let said = match conclusion {
        Conclusion::Interrupted => format!("{words}: the verdicts so far are above")
            .yellow()
            .bold()
            .to_string(),
        Conclusion::NotDecided => words.yellow().bold().to_string(),
        Conclusion::DoesNotConform | Conclusion::OtherThanKnown => words.red().bold().to_string(),
        Conclusion::ConformsButForKnown | Conclusion::Conforms => words.green().bold().to_string(),
    };
    let verdict = format!(
        "{} {said} — {totals} in {seconds}",
        one_line(&report.sdk.source).bold()
    );
    if report.is_of_the_bundled_reference() {
        return format!(
            "{verdict}\n{}",
            "This is the bundled reference SDK, not a build of yours: name one with \
             --sdk FILE|DIR|URL"
                .yellow()
        );
    }
    verdict
}

fn mark(status: Status, level: Level) -> String {
    match (status, level) {
        (Status::Pass, Level::Observe) => format!("{:<15}", "seen").cyan().to_string(),
        (Status::Pass, _) => format!("{:<15}", status.word()).green().to_string(),
        (Status::NotApplicable, _) => format!("{:<15}", status.word()).dimmed().to_string(),
        (Status::NotTestable | Status::Error | Status::KnownFailure, _) => {
            format!("{:<15}", status.word()).yellow().to_string()
        }
        (Status::Fail | Status::Flaky | Status::UnexpectedPass, _) => {
            format!("{:<15}", status.word()).red().bold().to_string()
        }
    }
}
