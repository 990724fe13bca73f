//! `explain` describes every id that a report prints.

use rstest::rstest;

use crate::support::{CONFORMS, USAGE, alhena, empty_suite};

/// A scenario file of the user's.
const OWN: &str = r#"
title = "Own"
steps = [{ visit = "product" }, { track = "cart/trail-runner-added" }]
[checks]
throws-nothing = ["QUEUE-THROWS-NOTHING"]
"#;

#[test]
fn requirement_is_explained_with_source_checks_and_mutants() {
    let ended = alhena("explain").arg("QUEUE-ORDER").ends_with(CONFORMS);
    ended
        .prints("QUEUE-ORDER  a requirement")
        .prints("Events are sent in the order of their calls.")
        .prints("source: ")
        .prints("level: should. A promise");
    ended
        .prints("queue/held-events-keep-their-order@load=blocking#in-order")
        .prints("queue-reversed\n    The flush pops entries from the end of the array.");
    ended
        .prints("fixtures/mutants/queue.toml:")
        .prints("The check in-order")
        .prints("how to fix it")
        .prints("alhena-conformance run --filter QUEUE-ORDER");
}

#[test]
fn check_is_explained_at_its_line() {
    let ended = alhena("explain")
        .arg("cart/item-added#unchanged")
        .ends_with(CONFORMS);
    ended.prints(
        "cart/item-added#unchanged  a check of the scenario “An added item is recorded as called”",
    );
    ended
        .prints("It proves CART-TYPES")
        .prints("level: must")
        .prints("What it asks\n  Whether each documented field");
    ended
        .prints("fixtures/scenarios/cart/item-added.toml:13")
        .prints(">  13 | unchanged = [\"CART-TYPES\", \"CART-QUANTITY\"]")
        .prints("   12 | delivered");
    ended
        .prints("cart/trail-runner-added\n    sendCartEvent({\"type\":\"ITEM_ADDED\"")
        .prints("How such a bug happens");
    ended
        .prints("What a failure usually means")
        .prints("How to fix it")
        .prints("run --filter 'cart/item-added#unchanged'");
}

#[test]
fn matrix_row_is_explained_with_its_flaw() {
    let ended = alhena("explain")
        .arg("validation/every-cart-field-every-flaw/value-null#not-sent")
        .ends_with(CONFORMS);
    ended
        .prints("Here of sendCartEvent, where in otherwise valid data: data.value = null;")
        .prints("Whether a call with this one flaw")
        .prints("{ matrix = \"sendCartEvent\" },");
}

#[test]
fn scenario_is_explained_with_all_its_checks() {
    let ended = alhena("explain")
        .arg("queue/holds-a-hundred")
        .ends_with(CONFORMS);
    ended
        .prints("queue/holds-a-hundred  a scenario")
        .prints("cart/numbered, 100 of a series")
        .prints("3 checks in 1 case")
        .prints("What its checks ask");
    let case = alhena("explain")
        .arg("queue/held-events-keep-their-order@load=blocking")
        .ends_with(CONFORMS);
    case.prints("2 checks in 1 case")
        .never_prints("load=injected#");
}

#[test]
fn uncovered_requirement_is_explained_with_its_reason() {
    let list = alhena("list").ends_with(CONFORMS).stdout();
    let lines: Vec<&str> = list.lines().collect();
    let excluded = lines
        .windows(3)
        .find(|three| three[2].starts_with("  excluded: "))
        .expect("one is excluded");
    let id = excluded[0].split(' ').next().expect("an id");
    alhena("explain")
        .arg(id)
        .ends_with(CONFORMS)
        .prints("no check covers it: ")
        .prints("Proved by 0 checks");
}

#[rstest]
#[case::in_lower_case("queue-order", "did you mean QUEUE-ORDER")]
#[case::misspelt("cart/item-aded#unchanged", "did you mean cart/item-added#unchanged")]
#[case::of_nothing("weather", "`alhena-conformance list` shows every requirement")]
fn unknown_id_is_refused_with_near_matches(#[case] id: &str, #[case] help: &str) {
    alhena("explain")
        .arg(id)
        .ends_with(USAGE)
        .warns(&format!("no requirement, check or scenario is called {id}"))
        .warns(help);
}

#[test]
fn own_scenario_is_explained() {
    let suite = empty_suite();
    std::fs::write(suite.path().join("scenarios/own.toml"), OWN)
        .expect("a scenario can be written");
    std::fs::remove_file(suite.path().join("checks.toml")).expect("an older folder has none");
    let ended = alhena("explain")
        .option("--fixtures", suite.path())
        .arg("own#throws-nothing")
        .ends_with(CONFORMS);
    ended
        .prints(">   5 | throws-nothing")
        .prints("What a failure usually means");
}

#[test]
fn scenario_of_a_file_is_run_with_that_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("mine/own.toml");
    std::fs::create_dir(folder.path().join("mine")).expect("a folder can be made");
    std::fs::write(&file, OWN).expect("a scenario can be written");
    let shown = file.display();
    alhena("explain")
        .arg("mine/own")
        .option("--scenario", &file)
        .ends_with(CONFORMS)
        .prints(&format!(
            "alhena-conformance run --filter mine/own --scenario {shown}"
        ));
}

#[test]
fn advice_is_never_cut() {
    let ended = alhena("explain").arg("CART-TYPES").ends_with(CONFORMS);
    let advice = ended.stdout();
    let (_, advice) = advice.split_once("how to fix it").expect("advice");
    assert!(!advice.contains("…\n"), "{ended}");
}
