//! `run --events`: what happens, for programs that watch a run.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{CONFORMS, FAILS, USAGE, alhena, bundled, reference, reference_with};

/// One case.
const CASE: &str = "cart/item-added";

fn read(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

fn kinds(lines: &[Value]) -> Vec<&str> {
    let kinds = lines.iter().filter_map(|line| line["event"].as_str());
    kinds.collect()
}

#[test]
fn events_of_a_failing_run_are_lines_on_standard_output() {
    let sdk = reference_with("value: event.value,", "value: String(event.value),");
    let ended = alhena("run")
        .sdk(&sdk)
        .option("--profile", "reference")
        .option("--filter", CASE)
        .option("--retries", "1")
        .option("--events", "-")
        .in_browsers(1)
        .ends_with(FAILS);
    let lines = read(&ended.stdout());
    let kinds = kinds(&lines);
    assert_eq!(kinds.first(), Some(&"run_started"), "{ended}");
    for kind in [
        "case_started",
        "attempt_ended",
        "case_retried",
        "case_finished",
    ] {
        assert!(kinds.contains(&kind), "{kind}: {ended}");
    }
    assert_eq!(
        kinds[kinds.len() - 2..],
        ["run_finished", "ended"],
        "{ended}"
    );
    assert_eq!(lines[lines.len() - 1]["exit_code"], 1);
    let finished = lines.iter().find(|line| {
        line["event"] == "case_finished" && line["case"] == CASE && line["status"] == "fail"
    });
    assert!(finished.is_some(), "{ended}");
    ended.warns("does not conform");
}

#[test]
fn events_go_into_a_file_beside_the_text() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("events.jsonl");
    let ended = alhena("run")
        .option("--filter", CASE)
        .option("--events", &file)
        .in_browsers(1)
        .ends_with(CONFORMS);
    ended.prints("conform");
    let lines = read(&fs::read_to_string(&file).expect("the events are there"));
    let ends = kinds(&lines)
        .iter()
        .filter(|kind| **kind == "attempt_ended")
        .count();
    let starts = kinds(&lines)
        .iter()
        .filter(|kind| **kind == "attempt_started")
        .count();
    assert!(ends > 0 && ends == starts, "{lines:#?}");
}

#[test]
fn next_case_begins_while_a_prerequisite_settles() {
    let ended = alhena("run")
        .sdk(&reference())
        .profile("[waits]\nsettle_ms = 3000\n")
        .option("--filter", CASE)
        .option("--events", "-")
        .in_browsers(1)
        .ends_with(CONFORMS);
    let lines = read(&ended.stdout());
    let first = |event: &str, case: &str| {
        let is_it = |line: &Value| line["event"] == event && line["case"] == case;
        lines
            .iter()
            .position(is_it)
            .unwrap_or_else(|| panic!("{event} of {case}: {ended}"))
    };
    let begins = first("attempt_started", "install/chat-is-usable");
    assert!(
        begins < first("case_finished", "install/becomes-ready"),
        "{ended}"
    );
}

#[test]
fn standard_output_takes_events_or_a_format() {
    alhena("run")
        .option("--events", "-")
        .option("--format", "junit")
        .ends_with(USAGE)
        .warns("--events FILE");
    alhena("run")
        .option("--events", Path::new("no-such-folder/events.jsonl"))
        .ends_with(USAGE)
        .warns("no-such-folder/events.jsonl cannot be written");
}

#[test]
fn committed_schema_of_events_equals_the_printed_one() {
    let committed = fs::read_to_string(bundled().join("events.schema.json"))
        .expect("fixtures/events.schema.json is committed");
    let printed = alhena("schema").arg("events").ends_with(CONFORMS).stdout();
    assert_eq!(committed, printed);
}
