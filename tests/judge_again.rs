//! The evidence of an older run is judged by the checks of today, and no browser is asked.

mod support;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use support::{
    Alhena, CONFORMS, ENVIRONMENT, Ended, FAILS, Report, USAGE, alhena, copy_of_the_fixtures,
    reference_with,
};

const CASE: &str = "cart/item-added";

/// A run of a build whose prices arrive as text, with this evidence.
fn run(keep: &str) -> Ended {
    let line = alhena("run")
        .sdk(&reference_with(
            "value: event.value,",
            "value: String(event.value),",
        ))
        .option("--profile", "reference");
    let line = line
        .option("--filter", CASE)
        .option("--retries", "0")
        .option("--keep-evidence", keep);
    line.with_report().in_browsers(1).ends_with(FAILS)
}

/// One with the evidence of all cases; made once.
fn ran() -> &'static Ended {
    static RAN: OnceLock<Ended> = OnceLock::new();
    RAN.get_or_init(|| run("all"))
}

/// Judged on a machine without any program.
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
fn the_same_checks_find_the_same() {
    let again = judge(&ran().report_folder()).with_report().ends_with(FAILS);
    assert_eq!(
        again.stdout(),
        format!("{}\nno verdict has changed\n", ran().stdout())
    );
    let (then, now) = (ran().report(), again.report());
    assert_eq!(
        now.0, then.0,
        "and the report is the same, evidence and all"
    );
    again.never_says("note:");
}

#[test]
fn what_is_written_can_be_judged_again() {
    let once = judge(&ran().report_folder()).with_report().ends_with(FAILS);
    judge(&once.report_folder())
        .ends_with(FAILS)
        .prints("no verdict has changed");
}

#[test]
fn a_check_that_asks_more_today_fails_today() {
    let fixtures = fixtures_with(
        "recorded = [\"cart/trail-runner-added\"]",
        "recorded = [\"cart/trail-runner-added\", \"cart/fell-light-added\"]",
    );
    let again = judge(&ran().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(FAILS);
    again
        .prints("changed: 1 verdict\n  cart/item-added#delivered: pass → fail\n")
        .prints("1 of 2 events never reached the backend: cart/fell-light-added");
}

#[test]
fn checks_that_are_new_are_made_and_checks_that_are_gone_are_named() {
    let fixtures = fixtures_with("unchanged = ", "once = ");
    let again = judge(&ran().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(CONFORMS);
    again
        .prints("  cart/item-added#once: not asked → pass")
        .warns("not asked any more: cart/item-added#unchanged");
}

#[test]
fn evidence_of_other_steps_is_not_judged() {
    let fixtures = fixtures_with("{ interact = \"chat\" }", "{ interact = \"faq\" }");
    let again = judge(&ran().report_folder())
        .option("--fixtures", fixtures.path())
        .with_report()
        .ends_with(ENVIRONMENT);
    again.warns(
        "1 case not judged: the scenario has changed since: a step was `{ interact = \"chat\" }` \
         and is `{ interact = \"faq\" }`: run it again",
    );
    assert_eq!(
        again.report().check("cart/item-added#delivered")["status"],
        "not_testable"
    );
    again.prints("no verdict has changed");
}

#[test]
fn evidence_of_another_event_is_not_judged() {
    let fixtures = copy_of_the_fixtures();
    let file = fixtures.path().join("events/cart/trail-runner-added.json");
    let text = fs::read_to_string(&file).expect("the event is there");
    fs::write(&file, text.replace("Trail Runner", "Trail Walker"))
        .expect("the event can be changed");
    let again = judge(&ran().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(ENVIRONMENT);
    again.warns("the event cart/trail-runner-added has changed since: run it again");
}

#[test]
fn a_case_that_is_not_in_the_plan_any_more_is_named() {
    let fixtures = fixtures_with("title", "title");
    let (old, new) = (
        fixtures.path().join("scenarios/cart/item-added.toml"),
        fixtures.path().join("scenarios/cart/item-put-in.toml"),
    );
    fs::rename(old, new).expect("the scenario can be renamed");
    let again = judge(&ran().report_folder())
        .option("--fixtures", fixtures.path())
        .ends_with(CONFORMS);
    again
        .warns("the run selected `cart/item-added`, which matches nothing today")
        .warns("of 4 stored cases 1 is not in today's plan, and not judged:\n  cart/item-added");
}

#[test]
fn what_has_evidence_is_judged_and_of_the_rest_it_says_what_to_do() {
    let ran = run("failed");
    let again = judge(&ran.report_folder()).with_report().ends_with(FAILS);
    again
        .warns(
            "3 cases not judged: no evidence was kept: make the run again with --keep-evidence all",
        )
        .prints("no verdict has changed");
    let report = again.report();
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
        (&"not_testable".into(), &serde_json::Value::Null)
    );
}

#[test]
fn another_profile_is_used_and_said() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let profile = home.path().join("own.toml");
    let text = "name = \"own\"\nextends = \"reference\"\n[[not_claimed]]\n\
        checks = [\"CART-TYPES\", \"CART-QUANTITY\"]\nreason = \"prices are texts\"\n";
    fs::write(&profile, text).expect("a profile can be written");
    let again = judge(&ran().report_folder())
        .option("--profile", &profile)
        .with_report()
        .ends_with(CONFORMS);
    again
        .warns("the profile's sha256 is not that of the recorded run")
        .prints("cart/item-added#unchanged: fail → not_applicable");
    assert_eq!(again.report().0["profile"]["name"], "own");
    judge(&ran().report_folder())
        .option("--profile", "no/such.toml")
        .ends_with(USAGE)
        .warns("the profile of the recorded run cannot be had");
}

#[test]
fn what_is_known_to_fail_is_known_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let list = home.path().join("known.toml");
    fs::write(
        &list,
        "[[known_failure]]\ncheck = \"cart/item-added#unchanged\"\nreason = \"Ticket 7.\"\n",
    )
    .expect("a list can be written");
    let again = judge(&ran().report_folder())
        .option("--known-failures", &list)
        .ends_with(CONFORMS);
    again
        .prints("conforms but for what is known")
        .prints("no verdict has changed");
}

#[test]
fn what_is_no_report_is_refused() {
    judge(Path::new("tests"))
        .ends_with(USAGE)
        .warns("tests/report.json")
        .warns("name the folder that `run --report DIR` wrote");
    let ended = judge(&ran().report_folder())
        .option("--report", "tests")
        .ends_with(USAGE);
    ended.warns("it holds something other than a report; name a new folder");
    assert!(Report::read(&ran().report_folder()).is_ok());
}
