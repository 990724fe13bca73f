//! What the shopper and the shop notice on the page.

use rstest::rstest;
use serde_json::json;

use super::bench::{Bench, event, said, step};
use crate::contract::CaseCheckName;
use crate::evidence::{Call, Dialog, Evidence, Millis, Position, Push, Severity, StepOutcome};
use crate::judge::Finding;
use crate::scenario::{Direction, Step};

fn not_ready(evidence: &mut Evidence) {
    evidence.steps[0].outcome = StepOutcome::GaveUp("gleenWidget is not defined".into());
}

#[test]
fn unready_sdk_is_reported_with_console_errors() {
    let message = Bench::asking(CaseCheckName::Ready)
        .with(not_ready)
        .with(|evidence| {
            evidence.console = vec![
                said(Severity::Uncaught, "SyntaxError"),
                said(Severity::Warning, "a warning"),
                said(Severity::Error, "404"),
            ];
        });
    let expected = "the SDK is not ready: the console says: SyntaxError; 404; gleenWidget is not \
        defined (line 3)";
    assert_eq!(message.message(), expected);
}

#[test]
fn unready_and_silent_sdk_is_reported_as_silent() {
    let silent = Bench::asking(CaseCheckName::Ready)
        .with(not_ready)
        .with(|evidence| evidence.console.clear());
    assert!(silent.message().ends_with("; the console says nothing"));
}

#[test]
fn other_failed_wait_does_not_break_ready() {
    let elsewhere = Bench::asking(CaseCheckName::Ready).expecting(|scenario| {
        scenario.steps = vec![(2, Step::Go(Direction::Reload)), (3, Step::UntilReady)];
    });
    elsewhere
        .with(not_ready)
        .with(|evidence| evidence.steps.push(step(3, 10.0)))
        .holds();
}

#[test]
fn page_values_are_compared_as_json() {
    let reading = |value| {
        Bench::asking(CaseCheckName::Page)
            .with(|evidence: &mut Evidence| drop(evidence.reads.insert("count".into(), value)))
    };
    let broken = reading(json!("2")).broken();
    assert_eq!(broken.message, "`count` on the page is not what it must be");
    assert_eq!(
        (broken.expected, broken.actual),
        (Some(json!(2)), Some(json!("2")))
    );
    reading(json!(2.0)).holds();
}

#[test]
fn case_that_did_not_come_about_is_not_testable() {
    let judged = |given| {
        let bench = Bench::asking(CaseCheckName::Delivered).arriving(&[]);
        let given = [("count".to_owned(), given)];
        bench
            .expecting(|scenario| scenario.expect.given = given.into())
            .judged()
    };
    let why = "`count` must be 3 for this case, and is 2".to_owned();
    assert_eq!(judged(json!(3)), Ok(Finding::NotTestable(why)));
    assert!(judged(json!(2)).is_ok_and(|finding| finding.is_broken()));
}

#[test]
fn expected_value_that_was_never_read_is_a_harness_bug() {
    let unread = Bench::asking(CaseCheckName::Page).with(|evidence| evidence.reads.clear());
    assert_eq!(unread.bug(), "nothing was read as `count`");
}

#[test]
fn exception_is_reported_with_its_call() {
    let call = Call {
        at: Millis(1.0),
        event: event("N-1"),
        threw: Some("TypeError: no".into()),
        threw_at: Position::in_stack("at http://c0.api.localhost:1/sdk/w.js:7:9"),
    };
    let push = Push {
        at: Millis(2.0),
        expression: "null".into(),
        threw: Some("RangeError: never".into()),
    };
    let thrown = Bench::asking(CaseCheckName::ThrowsNothing)
        .with(|evidence| (evidence.calls, evidence.pushes) = (vec![call], vec![push]));
    assert_eq!(
        thrown.message(),
        "calling N-1 threw into the page: TypeError: no (w.js:7:9); pushing null threw into the \
         page: RangeError: never"
    );
}

#[rstest]
#[case(Severity::Debug, false)]
#[case(Severity::Info, false)]
#[case(Severity::Warning, false)]
#[case(Severity::Error, false)]
#[case(Severity::Uncaught, true)]
fn only_uncaught_messages_are_uncaught_errors(#[case] severity: Severity, #[case] broken: bool) {
    let bench = Bench::asking(CaseCheckName::NoUncaughtError)
        .with(|evidence| evidence.console.push(said(severity, "boom")));
    assert_eq!(bench.finding().is_broken(), broken);
    if broken {
        assert_eq!(bench.message(), "nobody caught: boom");
    }
}

#[test]
fn dialog_is_reported_with_its_text() {
    let dialog = Dialog {
        at: Millis(1.0),
        text: "hello".into(),
    };
    assert_eq!(
        Bench::asking(CaseCheckName::NoDialog)
            .with(|evidence| evidence.dialogs.push(dialog))
            .message(),
        "a dialog opened: hello"
    );
}

#[test]
fn missing_console_text_is_reported() {
    assert_eq!(
        Bench::asking(CaseCheckName::Console)
            .with(|evidence| evidence.console.clear())
            .message(),
        "no console message contains \"value\""
    );
}

#[test]
fn profile_may_rename_fields_in_the_console() {
    let saying = |text: &str| {
        Bench::asking(CaseCheckName::Console)
            .of_a_build(|profile| {
                drop(
                    profile
                        .console
                        .names
                        .insert("value".into(), vec!["amount".into(), "price".into()]),
                );
            })
            .with(|evidence| evidence.console = vec![said(Severity::Warning, text)])
    };
    saying("price is missing").holds();
    assert_eq!(
        saying("value is missing").message(),
        "no console message contains \"amount\" or \"price\""
    );
}
