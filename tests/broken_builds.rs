//! A build that cannot work at all: the run ends, reports the cause, and judges nothing that could
//! not be tested.

use rstest::rstest;
use serde_json::Value;

use crate::support::{CONFORMS, Ended, Engine, FAILS, Report, alhena, reference, reference_with};

/// A check that needs a working SDK.
const CHECK: &str = "gate/no-interaction@call=queue#not-recorded";

/// Makes one attempt: these builds fail alike each time. Each costs a deadline, which is therefore
/// short.
fn run(sdk: &str) -> Ended {
    run_on(Engine::Chromium, sdk)
}

fn run_on(engine: Engine, sdk: &str) -> Ended {
    alhena("run")
        .on(engine)
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
#[case::is_not_ready("let stopped = false;", "return;", "install/becomes-ready#ready")]
#[case::throws(
    "let stopped = false;",
    "let stopped = false; setTimeout(() => { throw new Error('late'); });",
    "install/becomes-ready#no-uncaught-error"
)]
#[case::loses_events(
    "deliver(\"/analytics/cart_events\", payload, () => {});",
    "",
    "install/chat-is-usable#delivered"
)]
fn nothing_begins_after_a_prerequisite_that_does_not_hold(
    #[case] found: &str,
    #[case] replaced: &str,
    #[case] check: &str,
) {
    let ended = alhena("run")
        .sdk(&reference_with(found, replaced))
        .profile("[waits]\nready_ms = 1500\nrecorded_ms = 1000\n")
        .option("--filter", CHECK)
        .option("--events", "-")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    assert_eq!(ended.report().with_status("fail"), [check], "{ended}");
    let case = check.split('#').next();
    let mut cases: Vec<String> = Vec::new();
    for (own, _) in begun(&ended) {
        if !cases.contains(&own) {
            cases.push(own);
        }
    }
    assert_eq!(cases.last().map(String::as_str), case, "{ended}");
}

/// The case of each attempt and when it began, in milliseconds, as they began.
fn begun(ended: &Ended) -> Vec<(String, f64)> {
    let output = ended.stdout();
    let events = output.lines().map(|line| {
        let event: Value = serde_json::from_str(line).expect("each line is an event");
        event
    });
    let starts = events.filter(|event| event["event"] == "attempt_started");
    let start = |event: Value| {
        let case = event["case"].as_str().expect("a case").to_owned();
        (case, event["at_ms"].as_f64().expect("a time"))
    };
    starts.map(start).collect()
}

#[test]
fn doubt_about_one_prerequisite_repeats_no_other() {
    let sdk = reference_with(
        "\"DOMContentLoaded\", start)",
        "\"DOMContentLoaded\", () => setTimeout(start, 2000))",
    );
    let sdk = sdk.replace("else start();", "else setTimeout(start, 2000);");
    let ended = alhena("run")
        .sdk(&sdk)
        .option("--filter", CHECK)
        .option("--events", "-")
        .in_browsers(1)
        .ends_with(CONFORMS);
    let begun = begun(&ended);
    let times = |case: &str| -> Vec<f64> {
        let own = begun.iter().filter(|(own, _)| own == case);
        own.map(|(_, at)| *at).collect()
    };
    assert!(times("install/becomes-ready").len() > 1, "{ended}");
    for case in ["install/chat-is-usable", "install/faq-is-usable"] {
        let times = times(case);
        // A page that is slower than the first may be doubted, but no sooner than that was ready.
        let again = times.get(1).is_none_or(|again| again - times[0] > 2000.0);
        assert!(again, "{case}: {ended}");
    }
}

#[rstest]
#[case::with_a_syntax_error(
    "(function () {",
    "the SDK is not ready: the console says: SyntaxError: Unexpected end of input \
     (gleenWidget.js:1:",
    "the SDK's script threw while loading: SyntaxError: Unexpected end of input"
)]
#[case::that_throws_at_load(
    "throw new Error('no licence for this host');",
    "the SDK is not ready: the console says: Error: no licence for this host \
     (gleenWidget.js:1:7)",
    "the SDK's script threw while loading: Error: no licence for this host"
)]
#[case::that_does_nothing(
    "void 0;",
    "the SDK did not become ready within 1500 ms (line 5): `typeof gleenWidget.getFingerprint === \
     'function'` threw ReferenceError: gleenWidget is not defined",
    "the SDK does not become ready: `typeof gleenWidget.getFingerprint === 'function'` threw"
)]
fn sdk_that_never_becomes_ready_is_reported_with_cause(
    #[case] sdk: &str,
    #[case] why: &str,
    #[case] cause: &str,
) {
    let ended = run(sdk);
    let report = ended.report();
    let message = failure(&report, "install/becomes-ready#ready");
    assert!(message.contains(why), "{message}");
    ended.prints(cause);
}

#[rstest]
fn endless_loop_of_the_sdk_is_reported(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let ended = run_on(engine, "for (;;) {}");
    ended.prints("a script of the page loops for ever");
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

#[rstest]
fn opened_dialog_is_reported_with_its_text(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let sdk = format!("alert('Please update your browser');\n{}", reference());
    let check = "guest/no-dialog-for-invalid-events#no-dialog";
    let ended = alhena("run")
        .on(engine)
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
fn checks_without_their_prerequisite_are_not_run() {
    let ended = run("void 0;");
    let report = ended.report();
    let check = report.check(CHECK);
    assert_eq!(check["status"], "not_run", "{check:#}");
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

#[rstest]
#[case::with_a_syntax_error("(function () {")]
#[case::that_throws_at_load("throw new Error('no licence for this host');")]
fn sdk_that_fails_at_load_costs_no_deadline(#[case] sdk: &str) {
    let ended = alhena("run")
        .sdk(sdk)
        .profile("[waits]\nready_ms = 60000\n")
        .option("--filter", CHECK)
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let report = ended.report();
    assert_eq!(report.check("install/becomes-ready#ready")["attempts"], 3);
    let took = report.0["duration_ms"].as_f64().expect("a duration");
    assert!(took < 60_000.0, "{ended}");
}

#[test]
fn sdk_that_is_ready_some_time_after_an_error_conforms() {
    let late = reference()
        .replace("else start();", "else setTimeout(start, 600);")
        .replace(
            "addEventListener(\"DOMContentLoaded\", start)",
            "addEventListener(\"DOMContentLoaded\", () => setTimeout(start, 600))",
        );
    let sdk = format!("setTimeout(() => {{ throw new Error('a part of it'); }});\n{late}");
    let ended = alhena("run")
        .sdk(&sdk)
        .option("--filter", "install/becomes-ready#ready")
        .with_report()
        .in_browsers(1)
        .ends();
    let check = &ended.report();
    let check = check.check("install/becomes-ready#ready");
    assert_eq!(check["status"], "pass", "{ended}");
}
