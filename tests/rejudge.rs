//! `judge` judges the stored evidence of a run again with today's checks, without a browser.

use std::fs;
use std::path::Path;

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, Ended, FAILS, Report, USAGE, alhena, copy_of_the_fixtures,
    shared_run_of_prices_as_text,
};

const CASE: &str = "cart/item-added";

/// A run with the evidence of all its cases.
fn recorded() -> Ended {
    shared_run_of_prices_as_text("all")
}

/// Judges it on a machine without any program.
fn judge(folder: &Path) -> Alhena {
    alhena("judge").arg(folder).env("PATH", "")
}

/// The fixtures, with the scenario of the case changed.
fn fixtures_with(from: &str, to: &str) -> tempfile::TempDir {
    let fixtures = copy_of_the_fixtures();
    let file = fixtures
        .path()
        .join("scenarios")
        .join(format!("{CASE}.toml"));
    let text = fs::read_to_string(&file).expect("the scenario is there");
    assert!(text.contains(from), "{from}");
    fs::write(&file, text.replace(from, to)).expect("the scenario can be changed");
    fixtures
}

#[test]
fn same_checks_give_the_same_verdicts() {
    let rejudged = judge(&recorded().report_folder())
        .with_report()
        .ends_with(FAILS);
    assert_eq!(
        rejudged.stdout(),
        format!("{}\nno verdict has changed\n", recorded().stdout())
    );
    let (before, after) = (recorded().report(), rejudged.report());
    assert_eq!(
        after.0, before.0,
        "the report is the same, with its evidence"
    );
    rejudged.never_prints("note:");
}

#[test]
fn rejudged_report_can_be_rejudged() {
    let rejudged = judge(&recorded().report_folder())
        .with_report()
        .ends_with(FAILS);
    judge(&rejudged.report_folder())
        .ends_with(FAILS)
        .prints("no verdict has changed");
}

#[test]
fn stricter_check_fails_today() {
    let fixtures = fixtures_with(
        "recorded = [\"cart/trail-runner-added\"]",
        "recorded = [\"cart/trail-runner-added\", \"cart/fell-light-added\"]",
    );
    let rejudged = judge(&recorded().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(FAILS);
    rejudged
        .prints("changed: 1 verdict\n  cart/item-added#delivered: pass → fail\n")
        .prints("fail: cart/fell-light-added (“An added item is recorded as called”) is lost");
}

#[test]
fn new_checks_are_judged_and_removed_ones_named() {
    let fixtures = fixtures_with("unchanged = ", "once = ");
    let rejudged = judge(&recorded().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(CONFORMS);
    rejudged
        .prints("  cart/item-added#once: not asked → pass")
        .warns("not asked any more: cart/item-added#unchanged");
}

#[test]
fn evidence_of_other_steps_is_not_judged() {
    let fixtures = fixtures_with("{ interact = \"chat\" }", "{ interact = \"faq\" }");
    let rejudged = judge(&recorded().report_folder())
        .option("--fixtures", fixtures.path())
        .with_report()
        .ends_with(ENVIRONMENT);
    rejudged.warns(
        "1 case not judged: the scenario has changed since: a step was `{ interact = \"chat\" }` \
         and is `{ interact = \"faq\" }`: run it again",
    );
    assert_eq!(
        rejudged.report().check("cart/item-added#delivered")["status"],
        "not_run"
    );
    rejudged.prints("no verdict has changed");
}

#[test]
fn evidence_of_another_event_is_not_judged() {
    let fixtures = copy_of_the_fixtures();
    let file = fixtures.path().join("events/cart/trail-runner-added.json");
    let text = fs::read_to_string(&file).expect("the event is there");
    fs::write(&file, text.replace("Trail Runner", "Trail Walker"))
        .expect("the event can be changed");
    let rejudged = judge(&recorded().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(ENVIRONMENT);
    rejudged.warns("the event cart/trail-runner-added has changed since: run it again");
}

#[test]
fn case_outside_the_plan_is_named() {
    let fixtures = fixtures_with("title", "title");
    let (old, new) = (
        fixtures.path().join("scenarios/cart/item-added.toml"),
        fixtures.path().join("scenarios/cart/item-put-in.toml"),
    );
    fs::rename(old, new).expect("the scenario can be renamed");
    let rejudged = judge(&recorded().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(CONFORMS);
    rejudged
        .warns("the run selected `cart/item-added`, which matches nothing today")
        .warns("of 4 stored cases 1 is not in today's plan, and not judged:\n  cart/item-added");
}

#[test]
fn cases_without_evidence_are_reported_with_a_remedy() {
    let recorded = shared_run_of_prices_as_text("failed");
    let rejudged = judge(&recorded.report_folder())
        .with_report()
        .ends_with(FAILS);
    rejudged
        .warns(
            "3 cases not judged: no evidence was kept: make the run again with --keep-evidence all",
        )
        .prints("no verdict has changed");
    let report = rejudged.report();
    assert_eq!(
        (report.with_status("fail"), report.with_status("pass")),
        (
            vec!["cart/item-added#unchanged"],
            vec!["cart/item-added#delivered"]
        )
    );
    let other = report.check("install/becomes-ready#ready");
    assert_eq!(
        (&other["status"], &other["attempts"]),
        (&"not_run".into(), &serde_json::Value::Null)
    );
}

#[test]
fn another_profile_is_used_and_reported() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let profile = home.path().join("own.toml");
    let text = "name = \"own\"\nextends = \"reference\"\n[[not_claimed]]\n\
        checks = [\"CART-TYPES\", \"CART-QUANTITY\"]\nreason = \"prices are texts\"\n";
    fs::write(&profile, text).expect("a profile can be written");
    let rejudged = judge(&recorded().report_folder())
        .option("--profile", &profile)
        .with_report()
        .ends_with(CONFORMS);
    rejudged
        .warns("the profile's sha256 is not that of the recorded run")
        .prints("cart/item-added#unchanged: fail → not_applicable");
    assert_eq!(rejudged.report().0["profile"]["name"], "own");
    judge(&recorded().report_folder())
        .option("--profile", "no/such.toml")
        .ends_with(USAGE)
        .warns("the profile of the recorded run cannot be had");
}

#[test]
fn known_failures_excuse_rejudged_checks() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let list = home.path().join("known.toml");
    fs::write(
        &list,
        "[[known_failure]]\ncheck = \"cart/item-added#unchanged\"\nreason = \"Ticket 7.\"\n",
    )
    .expect("a list can be written");
    let rejudged = judge(&recorded().report_folder())
        .option("--known-failures", &list)
        .ends_with(CONFORMS);
    rejudged
        .prints("conforms but for what is known")
        .prints("no verdict has changed");
}

#[test]
fn folder_without_report_is_refused() {
    judge(Path::new("tests"))
        .ends_with(USAGE)
        .warns("tests/report.json")
        .warns("name the folder that `run --report DIR` wrote");
    let ended = judge(&recorded().report_folder())
        .option("--report", "tests")
        .ends_with(USAGE);
    ended.warns("it holds something other than reports of ours: ");
    assert!(Report::read(&recorded().report_folder()).is_ok());
}
