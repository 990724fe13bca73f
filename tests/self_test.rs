//! The checks are proved by mutants, and a mutant that nobody catches is told.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{CONFORMS, Ended, FAILS, USAGE, alhena, empty_suite};

/// The only scenario: an event of a visitor who has chatted.
const SCENARIO: &str = r#"title = "An added item is recorded"
steps = [{ visit = "product" }, { interact = "chat" }, { track = "cart/trail-runner-added" }]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-RECORDED"]
unchanged = ["CART-VALUE"]
"#;

fn mutant(id: &str, killed_by: &str, find: &str, replace: &str) -> String {
    format!(
        "[[mutant]]\nid = \"{id}\"\nhow = \"A slip.\"\nbreaks = \"CART-VALUE\"\n\
         killed_by = \"{killed_by}\"\nfind = '{find}'\nreplace = '{replace}'\n\n"
    )
}

/// Fixtures with that scenario and these mutants alone.
fn self_test(mutants: &[String], exit: i32) -> (Ended, Value) {
    let fixtures = empty_suite();
    let put = |path: &str, text: &str| {
        fs::write(fixtures.path().join(path), text).expect("a fixture can be written");
    };
    fs::remove_dir_all(fixtures.path().join("mutants")).expect("the mutants can be removed");
    fs::create_dir(fixtures.path().join("mutants")).expect("a folder can be made");
    fs::remove_file(fixtures.path().join("coverage.lock")).expect("the floor can be removed");
    put("scenarios/added.toml", SCENARIO);
    put("mutants/few.toml", &mutants.concat());
    let report = tempfile::tempdir().expect("a temporary folder");
    let ended = alhena("self-test")
        .option("--fixtures", fixtures.path())
        .option("--report", report.path())
        .in_browsers(1)
        .ends_with(exit);
    let matrix = read(&report.path().join("kill-matrix.json"));
    (ended, matrix)
}

fn read(file: &Path) -> Value {
    fs::read(file).map_or(Value::Null, |text| {
        serde_json::from_slice(&text).expect("the kill matrix is JSON")
    })
}

fn price_as_text() -> String {
    mutant(
        "price-as-text",
        "added#unchanged",
        "value: event.value,",
        "value: `${event.value}`,",
    )
}

fn never_sent() -> String {
    mutant(
        "never-sent",
        "added#delivered",
        "deliver(\"/analytics/cart_events\", payload, () => {});",
        "",
    )
}

#[test]
fn a_mutant_that_its_check_catches_proves_it() {
    let (ended, matrix) = self_test(&[price_as_text(), never_sent()], CONFORMS);
    ended.prints("2 of 2 mutants killed by the check they name; 2 of 2 checks");
    assert_eq!(matrix["mutants"][0]["status"], "killed");
    let unchanged = matrix["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .find(|check| check["id"] == "added#unchanged")
        .expect("the check");
    assert_eq!(
        unchanged["proved_by"],
        serde_json::json!(["price-as-text"]),
        "an event that never came proves nothing of its fields"
    );
}

#[test]
fn a_check_that_no_mutant_breaks_is_unproved_and_fails() {
    let (ended, matrix) = self_test(&[price_as_text()], FAILS);
    ended.prints("1 unproved, no mutant makes them fail: added#delivered");
    assert_eq!(matrix["unproved"], serde_json::json!(["added#delivered"]));
}

#[test]
fn a_mutant_that_changes_nothing_survives_and_is_shown_first() {
    let same = mutant(
        "nothing-changed",
        "added#unchanged",
        "value: event.value,",
        "value: event.value ,",
    );
    let (ended, matrix) = self_test(&[never_sent(), same], FAILS);
    ended
        .prints("mutant nothing-changed survived: no check caught it")
        .prints("1 of 2 mutants killed");
    assert_eq!(matrix["mutants"][1]["status"], "survived");
}

#[test]
fn a_mutant_that_another_check_catches_is_not_killed_by_the_one_it_names() {
    let (ended, matrix) = self_test(
        &[mutant(
            "price-as-text",
            "added#delivered",
            "value: event.value,",
            "value: `${event.value}`,",
        )],
        FAILS,
    );
    ended.prints("was caught, but not by the check it names: added#unchanged");
    assert_eq!(matrix["mutants"][0]["status"], "killed_elsewhere");
}

#[test]
fn an_edit_that_does_not_match_exactly_once_is_refused_at_its_line() {
    let (ended, _) = self_test(
        &[mutant("two-places", "added#delivered", "return", "")],
        USAGE,
    );
    ended
        .warns("`find` of mutant `two-places` stands")
        .warns("mutants/few.toml:1")
        .warns("it must stand exactly once");
}

#[test]
fn a_mutant_that_names_a_check_nobody_plans_is_refused() {
    let (ended, _) = self_test(
        &[mutant("lost", "added#once", "value: event.value,", "")],
        USAGE,
    );
    ended.warns("mutant `lost` names a check that is not planned: added#once");
}

#[test]
#[cfg(not(feature = "generated-mutants"))]
fn a_build_that_generates_no_mutants_says_how_to_get_one_that_does() {
    alhena("self-test")
        .arg("--generated")
        .ends_with(USAGE)
        .warns("cargo build --features generated-mutants");
}

#[test]
#[cfg(feature = "generated-mutants")]
fn generated_mutants_of_what_is_no_javascript_are_refused_at_its_line() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let sdk = folder.path().join("sdk.js");
    fs::write(&sdk, "fine();\nif (").expect("a file can be written");
    alhena("self-test")
        .arg("--generated")
        .option("--sdk", &sdk)
        .ends_with(USAGE)
        .warns("sdk.js:2");
}
