//! A list of known failures excuses the failures that it names, in the browser and build and until
//! the day that it names, and no check that passes.

use std::fs;
use std::path::PathBuf;

use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, INTERRUPTED, USAGE, alhena, empty_suite, prices_as_text,
    reference, reference_with,
};

/// The only scenario: an event of a visitor who has chatted.
const SCENARIO: &str = r#"title = "An added item is recorded"
steps = [{ visit = "product" }, { interact = "chat" }, { track = "cart/trail-runner-added" }]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-RECORDED"]
unchanged = ["CART-VALUE"]
"#;

/// The check that fails by the known bug.
const KNOWN: &str = "added#unchanged";

/// A suite of two scenarios, and a list of known failures.
struct Setup {
    fixtures: TempDir,
    list: PathBuf,
}

impl Setup {
    /// With a list of this text.
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
            .fold(line, Alhena::arg)
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

fn entry(check: &str, more: &str) -> String {
    format!(
        "[[known_failure]]\ncheck = \"{check}\"\nreason = \"The gateway wants texts until it is \
         replaced.\"\nlink = \"https://tracker.example/7\"\n{more}\n"
    )
}

#[test]
fn known_failure_passes_the_run_but_is_reported() {
    let setup = Setup::with(&entry(KNOWN, "expires = 2999-12-31"));
    let ended = setup.run(&prices_as_text(), &[]).with_code(CONFORMS);
    ended
        .prints("conforms but for what is known — 1 pass · 1 known_failure")
        .prints("The gateway wants texts")
        .prints("https://tracker.example/7");
    let report = ended.report();
    let check = report.check(KNOWN);
    assert_eq!(
        (&check["status"], &check["known"]),
        (&json!("known_failure"), &json!(setup.at(1))),
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
fn unlisted_failure_fails_the_run() {
    let setup = Setup::with(&entry("added#delivered", ""));
    let ended = setup.run(&prices_as_text(), &[]).with_code(FAILS);
    ended
        .prints("fail: `value` arrives as a string")
        .prints("stale: this known failure does not fail any more");
}

#[test]
fn entry_that_no_longer_fails_is_stale() {
    let setup = Setup::with(&format!("# one line\n{}", entry(KNOWN, "")));
    let ended = setup.run(&reference(), &[]).with_code(FAILS);
    ended
        .prints("stale: this known failure does not fail any more")
        .prints(&format!("--> {}", setup.at(2)))
        .prints("held in 3 of 3 attempts: added#unchanged");
    assert_eq!(ended.report().with_status("unexpected_pass"), [KNOWN]);
    assert_eq!(ended.report().0["known_failures"][0]["state"], "stale");
}

#[test]
fn entry_that_matches_passing_checks_is_too_wide() {
    let setup = Setup::with(&entry("added", ""));
    let ended = setup.run(&prices_as_text(), &[]).with_code(FAILS);
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
#[case::unmatched(
    entry("added#never", ""),
    "unmatched: this known failure matches no check"
)]
#[case::expired(
    entry(KNOWN, "expires = 2020-02-29"),
    "expired: this known failure was to be fixed by 2020-02-29"
)]
fn unmatched_or_expired_entry_fails_at_its_line(#[case] more: String, #[case] message: &str) {
    let setup = Setup::with(&format!("{}\n{more}", entry(KNOWN, "expires = 2999-12-31")));
    setup
        .run(&prices_as_text(), &[])
        .with_code(FAILS)
        .prints(message)
        .prints(&format!("--> {}", setup.at(7)));
}

#[test]
fn entry_outside_the_selection_is_not_mentioned() {
    let setup = Setup::with(&format!(
        "{}{}",
        entry(KNOWN, ""),
        entry("other#unchanged", "")
    ));
    let ended = setup.run(&prices_as_text(), &[]).with_code(CONFORMS);
    ended.never_prints("other#unchanged");
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
fn entry_of_another_browser_or_build_excuses_nothing(
    #[case] condition: &str,
    #[case] reason: &str,
) {
    let setup = Setup::with(&entry(KNOWN, condition));
    let ended = setup
        .run(&prices_as_text(), &["--retries", "0"])
        .with_code(FAILS);
    ended.prints("not_applicable").prints(reason);
    assert_eq!(ended.report().check(KNOWN)["status"], "fail");
    assert_eq!(
        ended.report().0["known_failures"][0]["state"],
        "not_applicable"
    );
}

#[test]
fn entry_of_this_browser_and_build_excuses() {
    let setup = Setup::with(&entry(
        KNOWN,
        "browser = \"*chrom*\"\nsdk = \"gleenWidget.js\"",
    ));
    setup
        .run(&prices_as_text(), &["--retries", "0"])
        .with_code(CONFORMS);
}

#[rstest]
#[case::a_wrong_key("because = \"x\"", "unknown field `because`", 5)]
#[case::a_wrong_day("expires = \"soon\"", "expires", 5)]
#[case::flaky_for_ever("flaky = true", "flaky and never expires", 1)]
fn invalid_list_is_refused_at_its_line(
    #[case] more: &str,
    #[case] message: &str,
    #[case] line: usize,
) {
    let setup = Setup::with(&entry(KNOWN, more));
    setup
        .run(&reference(), &[])
        .with_code(USAGE)
        .warns(message)
        .warns(&setup.at(line));
}

#[test]
fn missing_list_is_refused() {
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
fn updated_list_makes_the_next_run_green() {
    let setup = Setup::with("");
    fs::remove_file(&setup.list).expect("there is no list yet");
    let ended = setup
        .run(&prices_as_text(), &["--update-known-failures"])
        .with_code(FAILS);
    ended
        .warns("1 added, 0 removed, 0 narrowed")
        .warns("the new entries want a look");
    assert!(
        setup
            .text()
            .contains("reason = \"found: value of cart/trail-runner-added arrived changed"),
        "{}",
        setup.text()
    );
    setup.run(&prices_as_text(), &[]).with_code(CONFORMS);
}

#[test]
fn update_keeps_comments_order_and_unselected_entries() {
    let other = format!(
        "\n# Of another team.\n{}",
        entry("other#unchanged", "# until the end")
    );
    let setup = Setup::with(&format!(
        "# All known failures.\n\n# Fixed.\n{}{other}",
        entry("added#delivered", "")
    ));
    let ended = setup
        .run(&prices_as_text(), &["--update-known-failures"])
        .with_code(FAILS);
    ended.warns("1 added, 1 removed, 0 narrowed");
    let text = setup.text();
    assert!(
        text.starts_with("# All known failures.\n\n# Of another team.\n[[known_failure]]\n"),
        "{text}"
    );
    assert!(
        !text.contains("Fixed") && text.contains("# until the end"),
        "{text}"
    );
    assert!(text.find("other#unchanged") < text.find(KNOWN), "{text}");
}

#[test]
fn interrupted_run_writes_no_list() {
    let setup = Setup::with("# All known failures.\n");
    let line = alhena("run")
        .sdk(&prices_as_text())
        .option("--fixtures", setup.fixtures.path())
        .option("--known-failures", &setup.list)
        .arg("--verbose");
    let running = line
        .arg("--update-known-failures")
        .in_browsers(1)
        .start()
        .until_it_reports("again ");
    running
        .signal(rustix::process::Signal::INT)
        .ends()
        .with_code(INTERRUPTED)
        .warns("is left as it was");
    assert_eq!(setup.text(), "# All known failures.\n");
}

/// An SDK that sends prices as text in these attempts: the first label of its host counts them,
/// from `c0`.
fn flaky(failing_in: &str) -> String {
    reference_with(
        "value: event.value,",
        &format!(
            "value: [{failing_in}].includes(parseInt(location.hostname.slice(1))) ? \
             String(event.value) : event.value,"
        ),
    )
}

#[rstest]
#[case::once("0", 1)]
#[case::twice("0, 2", 2)]
fn flaky_failure_is_reported_with_its_count(#[case] failing_in: &str, #[case] failed: usize) {
    let setup = Setup::with("");
    let ended = setup.run(&flaky(failing_in), &[]).with_code(FAILS);
    ended.prints(&format!(
        "flaky ({failed} of 3): `value` arrives as a string"
    ));
    let report = ended.report();
    let check = report.check(KNOWN);
    assert_eq!(
        (
            &check["status"],
            &check["attempts"],
            &check["broken_attempts"]
        ),
        (&json!("flaky"), &json!(3), &json!(failed)),
        "{check:#}"
    );
    assert_eq!(report.check("added#delivered")["broken_attempts"], 0);
}

#[test]
fn passing_check_has_one_attempt() {
    let setup = Setup::with("");
    let report = setup.run(&reference(), &[]).with_code(CONFORMS).report();
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
fn known_failure_held_once_is_flaky_unless_declared() {
    let setup = Setup::with(&entry(KNOWN, ""));
    let ended = setup.run(&flaky("0, 2"), &["--verbose"]);
    ended
        .with_code(FAILS)
        .prints("flaky (2 of 3)")
        .prints("`flaky = true` there would say that it comes and goes");
    let setup = Setup::with(&entry(KNOWN, "flaky = true\nexpires = 2999-12-31"));
    setup
        .run(&flaky("0, 2"), &[])
        .with_code(CONFORMS)
        .prints("1 known_failure");
    let held = setup.run(&reference(), &[]).with_code(CONFORMS);
    assert_eq!(
        held.report().0["known_failures"][0]["state"],
        "held",
        "{held}"
    );
}
