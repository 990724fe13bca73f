//! The default run: the bundled reference SDK keeps every promise, and its report says so in full.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{CONFORMS, Ended, Report, alhena, bundled, reference};

const WORST_FIRST: [&str; 8] = [
    "fail",
    "flaky",
    "unexpected_pass",
    "error",
    "not_testable",
    "known_failure",
    "pass",
    "not_applicable",
];

/// The run is made once, for all tests here.
fn default_run() -> &'static Ended {
    static RUN: OnceLock<Ended> = OnceLock::new();
    RUN.get_or_init(|| alhena("run").with_report().in_browsers(2).ends())
}

fn report() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| default_run().report())
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
fn the_reference_sdk_conforms() {
    default_run().prints("reference conforms");
    let last = default_run().stdout().lines().last().map(str::to_owned);
    assert_eq!(
        last.as_deref(),
        Some(
            "This is the bundled reference SDK, not a build of yours: name one with \
             --sdk FILE|DIR|URL"
        )
    );
    assert_eq!(
        report().0["totals"]["pass"],
        count(&report().0["checks"]),
        "{}",
        default_run()
    );
    assert_eq!(default_run().code(), Some(CONFORMS), "{}", default_run());
}

#[test]
fn the_committed_schema_is_the_one_the_program_prints() {
    let committed = std::fs::read_to_string(bundled().join("report.schema.json"))
        .expect("fixtures/report.schema.json is committed");
    let printed = alhena("schema").ends_with(CONFORMS).stdout();
    assert_eq!(
        committed, printed,
        "make it anew: alhena-conformance schema > fixtures/report.schema.json"
    );
}

#[test]
fn the_report_says_what_was_tested_with_what_on_what() {
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
        "nothing of ours stands before them"
    );
    assert_eq!(text(&report["profile"], "name"), "reference");
    let hash = text(&report["profile"], "sha256").strip_prefix("content:");
    assert_eq!(hash.map(str::len), Some(64));
}

#[test]
fn every_requirement_is_covered_or_excluded_for_a_reason() {
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
fn a_requirement_has_the_worst_status_of_its_checks() {
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
fn the_totals_are_those_of_the_checks() {
    let mut counted: BTreeMap<&str, usize> =
        WORST_FIRST.into_iter().map(|status| (status, 0)).collect();
    for check in report().checks() {
        *counted.entry(text(check, "status")).or_default() += 1;
    }
    assert_eq!(report().0["totals"], json!(counted));
}

#[test]
fn every_observation_has_the_value_it_saw() {
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
fn no_two_checks_share_an_id() {
    let ids: Vec<&str> = report()
        .checks()
        .iter()
        .map(|check| text(check, "id"))
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn every_check_points_at_the_line_that_asks_for_it() {
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
fn nothing_is_kept_of_cases_that_passed() {
    let entries: Vec<_> = std::fs::read_dir(default_run().report_folder())
        .expect("the report's folder is there")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(entries, ["report.json"]);
}
