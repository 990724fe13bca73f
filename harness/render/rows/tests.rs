#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use super::{Rows, ctrf, github, gitlab, junit};
use crate::contract::Level;
use crate::report::compare::Comparison;
use crate::report::compare::tests::{compared, regressed};
use crate::report::sample::{hostile, sample, with_a_stale_entry};
use crate::report::{Report, Stored};
use crate::verdict::Status;

fn junit_of(stored: &Stored) -> String {
    junit(&Rows::of_run(stored))
}

fn github_of(stored: &Stored) -> String {
    github(&Rows::of_run(stored), |_| true)
}

fn ctrf_of(stored: &Stored) -> Value {
    serde_json::from_str(&ctrf(&Rows::of_run(stored))).unwrap()
}

fn errors(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.starts_with("::error "))
        .collect()
}

/// The sample with each number of the report's beginning another one.
fn changed(change: impl FnOnce(&mut Report)) -> Stored {
    let mut stored = sample();
    change(&mut stored.report);
    stored
}

#[test]
fn run_in_every_format() {
    let rows = Rows::of_run(&with_a_stale_entry());
    insta::assert_snapshot!("run.junit", junit(&rows));
    insta::assert_snapshot!("run.gitlab", gitlab(&rows, Path::new("out")));
    insta::assert_snapshot!("run.github", github(&rows, |_| true));
    insta::assert_snapshot!("run.ctrf", ctrf(&rows));
}

#[test]
fn comparison_in_every_format() {
    let rows = Rows::of_comparison(&regressed());
    insta::assert_snapshot!("comparison.junit", junit(&rows));
    insta::assert_snapshot!("comparison.github", github(&rows, |_| true));
    insta::assert_snapshot!("comparison.ctrf", ctrf(&rows));
}

#[test]
fn annotation_names_no_file_that_the_repository_lacks() {
    let rows = Rows::of_run(&sample());
    let text = github(&rows, |_| false);
    assert!(
        errors(&text).iter().all(|line| !line.contains("file=")),
        "{text}"
    );
    assert!(
        errors(&github(&rows, |_| true))
            .iter()
            .any(|line| line.contains("file="))
    );
}

/// By these an existing file is known as one of ours.
#[test]
fn file_begins_with_the_program_whatever_the_numbers() {
    let whole = changed(|_| {});
    let empty = changed(|report| {
        report.checks.clear();
        report.cases.clear();
    });
    for stored in [whole, empty] {
        assert!(junit_of(&stored).starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alhena-conformance\""
        ));
        assert!(ctrf(&Rows::of_run(&stored)).starts_with(
            "{\n  \"reportFormat\": \"CTRF\",\n  \"specVersion\": \"1.0.0\",\n  \"generatedBy\": \
             \"alhena-conformance\","
        ));
    }
}

#[test]
fn comparison_without_a_change_has_one_test() {
    let rows = Rows::of_comparison(&unchanged());
    let xml = junit(&rows);
    let document = Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("tests"), Some("1"));
    assert_eq!(root.attribute("skipped"), None, "the schema of Jenkins");
    assert_eq!(errors(&github(&rows, |_| true)), Vec::<&str>::new());
}

fn unchanged() -> Comparison {
    use crate::report::compare::{Side, compare};
    let side = |name: &str| Side::of_report(sample().report, name);
    compare(&side("old"), &side("new"))
}

fn number(node: Node<'_, '_>, attribute: &str) -> usize {
    node.attribute(attribute).unwrap().parse().unwrap()
}

fn milliseconds(node: Node<'_, '_>) -> u64 {
    node.attribute("time")
        .unwrap()
        .replace('.', "")
        .parse()
        .unwrap()
}

#[test]
fn junit_counts_and_times_are_sums() {
    let stored = changed(|report| {
        let mut second = report.checks[1].clone();
        second.id.0 = "cart/item-added#once".into();
        report.checks.push(second.clone());
        second.id.0 = "cart/item-added#shape".into();
        second.status = Status::Error;
        report.checks.push(second);
        report.cases[1].duration_ms = 100.1;
    });
    let xml = junit_of(&stored);
    let document = Document::parse(&xml).unwrap();
    let root = document.root_element();
    let suites: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    for suite in &suites {
        let inside = |tag: &str| {
            suite
                .descendants()
                .filter(|node| node.has_tag_name(tag))
                .count()
        };
        assert_eq!(number(*suite, "tests"), inside("testcase"));
        assert_eq!(number(*suite, "failures"), inside("failure"));
        assert_eq!(number(*suite, "errors"), inside("error"));
        assert_eq!(number(*suite, "skipped"), inside("skipped"));
        let cases = suite
            .children()
            .filter(|node| node.has_tag_name("testcase"));
        assert_eq!(milliseconds(*suite), cases.map(milliseconds).sum::<u64>());
    }
    assert_eq!(
        (
            number(root, "tests"),
            number(root, "failures"),
            number(root, "errors")
        ),
        (7, 3, 1)
    );
    assert_eq!(
        milliseconds(root),
        suites.into_iter().map(milliseconds).sum::<u64>()
    );
}

#[test]
fn junit_keeps_hostile_text_and_stays_xml() {
    let xml = junit_of(&hostile());
    let document = Document::parse(&xml).unwrap();
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"))
        .unwrap();
    let message = failure.attribute("message").unwrap();
    assert!(
        message.contains("]]><script>alert(1)</script>&amp;\u{FFFD}␀␛[2J\n| `x` %0A"),
        "{message:?}"
    );
    assert!(failure.text().unwrap().contains("]]><script>"));
}

#[test]
fn github_counts_errors_beyond_ten() {
    let stored = changed(|report| {
        for number in 0..20 {
            let mut cause = report.causes[0].clone();
            cause.sentence = format!("field {number} is missing");
            report.causes.push(cause);
        }
    });
    let text = github_of(&stored);
    assert_eq!(errors(&text).len(), 10);
    assert!(
        text.lines()
            .last()
            .is_some_and(|line| line.contains("%0A10 of 22 errors are annotated")),
        "{text}"
    );
}

#[test]
fn github_annotates_each_cause_once() {
    let stored = changed(|report| {
        for number in 0..20 {
            let mut check = report.checks[1].clone();
            check.id.0 = format!("cart/item-added#{number}");
            report.causes[0].checks.push(check.id.clone());
            report.checks.push(check);
        }
    });
    let text = github_of(&stored);
    assert_eq!(errors(&text).len(), 2, "{text}");
    assert!(
        errors(&text)[0].starts_with(
            "::error file=dist/gleenWidget.js,line=47,title=fail%3A `value` \
             arrives as a string in every sendCartEvent::seen in 1 case (21 checks), such as "
        ),
        "{text}"
    );
}

#[test]
fn github_annotates_the_cause_of_several_regressions_once() {
    let one_cause = |report: &mut Report| {
        let mut cause = sample().report.causes[0].clone();
        cause.checks.clear();
        for check in &mut report.checks[..2] {
            (check.status, check.level) = (Status::Fail, Level::Must);
            cause.checks.push(check.id.clone());
        }
        cause.example = cause.checks[0].clone();
        report.causes = vec![cause];
    };
    let sound = |report: &mut Report| {
        report.causes.clear();
        report.checks.retain(|check| !check.id.0.contains("close"));
        report
            .checks
            .iter_mut()
            .for_each(|check| check.status = Status::Pass);
    };
    let mut old = sample().report;
    sound(&mut old);
    let mut new = old.clone();
    one_cause(&mut new);
    let comparison = compared(&old, &new);
    let text = github(&Rows::of_comparison(&comparison), |_| true);
    assert_eq!(comparison.new_failures.len(), 2, "{text}");
    assert_eq!(errors(&text).len(), 1, "{text}");
    assert!(
        text.contains("`value` arrives as a string in every sendCartEvent"),
        "{text}"
    );
}

#[test]
fn github_puts_the_sdk_first_and_flaky_checks_behind() {
    let stored = changed(|report| {
        report.causes.clear();
        report.checks[0].status = Status::Error;
        report.checks.rotate_left(2);
        report.cases.rotate_left(2);
    });
    let text = github_of(&stored);
    let titles = [
        "fail%3A",
        "flaky (1 of 3)%3A",
        "error%3A",
        "not_testable%3A",
    ];
    let found = errors(&text);
    assert_eq!(found.len(), titles.len());
    for (error, title) in found.iter().zip(titles) {
        assert!(error.contains(&format!("title={title}")), "{text}");
    }
}

#[test]
fn github_reports_a_stale_entry_and_not_its_checks() {
    let text = github_of(&with_a_stale_entry());
    assert!(
        text.contains(
            "::error file=known-failures.toml,line=2,title=stale%3A known failure queue/*::\
             this known failure does not fail any more%0Areason: "
        ),
        "{text}"
    );
    assert!(!text.contains("%3A queue/order#in-order"), "{text}");
}

#[test]
fn github_takes_no_command_from_a_page() {
    let text = github_of(&hostile());
    assert!(
        text.lines().all(|line| ["::error ", "::notice "]
            .iter()
            .any(|command| line.starts_with(command))),
        "{text}"
    );
    assert!(
        text.contains("%250A") && !text.contains('\r') && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn ctrf_changes_no_text_from_a_page() {
    let stored = hostile();
    let document = ctrf_of(&stored);
    let tests = document["results"]["tests"].as_array().unwrap();
    let test = tests
        .iter()
        .find(|test| test["name"] == "cart/item-added#unchanged")
        .unwrap();
    let report = &stored.report;
    let reason = report.checks[1].message.as_deref().unwrap();
    let message = format!("{} · {reason}", report.causes[0].sentence);
    assert_eq!(test["message"].as_str(), Some(message.as_str()));
}

#[test]
fn ctrf_summary_counts_the_tests_and_gives_their_time() {
    let summary = ctrf_of(&sample())["results"]["summary"].clone();
    let expected = json!({
        "tests": 5,
        "passed": 2,
        "failed": 2,
        "skipped": 1,
        "pending": 0,
        "other": 0,
        "flaky": 1,
        "suites": 5,
        "start": 1_748_800_800_000_u64,
        "stop": 1_748_800_804_200_u64,
        "duration": 4200
    });
    assert_eq!(summary, expected);
}
