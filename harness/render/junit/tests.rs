#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use super::junit;
use crate::report::sample::{hostile, sample, with_a_stale_entry};
use crate::verdict::Status;

fn all<'d>(document: &'d Document<'_>, tag: &str) -> Vec<Node<'d, 'd>> {
    document
        .root()
        .descendants()
        .filter(|node| node.has_tag_name(tag))
        .collect()
}

fn number(node: Node<'_, '_>, attribute: &str) -> usize {
    node.attribute(attribute).unwrap().parse().unwrap()
}

fn micros(node: Node<'_, '_>) -> u64 {
    node.attribute("time")
        .unwrap()
        .replace('.', "")
        .parse()
        .unwrap()
}

fn case<'d>(document: &'d Document<'_>, class: &str, name: &str) -> Node<'d, 'd> {
    all(document, "testcase")
        .into_iter()
        .find(|node| {
            node.attribute("classname") == Some(class) && node.attribute("name") == Some(name)
        })
        .unwrap()
}

fn child<'d>(node: Node<'d, 'd>, tag: &str) -> Option<Node<'d, 'd>> {
    node.children().find(|child| child.has_tag_name(tag))
}

#[test]
fn each_folder_is_a_suite_and_each_check_a_test_case() {
    let xml = junit(&sample());
    let document = Document::parse(&xml).unwrap();
    let names: Vec<&str> = all(&document, "testsuite")
        .iter()
        .map(|suite| suite.attribute("name").unwrap())
        .collect();
    assert_eq!(names, ["queue", "cart", "leaving", "gate", "open"]);
    assert!(
        case(&document, "queue/order", "in-order")
            .children()
            .next()
            .is_none()
    );
}

#[test]
fn counts_and_times_are_those_of_what_is_inside() {
    let mut stored = sample();
    let mut second = stored.report.checks[1].clone();
    second.id.0 = "cart/item-added#once".into();
    stored.report.checks.push(second.clone());
    second.id.0 = "cart/item-added#shape".into();
    second.status = Status::Error;
    stored.report.checks.push(second);
    stored.report.cases[1].duration_ms = 100.1;
    let xml = junit(&stored);
    let document = Document::parse(&xml).unwrap();
    for suite in all(&document, "testsuite") {
        let inside = |tag: &str| {
            suite
                .descendants()
                .filter(|node| node.has_tag_name(tag))
                .count()
        };
        assert_eq!(number(suite, "tests"), inside("testcase"));
        assert_eq!(
            (
                number(suite, "failures"),
                number(suite, "errors"),
                number(suite, "skipped")
            ),
            (inside("failure"), inside("error"), inside("skipped"))
        );
        assert_eq!(
            micros(suite),
            suite
                .children()
                .filter(|node| node.has_tag_name("testcase"))
                .map(micros)
                .sum::<u64>()
        );
    }
    let root = document.root_element();
    assert_eq!(
        (
            number(root, "tests"),
            number(root, "failures"),
            number(root, "errors")
        ),
        (7, 3, 1)
    );
    assert_eq!(
        micros(root),
        all(&document, "testsuite")
            .into_iter()
            .map(micros)
            .sum::<u64>()
    );
}

#[test]
fn a_failure_tells_what_is_wrong_and_how_to_repeat_it() {
    let xml = junit(&sample());
    let document = Document::parse(&xml).unwrap();
    let test = case(&document, "cart/item-added", "unchanged");
    let failure = child(test, "failure").unwrap();
    assert_eq!(
        (failure.attribute("type"), failure.attribute("message")),
        (Some("fail"), Some("fail: value is a text, not a number"))
    );
    let body = failure.text().unwrap();
    assert!(
        body.contains("--> fixtures/scenarios/cart/item-added.toml:12")
            && body.contains("expected: 89.95")
            && body.contains("CART-VALUE (must)")
    );
    let output = child(test, "system-out").unwrap().text().unwrap();
    assert!(
        output.contains("visit product")
            && output.contains("value: \"89.95\"")
            && output.contains("again: alhena-conformance run --sdk"),
        "{output}"
    );
    assert_eq!(
        child(case(&document, "leaving/close", "delivered"), "failure")
            .unwrap()
            .attribute("type"),
        Some("flaky")
    );
}

#[test]
fn what_was_not_decided_is_skipped_and_says_why_and_an_observation_shows_its_value() {
    let xml = junit(&sample());
    let document = Document::parse(&xml).unwrap();
    let skipped = child(case(&document, "gate/chat", "delivered"), "skipped").unwrap();
    assert_eq!(
        skipped.attribute("message"),
        Some("not_testable: the chat cannot be opened")
    );
    assert_eq!(
        child(case(&document, "open/stored", "observe-page"), "system-out")
            .unwrap()
            .text(),
        Some("observed: [\"a\"]\n")
    );
}

#[test]
fn a_suite_says_what_was_under_test() {
    let xml = junit(&sample());
    let document = Document::parse(&xml).unwrap();
    let suite = all(&document, "testsuite")[1];
    let properties: BTreeMap<&str, &str> = suite
        .descendants()
        .filter(|node| node.has_tag_name("property"))
        .map(|node| {
            (
                node.attribute("name").unwrap(),
                node.attribute("value").unwrap(),
            )
        })
        .collect();
    assert_eq!(properties["sdk"], "dist/gleenWidget.js");
    assert_eq!(properties["browser.version"], "140.0");
    assert_eq!(
        properties["requirement CART-VALUE"],
        "must: What CART-VALUE promises."
    );
    assert!(!properties.contains_key("requirement QUEUE-ORDER"));
    assert_eq!(suite.attribute("timestamp"), Some("2025-06-01T18:00:00"));
}

#[test]
fn an_entry_of_the_known_failures_that_is_not_so_is_a_failure() {
    let xml = junit(&with_a_stale_entry());
    let document = Document::parse(&xml).unwrap();
    let failure = child(case(&document, "known failures", "queue/*"), "failure").unwrap();
    assert_eq!(
        failure.attribute("message"),
        Some("stale: this known failure does not fail any more")
    );
    assert!(failure.text().unwrap().contains("known-failures.toml:2"));
}

#[test]
fn no_text_from_a_page_breaks_the_document_or_gets_lost() {
    let xml = junit(&hostile());
    let document = Document::parse(&xml).unwrap();
    let failure = child(case(&document, "cart/item-added", "unchanged"), "failure").unwrap();
    let message = failure.attribute("message").unwrap();
    assert!(
        message.contains("]]><script>alert(1)</script>&amp;\u{FFFD}␀␛[2J\n| `x` %0A"),
        "{message:?}"
    );
    assert!(failure.text().unwrap().contains("]]><script>"));
}
