use serde_json::{Value, json};

use super::facts::{area, facts, requirements};
use super::model::{Attachment, Location, Note, NoteLevel, Row, Rows, Suite, named, tags};
use crate::contract::RequirementId;
use crate::render::plain::{check_text, course_text, verdict_text};
use crate::render::run::{explained, is_unmade, shown_causes};
use crate::report::{CaseReport, CauseReport, CheckReport, KnownFailureReport, Report, Stored};
use crate::text::counted;
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
            causes: shown_causes(report)
                .into_iter()
                .map(|own| cause_of_run(report, own))
                .collect(),
            notes: notes(report),
            conclusion: verdict_text(stored),
            extra: json!({
                "totals": report.totals,
                "requirements": report.requirements,
                "knownFailures": report.known_failures,
                "hosts": report.hosts,
            }),
        }
    }
}

fn suites(stored: &Stored) -> Vec<Suite> {
    let report = &stored.report;
    let mut suites: Vec<Suite> = Vec::new();
    let mut by_case = report.checks_by_case();
    let by_causes = explained(report);
    for case in &report.cases {
        let checks = by_case.remove(case.id.as_str()).unwrap_or_default();
        let total = whole(case.duration_ms);
        let rows = checks.iter().enumerate().map(|(index, check)| Row {
            milliseconds: share(total, checks.len(), index),
            ..row(stored, case, check, by_causes.contains(&check.id))
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

/// A cause, which stands for all the checks that it explains; where, and what it breaks, is for
/// the caller to say.
pub(super) fn cause(cause: &CauseReport) -> Row {
    let (checks, cases) = (cause.checks.len(), cause.cases.len());
    let seen = format!(
        "seen in {} ({}), such as {}",
        counted(cases, "case"),
        counted(checks, "check"),
        cause.example
    );
    let console = cause.console.iter();
    let place = cause
        .spot
        .iter()
        .map(|own| format!("at {}", own.location()));
    let lines = place.chain(console.map(|text| format!("console: {text}")));
    let lines: Vec<String> = lines.collect();
    let values = [
        ("expected", cause.expected.clone()),
        ("actual", cause.actual.clone()),
        ("usually", cause.means.clone().map(Value::from)),
        ("run next", Some(cause.again.clone().into())),
    ];
    Row {
        id: cause.sentence.clone(),
        reason: Some([&[seen], lines.as_slice()].concat().join("\n")),
        is_flaky: cause.status == Status::Flaky,
        values: named(values),
        ..Row::new(Vec::new(), "cause", cause.bearing(), cause.status.word())
    }
}

fn cause_of_run(report: &Report, own: &CauseReport) -> Row {
    let example = report.check(&own.example);
    // Where it was thrown in the user's file says more than where the scenario asks for it.
    let thrown = own.spot.as_ref().map(|spot| Location {
        file: spot.file.clone(),
        line: Some(spot.line),
    });
    Row {
        location: thrown.or_else(|| example.map(|check| Location::of(&check.at))),
        promises: promises(report, &own.breaks),
        ..cause(own)
    }
}

/// The cause of a failing check.
fn cause_of<'r>(report: &'r Report, check: &CheckReport) -> Option<&'r CauseReport> {
    let mut causes = report.causes.iter();
    causes.find(|cause| cause.checks.contains(&check.id))
}

/// What a cause is, and its place in the user's files where it is known.
fn headline(cause: &CauseReport) -> String {
    let place = cause.spot.as_ref();
    let place = place.map(|own| format!("\n  --> {}", own.location()));
    format!("{}{}", cause.sentence, place.unwrap_or_default())
}

/// Whether a check was not made because of a cause that is reported.
fn follows_from_a_cause(report: &Report, check: &CheckReport) -> bool {
    is_unmade(check) && !shown_causes(report).is_empty()
}

fn row(stored: &Stored, case: &CaseReport, check: &CheckReport, is_explained: bool) -> Row {
    let (report, bearing) = (&stored.report, check.bearing());
    let explained = cause_of(report, check).filter(|_| bearing.is_fault());
    let known = match &check.known {
        Some(location) if check.status == Status::KnownFailure => format!(" ({location})"),
        Some(_) | None => String::new(),
    };
    let (details, output) = match &check.value {
        Some(value) => (String::new(), format!("observed: {value}\n")),
        None if bearing.is_fault() => {
            let headline = explained.map(|own| format!("{}\n", headline(own)));
            let details = headline.unwrap_or_default() + &check_text(stored, check);
            (details, course_text(stored, case))
        }
        None => (String::new(), String::new()),
    };
    let values = [
        ("expected", check.expected.clone()),
        ("actual", check.actual.clone()),
        ("value", check.value.clone()),
        ("title", Some(case.title.clone().into())),
        ("again", Some(case.again.clone().into())),
    ];
    let within = [area(&case.scenario), &case.scenario, &case.id].map(str::to_owned);
    Row {
        id: check.id.0.clone(),
        verdict: format!("{}{known}", check.verdict()),
        cause: explained.map(|own| own.sentence.clone()),
        reason: check.message.clone(),
        is_flaky: check.status == Status::Flaky,
        is_reported_elsewhere: report.is_reported_by_an_entry(check)
            || is_explained
            || follows_from_a_cause(report, check),
        location: Some(Location::of(&check.at)),
        source: bearing.is_fault().then(|| check.line.clone()),
        promises: promises(report, &check.requirements),
        values: named(values),
        details,
        output,
        attempts: check.attempts,
        tags: tags(&check.requirements, Some(check.level)),
        attachments: attachments(case, check),
        ..Row::new(within.into(), name(check), bearing, check.status.word())
    }
}

fn promises(report: &Report, ids: &[RequirementId]) -> Vec<String> {
    report
        .requirements
        .iter()
        .filter(|requirement| ids.contains(&requirement.id))
        .map(|requirement| {
            format!(
                "{} ({}): {}",
                requirement.id, requirement.level, requirement.statement
            )
        })
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
    let values = [
        ("reason", Some(entry.reason.clone().into())),
        ("link", entry.link.clone().map(Value::from)),
        ("expires", entry.expires.clone().map(Value::from)),
        ("checks", Some(json!(entry.checks))),
    ];
    let within = vec![KNOWN_FAILURES.to_owned()];
    Row {
        id: format!("known failure {}", entry.check),
        reason: entry.message.clone(),
        location: Some(Location::of(&entry.at)),
        values: named(values),
        details: format!(
            "{}\nreason: {}\nchecks:\n  {checks}\n",
            entry.at, entry.reason
        ),
        ..Row::new(
            within,
            &entry.check,
            entry.state.bearing(),
            entry.state.word(),
        )
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
