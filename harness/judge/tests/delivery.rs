//! Lost, duplicated, changed, forbidden and unexpected events.

use rstest::rstest;
use serde_json::{Value, json};

use super::bench::{Bench, event, order};
use crate::contract::CaseCheckName;
use crate::evidence::{Decision, Evidence};
use crate::sdk::Side;

#[test]
fn lost_event_is_named() {
    let broken = Bench::asking(CaseCheckName::Delivered)
        .arriving(&["N-1", "N-3"])
        .broken();
    assert_eq!(
        broken.message,
        "1 of 3 events never reached the backend: N-2"
    );
    assert_eq!(
        (broken.expected, broken.actual),
        (
            Some(json!(["N-1", "N-2", "N-3"])),
            Some(json!(["N-1", "N-3"]))
        )
    );
}

#[rstest]
#[case(4, "4 of 4 events never reached the backend: N-1, N-2, N-3, N-4")]
#[case(5, "5 of 5 events never reached the backend: N-1, N-2, N-3 and 2 more")]
fn first_three_of_many_lost_events_are_named(#[case] lost: usize, #[case] message: &str) {
    let bench = Bench::asking(CaseCheckName::Delivered).expecting(|scenario| {
        scenario.expect.recorded = (1..=lost).map(|n| event(&format!("N-{n}"))).collect();
    });
    assert_eq!(bench.arriving(&[]).message(), message);
}

#[test]
fn what_was_answered_500_is_not_recorded() {
    let refused = |evidence: &mut Evidence| evidence.requests[0].decision = Decision::Refused(500);
    assert!(
        Bench::asking(CaseCheckName::Delivered)
            .with(refused)
            .message()
            .ends_with("N-1")
    );
}

#[test]
fn duplicate_is_reported_with_each_moment() {
    let message = Bench::asking(CaseCheckName::Once)
        .arriving(&["N-1", "N-2", "N-3", "N-2"])
        .message();
    assert_eq!(
        message,
        "N-2 was recorded 2 times (+110 ms, in or after line 3; +130 ms, in or after line 3)"
    );
}

#[test]
fn each_duplicate_is_reported_once() {
    let message = Bench::asking(CaseCheckName::Once)
        .arriving(&["N-1", "N-2", "N-3", "N-3"])
        .message();
    assert_eq!(
        message,
        "N-3 was recorded 2 times (+120 ms, in or after line 3; +130 ms, in or after line 3)"
    );
}

#[test]
fn lost_and_duplicated_events_are_not_confused() {
    let bench = |check| Bench::asking(check).arriving(&["N-1", "N-1", "N-3"]);
    assert!(bench(CaseCheckName::Delivered).message().ends_with("N-2"));
    assert!(bench(CaseCheckName::Once).message().starts_with("N-1"));
}

#[rstest]
#[case::called_once(&[(1.0, "OPEN")], &["OPEN", "OPEN"], Some(2))]
#[case::called_twice(&[(1.0, "OPEN"), (2.0, "OPEN")], &["OPEN", "OPEN"], None)]
#[case::called_twice_recorded_three_times(
    &[(1.0, "OPEN"), (2.0, "OPEN")],
    &["OPEN", "OPEN", "OPEN"],
    Some(2)
)]
fn open_event_is_recorded_at_most_once_for_each_call(
    #[case] calls: &[(f64, &str)],
    #[case] recorded: &[&str],
    #[case] times: Option<usize>,
) {
    let products = [&["N-1", "N-2", "N-3"], recorded].concat();
    let bench = Bench::asking(CaseCheckName::Once)
        .arriving(&products)
        .calling(calls);
    match times {
        None => bench.holds(),
        Some(times) => assert!(
            bench
                .message()
                .starts_with(&format!("OPEN was recorded {times} times"))
        ),
    }
}

#[test]
fn called_expected_event_is_not_open_too() {
    let bench = Bench::asking(CaseCheckName::Once)
        .arriving(&["N-1", "N-2", "N-2", "N-3"])
        .calling(&[(1.0, "N-1"), (2.0, "N-2"), (3.0, "N-3")]);
    assert!(bench.message().starts_with("N-2 was recorded 2 times"));
}

#[rstest]
#[case::nobody_knows_it_again(Side::None, 2, 2, None)]
#[case::more_often_than_reported(Side::None, 2, 3, Some(3))]
#[case::reported_once(Side::None, 1, 2, Some(2))]
#[case::the_build_knows_it_again(Side::Client, 2, 2, Some(2))]
fn order_may_be_recorded_as_often_as_reported_only_where_nobody_knows_it_again(
    #[case] dedup: Side,
    #[case] reported: usize,
    #[case] recorded: usize,
    #[case] times: Option<usize>,
) {
    let order = order("order-1");
    let repeated = |times: usize| vec![order.clone(); times];
    let bench = Bench::asking(CaseCheckName::Once)
        .expecting(|scenario| scenario.expect.recorded = repeated(1))
        .of_a_build(|profile| profile.policies.dedup = dedup)
        .arriving_events(&repeated(recorded))
        .calling_events(&repeated(reported));
    match times {
        None => bench.holds(),
        Some(times) => {
            let message = bench.message();
            let found = format!("was recorded {times} times");
            assert!(message.contains(&found), "{message}");
        }
    }
}

#[test]
fn forbidden_event_recorded_twice_is_no_duplicate() {
    let bench = |check| Bench::asking(check).arriving(&["N-1", "N-2", "N-3", "X", "X"]);
    bench(CaseCheckName::Once).holds();
    assert_eq!(
        bench(CaseCheckName::NotRecorded).message(),
        "X was recorded (+130 ms, in or after line 3)"
    );
}

#[test]
fn open_event_is_not_forbidden() {
    Bench::asking(CaseCheckName::NotRecorded)
        .arriving(&["N-1", "OPEN"])
        .calling(&[(1.0, "OPEN")])
        .holds();
}

#[rstest]
#[case("value", json!("10.5"), "value of N-1 arrived changed")]
#[case("value", json!(11), "value of N-1 arrived changed")]
#[case("product_name", json!("Sh"), "productName of N-1 arrived changed")]
fn changed_event_is_neither_lost_nor_unexpected(
    #[case] field: &str,
    #[case] value: Value,
    #[case] message: &str,
) {
    assert_eq!(
        Bench::asking(CaseCheckName::Unchanged)
            .with_field(field, value.clone())
            .message(),
        message
    );
    for check in [
        CaseCheckName::Delivered,
        CaseCheckName::Once,
        CaseCheckName::NothingElse,
    ] {
        Bench::asking(check)
            .with_field(field, value.clone())
            .holds();
    }
}

#[test]
fn changed_field_is_reported_with_both_values() {
    let changed = Bench::asking(CaseCheckName::Unchanged)
        .with_field("value", json!(11))
        .broken();
    assert_eq!(
        (changed.expected, changed.actual),
        (Some(json!(10.5)), Some(json!(11)))
    );
    let left_out = Bench::asking(CaseCheckName::Unchanged)
        .without_field("value")
        .broken();
    assert_eq!(
        (left_out.expected, left_out.actual),
        (Some(json!(10.5)), None)
    );
}

#[test]
fn lost_event_is_not_changed() {
    Bench::asking(CaseCheckName::Unchanged)
        .arriving(&["N-2"])
        .holds();
}

#[test]
fn forbidden_and_unexpected_events_are_distinguished() {
    let bench = |check| Bench::asking(check).arriving(&["N-1", "N-2", "N-3", "X"]);
    assert!(
        bench(CaseCheckName::NotRecorded)
            .message()
            .starts_with("X was recorded")
    );
    bench(CaseCheckName::NothingElse).holds();
    let invented = Bench::asking(CaseCheckName::NothingElse)
        .with_field("product_id", json!("?"))
        .with_field("product_name", json!("?"));
    let invented = invented
        .with_field("value", json!(1))
        .with_field("quantity", json!(9));
    assert!(invented.message().contains("no call explains it"));
}

#[test]
fn without_any_expected_event_silence_proves_nothing() {
    for check in [
        CaseCheckName::Once,
        CaseCheckName::NotRecorded,
        CaseCheckName::NothingElse,
    ] {
        assert_eq!(
            Bench::asking(check).arriving(&[]).message(),
            "none of the expected events arrived, so nothing is proved"
        );
        Bench::asking(check).arriving(&["N-2"]).holds();
    }
    assert_eq!(
        Bench::asking(CaseCheckName::Unchanged)
            .arriving(&[])
            .message(),
        "no event arrived whose fields could be compared"
    );
}

#[test]
fn silence_holds_where_no_event_is_expected() {
    for check in [
        CaseCheckName::Once,
        CaseCheckName::NotRecorded,
        CaseCheckName::NothingElse,
    ] {
        Bench::asking(check)
            .expecting(|scenario| scenario.expect.recorded.clear())
            .arriving(&[])
            .holds();
    }
}

/// The first event goes to another path as well.
fn smuggling(bench: Bench, path: &str, body: &str, decision: Decision) -> Bench {
    bench.with(|evidence| {
        let mut request = evidence.requests[0].clone();
        (request.path, request.body, request.decision) = (path.into(), body.into(), decision);
        evidence.requests.push(request);
    })
}

#[rstest]
#[case::in_a_body(
    "/analytics/track",
    "{\"p\":\"N-3\"}",
    "POST /analytics/track carried N-3 past the event endpoints (+100 ms)"
)]
#[case::in_a_query(
    "/pixel.gif?p=N-3",
    "",
    "POST /pixel.gif?p=N-3 carried N-3 past the event endpoints (+100 ms)"
)]
fn event_past_the_event_endpoints_is_found(
    #[case] path: &str,
    #[case] body: &str,
    #[case] message: &str,
) {
    assert_eq!(
        smuggling(
            Bench::asking(CaseCheckName::NothingElse),
            path,
            body,
            Decision::Unknown
        )
        .message(),
        message
    );
}

#[test]
fn order_past_the_event_endpoints_is_found() {
    let bench = Bench::asking(CaseCheckName::NothingElse)
        .expecting(|scenario| scenario.expect.recorded = vec![order("O-1")])
        .arriving_events(&[order("O-1")]);
    assert!(
        smuggling(bench, "/track", "O-1", Decision::Unknown)
            .message()
            .starts_with("POST /track carried O-1")
    );
}

#[rstest]
#[case::a_chat_that_the_profile_answers("N-3", Decision::Answered)]
#[case::something_without_an_event("hello", Decision::Unknown)]
fn unrelated_request_is_no_bypass(#[case] body: &str, #[case] decision: Decision) {
    smuggling(
        Bench::asking(CaseCheckName::NothingElse),
        "/elsewhere",
        body,
        decision,
    )
    .holds();
}

#[test]
fn product_id_of_two_letters_is_not_searched() {
    let bench = |id: &str| {
        Bench::asking(CaseCheckName::NothingElse)
            .expecting(|scenario| scenario.expect.recorded = vec![event(id)])
            .arriving(&[id])
    };
    smuggling(bench("AB"), "/elsewhere", "ABOUT", Decision::Unknown).holds();
    assert!(
        smuggling(bench("ABO"), "/elsewhere", "ABOUT", Decision::Unknown)
            .message()
            .contains("carried ABO")
    );
}

#[test]
fn rejected_event_is_reported_with_its_reason() {
    let bench = Bench::asking(CaseCheckName::Delivered)
        .of_a_build(|profile| profile.policies.gate = Side::Server);
    assert_eq!(
        bench.message(),
        "3 of 3 events were sent, and a server would not record them, for its fingerprints are in \
         no chat or FAQ request that came before it: N-1, N-2, N-3"
    );
}
