use serde_json::{Map, Value, json};

use super::facts::{facts, requirements};
use super::model::{Attachment, Location, Note, NoteLevel, Row, Rows, Suite};
use crate::render::plain::{check_text, course_text, plain};
use crate::render::text::verdict;
use crate::report::{CaseReport, CheckReport, KnownFailureReport, Report, Stored};
use crate::verdict::Status;

/// The suite of the entries of the list of known failures that are not true.
const KNOWN_FAILURES: &str = "known failures";

impl Rows {
    /// The checks of a report, and the entries of the list of known failures that are not true.
    pub fn of_run(stored: &Stored) -> Self {
        let report = &stored.report;
        let environment = report.environment.as_ref();
        Self {
            title: "alhena-conformance",
            version: report.harness.version.clone(),
            subject: report.sdk.source.clone(),
            browser: environment
                .map(|browser| format!("{} {}", browser.browser, browser.browser_version)),
            system: environment.map(|browser| {
                let platform = &browser.platform;
                platform
                    .split_once(' ')
                    .map_or(platform.as_str(), |(system, _)| system)
                    .to_owned()
            }),
            began: Some(report.began.clone()),
            milliseconds: whole(report.duration_ms),
            facts: facts(report),
            suites: suites(stored),
            notes: notes(report),
            conclusion: plain(&verdict(report)),
            extra: extra(json!({
                "totals": report.totals,
                "requirements": report.requirements,
                "knownFailures": report.known_failures,
                "hosts": report.hosts,
            })),
        }
    }
}

fn suites(stored: &Stored) -> Vec<Suite> {
    let report = &stored.report;
    let mut suites: Vec<Suite> = Vec::new();
    for case in &report.cases {
        let checks: Vec<&CheckReport> = report.checks_of(case).collect();
        let total = whole(case.duration_ms);
        let rows = checks.iter().enumerate().map(|(index, check)| Row {
            milliseconds: share(total, checks.len(), index),
            ..row(stored, case, check)
        });
        let area = area(&case.scenario);
        match suites.iter_mut().find(|suite| suite.name == area) {
            Some(suite) => suite.rows.extend(rows),
            None => suites.push(Suite {
                name: area.to_owned(),
                facts: requirements(report, area),
                rows: rows.collect(),
            }),
        }
    }
    let entries: Vec<Row> = report.wrong_entries().map(entry).collect();
    if !entries.is_empty() {
        suites.push(Suite {
            name: KNOWN_FAILURES.to_owned(),
            facts: Vec::new(),
            rows: entries,
        });
    }
    suites
}

fn row(stored: &Stored, case: &CaseReport, check: &CheckReport) -> Row {
    let (report, bearing) = (&stored.report, check.bearing());
    let known = match &check.known {
        Some(location) if check.status == Status::KnownFailure => format!(" ({location})"),
        Some(_) | None => String::new(),
    };
    let output = match &check.value {
        Some(value) => format!("observed: {value}\n"),
        None if bearing.is_fault() => course_text(stored, case),
        None => String::new(),
    };
    let values = [
        ("expected", &check.expected),
        ("actual", &check.actual),
        ("value", &check.value),
    ];
    let values = values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let command = ("again".to_owned(), case.again.clone().into());
    Row {
        id: check.id.0.clone(),
        within: [area(&case.scenario), &case.scenario, &case.id]
            .map(str::to_owned)
            .into(),
        name: name(check).to_owned(),
        bearing,
        kind: check.status.word(),
        verdict: format!("{}{known}", check.verdict()),
        reason: check.message.clone(),
        is_flaky: check.status == Status::Flaky,
        is_reported_elsewhere: report.is_reported_by_an_entry(check),
        location: Some(Location::of(&check.at)),
        source: bearing.is_fault().then(|| check.line.clone()),
        lines: lines(report, case, check),
        details: if bearing.is_fault() {
            check_text(report, case, check)
        } else {
            String::new()
        },
        output,
        milliseconds: 0,
        attempts: check.attempts,
        tags: check
            .requirements
            .iter()
            .map(ToString::to_string)
            .chain([check.level.to_string()])
            .collect(),
        attachments: attachments(case, check),
        extra: values
            .chain([("title".to_owned(), case.title.clone().into()), command])
            .collect(),
    }
}

fn lines(report: &Report, case: &CaseReport, check: &CheckReport) -> Vec<String> {
    let promises = report
        .requirements
        .iter()
        .filter(|requirement| check.requirements.contains(&requirement.id))
        .map(|requirement| {
            format!(
                "{} ({}): {}",
                requirement.id, requirement.level, requirement.statement
            )
        });
    let values = [("expected", &check.expected), ("actual", &check.actual)];
    let values = values
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}: {}", value.as_ref()?)));
    promises
        .chain(values)
        .chain([format!("again: {}", case.again)])
        .collect()
}

fn attachments(case: &CaseReport, check: &CheckReport) -> Vec<Attachment> {
    let attached = |path: &Option<String>, name, media_type| {
        path.clone().map(|path| Attachment {
            name,
            media_type,
            path,
        })
    };
    let evidence = attached(&check.evidence, "evidence", "application/json");
    let screenshot =
        attached(&case.screenshot, "screenshot", "image/png").filter(|_| check.is_wrong());
    evidence.into_iter().chain(screenshot).collect()
}

fn entry(entry: &KnownFailureReport) -> Row {
    let checks = entry
        .checks
        .iter()
        .map(|check| check.0.as_str())
        .collect::<Vec<_>>()
        .join("\n  ");
    Row {
        id: format!("known failure {}", entry.check),
        within: vec![KNOWN_FAILURES.to_owned()],
        name: entry.check.clone(),
        bearing: entry.state.bearing(),
        kind: entry.state.word(),
        verdict: entry.state.word().to_owned(),
        reason: entry.message.clone(),
        is_flaky: false,
        is_reported_elsewhere: false,
        location: Some(Location::of(&entry.at)),
        source: None,
        lines: vec![format!("reason: {}", entry.reason)],
        details: format!(
            "{}\nreason: {}\nchecks:\n  {checks}\n",
            entry.at, entry.reason
        ),
        output: String::new(),
        milliseconds: 0,
        attempts: None,
        tags: Vec::new(),
        attachments: Vec::new(),
        extra: extra(json!({
            "reason": entry.reason,
            "link": entry.link,
            "expires": entry.expires,
            "checks": entry.checks,
        })),
    }
}

fn notes(report: &Report) -> Vec<Note> {
    let interrupted = report.interrupted.then(|| Note {
        level: NoteLevel::Warning,
        title: "interrupted".to_owned(),
        text: "the run was stopped before its end; the verdicts are those until then".to_owned(),
    });
    let hosts: Vec<&str> = report
        .denied_hosts()
        .map(|host| host.host.as_str())
        .collect();
    let denied = (!hosts.is_empty()).then(|| Note {
        level: NoteLevel::Notice,
        title: "hosts denied".to_owned(),
        text: format!("the SDK contacts {}", hosts.join(", ")),
    });
    interrupted.into_iter().chain(denied).collect()
}

/// The folder of a scenario.
pub fn area(scenario: &str) -> &str {
    scenario
        .rsplit_once('/')
        .map_or("scenarios", |(area, _)| area)
}

/// The name of a check in its case; of one in a row of a matrix, with the row before it.
fn name(check: &CheckReport) -> &str {
    check
        .id
        .0
        .strip_prefix(&check.case)
        .map_or(check.id.0.as_str(), |rest| {
            rest.trim_start_matches(['#', '/'])
        })
}

/// The part of `total` that the one at `index` of `parts` gets; together they are `total`.
fn share(total: u64, parts: usize, index: usize) -> u64 {
    let parts = parts.max(1) as u64;
    total / parts + u64::from((index as u64) < total % parts)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates; no run takes negative time"
)]
fn whole(milliseconds: f64) -> u64 {
    milliseconds.round() as u64
}

/// The members of an object.
fn extra(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::sample;

    #[test]
    fn shares_of_a_time_sum_up_to_it() {
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
    fn check_is_named_within_its_case() {
        let mut check = sample().report.checks.remove(0);
        check.id.0 = "queue/order#in-order".into();
        assert_eq!(name(&check), "in-order");
        check.id.0 = "queue/order/type-empty#not-sent".into();
        assert_eq!(name(&check), "type-empty#not-sent");
    }
}
