//! `self-test` proves the checks by mutants, and reports the mutants that no check catches.

use std::fs;
use std::path::Path;

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CONFORMS, Ended, FAILS, USAGE, alhena, bundled, empty_suite};

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
        "[[mutant]]\nid = \"{id}\"\nhow = \"A typo.\"\nbreaks = \"CART-VALUE\"\n\
         killed_by = \"{killed_by}\"\nfind = '{find}'\nreplace = '{replace}'\n\n"
    )
}

/// The same, shown by browsers of `engine` alone.
fn of_engine(engine: &str, mutant: &str) -> String {
    mutant.replace(
        "[[mutant]]",
        &format!("[[mutant]]\nengines = [\"{engine}\"]"),
    )
}

/// The same, caught in browsers of `engine` by this check.
fn caught_in(engine: &str, check: &str, mutant: &str) -> String {
    mutant.replace(
        "[[mutant]]",
        &format!("[[mutant]]\nkilled_in = {{ {engine} = \"{check}\" }}"),
    )
}

/// What a self-test in the default engine comes to, with that scenario and these mutants alone.
fn self_test(mutants: &[String], exit: i32) -> (Ended, Value) {
    let (ended, [matrix, _]) = self_test_on(&["chromium"], mutants, exit);
    (ended, matrix)
}

/// The same in these engines, with the matrices of Chromium and of Firefox.
fn self_test_on(engines: &[&str], mutants: &[String], exit: i32) -> (Ended, [Value; 2]) {
    let fixtures = suite_with(mutants);
    let report = tempfile::tempdir().expect("a temporary folder");
    let run = engines.iter().fold(alhena("self-test"), |run, engine| {
        run.option("--engine", *engine)
    });
    let ended = run
        .option("--fixtures", fixtures.path())
        .option("--report", report.path())
        .in_browsers(1)
        .ends_with(exit);
    let of = |name: &str| read(&report.path().join(name));
    (
        ended,
        [of("kill-matrix.json"), of("kill-matrix.firefox.json")],
    )
}

/// Fixtures with that scenario and these mutants alone.
fn suite_with(mutants: &[String]) -> TempDir {
    let fixtures = empty_suite();
    let put = |path: &str, text: &str| {
        fs::write(fixtures.path().join(path), text).expect("a fixture can be written");
    };
    fs::remove_dir_all(fixtures.path().join("mutants")).expect("the mutants can be removed");
    fs::create_dir(fixtures.path().join("mutants")).expect("a folder can be made");
    fs::remove_file(fixtures.path().join("coverage.lock")).expect("the floor can be removed");
    fs::remove_file(fixtures.path().join("proofs.lock")).expect("the proofs can be removed");
    put("scenarios/added.toml", SCENARIO);
    put("mutants/few.toml", &mutants.concat());
    fixtures
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
fn killed_mutant_proves_its_check() {
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
fn change_alone_is_driven_again_and_sealed() {
    let before = suite_with(&[price_as_text(), never_sent()]);
    let update = |fixtures: &TempDir| {
        let run = alhena("self-test").option("--fixtures", fixtures.path());
        run.arg("--update").in_browsers(1)
    };
    let seal = |fixtures: &TempDir| {
        let proofs = fs::read_to_string(fixtures.path().join("proofs.lock"));
        let proofs = proofs.expect("the proofs were written");
        let mut lines = proofs.lines();
        lines
            .find(|line| line.starts_with("# made on "))
            .map(str::to_owned)
    };
    update(&before).ends_with(CONFORMS);
    assert!(seal(&before).is_some());

    let other = mutant(
        "price-of-nothing",
        "added#unchanged",
        "value: event.value,",
        "value: 0,",
    );
    let now = suite_with(&[other, price_as_text(), never_sent()]);
    fs::copy(
        before.path().join("proofs.lock"),
        now.path().join("proofs.lock"),
    )
    .expect("the proofs can be copied");
    let since = |before: &TempDir, exit| {
        let run = update(&now).option("--since", before.path());
        run.ends_with(exit)
    };
    since(&before, CONFORMS).prints("1 of 1 mutants killed by the check they name");
    assert_ne!(seal(&now), seal(&before));
    since(&now, CONFORMS);
    since(&before, USAGE).warns("were not made on these fixtures");
}

#[test]
fn check_without_mutant_is_unproved_and_fails() {
    let (ended, matrix) = self_test(&[price_as_text()], FAILS);
    ended.prints("1 unproved, no mutant makes them fail: added#delivered");
    assert_eq!(matrix["unproved"], serde_json::json!(["added#delivered"]));
}

#[test]
fn equivalent_mutant_survives_and_is_reported_first() {
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
fn mutant_caught_by_another_check_is_killed_elsewhere() {
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
fn mutant_that_one_engine_shows_must_survive_in_the_others() {
    let text_in_firefox = mutant(
        "price-as-text-in-firefox",
        "added#unchanged",
        "value: event.value,",
        "value: navigator.userAgent.includes(\"Firefox\") ? `${event.value}` : event.value,",
    );
    let mutants = [
        price_as_text(),
        never_sent(),
        of_engine("firefox", &text_in_firefox),
    ];
    let (ended, [chromium, firefox]) = self_test_on(&["chromium", "firefox"], &mutants, CONFORMS);
    ended
        .prints("2 of 2 mutants killed by the check they name")
        .prints("1 of another engine, not seen here")
        .prints("price-as-text-in-firefox  not seen  caught");
    assert_eq!(chromium["mutants"][2]["status"], "of_another_engine");
    assert_eq!(firefox["mutants"][2]["status"], "killed");
    let by = |matrix: &Value| matrix["checks"][1]["proved_by"].as_array().map(Vec::len);
    assert_eq!((by(&chromium), by(&firefox)), (Some(1), Some(2)));
}

#[test]
fn mutant_of_another_engine_that_is_caught_here_is_reported() {
    let (ended, matrix) = self_test(
        &[never_sent(), of_engine("firefox", &price_as_text())],
        FAILS,
    );
    ended.prints("is said to be of another engine");
    assert_eq!(matrix["mutants"][1]["status"], "shown_here_too");
    assert_eq!(matrix["unproved"], serde_json::json!(["added#unchanged"]));
}

#[test]
fn mutant_is_caught_by_the_check_of_its_engine() {
    let lost_in_firefox = mutant(
        "lost-in-firefox",
        "added#unchanged",
        "deliver(\"/analytics/cart_events\", payload, () => {});",
        "if (!navigator.userAgent.includes(\"Firefox\")) deliver(\"/analytics/cart_events\", \
         { ...payload, value: \"0\" }, () => {});",
    );
    let mutants = [
        price_as_text(),
        never_sent(),
        caught_in("firefox", "added#delivered", &lost_in_firefox),
    ];
    let (ended, [chromium, firefox]) = self_test_on(&["chromium", "firefox"], &mutants, CONFORMS);
    ended.prints("3 of 3 mutants killed by the check they name");
    let expected = |matrix: &Value| matrix["mutants"][2]["expected_check"].clone();
    assert_eq!(expected(&chromium), "added#unchanged");
    assert_eq!(expected(&firefox), "added#delivered");
}

#[rstest]
#[case::of_its_own(of_engine("netscape", &price_as_text()))]
#[case::of_another_check(caught_in("netscape", "added#delivered", &price_as_text()))]
fn unknown_engine_of_a_mutant_is_refused(#[case] mutant: String) {
    let (ended, _) = self_test(&[mutant], USAGE);
    ended
        .warns("mutant `price-as-text` names the engine `netscape`, which is not there")
        .warns("mutants/few.toml:1")
        .warns("the engines are chromium, firefox");
}

#[test]
fn check_of_another_engine_that_is_not_planned_is_refused() {
    let (ended, _) = self_test(&[caught_in("firefox", "no#check", &price_as_text())], USAGE);
    ended.warns("mutant `price-as-text` names a check that is not planned: no#check");
}

#[test]
fn ambiguous_edit_is_refused_at_its_line() {
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
fn mutant_of_an_unplanned_check_is_refused() {
    let (ended, _) = self_test(
        &[mutant("lost", "added#once", "value: event.value,", "")],
        USAGE,
    );
    ended.warns("mutant `lost` names a check that is not planned: added#once");
}

#[test]
#[cfg(not(feature = "generated-mutants"))]
fn generated_without_the_feature_is_refused_with_remedy() {
    alhena("self-test")
        .arg("--generated")
        .ends_with(USAGE)
        .warns("cargo build --features generated-mutants");
}

#[test]
#[cfg(feature = "generated-mutants")]
fn generated_mutants_of_invalid_javascript_are_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let sdk = folder.path().join("sdk.js");
    fs::write(&sdk, "fine();\nif (").expect("a file can be written");
    alhena("self-test")
        .arg("--generated")
        .option("--sdk", &sdk)
        .ends_with(USAGE)
        .warns("sdk.js:2");
}

/// A change of the reference SDK takes the mutants of its lines with it, and so their explanations.
#[test]
fn explained_mutants_change_a_text_of_the_reference() {
    let read = |path| fs::read_to_string(bundled().join(path)).expect("a fixture can be read");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let reference = words(&read("sdk/reference/gleenWidget.js"));
    let file: toml::Value =
        toml::from_str(&read("equivalent-mutants.toml")).expect("the explanations are TOML");
    let entries = file["equivalent"].as_array().expect("explanations");
    let text = |entry: &toml::Value, key: &str| entry[key].as_str().expect("a text").to_owned();
    let gone = entries
        .iter()
        .filter(|entry| !reference.contains(&words(&text(entry, "was"))))
        .map(|entry| text(entry, "id"));
    assert_eq!(gone.collect::<Vec<_>>(), Vec::<String>::new());
}
