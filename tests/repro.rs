//! `repro` repeats one check of an earlier run as it was recorded.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, USAGE, alhena, reference, shared_run_of_prices_as_text,
};

const CHECK: &str = "cart/item-added#unchanged";

/// A run of a build that fails `CHECK`.
fn recorded() -> Ended {
    shared_run_of_prices_as_text("failed")
}

fn repro(check: &str) -> Alhena {
    alhena("repro")
        .arg(recorded().report_folder())
        .arg(check)
        .option("--retries", "0")
}

/// The report of the recorded run, changed.
fn edited(change: impl FnOnce(&mut Value)) -> TempDir {
    let mut report = recorded().report().0;
    change(&mut report);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("report.json"), report.to_string())
        .expect("a report can be written");
    folder
}

#[test]
fn failed_check_fails_again() {
    let ended = repro(CHECK).with_report().in_a_browser().ends_with(FAILS);
    ended
        .prints("repeats: fail as recorded")
        .prints("fail: `value` arrives as a string in every sendCartEvent")
        .never_prints("note:");
    let report = ended.report();
    assert_eq!(
        report.0["filter"],
        serde_json::json!(["cart/item-added"]),
        "just that case"
    );
    assert!(
        report.0["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .all(|case| case["evidence"].is_string()),
        "with all evidence"
    );
}

#[test]
fn fixed_check_does_not_repeat_and_build_is_named() {
    let ended = repro(CHECK)
        .sdk(&reference())
        .in_a_browser()
        .ends_with(CONFORMS);
    ended
        .prints("does not repeat: passes now, recorded fail")
        .warns("the SDK's sha256 is not that of the recorded run: ");
}

#[test]
fn run_of_the_bundled_sdk_is_repeated() {
    let folder = edited(|report| report["command"] = Value::Array(Vec::new()));
    let ended = alhena("repro")
        .arg(folder.path())
        .arg("cart/item-added#delivered")
        .option("--retries", "0")
        .in_a_browser()
        .ends_with(CONFORMS);
    ended
        .prints("repeats: pass as recorded")
        .warns("the SDK's sha256 is not that");
}

#[test]
fn unknown_check_is_refused_with_near_matches() {
    let ended = repro("cart/item-aded#unchanged").ends_with(USAGE);
    ended
        .warns("has no check cart/item-aded#unchanged")
        .warns("did you mean cart/item-added#unchanged");
}

#[test]
fn missing_build_is_named_with_a_remedy() {
    let folder = edited(|report| report["command"][1] = "no/such.js".into());
    let ended = alhena("repro")
        .arg(folder.path())
        .arg(CHECK)
        .ends_with(USAGE);
    ended
        .warns("the recorded build is no longer at no/such.js; --sdk FILE names where it is now")
        .warns("--> no/such.js");
}

#[test]
fn unknown_recorded_options_are_refused() {
    let folder = edited(|report| report["command"][0] = "--skd".into());
    let ended = alhena("repro")
        .arg(folder.path())
        .arg(CHECK)
        .ends_with(USAGE);
    ended
        .warns("the options of the recorded run cannot be understood")
        .warns("--skd")
        .warns("report.json");
}

#[test]
fn removed_check_is_refused() {
    let folder = edited(|report| {
        let checks = report["checks"].as_array_mut().expect("checks");
        checks
            .iter_mut()
            .filter(|check| check["id"] == CHECK)
            .for_each(|check| check["id"] = "cart/item-added#shape".into());
    });
    let ended = alhena("repro")
        .arg(folder.path())
        .arg("cart/item-added#shape")
        .ends_with(USAGE);
    ended.warns("cart/item-added#shape was recorded, and is not asked any more");
}
