use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::document::{
    Attachment, Document, Environment, Results, Summary, Test, TestStatus, Tool,
};
use crate::render::ci::{
    Told, area, check_text, course_text, facts, place, share, told, whole, wrong_entries,
};
use crate::report::Stored;
use crate::report::{CaseReport, CheckReport, KnownFailureReport, Report};
use crate::verdict::Status;

/// The version of the format.
const SPEC_VERSION: &str = "1.0.0";

const TOOL: &str = "alhena-conformance";

/// The report in the Common Test Report Format. An error is `failed` as well, since CI tools look
/// at nothing else; `rawStatus` tells.
pub fn ctrf(stored: &Stored) -> String {
    let report = &stored.report;
    let tests = tests(stored);
    let document = Document {
        report_format: "CTRF",
        spec_version: SPEC_VERSION,
        generated_by: TOOL,
        results: Results {
            tool: Tool {
                name: TOOL,
                version: report.harness.version.clone(),
            },
            summary: summary(report, &tests),
            tests,
            environment: environment(report),
            extra: extra(report),
        },
    };
    let mut text = serde_json::to_string_pretty(&document).expect("texts and numbers are JSON");
    text.push('\n');
    text
}

fn tests(stored: &Stored) -> Vec<Test> {
    let of_case = |case| {
        let checks: Vec<&CheckReport> = stored.report.checks_of(case).collect();
        let (total, parts) = (whole(case.duration_ms, 1.0), checks.len());
        checks
            .into_iter()
            .enumerate()
            .map(|(index, check)| test(stored, case, check, share(total, parts, index)))
            .collect::<Vec<_>>()
    };
    stored
        .report
        .cases
        .iter()
        .flat_map(of_case)
        .chain(wrong_entries(&stored.report).map(entry))
        .collect()
}

fn test(stored: &Stored, case: &CaseReport, check: &CheckReport, duration: u64) -> Test {
    let report = &stored.report;
    let status = match told(check) {
        Told::Passed => TestStatus::Passed,
        Told::Failed | Told::Errored => TestStatus::Failed,
        Told::Skipped => TestStatus::Skipped,
    };
    let trace = (status == TestStatus::Failed).then(|| {
        format!(
            "{}\n{}",
            check_text(stored, check),
            course_text(stored, case)
        )
    });
    let (file, line) = place(&check.at);
    let suite = [area(&case.scenario), &case.scenario, &case.id].map(str::to_owned);
    let tags = check
        .requirements
        .iter()
        .map(ToString::to_string)
        .chain([check.level.to_string()]);
    let attached = |path: &Option<String>, name, content_type| {
        path.clone().map(|path| Attachment {
            name,
            content_type,
            path,
        })
    };
    let evidence = attached(&check.evidence, "evidence", "application/json");
    let picture =
        attached(&case.screenshot, "screenshot", "image/png").filter(|_| check.is_wrong());
    let values = [
        ("expected", &check.expected),
        ("actual", &check.actual),
        ("value", &check.value),
    ];
    let mut extra: Map<String, Value> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
        .collect();
    extra.insert("title".into(), case.title.clone().into());
    extra.insert("again".into(), case.again.clone().into());
    Test {
        name: check.id.0.clone(),
        status,
        duration,
        suite: suite.into(),
        message: check.message.clone(),
        trace,
        snippet: (status == TestStatus::Failed).then(|| check.line.clone()),
        file_path: file.to_owned(),
        line,
        raw_status: check.status.word(),
        tags: tags.collect(),
        kind: "e2e",
        flaky: check.status == Status::Flaky,
        retries: check.attempts.map(|attempts| attempts.saturating_sub(1)),
        browser: report
            .environment
            .as_ref()
            .map(|environment| format!("{} {}", environment.browser, environment.browser_version)),
        attachments: evidence.into_iter().chain(picture).collect(),
        extra,
    }
}

fn entry(entry: &KnownFailureReport) -> Test {
    let (file, line) = place(&entry.at);
    let extra = json!({
        "reason": entry.reason,
        "link": entry.link,
        "expires": entry.expires,
        "checks": entry.checks,
    });
    Test {
        name: format!("known failure {}", entry.check),
        status: TestStatus::Failed,
        duration: 0,
        suite: vec!["known failures".into()],
        message: entry.message.clone(),
        trace: None,
        snippet: None,
        file_path: file.to_owned(),
        line,
        raw_status: entry.state.word(),
        tags: Vec::new(),
        kind: "e2e",
        flaky: false,
        retries: None,
        browser: None,
        attachments: Vec::new(),
        extra: extra.as_object().cloned().unwrap_or_default(),
    }
}

fn summary(report: &Report, tests: &[Test]) -> Summary {
    let count = |status: TestStatus| tests.iter().filter(|test| test.status == status).count();
    let mut suites: Vec<&[String]> = tests.iter().map(|test| test.suite.as_slice()).collect();
    suites.sort_unstable();
    suites.dedup();
    let start = epoch(&report.began);
    let duration = whole(report.duration_ms, 1.0);
    Summary {
        tests: tests.len(),
        passed: count(TestStatus::Passed),
        failed: count(TestStatus::Failed),
        skipped: count(TestStatus::Skipped),
        pending: 0,
        other: 0,
        flaky: tests.iter().filter(|test| test.flaky).count(),
        suites: suites.len(),
        start,
        stop: start + duration,
        duration,
    }
}

/// Milliseconds since 1970; 0 where a report does not say when it began.
fn epoch(began: &str) -> u64 {
    let began = OffsetDateTime::parse(began, &Rfc3339).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    u64::try_from(began.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

fn environment(report: &Report) -> Environment {
    let facts: Map<String, Value> = facts(report)
        .into_iter()
        .filter(|(name, _)| name != "denied host")
        .map(|(name, value)| (name, value.into()))
        .collect();
    let os = report.environment.as_ref().map(|environment| {
        environment
            .platform
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    Environment {
        report_name: "Cart & Checkout Event API",
        app_name: report.sdk.source.clone(),
        os_platform: os,
        extra: facts,
    }
}

fn extra(report: &Report) -> Map<String, Value> {
    let extra = json!({
        "totals": report.totals,
        "requirements": report.requirements,
        "knownFailures": report.known_failures,
        "hosts": report.hosts,
    });
    extra.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::report::sample::{hostile, sample, with_a_stale_entry};

    fn rendered(stored: &Stored) -> Value {
        serde_json::from_str(&ctrf(stored)).unwrap()
    }

    fn named<'v>(document: &'v Value, name: &str) -> &'v Value {
        document["results"]["tests"]
            .as_array()
            .unwrap()
            .iter()
            .find(|test| test["name"] == name)
            .unwrap()
    }

    #[test]
    fn the_summary_counts_the_tests_and_says_when_they_were_made() {
        let summary = rendered(&sample())["results"]["summary"].clone();
        let expected = json!({
            "tests": 5,
            "passed": 2,
            "failed": 2,
            "skipped": 1,
            "pending": 0,
            "other": 0,
            "flaky": 1,
            "suites": 5,
            "start": 1_748_800_800_000_u64,
            "stop": 1_748_800_804_200_u64,
            "duration": 4200
        });
        assert_eq!(summary, expected);
    }

    #[test]
    fn a_failed_check_is_a_test_with_all_that_explains_it() {
        let document = rendered(&sample());
        let test = named(&document, "cart/item-added#unchanged");
        assert_eq!(
            (&test["status"], &test["rawStatus"], &test["retries"]),
            (&json!("failed"), &json!("fail"), &json!(0))
        );
        assert_eq!(
            (&test["filePath"], &test["line"]),
            (
                &json!("fixtures/scenarios/cart/item-added.toml"),
                &json!(12)
            )
        );
        assert_eq!(
            test["suite"],
            json!(["cart", "cart/item-added", "cart/item-added"])
        );
        assert_eq!(test["tags"], json!(["CART-VALUE", "must"]));
        assert_eq!(
            (&test["extra"]["expected"], &test["extra"]["actual"]),
            (&json!(89.95), &json!("89.95"))
        );
        assert!(
            test["trace"].as_str().is_some_and(
                |trace| trace.contains("visit product") && trace.contains("expected: 89.95")
            ),
            "{test}"
        );
        let attached: Vec<&str> = test["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|attachment| attachment["path"].as_str().unwrap())
            .collect();
        assert_eq!(
            attached,
            [
                "evidence/cart_item-added.json",
                "evidence/cart_item-added.png"
            ]
        );
    }

    #[test]
    fn a_flaky_check_failed_and_says_that_it_is_flaky() {
        let document = rendered(&sample());
        let test = named(&document, "leaving/close#delivered");
        assert_eq!(
            (&test["status"], &test["flaky"], &test["retries"]),
            (&json!("failed"), &json!(true), &json!(2))
        );
    }

    #[test]
    fn an_observation_keeps_its_value_and_what_was_not_decided_is_skipped() {
        let document = rendered(&sample());
        assert_eq!(
            named(&document, "open/stored#observe-page")["extra"]["value"],
            json!(["a"])
        );
        let test = named(&document, "gate/chat#delivered");
        assert_eq!(
            (&test["status"], &test["rawStatus"], &test["message"]),
            (
                &json!("skipped"),
                &json!("not_testable"),
                &json!("the chat cannot be opened")
            )
        );
    }

    #[test]
    fn an_entry_of_the_known_failures_that_is_not_so_is_a_failure() {
        let document = rendered(&with_a_stale_entry());
        let test = named(&document, "known failure queue/*");
        assert_eq!(
            (&test["status"], &test["rawStatus"], &test["line"]),
            (&json!("failed"), &json!("stale"), &json!(2))
        );
    }

    #[test]
    fn no_text_from_a_page_is_changed() {
        let stored = hostile();
        let document = rendered(&stored);
        assert_eq!(
            named(&document, "cart/item-added#unchanged")["message"].as_str(),
            stored.report.checks[1].message.as_deref()
        );
    }
}
