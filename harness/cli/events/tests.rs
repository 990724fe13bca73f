#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::input::Files;
use crate::judge::{Defect, Finding};
use crate::plan::{Case, Patterns};
use crate::run::AttemptEnd;
use crate::scenario::Suite;
use crate::sdk::{Build, Installation, Profile, Snippet};
use crate::verdict::{CaseOutcome, Seen, Status};

/// One run of one case, whose check breaks.
fn run(file: &Path, masks: bool) -> Vec<Value> {
    let files = Files::default();
    let suite = Suite::load(&files).unwrap();
    let profile = Profile::load("reference", &files).unwrap();
    let installation = Installation {
        snippet: Snippet::of_profile(&profile).unwrap(),
        build: Build::take(None, "gleenWidget.js", &files).unwrap(),
    };
    let context = Context {
        register: &suite.register,
        profile: &profile,
        installation: &installation,
        masks,
    };
    let mut patterns = Patterns::new(&["cart/item-added#delivered".to_owned()]);
    let case: Arc<Case> = Arc::new(suite.selected(&mut patterns).remove(0));
    let mut outcome = CaseOutcome::untested(&case, "");
    outcome.seen = vec![Seen {
        status: Status::Fail,
        finding: Some(Finding::broken("the event is missing", Defect::Late)),
        ..outcome.seen.remove(0)
    }];
    let mut events = Events::into(Some(file)).unwrap();
    for event in [
        RunEvent::Started {
            cases: 1,
            checks: 1,
        },
        RunEvent::AttemptStarted {
            case: &case,
            number: 1,
        },
        RunEvent::AttemptEnded {
            case: &case,
            number: 1,
            end: AttemptEnd::Hung("the page answers no more".to_owned()),
            took: Duration::from_millis(20),
            broken: vec![&case.checks[0].id],
        },
        RunEvent::Retried {
            case: &case,
            why: "to see whether that repeats".to_owned(),
        },
        RunEvent::Finished(&outcome),
    ] {
        events.listen(&event, context);
    }
    events.run_finished(&crate::report::sample::sample().report);
    let ended = events.ended(Ok(Exit::Fails), Some(Path::new("out")));
    assert!(matches!(ended, Ok(Exit::Fails)));
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn lines(masks: bool) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    run(&folder.path().join("events.jsonl"), masks)
}

#[test]
fn every_line_fits_the_schema() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let lines = lines(false);
    let kinds: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    let all = [
        "run_started",
        "case_started",
        "attempt_started",
        "attempt_ended",
        "case_retried",
        "case_finished",
        "run_finished",
        "ended",
    ];
    assert_eq!(kinds, all);
    for line in &lines {
        assert!(validator.is_valid(line), "{line}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"event": "other", "at_ms": 1.0})));
}

#[test]
fn finished_case_has_its_failed_check() {
    let lines = lines(false);
    let check = &lines[5]["checks"][0];
    assert_eq!(check["id"], "cart/item-added#delivered");
    assert_eq!(check["status"], "fail");
    assert_eq!(check["message"], "the event is missing");
    assert_eq!(lines[5]["fails_the_run"], true);
    assert_eq!(lines[7]["exit_code"], 1);
}

#[test]
fn masked_lines_have_no_messages() {
    assert_eq!(lines(true)[5]["checks"][0]["message"], Value::Null);
}

#[test]
fn last_line_has_the_error_of_a_run_that_could_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    let events = Events::into(Some(&file)).unwrap();
    let error = anyhow!("no browser");
    assert!(
        events
            .ended(Err(Failure::environment(error)), None)
            .is_err()
    );
    let line: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(
        (&line["exit_code"], &line["error"]),
        (&3.into(), &"no browser".into())
    );
}
