//! One check of an earlier run is made again as it was recorded.

mod support;

use std::fs;
use std::sync::OnceLock;

use serde_json::Value;
use support::{Alhena, CONFORMS, Ended, FAILS, Report, USAGE, alhena, reference, reference_with};
use tempfile::TempDir;

const CHECK: &str = "cart/item-added#unchanged";

/// A folder with a build whose prices arrive as text, and the report of its run.
struct Recorded {
    home: TempDir,
    ran: Ended,
}

impl Recorded {
    fn made() -> &'static Self {
        static RECORDED: OnceLock<Recorded> = OnceLock::new();
        RECORDED.get_or_init(|| {
            let home = tempfile::tempdir().expect("a temporary folder");
            fs::write(
                home.path().join("sdk.js"),
                reference_with("value: event.value,", "value: String(event.value),"),
            )
            .expect("the SDK can be written");
            let line = alhena("run")
                .option("--sdk", home.path().join("sdk.js"))
                .option("--profile", "reference")
                .option("--retries", "0");
            let line = line
                .option("--filter", "cart/item-added")
                .option("--report", home.path().join("report"));
            let ran = line.in_browsers(1).ends_with(FAILS);
            Self { home, ran }
        })
    }

    fn repro(&self, check: &str) -> Alhena {
        alhena("repro")
            .arg(self.home.path().join("report"))
            .arg(check)
            .option("--retries", "0")
    }

    /// A report of the same run that says something else.
    fn edited(&self, change: impl FnOnce(&mut Value)) -> TempDir {
        let mut report = Report::read(&self.home.path().join("report"))
            .unwrap_or_else(|error| panic!("{error}\n{}", self.ran))
            .0;
        change(&mut report);
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("report.json"), report.to_string())
            .expect("a report can be written");
        folder
    }
}

#[test]
fn what_failed_fails_again() {
    let ended = Recorded::made()
        .repro(CHECK)
        .with_report()
        .in_a_browser()
        .ends_with(FAILS);
    ended
        .prints("repeats: fail as recorded")
        .prints("value of cart/trail-runner-added arrived changed")
        .never_says("note:");
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
fn what_was_mended_does_not_repeat_and_the_other_build_is_named() {
    let ended = Recorded::made()
        .repro(CHECK)
        .sdk(&reference())
        .in_a_browser()
        .ends_with(CONFORMS);
    ended
        .prints("does not repeat: passes now, recorded fail")
        .warns("the SDK's sha256 is not that of the recorded run: ");
}

#[test]
fn a_run_of_the_bundled_sdk_is_made_again_too() {
    let recorded = Recorded::made();
    let folder = recorded.edited(|report| report["command"] = Value::Array(Vec::new()));
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
fn a_check_that_the_report_has_not_is_refused_with_those_that_are_like_it() {
    let ended = Recorded::made()
        .repro("cart/item-aded#unchanged")
        .ends_with(USAGE);
    ended
        .warns("has no check cart/item-aded#unchanged")
        .warns("did you mean cart/item-added#unchanged");
}

#[test]
fn a_build_that_is_no_longer_there_is_named_with_what_to_do() {
    let folder = Recorded::made().edited(|report| report["command"][1] = "no/such.js".into());
    let ended = alhena("repro")
        .arg(folder.path())
        .arg(CHECK)
        .ends_with(USAGE);
    ended
        .warns("the recorded build is no longer at no/such.js; --sdk FILE names where it is now")
        .warns("--> no/such.js");
}

#[test]
fn options_that_nobody_knows_are_refused_at_their_report() {
    let folder = Recorded::made().edited(|report| report["command"][0] = "--skd".into());
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
fn a_check_that_is_not_asked_any_more_is_refused() {
    let folder = Recorded::made().edited(|report| {
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
