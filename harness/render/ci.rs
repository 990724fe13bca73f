//! What the formats for CI systems have in common.

use super::document::Block;
use super::run::{View, course, problem, verdict};
pub use super::run::{denied, is_told_by_its_entry, wrong_entries};
use super::terminal::{plain_blocks, plain_verdict};
use crate::report::Stored;
use crate::report::typed;
use crate::report::{CaseReport, CheckReport, Report};
use crate::verdict::{Bearing, Status};

/// The few outcomes that CI systems know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The promise holds, or an observation was made.
    Passed,
    /// The SDK is at fault.
    Failed,
    /// The harness or the machine is.
    Errored,
    /// Nothing was decided, or what was found is known. An observation that could not be made is
    /// never worse than this.
    Skipped,
}

/// What a CI system is told of a check.
pub fn told(check: &CheckReport) -> Told {
    match check.bearing() {
        Bearing::Holds => Told::Passed,
        Bearing::SdkFault => Told::Failed,
        Bearing::MachineFault => Told::Errored,
        Bearing::Undecided | Bearing::Excused => Told::Skipped,
    }
}

/// Why a check did not pass, in one sentence.
pub fn reason(check: &CheckReport) -> String {
    let known = check
        .known
        .as_ref()
        .filter(|_| check.status == Status::KnownFailure)
        .map(|at| format!(" ({at})"))
        .unwrap_or_default();
    let message = check
        .message
        .as_ref()
        .map(|message| format!(": {message}"))
        .unwrap_or_default();
    format!("{}{known}{message}", check.verdict())
}

/// The folder of a scenario.
pub fn area(scenario: &str) -> &str {
    scenario
        .rsplit_once('/')
        .map_or("scenarios", |(area, _)| area)
}

/// The name of a check in its case; of one in a row of a matrix, with the row before it.
pub fn name(check: &CheckReport) -> &str {
    check
        .id
        .0
        .strip_prefix(&check.case)
        .map_or(check.id.0.as_str(), |rest| {
            rest.trim_start_matches(['#', '/'])
        })
}

/// The file and the line of `file:line`.
pub fn place(at: &str) -> (&str, Option<usize>) {
    at.rsplit_once(':')
        .and_then(|(file, line)| Some((file, Some(line.parse().ok()?))))
        .unwrap_or((at, None))
}

/// The whole part of `total` that the one at `index` of `parts` gets; together they are `total`.
pub fn share(total: u64, parts: usize, index: usize) -> u64 {
    let parts = parts.max(1) as u64;
    total / parts + u64::from((index as u64) < total % parts)
}

/// A time in milliseconds, in whole units of which `units` make a millisecond.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates; no run takes negative time"
)]
pub fn whole(milliseconds: f64, units: f64) -> u64 {
    (milliseconds * units).round() as u64
}

/// A check and what is wrong with it, as plain text.
pub fn check_text(stored: &Stored, check: &CheckReport) -> String {
    plain_blocks([&Block::Problem(problem(&View::of(stored), check))])
}

/// What happened in a case, as plain text.
pub fn course_text(stored: &Stored, case: &CaseReport) -> String {
    plain_blocks(&course(&View::of(stored), case))
}

/// The last line of a report: its verdict.
pub fn verdict_text(stored: &Stored) -> String {
    plain_verdict(&verdict(&View::of(stored)))
}

/// What a run was made on and with, by name.
pub fn facts(report: &Report) -> Vec<(String, String)> {
    let filters = report
        .filter
        .iter()
        .flat_map(|pattern| ["--filter".to_owned(), pattern.clone()]);
    let again: Vec<String> = ["run".to_owned()]
        .into_iter()
        .chain(report.command.iter().cloned())
        .chain(filters)
        .collect();
    let mut facts = vec![
        (
            "harness",
            format!("alhena-conformance {}", report.harness.version),
        ),
        ("sdk", report.sdk.source.clone()),
        ("sdk.sha256", report.sdk.sha256.clone()),
        ("snippet", report.snippet.source.clone()),
        ("snippet.sha256", report.snippet.sha256.clone()),
        ("profile", report.profile.name.clone()),
        ("profile.file", report.profile.file.clone()),
        ("profile.sha256", report.profile.sha256.clone()),
        ("began", report.began.clone()),
        ("command", typed(&again)),
        ("interrupted", report.interrupted.to_string()),
    ];
    if let Some(environment) = &report.environment {
        facts.push(("browser", environment.browser.clone()));
        facts.push(("browser.version", environment.browser_version.clone()));
        facts.push(("browser.arguments", environment.arguments.join(" ")));
        facts.push(("driver", environment.driver.clone()));
        facts.push(("platform", environment.platform.clone()));
    }
    let mut facts: Vec<(String, String)> = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    facts.extend(
        report
            .profile
            .policies
            .iter()
            .map(|(policy, value)| (format!("profile.policy.{policy}"), value.clone())),
    );
    facts.extend(denied(report).map(|host| ("denied host".to_owned(), host.to_owned())));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::sample;

    #[test]
    fn an_observation_is_never_a_failure() {
        let mut check = sample().report.checks.remove(4);
        for status in Status::ALL {
            check.status = status;
            assert!(
                matches!(told(&check), Told::Passed | Told::Skipped),
                "{status:?}"
            );
        }
    }

    #[test]
    fn the_sdk_s_fault_and_the_machine_s_are_told_apart() {
        let mut check = sample().report.checks.remove(0);
        let all = Status::ALL.map(|status| {
            check.status = status;
            told(&check)
        });
        let (failed, skipped) = (Told::Failed, Told::Skipped);
        assert_eq!(
            all,
            [
                failed,
                failed,
                failed,
                Told::Errored,
                skipped,
                skipped,
                Told::Passed,
                skipped
            ]
        );
    }

    #[test]
    fn the_shares_of_a_time_are_together_that_time() {
        for (total, parts) in [(1000, 3), (2, 5), (0, 4), (7, 1)] {
            assert_eq!(
                (0..parts)
                    .map(|index| share(total, parts, index))
                    .sum::<u64>(),
                total
            );
        }
    }

    #[test]
    fn each_check_of_a_case_has_a_name_of_its_own() {
        let mut check = sample().report.checks.remove(0);
        check.id.0 = "queue/order#in-order".into();
        assert_eq!(name(&check), "in-order");
        check.id.0 = "queue/order/type-empty#not-sent".into();
        assert_eq!(name(&check), "type-empty#not-sent");
    }

    #[test]
    fn a_place_is_a_file_and_a_line() {
        assert_eq!(place("fixtures/a.toml:12"), ("fixtures/a.toml", Some(12)));
        assert_eq!(place("C:\\fixtures"), ("C:\\fixtures", None));
    }
}
