//! What all checks share: which step could not be done, how events and moments are named, how long
//! a message gets.

use rstest::rstest;
use serde_json::{Value, json};

use super::bench::{Bench, event, order, step};
use crate::contract::CaseCheckName;
use crate::evidence::{Evidence, Millis, StepOutcome};

#[rstest]
fn every_check_holds_where_the_promise_is_kept(
    #[values(
        CaseCheckName::Ready,
        CaseCheckName::StepsDone,
        CaseCheckName::Delivered,
        CaseCheckName::Once,
        CaseCheckName::InOrder,
        CaseCheckName::Immediate,
        CaseCheckName::Unchanged,
        CaseCheckName::Shape,
        CaseCheckName::NotRecorded,
        CaseCheckName::NothingElse,
        CaseCheckName::CompanyKey,
        CaseCheckName::FingerprintsPresent,
        CaseCheckName::FingerprintsAgree,
        CaseCheckName::FingerprintsStable,
        CaseCheckName::FingerprintsDistinct,
        CaseCheckName::Page,
        CaseCheckName::ThrowsNothing,
        CaseCheckName::NoUncaughtError,
        CaseCheckName::NoDialog,
        CaseCheckName::Console
    )]
    check: CaseCheckName,
) {
    Bench::asking(check).holds();
}

#[test]
fn impossible_step_breaks_every_check_of_its_case() {
    let impossible = |evidence: &mut Evidence| {
        evidence.steps[0].outcome = StepOutcome::Impossible("the launcher is not there".into());
    };
    for check in [CaseCheckName::StepsDone, CaseCheckName::NotRecorded] {
        assert_eq!(
            Bench::asking(check).with(impossible).message(),
            "the step at line 3 could not be done: the launcher is not there"
        );
    }
}

#[test]
fn wait_that_was_given_up_breaks_no_step() {
    let gave_up = |evidence: &mut Evidence| {
        evidence.steps[0].outcome = StepOutcome::GaveUp("it did not come".into());
    };
    Bench::asking(CaseCheckName::StepsDone)
        .with(gave_up)
        .holds();
}

#[rstest]
#[case(5, "; XX-5 was recorded (+140 ms, in or after line 3)")]
#[case(6, "; XX-5 was recorded (+140 ms, in or after line 3); and 1 more")]
#[case(8, "; XX-5 was recorded (+140 ms, in or after line 3); and 3 more")]
fn message_lists_five_faults_and_counts_the_rest(#[case] faults: usize, #[case] end: &str) {
    let forbidden: Vec<String> = (1..=faults).map(|n| format!("XX-{n}")).collect();
    let bench = Bench::asking(CaseCheckName::NotRecorded).expecting(|scenario| {
        scenario.expect.recorded.clear();
        scenario.expect.not_recorded = forbidden.iter().map(|name| event(name)).collect();
    });
    let message = bench
        .arriving(&forbidden.iter().map(String::as_str).collect::<Vec<_>>())
        .message();
    assert!(
        message.starts_with("XX-1 was recorded") && message.ends_with(end),
        "{message}"
    );
}

#[rstest]
#[case::before_any_step(99.0, "+99 ms")]
#[case::in_the_first(109.0, "+109 ms, in or after line 3")]
#[case::as_the_second_begins(110.0, "+110 ms, in or after line 7")]
#[case::after_the_second(499.0, "+499 ms, in or after line 7")]
#[case::as_the_page_is_left(500.0, "+500 ms, after the page was left")]
fn request_is_reported_with_its_step(#[case] at: f64, #[case] moment: &str) {
    let bench = Bench::asking(CaseCheckName::NotRecorded)
        .arriving(&["N-1", "X"])
        .with(|evidence| {
            evidence.steps = vec![step(3, 100.0), step(7, 110.0)];
            evidence.requests[1].at = Millis(at);
        });
    assert_eq!(bench.message(), format!("X was recorded ({moment})"));
}

#[test]
fn request_is_reported_with_its_step_without_leaving() {
    let bench = Bench::asking(CaseCheckName::NotRecorded)
        .arriving(&["N-1", "X"])
        .with(|evidence| evidence.left_at = None);
    assert_eq!(
        bench.message(),
        "X was recorded (+110 ms, in or after line 3)"
    );
}

#[rstest]
#[case::by_its_product(
    json!({"product_id": "unexpected", "value": 77}),
    "sendCartEvent productId \"unexpected\" was recorded, and no call explains it"
)]
#[case::by_its_value(
    json!({"value": 77}),
    "sendCartEvent value 77 was recorded, and no call explains it"
)]
#[case::by_its_method(json!({}), "sendCartEvent was recorded, and no call explains it")]
fn unexpected_event_is_named_by_its_content(#[case] content: Value, #[case] start: &str) {
    let bench = Bench::asking(CaseCheckName::NothingElse).with_body(0, |body| *body = content);
    assert!(bench.message().starts_with(start), "{}", bench.message());
}

#[test]
fn unexpected_order_is_named_by_its_id() {
    let bench =
        Bench::asking(CaseCheckName::NothingElse).arriving_events(&[event("N-1"), order("O-9")]);
    assert!(
        bench
            .message()
            .starts_with("sendCheckoutEvent orderId \"O-9\" was recorded, and no call explains it")
    );
}
