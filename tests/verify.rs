//! `run --verify` repeats checks on a crowded machine, and reports each unstable check with its
//! evidence.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Alhena, CONFORMS, Ended, Engine, FAILS, NOTHING, USAGE, alhena, empty_suite, prices_as_text,
    reference, reference_with,
};

/// The only scenario: an event of a visitor who has chatted, and a value that is only observed.
const SCENARIO: &str = r#"title = "An added item is recorded"
steps = [
  { visit = "product" },
  { interact = "chat" },
  { track = "cart/trail-runner-added" },
  { read = "READ", as = "seen" },
]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-RECORDED"]
unchanged = ["CART-VALUE"]
observe-page = ["OBSERVE"]
"#;

/// The number of the attempt, from 0: the first label of its host counts them.
const ATTEMPT: &str = "parseInt(location.hostname.slice(1))";

/// Repeats the scenario four times, which observes the expression `read`.
fn verify(sdk: &str, read: &str, more: &[&str]) -> (Ended, Value) {
    let fixtures = empty_suite();
    fs::remove_dir_all(fixtures.path().join("mutants")).expect("the mutants can be removed");
    fs::remove_file(fixtures.path().join("coverage.lock")).expect("the floor can be removed");
    let scenario = SCENARIO
        .replace("READ", read)
        .replace("OBSERVE", &observed());
    fs::write(fixtures.path().join("scenarios/added.toml"), scenario)
        .expect("the scenario can be written");
    let line = more
        .iter()
        .fold(alhena("run").sdk(sdk), Alhena::arg)
        .option("--fixtures", fixtures.path());
    let ended = line
        .option("--verify", "4")
        .with_report()
        .in_browsers(2)
        .ends();
    let file = fs::read(ended.report_folder().join("verify.json"))
        .unwrap_or_else(|error| panic!("verify.json: {error}\n{ended}"));
    (
        ended,
        serde_json::from_slice(&file).expect("verify.json is JSON"),
    )
}

/// A requirement of the level `observe`.
fn observed() -> String {
    let list: Value =
        serde_json::from_str(&alhena("list").arg("--json").ends_with(CONFORMS).stdout())
            .expect("a list");
    let of = list["requirements"]
        .as_array()
        .expect("requirements")
        .iter()
        .find(|requirement| requirement["level"] == "observe");
    of.and_then(|requirement| requirement["id"].as_str())
        .expect("an observation")
        .to_owned()
}

#[test]
fn equal_verdicts_are_stable() {
    let (ended, stability) = verify(&reference(), "1", &["--seed", "7"]);
    ended
        .prints("4 × 3 checks, none differed")
        .prints("seed 7")
        .never_prints("differs");
    assert_eq!(
        (&stability["odd"], &stability["seed"], &stability["times"]),
        (&json!([]), &json!(7), &json!(4))
    );
    ended.with_code(CONFORMS);
}

#[test]
fn differing_verdict_fails_and_shows_a_rare_attempt() {
    let sdk = reference_with(
        "value: event.value,",
        &format!("value: {ATTEMPT} === 2 ? String(event.value) : event.value,"),
    );
    let (ended, stability) = verify(&sdk, "1", &[]);
    ended
        .prints("flaky (1 of 4): added#unchanged")
        .prints("3 × holds")
        .prints("1 × broken: value of cart/trail-runner-added arrived changed");
    ended
        .prints("4 × 3 checks, 1 differed")
        .prints("--filter added --verify 4 --seed ");
    let unstable = &stability["odd"][0];
    assert_eq!(
        (&unstable["id"], &unstable["oddity"]),
        (&json!("added#unchanged"), &json!("verdict_differs")),
        "{unstable:#}"
    );
    let sent = unstable["evidence"]["requests"].to_string();
    assert!(
        sent.contains(r#"\"value\":\"89.95\""#),
        "the evidence is that of the rare attempt: {sent}"
    );
    ended.with_code(FAILS);
}

#[test]
fn differing_observed_value_is_reported_without_failure() {
    let (ended, stability) = verify(&reference(), &format!("{ATTEMPT} === 2"), &[]);
    ended
        .prints("differs: added#observe-page")
        .prints("4 × 3 checks, none differed; 1 observed value differed, which fails nothing");
    assert_eq!(stability["odd"][0]["oddity"], "value_differs");
    ended.with_code(CONFORMS);
}

#[test]
fn check_that_always_fails_is_a_plain_failure() {
    let (ended, _) = verify(&prices_as_text(), "1", &[]);
    ended
        .prints("fail (4 of 4): added#unchanged")
        .prints("4 × 3 checks, 1 always failed");
    ended.with_code(FAILS);
}

#[test]
fn contradicting_flags_are_wrong_usage() {
    for flags in [
        &["--verify", "4", "--retries", "1"][..],
        &["--verify", "1"],
        &["--seed", "7"],
        &["--verify", "4", "--known-failures", "x"],
    ] {
        flags
            .iter()
            .fold(alhena("run"), Alhena::arg)
            .ends_with(USAGE);
    }
    alhena("run")
        .option("--verify", "4")
        .option("--filter", "no-such-*")
        .ends_with(NOTHING)
        .warns("nothing matches `no-such-*`");
}

#[test]
fn check_of_what_the_engine_never_does_is_not_repeated() {
    let run = alhena("run")
        .option("--verify", "2")
        .option("--filter", "field/prerender-and-called")
        .on(Engine::Firefox)
        .in_browsers(1);
    run.ends_with(NOTHING)
        .warns("none of the selected checks applies to this build in this engine");
}
