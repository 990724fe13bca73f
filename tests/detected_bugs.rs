//! A build with one wrong line fails the check that asks for it, and the report holds all that its
//! developer needs.

use std::fs;
use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Ended, FAILS, alhena, all_permits, copy_of_the_fixtures, reference_with};

/// A line of the reference SDK, a wrong one in its place, and what must fail.
struct Bug {
    right: &'static str,
    wrong: &'static str,
    check: &'static str,
    requirement: &'static str,
}

const PRICE_AS_TEXT: Bug = Bug {
    right: "value: event.value,",
    wrong: "value: String(event.value),",
    check: "cart/item-added#unchanged",
    requirement: "CART-TYPES",
};
const QUEUE_REVERSED: Bug = Bug {
    right: "handle(queue.shift())",
    wrong: "handle(queue.pop())",
    check: "queue/held-events-keep-their-order@load=blocking#in-order",
    requirement: "QUEUE-ORDER",
};
const NO_DEDUP: Bug = Bug {
    right: "if (hasOrderId && recall(\"localStorage\", orderKey)) {",
    wrong: "if (false) {",
    check: "dedup/twice-in-a-row@call=queue#once",
    requirement: "DEDUP-ORDER-ID",
};
const NO_GATE: Bug = Bug {
    right: "if (hasInteracted()) return true;",
    wrong: "return true;",
    check: "gate/no-interaction@call=queue#not-recorded",
    requirement: "GATE-NONE",
};
const ONE_FINGERPRINT: Bug = Bug {
    right: "const FAQ_FINGERPRINT = \"alhena.fingerprint.faq\";",
    wrong: "const FAQ_FINGERPRINT = CHAT_FINGERPRINT;",
    check: "fingerprints/one-for-each-kind#fingerprints-distinct",
    requirement: "FINGERPRINT-DISTINCT",
};

impl Bug {
    fn build(&self) -> String {
        reference_with(self.right, self.wrong)
    }

    fn run(&self) -> Ended {
        self.run_with_retries(0)
    }

    fn run_with_retries(&self, retries: u8) -> Ended {
        let run = alhena("run")
            .sdk(&self.build())
            .option("--filter", self.check)
            .option("--retries", retries.to_string());
        run.with_report().in_browsers(1).ends_with(FAILS)
    }
}

#[rstest]
#[case::price_as_text(PRICE_AS_TEXT, json!(89.95), json!("89.95"))]
#[case::queue_reversed(QUEUE_REVERSED, Value::Null, Value::Null)]
#[case::no_dedup(NO_DEDUP, Value::Null, Value::Null)]
#[case::no_gate(NO_GATE, Value::Null, Value::Null)]
#[case::one_fingerprint_for_both(ONE_FINGERPRINT, Value::Null, Value::Null)]
fn wrong_line_fails_the_check_that_asks(
    #[case] bug: Bug,
    #[case] expected: Value,
    #[case] actual: Value,
) {
    let ended = bug.run();
    let report = ended.report();
    assert_eq!(report.with_status("fail"), [bug.check], "{ended}");
    let check = report.check(bug.check);
    if !expected.is_null() {
        assert_eq!((&check["expected"], &check["actual"]), (&expected, &actual));
    }
    assert!(
        check["requirements"]
            .as_array()
            .expect("requirements")
            .contains(&bug.requirement.into()),
        "{check:#}"
    );
}

#[test]
fn failure_is_printed_with_location_requirement_and_command() {
    let ended = PRICE_AS_TEXT.run();
    let report = ended.report();
    let check = report.check(PRICE_AS_TEXT.check);
    ended.prints("fail: `value` arrives as a string");
    ended.prints(check["at"].as_str().expect("a location"));
    ended.prints("breaks CART-VALUE");
    ended.prints("expected 89.95").prints("actual \"89.95\"");
    ended.prints("--filter 'cart/item-added#unchanged'");
}

#[test]
fn evidence_and_screenshot_lie_beside_the_report() {
    let ended = PRICE_AS_TEXT.run_with_retries(2);
    let report = ended.report();
    let evidence = ended.report_folder().join(
        report.check(PRICE_AS_TEXT.check)["evidence"]
            .as_str()
            .expect("a path"),
    );
    let record: Value =
        serde_json::from_slice(&fs::read(&evidence).expect("the evidence is there"))
            .expect("the evidence is JSON");
    let attempts = record["attempts"].as_array().expect("every attempt");
    assert_eq!(attempts.len(), 3, "a failure is retried twice");
    let bundle = &attempts[2]["evidence"];
    assert_eq!(bundle["case"], "cart/item-added");
    assert!(
        bundle["requests"]
            .as_array()
            .expect("requests")
            .iter()
            .any(|request| request["path"] == "/analytics/cart_events"),
        "{bundle:#}"
    );
    let screenshot = fs::read(evidence.with_extension("png")).expect("the screenshot is there");
    assert!(screenshot.starts_with(b"\x89PNG"), "not a PNG");
}

#[test]
fn printed_command_repeats_the_failure() {
    let (fixtures, folder) = (
        copy_of_the_fixtures(),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let sdk = folder.path().join("a build's name.js");
    fs::write(&sdk, PRICE_AS_TEXT.build()).expect("the SDK can be written");
    let run = alhena("run")
        .option("--sdk", &sdk)
        .option("--fixtures", fixtures.path())
        .option("--filter", PRICE_AS_TEXT.check)
        .option("--retries", "0");
    let ended = run.in_browsers(1).ends_with(FAILS);
    let stdout = ended.stdout();
    let (_, command) = stdout.split_once("run next").expect("a command");
    let command = command.split("\n\n").next().unwrap_or(command).trim();
    assert!(
        command.contains(&*fixtures.path().to_string_lossy()),
        "it runs other fixtures: {command}"
    );
    let repeated = typed(command, folder.path());
    assert_eq!(
        repeated.status.code(),
        Some(FAILS),
        "$ {command}\n{}",
        String::from_utf8_lossy(&repeated.stderr)
    );
}

/// Runs a command line as a shell does.
fn typed(command: &str, folder: &Path) -> std::process::Output {
    let _permits = all_permits();
    let program = Path::new(env!("CARGO_BIN_EXE_alhena-conformance"));
    let path = format!(
        "{}:{}",
        program.parent().expect("it lies in a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .expect("a shell can be run")
}

#[test]
fn fail_fast_starts_no_further_case() {
    let ended = alhena("run")
        .sdk(&PRICE_AS_TEXT.build())
        .option("--filter", "cart/*")
        .option("--retries", "0")
        .arg("--fail-fast")
        .with_report();
    let ended = ended.in_browsers(1).ends_with(FAILS);
    let report = ended.report();
    let untested = report.with_status("not_run");
    assert!(untested.len() > report.with_status("fail").len(), "{ended}");
    assert_eq!(
        report.check(untested[0])["message"],
        "the run was to stop at the first failure"
    );
}

#[test]
fn fail_fast_confirms_the_first_failure_and_nothing_else() {
    let ended = alhena("run")
        .sdk(&PRICE_AS_TEXT.build())
        .option("--filter", "cart/*")
        .arg("--fail-fast")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let report = ended.report();
    let failed = report.with_status("fail");
    let case = &report.check(failed[0])["case"];
    for check in &failed {
        let check = report.check(check);
        assert_eq!(&check["case"], case, "{ended}");
        assert_eq!(check["attempts"], 3, "{check:#}");
    }
    assert!(
        report.with_status("not_run").len() > failed.len(),
        "{ended}"
    );
}

#[test]
fn run_ends_after_so_many_failed_cases() {
    let ended = alhena("run")
        .sdk(&PRICE_AS_TEXT.build())
        .option("--filter", "cart/*")
        .option("--retries", "0")
        .option("--max-failures", "2")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let report = ended.report();
    let untested = report.with_status("not_run");
    assert_eq!(
        report.check(untested[0])["message"],
        "the run was to stop after 2 failed cases"
    );
    let failed = report.with_status("fail");
    let cases = failed
        .iter()
        .map(|check| report.check(check)["case"].as_str());
    let cases: std::collections::BTreeSet<_> = cases.collect();
    assert_eq!(cases.len(), 2, "{ended}");
}

#[test]
fn failures_like_three_confirmed_ones_are_believed_at_once() {
    let ended = alhena("run")
        .sdk(&PRICE_AS_TEXT.build())
        .option("--filter", "cart/*#unchanged")
        .arg("--own-pages")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let report = ended.report();
    let failed = report.with_status("fail");
    let attempts = failed.iter().map(|check| &report.check(check)["attempts"]);
    let times = |count: u64| attempts.clone().filter(|own| **own == count).count();
    assert!(times(1) > 10, "{ended}");
    assert!((3..=12).contains(&(times(2) + times(3))), "{ended}");
    assert_eq!(report.with_status("flaky"), Vec::<&str>::new(), "{ended}");
}
