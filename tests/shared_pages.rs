//! Cases that go on on the page of others get the verdicts that they get alone.

use std::collections::BTreeMap;
use std::fs;

use rstest::rstest;
use serde_json::Value;

use crate::support::{Alhena, CONFORMS, Ended, FAILS, alhena, reference_with};

/// Cases of one to three cart events each, which can share a page.
const CASES: [&str; 3] = ["cart/value*", "cart/quantity*", "cart/item*"];

/// The first line of what sends a cart event.
const CALLED: &str = "    if (!mayRecord(\"sendCartEvent\")) return;\n";

/// The reference, with a line before it sends a cart event.
fn with(line: &str) -> String {
    reference_with(CALLED, &format!("    {line}\n{CALLED}"))
}

fn run_of(build: &str) -> Alhena {
    run_with(build, &CASES)
}

fn run_with(build: &str, cases: &[&str]) -> Alhena {
    let run = alhena("run").sdk(build).option("--retries", "0");
    let run = cases
        .iter()
        .fold(run, |run, case| run.option("--filter", case));
    run.with_report()
}

/// The verdict of each check.
fn verdicts(ended: &Ended) -> BTreeMap<String, Value> {
    let report = ended.report();
    let checks = report.checks().iter();
    let verdict = |check: &Value| {
        let id = check["id"].as_str().expect("an id").to_owned();
        (id, check["status"].clone())
    };
    checks.map(verdict).collect()
}

#[rstest]
#[case::is_lost("if (event.value === 0) return;")]
#[case::leaves_the_page("if (event.value === 0) window.location.assign(\"/cart\");")]
#[case::opens_a_dialog("if (event.value === 0) window.alert(0);")]
#[case::is_changed("if (event.value === 0) event.value = 1;")]
#[case::is_the_last_that_works("if (window.over) return; window.over = event.value === 0;")]
fn verdicts_are_those_of_pages_of_their_own_where_one_event(#[case] line: &str) {
    let build = with(line);
    let shared = run_of(&build).in_a_browser().ends();
    let own = run_of(&build).arg("--own-pages").in_a_browser().ends();
    assert_eq!(verdicts(&shared), verdicts(&own), "{shared}");
}

#[test]
fn verdicts_are_those_of_pages_of_their_own_where_no_order_is_ever_recorded() {
    let called = "    if (!mayRecord(\"sendCheckoutEvent\")) return;\n";
    let build = reference_with(called, "    return;\n");
    let orders = || run_with(&build, &["checkout/*", "cart/value*"]);
    let shared = orders().in_a_browser().ends_with(FAILS);
    let own = orders().arg("--own-pages").in_a_browser().ends_with(FAILS);
    assert_eq!(verdicts(&shared), verdicts(&own), "{shared}");
}

/// Runs a build that conforms, and counts the attempts that prove nothing.
fn inconclusive(run: Alhena) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("events.jsonl");
    let run = run.option("--events", &file);
    run.in_a_browser().ends_with(CONFORMS);
    let events = fs::read_to_string(&file).expect("the events are there");
    events.matches("\"end\":\"inconclusive\"").count()
}

#[test]
fn what_breaks_only_among_others_is_not_held_against_the_build() {
    let build = with("window.count = (window.count || 0) + 1; if (window.count > 6) return;");
    assert_ne!(inconclusive(run_of(&build)), 0);
    assert_eq!(inconclusive(run_of(&build).arg("--own-pages")), 0);
}
