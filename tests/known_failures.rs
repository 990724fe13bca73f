//! A list of known failures excuses what it names, where and as long as it says, and nothing that
//! fails no more.

mod support;

use std::fs;
use std::path::PathBuf;

use rstest::rstest;
use serde_json::{Value, json};
use support::{
    CONFORMS, Ended, FAILS, INTERRUPTED, USAGE, alhena, empty_suite, reference, reference_with,
};
use tempfile::TempDir;

/// The only scenario: an event of a visitor who has chatted.
const SCENARIO: &str = r#"title = "An added item is recorded"
steps = [{ visit = "product" }, { interact = "chat" }, { track = "cart/trail-runner-added" }]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-RECORDED"]
unchanged = ["CART-VALUE"]
"#;

/// The bug that is known, and another one beside it.
const KNOWN: &str = "added#unchanged";

/// A suite of two scenarios, and a list of known failures.
struct Desk {
    fixtures: TempDir,
    list: PathBuf,
}

impl Desk {
    /// With this list.
    fn with(list: &str) -> Self {
        let fixtures = empty_suite();
        let put = |path: &str, text: &str| {
            fs::write(fixtures.path().join(path), text).expect("a fixture can be written");
        };
        fs::remove_dir_all(fixtures.path().join("mutants")).expect("the mutants can be removed");
        fs::remove_file(fixtures.path().join("coverage.lock")).expect("the floor can be removed");
        put("scenarios/added.toml", SCENARIO);
        put("scenarios/other.toml", SCENARIO);
        put("known.toml", list);
        let list = fixtures.path().join("known.toml");
        Self { fixtures, list }
    }

    /// Runs `sdk` on one scenario.
    fn run(&self, sdk: &str, more: &[&str]) -> Ended {
        let line = alhena("run")
            .sdk(sdk)
            .option("--fixtures", self.fixtures.path())
            .option("--filter", "added")
            .option("--known-failures", &self.list);
        more.iter()
            .fold(line, support::Alhena::arg)
            .with_report()
            .in_browsers(1)
            .ends()
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.list).expect("the list is there")
    }

    /// `known.toml:line`, as messages name it.
    fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.list.display())
    }
}

/// An SDK with a known bug: prices arrive as text.
fn broken() -> String {
    reference_with("value: event.value,", "value: String(event.value),")
}

fn entry(check: &str, more: &str) -> String {
    format!(
        "[[known_failure]]\ncheck = \"{check}\"\nreason = \"The gateway wants texts until it is \
         replaced.\"\nlink = \"https://tracker.example/7\"\n{more}\n"
    )
}

#[test]
fn a_known_failure_does_not_fail_the_run_and_is_not_hidden() {
    let desk = Desk::with(&entry(KNOWN, "expires = 2999-12-31"));
    let ended = desk.run(&broken(), &[]).with_code(CONFORMS);
    ended
        .prints("conforms but for what is known — 1 pass · 1 known_failure")
        .prints("The gateway wants texts")
        .prints("https://tracker.example/7");
    let report = ended.report();
    let check = report.check(KNOWN);
    assert_eq!(
        (&check["status"], &check["known"]),
        (&json!("known_failure"), &json!(desk.at(1))),
        "{check:#}"
    );
    assert_eq!(
        (&check["attempts"], &check["broken_attempts"]),
        (&json!(2), &json!(2)),
        "it still repeats"
    );
    assert_eq!(report.0["totals"]["known_failure"], 1);
    let entry = &report.0["known_failures"][0];
    assert_eq!(
        (&entry["state"], &entry["checks"], &entry["expires"]),
        (&json!("failing"), &json!([KNOWN]), &json!("2999-12-31")),
        "{entry:#}"
    );
}

#[test]
fn another_failure_still_fails_the_run() {
    let desk = Desk::with(&entry("added#delivered", ""));
    let ended = desk.run(&broken(), &[]).with_code(FAILS);
    ended
        .prints("fail: value of cart/trail-runner-added arrived changed")
        .prints("stale: this known failure does not fail any more");
}

#[test]
fn what_fails_no_more_must_leave_the_list() {
    let desk = Desk::with(&format!("# one line\n{}", entry(KNOWN, "")));
    let ended = desk.run(&reference(), &[]).with_code(FAILS);
    ended
        .prints("stale: this known failure does not fail any more")
        .prints(&format!("--> {}", desk.at(2)))
        .prints("held in 3 of 3 attempts: added#unchanged");
    assert_eq!(ended.report().with_status("unexpected_pass"), [KNOWN]);
    assert_eq!(ended.report().0["known_failures"][0]["state"], "stale");
}

#[test]
fn an_entry_of_more_than_fails_must_be_narrowed() {
    let desk = Desk::with(&entry("added", ""));
    let ended = desk.run(&broken(), &[]).with_code(FAILS);
    ended
        .prints("too_wide: of the 2 checks of this known failure 1 hold")
        .prints("held in 3 of 3 attempts: added#delivered");
    let report = ended.report();
    assert_eq!(
        (
            report.with_status("unexpected_pass"),
            report.with_status("known_failure")
        ),
        (vec!["added#delivered"], vec![KNOWN])
    );
}

#[rstest]
#[case::that_matches_nothing(
    entry("added#never", ""),
    "unmatched: this known failure matches no check"
)]
#[case::whose_day_has_passed(
    entry(KNOWN, "expires = 2020-02-29"),
    "expired: this known failure was to be fixed by 2020-02-29"
)]
fn an_entry_fails_the_run_at_its_line(#[case] more: String, #[case] message: &str) {
    let desk = Desk::with(&format!("{}\n{more}", entry(KNOWN, "expires = 2999-12-31")));
    desk.run(&broken(), &[])
        .with_code(FAILS)
        .prints(message)
        .prints(&format!("--> {}", desk.at(7)));
}

#[test]
fn what_was_not_selected_is_not_spoken_of() {
    let desk = Desk::with(&format!(
        "{}{}",
        entry(KNOWN, ""),
        entry("other#unchanged", "")
    ));
    let ended = desk.run(&broken(), &[]).with_code(CONFORMS);
    ended.never_says("other#unchanged");
    assert_eq!(
        ended.report().0["known_failures"][1]["state"],
        "not_selected"
    );
}

#[rstest]
#[case::of_another_browser(
    "browser = \"firefox\"",
    "it is about the browser `firefox`, this is chrom"
)]
#[case::of_another_build(
    "sdk = \"0123456789abcdef\"",
    "it is about the SDK of sha256 0123456789abcdef…"
)]
#[case::of_another_file(
    "sdk = \"other*.js\"",
    "it is about the SDK `other*.js`, this is gleenWidget.js"
)]
fn an_entry_excuses_nothing_elsewhere(#[case] place: &str, #[case] why: &str) {
    let desk = Desk::with(&entry(KNOWN, place));
    let ended = desk.run(&broken(), &["--retries", "0"]).with_code(FAILS);
    ended.prints("not_applicable").prints(why);
    assert_eq!(ended.report().check(KNOWN)["status"], "fail");
    assert_eq!(
        ended.report().0["known_failures"][0]["state"],
        "not_applicable"
    );
}

#[test]
fn an_entry_for_this_build_and_browser_excuses() {
    let desk = Desk::with(&entry(
        KNOWN,
        "browser = \"*chrom*\"\nsdk = \"gleenWidget.js\"",
    ));
    desk.run(&broken(), &["--retries", "0"]).with_code(CONFORMS);
}

#[rstest]
#[case::a_wrong_key("because = \"x\"", "unknown field `because`", 5)]
#[case::a_wrong_day("expires = \"soon\"", "expires", 5)]
#[case::flaky_for_ever("flaky = true", "flaky and never expires", 1)]
fn a_list_that_cannot_be_understood_is_refused_at_its_line(
    #[case] more: &str,
    #[case] message: &str,
    #[case] line: usize,
) {
    let desk = Desk::with(&entry(KNOWN, more));
    desk.run(&reference(), &[])
        .with_code(USAGE)
        .warns(message)
        .warns(&desk.at(line));
}

#[test]
fn a_list_that_is_not_there_is_refused() {
    alhena("run")
        .sdk(&reference())
        .option("--known-failures", "no/such.toml")
        .ends_with(USAGE)
        .warns("--> no/such.toml")
        .warns("cannot read this file");
    alhena("run")
        .arg("--update-known-failures")
        .ends_with(USAGE)
        .warns("--known-failures");
}

#[test]
fn the_list_can_be_written_so_that_the_next_run_is_green() {
    let desk = Desk::with("");
    fs::remove_file(&desk.list).expect("there is no list yet");
    let ended = desk
        .run(&broken(), &["--update-known-failures"])
        .with_code(FAILS);
    ended
        .warns("1 added, 0 removed, 0 narrowed")
        .warns("the new entries want a look");
    assert!(
        desk.text()
            .contains("reason = \"found: value of cart/trail-runner-added arrived changed"),
        "{}",
        desk.text()
    );
    desk.run(&broken(), &[]).with_code(CONFORMS);
}

#[test]
fn an_update_keeps_the_comments_and_the_order_and_what_was_not_run() {
    let other = format!(
        "\n# Not ours.\n{}",
        entry("other#unchanged", "# until the end")
    );
    let desk = Desk::with(&format!(
        "# All we know.\n\n# Mended.\n{}{other}",
        entry("added#delivered", "")
    ));
    let ended = desk
        .run(&broken(), &["--update-known-failures"])
        .with_code(FAILS);
    ended.warns("1 added, 1 removed, 0 narrowed");
    let text = desk.text();
    assert!(
        text.starts_with("# All we know.\n\n# Not ours.\n[[known_failure]]\n"),
        "{text}"
    );
    assert!(
        !text.contains("Mended") && text.contains("# until the end"),
        "{text}"
    );
    assert!(text.find("other#unchanged") < text.find(KNOWN), "{text}");
}

#[test]
fn an_interrupted_run_writes_no_list() {
    let desk = Desk::with("# All we know.\n");
    let line = alhena("run")
        .sdk(&broken())
        .option("--fixtures", desk.fixtures.path())
        .option("--known-failures", &desk.list);
    let running = line
        .arg("--update-known-failures")
        .in_browsers(1)
        .start()
        .until_it_says("again");
    running
        .signal(rustix::process::Signal::INT)
        .ends()
        .with_code(INTERRUPTED)
        .warns("is left as it was");
    assert_eq!(desk.text(), "# All we know.\n");
}

/// An SDK whose prices are text in these attempts: the first label of its host counts them, from
/// `c0`.
fn flaky(broken_in: &str) -> String {
    reference_with(
        "value: event.value,",
        &format!(
            "value: [{broken_in}].includes(parseInt(location.hostname.slice(1))) ? \
             String(event.value) : event.value,"
        ),
    )
}

#[rstest]
#[case::once("0", 1)]
#[case::twice("0, 2", 2)]
fn a_failure_that_comes_and_goes_says_how_often(#[case] broken_in: &str, #[case] broken: usize) {
    let desk = Desk::with("");
    let ended = desk.run(&flaky(broken_in), &[]).with_code(FAILS);
    ended.prints(&format!(
        "flaky ({broken} of 3): value of cart/trail-runner-added arrived changed"
    ));
    let report = ended.report();
    let check = report.check(KNOWN);
    assert_eq!(
        (
            &check["status"],
            &check["attempts"],
            &check["broken_attempts"]
        ),
        (&json!("flaky"), &json!(3), &json!(broken)),
        "{check:#}"
    );
    assert_eq!(report.check("added#delivered")["broken_attempts"], 0);
}

#[test]
fn what_passes_at_once_is_tried_once_and_what_was_not_judged_has_no_count() {
    let desk = Desk::with("");
    let report = desk.run(&reference(), &[]).with_code(CONFORMS).report();
    assert_eq!(
        (
            &report.check(KNOWN)["attempts"],
            &report.check(KNOWN)["broken_attempts"]
        ),
        (&json!(1), &json!(0))
    );
    assert_eq!(report.check(KNOWN)["known"], Value::Null);
}

#[test]
fn a_known_failure_that_held_once_is_flaky_unless_its_entry_says_so() {
    let desk = Desk::with(&entry(KNOWN, ""));
    let ended = desk.run(&flaky("0, 2"), &[]).with_code(FAILS);
    ended
        .prints("flaky (2 of 3)")
        .prints("`flaky = true` there would say that it comes and goes");
    let desk = Desk::with(&entry(KNOWN, "flaky = true\nexpires = 2999-12-31"));
    desk.run(&flaky("0, 2"), &[])
        .with_code(CONFORMS)
        .prints("1 known_failure");
    let held = desk.run(&reference(), &[]).with_code(CONFORMS);
    assert_eq!(
        held.report().0["known_failures"][0]["state"],
        "held",
        "{held}"
    );
}
