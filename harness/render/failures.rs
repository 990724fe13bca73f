//! The failures, each at the line of its scenario.

use std::fmt::Write as _;

use owo_colors::OwoColorize;
use serde_json::Value;

use super::side_by_side::side_by_side;
use crate::contract::Level;
use crate::evidence::Evidence;
use crate::reading::timeline;
use crate::report::Stored;
use crate::report::{CaseReport, CheckReport, Report};
use crate::text::{cut_to, one_line};
use crate::verdict::Status;

/// A case with more failures than these shows its time line once and names the others.
const SHOWN_CASES: usize = 12;

/// More failed checks of one case than this are counted.
const SHOWN_CHECKS: usize = 3;

/// A time line longer than this is cut in the middle; the evidence holds all of it.
const SHOWN_MOMENTS: usize = 24;

/// Longer values are cut; the report holds them whole.
const SHOWN_LETTERS: usize = 110;

/// Each failed case: its checks at their lines, then the calls, the requests and the ledger side by
/// side, then one time line.
#[must_use]
pub fn failures(stored: &Stored) -> String {
    let (mut text, report) = (String::new(), &stored.report);
    let failed: Vec<&CaseReport> = report
        .cases
        .iter()
        .filter(|case| report.checks_of(case).any(matters))
        .collect();
    for case in failed.iter().take(SHOWN_CASES) {
        let checks: Vec<&CheckReport> = report
            .checks_of(case)
            .filter(|check| matters(check))
            .collect();
        for check in checks.iter().take(SHOWN_CHECKS) {
            write_check(&mut text, report, case, check);
        }
        if checks.len() > SHOWN_CHECKS {
            let _ = writeln!(
                text,
                "   {} {} more checks of this case, all in the report",
                "=".blue(),
                checks.len() - SHOWN_CHECKS
            );
        }
        write_course(&mut text, stored, case);
        text.push('\n');
    }
    if failed.len() > SHOWN_CASES {
        let rest = failed[SHOWN_CASES..]
            .iter()
            .map(|case| case.id.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(
            text,
            "and {} more failed cases: {rest}\n",
            failed.len() - SHOWN_CASES
        );
    }
    text
}

fn matters(check: &CheckReport) -> bool {
    check.level > Level::Observe
        && matches!(check.status, Status::Fail | Status::Flaky | Status::Error)
}

/// What happened in a case: its events side by side, its time line, and the command that repeats
/// it.
pub fn write_course(text: &mut String, stored: &Stored, case: &CaseReport) {
    text.push_str(&side_by_side(&case.events));
    if let Some(evidence) = stored.told_of(&case.id) {
        write_time_line(text, evidence);
    }
    if let Some(hint) = &case.hint {
        let _ = writeln!(text, "   {} {}", "=".blue(), one_line(hint));
    }
    let _ = writeln!(text, "   {} again: {}", "=".blue(), one_line(&case.again));
}

/// One check: what is wrong, and the line of the scenario that asks for it.
pub fn write_check(text: &mut String, report: &Report, case: &CaseReport, check: &CheckReport) {
    let line = check.at.rsplit_once(':').map_or("1", |(_, line)| line);
    let message = one_line(check.message.as_deref().unwrap_or("no reason is known"));
    let (bar, gutter) = ("|".blue().to_string(), format!("{line:>3}"));
    let _ = writeln!(text, "{}: {message}", check.verdict().red().bold());
    let _ = writeln!(text, "  {} {}", "-->".blue(), check.at);
    for id in &check.requirements {
        if let Some(requirement) = report
            .requirements
            .iter()
            .find(|requirement| requirement.id == *id)
        {
            let _ = writeln!(
                text,
                "    {bar} {} ({}): {}",
                id.bold(),
                requirement.level,
                requirement.statement
            );
        }
    }
    let _ = writeln!(text, "{} {bar} {}", gutter.blue(), check.line);
    let as_json = matches!(
        (&check.expected, &check.actual),
        (Some(expected), Some(actual)) if expected.is_string() != actual.is_string()
    );
    if let Some(expected) = &check.expected {
        let _ = writeln!(
            text,
            "    {bar}   expected: {}",
            shown(expected, as_json).green()
        );
    }
    if let Some(actual) = &check.actual {
        let _ = writeln!(
            text,
            "    {bar}   actual:   {}",
            shown(actual, as_json).red()
        );
    }
    let _ = writeln!(text, "    {bar} check {}", check.id);
    let _ = writeln!(text, "    {bar} scenario {}", one_line(&case.title));
}

/// Steps, calls, console errors, requests and the backend's decisions on one clock.
pub fn write_time_line(text: &mut String, evidence: &Evidence) {
    let moments = timeline(evidence);
    let bar = "|".blue().to_string();
    let hidden = moments.len().saturating_sub(SHOWN_MOMENTS);
    for (index, moment) in moments.iter().enumerate() {
        if hidden > 0 && index == SHOWN_MOMENTS / 2 {
            let _ = writeln!(text, "    {bar} … {hidden} more moments in the evidence");
        }
        if index < SHOWN_MOMENTS / 2 || index >= SHOWN_MOMENTS / 2 + hidden {
            let outcome = moment
                .outcome
                .as_ref()
                .map(|outcome| format!(" → {outcome}"))
                .unwrap_or_default();
            let detail = moment
                .detail
                .as_ref()
                .map(|detail| format!("  {detail}"))
                .unwrap_or_default();
            let (at, kind) = (
                format!("{:>9}", moment.at.to_string()),
                format!("{:<8}", moment.kind.word()),
            );
            let _ = writeln!(
                text,
                "    {bar} {}  {} {}",
                at.dimmed(),
                kind.cyan(),
                cut(&format!("{}{outcome}{detail}", moment.what))
            );
        }
    }
}

/// A text or a list of names without the noise of JSON, unless the type is what differs; anything
/// else as JSON.
fn shown(value: &Value, as_json: bool) -> String {
    match value {
        value if as_json => cut(&value.to_string()),
        Value::String(text) => cut(text),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_string) => {
            cut(&items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", "))
        }
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        other => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    cut_to(text, SHOWN_LETTERS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn where_only_the_type_differs_the_type_is_shown() {
        assert_eq!(shown(&json!("19.99"), true), "\"19.99\"");
        assert_eq!(shown(&json!("a\tb"), false), "a b");
        assert_eq!(shown(&json!(["a", "b"]), false), "a, b");
        assert_eq!(shown(&json!([]), false), "none");
    }
}
