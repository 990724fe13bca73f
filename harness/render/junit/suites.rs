//! The checks as suites of test cases, before they are written.

use crate::render::ci::{
    Told, area, check_text, course_text, name, reason, share, told, whole, wrong_entries,
};
use crate::report::Stored;
use crate::report::{CaseReport, CheckReport, KnownFailureReport};

/// The suite of the entries of the list of known failures that are not so.
const KNOWN_FAILURES: &str = "known failures";

/// Times are divided in whole microseconds, so that the sums stay true.
const UNITS: f64 = 1000.0;

/// A folder of scenarios.
pub struct Suite<'a> {
    pub name: &'a str,
    pub tests: Vec<Test<'a>>,
}

/// A check.
pub struct Test<'a> {
    pub class: &'a str,
    pub name: &'a str,
    pub microseconds: u64,
    pub told: Told,
    /// The kind of failure: the status.
    pub kind: &'a str,
    pub message: String,
    pub body: String,
    pub output: String,
}

/// What the report is made of.
pub fn suites(stored: &Stored) -> Vec<Suite<'_>> {
    let report = &stored.report;
    let mut suites: Vec<Suite<'_>> = Vec::new();
    for case in &report.cases {
        let checks: Vec<&CheckReport> = report.checks_of(case).collect();
        let total = whole(case.duration_ms, UNITS);
        let tests = checks
            .iter()
            .enumerate()
            .map(|(index, check)| test(stored, case, check, share(total, checks.len(), index)));
        let area = area(&case.scenario);
        match suites.iter_mut().find(|suite| suite.name == area) {
            Some(suite) => suite.tests.extend(tests),
            None => suites.push(Suite {
                name: area,
                tests: tests.collect(),
            }),
        }
    }
    let wrong: Vec<Test<'_>> = wrong_entries(report).map(entry).collect();
    if !wrong.is_empty() {
        suites.push(Suite {
            name: KNOWN_FAILURES,
            tests: wrong,
        });
    }
    suites
}

fn test<'a>(
    stored: &Stored,
    case: &'a CaseReport,
    check: &'a CheckReport,
    microseconds: u64,
) -> Test<'a> {
    let told = told(check);
    let is_wrong = matches!(told, Told::Failed | Told::Errored);
    let output = match &check.value {
        Some(value) => format!("observed: {value}\n"),
        None if is_wrong => course_text(stored, case),
        None => String::new(),
    };
    let body = if is_wrong {
        check_text(stored, check)
    } else {
        String::new()
    };
    Test {
        class: &case.id,
        name: name(check),
        microseconds,
        told,
        kind: check.status.word(),
        message: reason(check),
        body,
        output,
    }
}

fn entry(entry: &KnownFailureReport) -> Test<'_> {
    let checks = entry
        .checks
        .iter()
        .map(|check| check.0.as_str())
        .collect::<Vec<_>>()
        .join("\n  ");
    Test {
        class: KNOWN_FAILURES,
        name: &entry.check,
        microseconds: 0,
        told: Told::Failed,
        kind: entry.state.word(),
        message: format!(
            "{}: {}",
            entry.state.word(),
            entry.message.as_deref().unwrap_or_default()
        ),
        body: format!(
            "{}\nreason: {}\nchecks:\n  {checks}\n",
            entry.at, entry.reason
        ),
        output: String::new(),
    }
}
