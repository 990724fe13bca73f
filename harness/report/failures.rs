//! The failures, each at the line of its scenario.

use std::fmt::Write as _;

use owo_colors::OwoColorize;
use serde_json::Value;

use super::model::{CheckReport, Report};
use super::side_by_side::side_by_side;
use crate::contract::{CheckName, Level};
use crate::evidence::{Decision, Evidence, Millis, Severity, StepOutcome};
use crate::judge::{Status, Tally};
use crate::run::CaseOutcome;
use crate::scenario::Step;
use crate::sdk::Profile;

/// A case with more failures than these shows its time line once and names the others.
const SHOWN_CASES: usize = 12;

/// A time line longer than this is cut in the middle; the evidence holds all of it.
const SHOWN_MOMENTS: usize = 24;

/// Longer values are cut; the report holds them whole.
const SHOWN_LETTERS: usize = 110;

/// Each failed case: its checks at their lines, then the calls, the requests and the ledger side by side, then one time line.
///
/// `again` makes the command that repeats a check.
#[must_use]
pub fn failures(report: &Report, outcomes: &[CaseOutcome], profile: &Profile, again: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    let failed: Vec<&CaseOutcome> = outcomes.iter().filter(|outcome| matters(report, outcome)).collect();
    for outcome in failed.iter().take(SHOWN_CASES) {
        let checks = report.checks.iter().filter(|check| outcome.seen.iter().any(|seen| seen.check.id == check.id) && is_wrong(check));
        for (index, check) in checks.enumerate() {
            if index == 3 {
                let more = outcome.seen.iter().filter(|seen| matches!(seen.status, Status::Fail | Status::Flaky | Status::Error)).count() - index;
                let _ = writeln!(text, "   {} {more} more checks of this case, all in the report", "=".blue());
                break;
            }
            write_check(&mut text, report, outcome, check);
        }
        if let Some(evidence) = &outcome.evidence {
            text.push_str(&side_by_side(&outcome.case, evidence, profile));
            write_time_line(&mut text, evidence);
        }
        if let Some(places) = places_in_the_profile(outcome) {
            let _ = writeln!(text, "   {} does this profile fit this build? look at {places} in {}", "=".blue(), profile.origin.file);
        }
        let _ = writeln!(text, "   {} again: {}\n", "=".blue(), again(&outcome.case.id));
    }
    if failed.len() > SHOWN_CASES {
        let rest = failed[SHOWN_CASES..].iter().map(|outcome| outcome.case.id.as_str()).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "and {} more failed cases: {rest}\n", failed.len() - SHOWN_CASES);
    }
    text
}

/// What of a profile may be wrong, where a build fails the first things asked of it.
fn places_in_the_profile(outcome: &CaseOutcome) -> Option<String> {
    let broken = outcome.seen.iter().find(|seen| seen.status == Status::Fail && outcome.case.scenario.prerequisite)?;
    let used = outcome.case.scenario.steps.iter().find_map(|(_, step)| match step {
        Step::Interact(way) => Some(way.unwrap_or(outcome.case.interaction).table()),
        _ => None,
    });
    match (broken.check.name, used) {
        (CheckName::Ready, _) => Some("`ready` and [install]".to_owned()),
        (CheckName::StepsDone, Some(table)) => Some(format!("[{table}] and [[answer]]")),
        (CheckName::Delivered, _) => Some("[wire] and [policies]".to_owned()),
        _ => None,
    }
}

fn is_wrong(check: &CheckReport) -> bool {
    check.level > Level::Observe && matches!(check.status, Status::Fail | Status::Flaky | Status::Error)
}

/// The verdict of a failure, with how often it was seen where that varied.
fn headline(check: &CheckReport) -> String {
    Tally { attempts: check.attempts.unwrap_or_default(), broken: check.broken_attempts.unwrap_or_default() }.words(check.status)
}

fn matters(report: &Report, outcome: &CaseOutcome) -> bool {
    report.checks.iter().any(|check| is_wrong(check) && outcome.seen.iter().any(|seen| seen.check.id == check.id))
}

fn write_check(text: &mut String, report: &Report, outcome: &CaseOutcome, check: &CheckReport) {
    let line = check.at.rsplit_once(':').and_then(|(_, line)| line.parse::<usize>().ok()).unwrap_or(1);
    let source = outcome.case.scenario.text.lines().nth(line - 1).unwrap_or_default().trim();
    let message = check.message.as_deref().unwrap_or("no reason is known");
    let (bar, gutter) = ("|".blue().to_string(), format!("{line:>3}"));
    let _ = writeln!(text, "{}: {message}", headline(check).red().bold());
    let _ = writeln!(text, "  {} {}", "-->".blue(), check.at);
    for id in &check.requirements {
        if let Some(requirement) = report.requirements.iter().find(|requirement| requirement.id == *id) {
            let _ = writeln!(text, "    {bar} {} ({}): {}", id.bold(), requirement.level, requirement.statement);
        }
    }
    let _ = writeln!(text, "{} {bar} {source}", gutter.blue());
    let as_json = matches!((&check.expected, &check.actual), (Some(expected), Some(actual)) if expected.is_string() != actual.is_string());
    if let Some(expected) = &check.expected {
        let _ = writeln!(text, "    {bar}   expected: {}", shown(expected, as_json).green());
    }
    if let Some(actual) = &check.actual {
        let _ = writeln!(text, "    {bar}   actual:   {}", shown(actual, as_json).red());
    }
    let _ = writeln!(text, "    {bar} check {}", check.id);
    let _ = writeln!(text, "    {bar} scenario {}", outcome.case.scenario.title);
}

/// Steps, calls, console errors, requests and the backend's decisions on one clock.
pub(super) fn write_time_line(text: &mut String, evidence: &Evidence) {
    let mut moments: Vec<(Millis, &str, String)> = Vec::new();
    for step in &evidence.steps {
        let outcome = match &step.outcome {
            StepOutcome::Done => String::new(),
            StepOutcome::GaveUp(why) => format!(" — gave up: {why}"),
            StepOutcome::Impossible(why) => format!(" — impossible: {why}"),
        };
        moments.push((step.at, "step", format!("line {}: {}{outcome}", step.line, step.what)));
    }
    for call in &evidence.calls {
        let threw = call.threw.as_ref().map(|threw| format!(" threw {threw}")).unwrap_or_default();
        moments.push((call.at, "call", format!("{}({}){threw}", call.event.method, call.event.args)));
    }
    for message in evidence.console.iter().filter(|message| !matches!(message.severity, Severity::Debug | Severity::Info)) {
        moments.push((message.at, "console", message.text.clone()));
    }
    for dialog in &evidence.dialogs {
        moments.push((dialog.at, "dialog", dialog.text.clone()));
    }
    for request in evidence.requests.iter().filter(|request| request.decision != Decision::Preflight) {
        let ledger = match request.decision {
            Decision::Recorded => "recorded".to_owned(),
            Decision::Refused(status) => format!("refused with {status}"),
            Decision::Dropped => "dropped".to_owned(),
            Decision::Answered | Decision::Preflight => "answered".to_owned(),
            Decision::Unknown => "answered 404".to_owned(),
        };
        moments.push((request.at, "request", format!("{} {} → {ledger}  {}", request.method, request.path, request.body)));
    }
    for contact in evidence.contacts.iter().filter(|contact| !contact.ours) {
        moments.push((contact.at, "request", format!("{} {} → denied", contact.method, contact.url.as_deref().unwrap_or(&contact.host))));
    }
    if let Some(left) = evidence.left_at {
        moments.push((left, "step", "the page is left".to_owned()));
    }
    moments.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let bar = "|".blue().to_string();
    let hidden = moments.len().saturating_sub(SHOWN_MOMENTS);
    for (index, (at, kind, what)) in moments.iter().enumerate() {
        if hidden > 0 && index == SHOWN_MOMENTS / 2 {
            let _ = writeln!(text, "    {bar} … {hidden} more moments in the evidence");
        }
        if index < SHOWN_MOMENTS / 2 || index >= SHOWN_MOMENTS / 2 + hidden {
            let _ = writeln!(text, "    {bar} {}  {} {}", format!("{:>9}", at.to_string()).dimmed(), format!("{kind:<8}").cyan(), cut(what));
        }
    }
}

/// A text or a list of names without the noise of JSON, unless the type is what differs; anything else as JSON.
fn shown(value: &Value, as_json: bool) -> String {
    match value {
        value if as_json => cut(&value.to_string()),
        Value::String(text) => cut(text),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_string) => {
            cut(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        other => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    cut_to(text, SHOWN_LETTERS)
}

/// One line of at most so many letters, and no control characters: it comes from the page.
pub(super) fn cut_to(text: &str, letters: usize) -> String {
    let clean: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if clean.chars().count() <= letters { clean } else { format!("{}…", clean.chars().take(letters.saturating_sub(1)).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_page_says_cannot_move_the_cursor_or_break_the_line() {
        assert_eq!(cut("\u{1b}[2Jgreen\nnext"), " [2Jgreen next");
    }

    #[test]
    fn a_long_text_is_cut_at_a_letter_and_not_inside_one() {
        assert_eq!(cut_to("Überläufer", 4), "Übe…");
    }

    #[test]
    fn where_only_the_type_differs_the_type_is_shown() {
        assert_eq!(shown(&json!("19.99"), true), "\"19.99\"");
        assert_eq!(shown(&json!("a\tb"), false), "a b");
        assert_eq!(shown(&json!(["a", "b"]), false), "a, b");
        assert_eq!(shown(&json!([]), false), "none");
    }
}
