//! A build that cannot work at all: the run ends, says what happened, and judges nothing that could
//! not be tested.

mod support;

use rstest::rstest;
use support::{Ended, FAILS, Report, alhena, reference};

/// What is asked of a build that never gets so far.
const CHECK: &str = "gate/no-interaction@call=queue#not-recorded";

/// One attempt is enough: these builds break alike each time, and each costs a deadline, which is
/// short for what never comes.
fn run(sdk: &str) -> Ended {
    alhena("run")
        .sdk(sdk)
        .profile("[waits]\nready_ms = 1500\n")
        .option("--filter", CHECK)
        .option("--retries", "0")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS)
}

fn broken<'r>(report: &'r Report, check: &str) -> &'r str {
    let check = report.check(check);
    assert_eq!(check["status"], "fail", "{check:#}");
    check["message"]
        .as_str()
        .expect("a failing check has a message")
}

#[rstest]
#[case::with_a_syntax_error("(function () {", "Uncaught SyntaxError: Unexpected end of input")]
#[case::that_throws_at_load(
    "throw new Error('no licence for this host');",
    "Uncaught Error: no licence for this host"
)]
#[case::that_does_nothing("void 0;", "gleenWidget is not defined")]
fn an_sdk_that_never_becomes_ready_is_told_why(#[case] sdk: &str, #[case] why: &str) {
    let ended = run(sdk);
    let report = ended.report();
    let message = broken(&report, "install/becomes-ready#ready");
    assert!(
        message.contains("the SDK did not become ready within") && message.contains(why),
        "{message}"
    );
    ended
        .prints("the SDK did not become ready within")
        .prints(why);
}

#[test]
fn an_sdk_that_loops_for_ever_is_told_so() {
    let ended = run("for (;;) {}");
    ended.prints("a script of it loops for ever");
    assert!(
        broken(&ended.report(), "install/becomes-ready#ready").contains("loops for ever"),
        "{ended}"
    );
}

#[test]
fn an_sdk_that_opens_a_dialog_is_shown_the_dialogs_text() {
    let sdk = format!("alert('Please update your browser');\n{}", reference());
    let check = "guest/no-dialog-for-invalid-events#no-dialog";
    let ended = alhena("run")
        .sdk(&sdk)
        .option("--filter", check)
        .option("--retries", "0")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    ended.prints("a dialog opened: Please update your browser");
    assert_eq!(
        ended.report().with_status("fail"),
        [check],
        "a dialog is no reason not to go on: {ended}"
    );
}

#[test]
fn what_needs_a_working_sdk_is_not_testable_and_never_failed() {
    let ended = run("void 0;");
    let report = ended.report();
    let check = report.check(CHECK);
    assert_eq!(check["status"], "not_testable", "{check:#}");
    assert_eq!(
        check["message"],
        "the prerequisite install/becomes-ready does not hold"
    );
    assert_eq!(
        report.with_status("fail"),
        ["install/becomes-ready#ready"],
        "{ended}"
    );
    assert_eq!(report.with_status("error"), Vec::<&str>::new(), "{ended}");
}
