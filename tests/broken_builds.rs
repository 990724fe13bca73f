//! A build that cannot work at all: the run ends, reports the cause, and judges nothing that could
//! not be tested.

use rstest::rstest;

use crate::support::{CONFORMS, Ended, FAILS, Report, alhena, reference};

/// A check that needs a working SDK.
const CHECK: &str = "gate/no-interaction@call=queue#not-recorded";

/// Makes one attempt: these builds fail alike each time. Each costs a deadline, which is therefore
/// short.
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

fn failure<'r>(report: &'r Report, check: &str) -> &'r str {
    let check = report.check(check);
    assert_eq!(check["status"], "fail", "{check:#}");
    check["message"]
        .as_str()
        .expect("a failing check has a message")
}

#[rstest]
#[case::with_a_syntax_error(
    "(function () {",
    "Uncaught SyntaxError: Unexpected end of input (gleenWidget.js:1:"
)]
#[case::that_throws_at_load(
    "throw new Error('no licence for this host');",
    "Uncaught Error: no licence for this host (gleenWidget.js:1:7)"
)]
#[case::that_does_nothing(
    "void 0;",
    "`typeof gleenWidget.getFingerprint === 'function'` threw ReferenceError: gleenWidget is not \
     defined"
)]
fn sdk_that_never_becomes_ready_is_reported_with_cause(#[case] sdk: &str, #[case] why: &str) {
    let ended = run(sdk);
    let report = ended.report();
    let message = failure(&report, "install/becomes-ready#ready");
    assert!(
        message.contains("the SDK did not become ready within") && message.contains(why),
        "{message}"
    );
    ended
        .prints("the SDK did not become ready within")
        .prints(why);
}

#[test]
fn endless_loop_of_the_sdk_is_reported() {
    let ended = run("for (;;) {}");
    ended.prints("a script of it loops for ever");
    assert!(
        failure(&ended.report(), "install/becomes-ready#ready").contains("loops for ever"),
        "{ended}"
    );
}

#[test]
fn late_sdk_is_reported_with_its_time_to_ready() {
    let sdk = reference().replace("else start();", "else setTimeout(start, 1500);");
    let sdk = sdk.replace(
        "addEventListener(\"DOMContentLoaded\", start)",
        "addEventListener(\"DOMContentLoaded\", () => setTimeout(start, 1500))",
    );
    let ended = alhena("run")
        .sdk(&sdk)
        .option("--filter", "install/becomes-ready#ready")
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    ended.prints("slow: the SDK is ready after ");
    let report = ended.report();
    let ready = &report.0["ready"];
    assert!(
        ready["cases"] == 1 && ready["median_ms"].as_f64() > Some(1400.0),
        "{ready:#}"
    );
}

#[test]
fn opened_dialog_is_reported_with_its_text() {
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
        "the case goes on after a dialog: {ended}"
    );
}

#[test]
fn checks_without_their_prerequisite_are_not_testable() {
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
