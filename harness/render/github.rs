//! Workflow commands of GitHub Actions: each failed check as an annotation at its line of the
//! scenario.

use std::fmt::Write as _;

use super::ci::{Told, denied, is_told_by_its_entry, place, told, verdict_text, wrong_entries};
use crate::report::Stored;
use crate::report::{CheckReport, KnownFailureReport, Report};
use crate::text::cut_to;

/// GitHub shows so many errors of a step, and drops the others without a word.
const SHOWN: usize = 10;

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 400;

/// The annotations. Whatever fails the run is an error; the worst come first, as only so many are
/// shown.
pub fn github(stored: &Stored) -> String {
    let (mut text, report) = (String::new(), &stored.report);
    let mut checks: Vec<&CheckReport> = report
        .checks
        .iter()
        .filter(|check| check.fails_the_run() && !is_told_by_its_entry(report, check))
        .collect();
    checks.sort_by_key(|check| check.status);
    let is_decided = |check: &&CheckReport| told(check) != Told::Skipped;
    let (decided, undecided): (Vec<&CheckReport>, Vec<&CheckReport>) =
        checks.into_iter().partition(is_decided);
    let errors: Vec<String> = decided
        .into_iter()
        .map(|check| of_check(report, check))
        .chain(wrong_entries(report).map(of_entry))
        .chain(undecided.into_iter().map(|check| of_check(report, check)))
        .collect();
    text.extend(errors.iter().take(SHOWN).map(String::as_str));
    if report.interrupted {
        text.push_str(&command(
            "warning",
            None,
            "interrupted",
            "the run was stopped before its end; the verdicts are those until then",
        ));
    }
    let hosts: Vec<String> = denied(report).map(|host| cut_to(host, LETTERS)).collect();
    if !hosts.is_empty() {
        text.push_str(&command(
            "notice",
            None,
            "hosts denied",
            &format!("the SDK contacts {}", cut_to(&hosts.join(", "), LETTERS)),
        ));
    }
    let mut said = verdict_text(stored);
    if errors.len() > SHOWN {
        let _ = write!(
            said,
            "\n{} of {} errors are annotated, as GitHub shows no more of a step; the \
             report holds all",
            SHOWN,
            errors.len()
        );
    }
    text.push_str(&command("notice", None, "alhena-conformance", &said));
    text
}

fn of_check(report: &Report, check: &CheckReport) -> String {
    let mut message = cut_to(
        check.message.as_deref().unwrap_or("no reason is known"),
        LETTERS,
    );
    for requirement in report
        .requirements
        .iter()
        .filter(|requirement| check.requirements.contains(&requirement.id))
    {
        let _ = write!(
            message,
            "\n{} ({}): {}",
            requirement.id, requirement.level, requirement.statement
        );
    }
    for (name, value) in [("expected", &check.expected), ("actual", &check.actual)] {
        if let Some(value) = value {
            let _ = write!(message, "\n{name}: {}", cut_to(&value.to_string(), LETTERS));
        }
    }
    if let Some(case) = report.case_of(check) {
        let _ = write!(message, "\nagain: {}", cut_to(&case.again, LETTERS));
    }
    command(
        "error",
        Some(&check.at),
        &format!("{}: {}", check.verdict(), check.id),
        &message,
    )
}

fn of_entry(entry: &KnownFailureReport) -> String {
    let message = format!(
        "{}\nreason: {}",
        cut_to(entry.message.as_deref().unwrap_or_default(), LETTERS),
        cut_to(&entry.reason, LETTERS)
    );
    command(
        "error",
        Some(&entry.at),
        &format!("{}: {}", entry.state.word(), entry.check),
        &message,
    )
}

fn command(name: &str, at: Option<&str>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, line)) = at.map(place) {
        properties.push(format!("file={}", property(file)));
        properties.extend(line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(title)));
    format!("::{name} {}::{}\n", properties.join(","), data(message))
}

/// Escapes a message: it ends with the line.
pub fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property: it ends with a comma, or with the colons before the message.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Level;
    use crate::report::sample::{hostile, sample, with_a_stale_entry};
    use crate::verdict::Status;

    fn errors(text: &str) -> Vec<&str> {
        text.lines()
            .filter(|line| line.starts_with("::error "))
            .collect()
    }

    #[test]
    fn each_failed_check_is_an_error_at_its_line_and_the_worst_comes_first() {
        let text = github(&sample());
        let errors = errors(&text);
        let at = |scenario: &str| {
            format!("::error file=fixtures/scenarios/{scenario}.toml,line=12,title=")
        };
        assert!(
            errors[0].starts_with(&format!(
                "{}fail%3A cart/item-added#unchanged::value is a text, not a number%0A",
                at("cart/item-added")
            )),
            "{text}"
        );
        assert!(
            errors[0]
                .contains("%0Aexpected: 89.95%0Aactual: \"89.95\"%0Aagain: alhena-conformance run"),
            "{text}"
        );
        assert!(
            errors[1].starts_with(&format!(
                "{}flaky (1 of 3)%3A leaving/close#delivered::",
                at("leaving/close")
            )),
            "{text}"
        );
        assert!(errors[2].contains("not_testable"), "{text}");
        assert_eq!(errors.len(), 3);
        assert!(
            text.lines().last().is_some_and(|line| line.starts_with(
                "::notice title=alhena-conformance::dist/gleenWidget.js does not conform"
            )),
            "{text}"
        );
    }

    #[test]
    fn more_errors_than_github_shows_are_counted() {
        let mut stored = sample();
        for number in 0..20 {
            let mut check = stored.report.checks[1].clone();
            check.id.0 = format!("cart/item-added#{number}");
            stored.report.checks.push(check);
        }
        let text = github(&stored);
        assert_eq!(errors(&text).len(), 10);
        assert!(
            text.lines()
                .last()
                .is_some_and(|line| line.contains("%0A10 of 23 errors are annotated")),
            "{text}"
        );
    }

    #[test]
    fn an_observation_that_could_not_be_made_is_no_error() {
        let mut stored = sample();
        stored.report.checks = stored.report.checks.split_off(4);
        stored.report.checks[0].status = Status::NotTestable;
        assert_eq!(stored.report.checks[0].level, Level::Observe);
        assert_eq!(errors(&github(&stored)), Vec::<&str>::new());
    }

    #[test]
    fn a_stale_entry_is_an_error_at_its_line_and_its_checks_are_not_told_again() {
        let text = github(&with_a_stale_entry());
        assert!(
            text.contains(
                "::error file=known-failures.toml,line=2,title=stale%3A queue/*::this known \
                 failure does not fail any more%0Areason: "
            ),
            "{text}"
        );
        assert!(!text.contains("queue/order#in-order"), "{text}");
    }

    #[test]
    fn no_text_from_a_page_is_a_command_of_its_own() {
        let text = github(&hostile());
        assert!(
            text.lines().all(|line| ["::error ", "::notice "]
                .iter()
                .any(|command| line.starts_with(command))),
            "{text}"
        );
        assert!(
            text.contains("%250A") && !text.contains('\r') && !text.contains('\u{1b}'),
            "{text}"
        );
    }

    #[test]
    fn a_hostile_text_begins_no_command() {
        assert_eq!(data("a\n::error::b\r%"), "a%0A::error::b%0D%25");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
