//! The default run: the bundled reference SDK keeps every promise, and its report is complete.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{CONFORMS, Ended, Report, alhena, bundled, reference, shared_run};

const WORST_FIRST: [&str; 9] = [
    "fail",
    "flaky",
    "unexpected_pass",
    "error",
    "not_testable",
    "not_run",
    "known_failure",
    "pass",
    "not_applicable",
];

/// The run that all tests here look at.
fn default_run() -> Ended {
    shared_run("default", |run| run.in_browsers(2).ends())
}

fn report() -> &'static Report {
    static REPORT: LazyLock<Report> = LazyLock::new(|| default_run().report());
    &REPORT
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{name}` in {value:#}"))
}

fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

#[test]
fn reference_sdk_conforms() {
    let ended = default_run();
    ended.prints("reference conforms");
    let words: Vec<String> = ended
        .stdout()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    assert!(
        words.join(" ").ends_with(
            "This is the bundled reference SDK, not a build of yours: name one with \
             --sdk FILE|DIR|URL"
        ),
        "{ended}"
    );
    assert_eq!(
        report().0["totals"]["pass"],
        count(&report().0["checks"]),
        "{ended}"
    );
    ended.with_code(CONFORMS);
}

#[test]
fn committed_schema_equals_the_printed_one() {
    let committed = std::fs::read_to_string(bundled().join("report.schema.json"))
        .expect("fixtures/report.schema.json is committed");
    let printed = alhena("schema").ends_with(CONFORMS).stdout();
    assert_eq!(
        committed, printed,
        "write it again: alhena-conformance schema > fixtures/report.schema.json"
    );
}

#[test]
fn report_identifies_sdk_profile_and_environment() {
    let Report(report) = report();
    let sha256 = Sha256::digest(reference())
        .iter()
        .fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    assert_eq!(report["schema"], "alhena-conformance/report/3");
    assert_eq!(report["harness"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        report["sdk"],
        json!({"source": "reference", "sha256": sha256, "fetched": true})
    );
    assert_eq!(report["interrupted"], false);
    for name in ["browser", "browser_version", "driver", "platform"] {
        assert!(!text(&report["environment"], name).is_empty(), "{name}");
    }
    assert_eq!(
        report["environment"]["natives"],
        json!({"XMLHttpRequest": true, "fetch": true, "sendBeacon": true}),
        "the harness replaces none of them"
    );
    assert_eq!(text(&report["profile"], "name"), "reference");
    let hash = text(&report["profile"], "sha256").strip_prefix("content:");
    assert_eq!(hash.map(str::len), Some(64));
}

#[test]
fn every_requirement_is_covered_or_excluded_with_reason() {
    for requirement in report().requirements() {
        let covered = count(&requirement["checks"]) > 0;
        let excluded = requirement["excluded"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty());
        assert!(covered != excluded, "{requirement:#}");
    }
}

#[test]
fn every_must_is_proved_by_several_checks() {
    let musts = report()
        .requirements()
        .iter()
        .filter(|requirement| requirement["level"] == "must" && requirement["excluded"].is_null());
    let alone: Vec<&str> = musts
        .filter(|requirement| count(&requirement["checks"]) < 2)
        .map(|requirement| text(requirement, "id"))
        .collect();
    assert!(
        alone.is_empty(),
        "proved by fewer than two checks: {alone:?}"
    );
}

#[test]
fn requirements_and_checks_name_each_other() {
    let pairs = |list: &'static [Value],
                 of: &str,
                 swapped: bool|
     -> BTreeSet<(&'static str, &'static str)> {
        let named = |item: &'static Value| {
            item[of]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(move |other| (text(item, "id"), other))
        };
        list.iter()
            .flat_map(named)
            .map(|(a, b)| if swapped { (b, a) } else { (a, b) })
            .collect()
    };
    assert_eq!(
        pairs(report().requirements(), "checks", false),
        pairs(report().checks(), "requirements", true)
    );
}

#[test]
fn requirement_has_the_worst_status_of_its_checks() {
    for requirement in report()
        .requirements()
        .iter()
        .filter(|requirement| count(&requirement["checks"]) > 0)
    {
        let own = report().checks().iter().filter(|check| {
            check["requirements"]
                .as_array()
                .is_some_and(|ids| ids.contains(&requirement["id"]))
        });
        let worst = own
            .filter_map(|check| {
                WORST_FIRST
                    .iter()
                    .position(|status| check["status"] == *status)
            })
            .min();
        assert_eq!(
            requirement["status"],
            json!(worst.map(|worst| WORST_FIRST[worst])),
            "{requirement:#}"
        );
    }
}

#[test]
fn totals_equal_the_counted_checks() {
    let mut counted: BTreeMap<&str, usize> =
        WORST_FIRST.into_iter().map(|status| (status, 0)).collect();
    for check in report().checks() {
        *counted.entry(text(check, "status")).or_default() += 1;
    }
    assert_eq!(report().0["totals"], json!(counted));
}

#[test]
fn every_observation_has_a_value() {
    let observations: Vec<&Value> = report()
        .checks()
        .iter()
        .filter(|check| check["level"] == "observe")
        .collect();
    assert!(!observations.is_empty());
    let without: Vec<&str> = observations
        .iter()
        .filter(|check| check["value"].is_null())
        .map(|check| text(check, "id"))
        .collect();
    assert!(without.is_empty(), "without a value: {without:?}");
}

#[test]
fn check_ids_are_unique() {
    let ids: Vec<&str> = report()
        .checks()
        .iter()
        .map(|check| text(check, "id"))
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn every_check_points_at_its_scenario_line() {
    for check in report().checks() {
        let (file, line) = text(check, "at")
            .rsplit_once(':')
            .unwrap_or_else(|| panic!("{check:#}"));
        let scenario = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let line = scenario
            .lines()
            .nth(line.parse::<usize>().expect("a line number") - 1)
            .unwrap_or_else(|| panic!("no such line: {check:#}"));
        let name = text(check, "id")
            .rsplit_once('#')
            .expect("an id ends in the name of the check")
            .1;
        assert!(
            line.contains(name) || line.contains("matrix"),
            "{check:#} points at: {line}"
        );
    }
}

#[test]
fn passed_cases_leave_no_evidence() {
    let entries: Vec<_> = std::fs::read_dir(default_run().report_folder())
        .expect("the report's folder is there")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(
        entries.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(
            [
                "alhena-conformance.manifest.json",
                "report.html",
                "report.json"
            ]
            .map(Into::into)
        )
    );
}
