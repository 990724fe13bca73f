//! What is seen and never failed.

use rstest::rstest;
use serde_json::json;

use super::bench::Bench;
use crate::contract::CaseCheckName;
use crate::evidence::{Decision, Evidence};

#[test]
fn each_call_is_observed_with_its_count() {
    let bench = Bench::asking(CaseCheckName::ObserveEvents)
        .calling(&[(1.0, "N-1"), (2.0, "N-2"), (3.0, "N-3")])
        .arriving(&["N-1", "N-3", "N-3"]);
    assert_eq!(
        bench.seen(),
        json!({"N-1": "recorded once", "N-2": "not recorded", "N-3": "recorded 2 times"})
    );
}

#[test]
fn equal_calls_are_observed_one_by_one() {
    let bench = Bench::asking(CaseCheckName::ObserveEvents)
        .calling(&[(1.0, "N-1"), (2.0, "N-1"), (3.0, "N-1")])
        .arriving(&["N-1", "N-1"]);
    assert_eq!(
        bench.seen(),
        json!({
            "N-1": "recorded once",
            "N-1 again": "recorded once",
            "N-1 again again": "not recorded",
        })
    );
}

#[test]
fn unexpected_events_are_counted() {
    let bench = Bench::asking(CaseCheckName::ObserveEvents)
        .calling(&[(1.0, "N-1")])
        .arriving(&["N-1", "N-1", "N-2"]);
    let unexplained = bench.with_body(2, |body| *body = json!({"value": 1}));
    assert_eq!(
        unexplained.seen(),
        json!({"N-1": "recorded 2 times", "of no call": 1})
    );
}

#[test]
fn changed_field_is_observed() {
    let bench = || {
        Bench::asking(CaseCheckName::ObserveEvents)
            .calling(&[(1.0, "N-1")])
            .arriving(&["N-1"])
    };
    assert_eq!(
        bench().with_field("currency", json!("usd")).seen(),
        json!({"N-1": "recorded once, currency as \"usd\""})
    );
    assert_eq!(
        bench().without_field("currency").seen(),
        json!({"N-1": "recorded once, without currency"})
    );
}

#[rstest]
#[case::whole(58, format!("\"{}\"", "é".repeat(58)))]
#[case::shortened(59, format!("\"{}… (61 characters)", "é".repeat(39)))]
fn long_value_is_cut_by_characters(#[case] letters: usize, #[case] shown: String) {
    let bench = Bench::asking(CaseCheckName::ObserveEvents)
        .calling(&[(1.0, "N-1")])
        .arriving(&["N-1"]);
    let long = bench.with_field("product_name", json!("é".repeat(letters)));
    assert_eq!(
        long.seen(),
        json!({"N-1": format!("recorded once, productName as {shown}")})
    );
}

#[test]
fn requests_are_counted_by_endpoint_and_decision() {
    let decided = |evidence: &mut Evidence| {
        let decisions = [
            Decision::Recorded,
            Decision::Recorded,
            Decision::Refused(500),
            Decision::Dropped,
            Decision::Preflight,
            Decision::Unknown,
        ];
        evidence
            .requests
            .iter_mut()
            .zip(decisions)
            .for_each(|(request, decision)| request.decision = decision);
        evidence.requests[1].path.push_str("?t=1732312345");
    };
    let bench = Bench::asking(CaseCheckName::ObserveRequests)
        .arriving(&["N-1"; 6])
        .with(decided);
    let counts = json!({
        "POST /analytics/cart_events 500": 1,
        "POST /analytics/cart_events dropped": 1,
        "POST /analytics/cart_events recorded": 2,
    });
    assert_eq!(bench.seen(), counts);
}

#[test]
fn page_values_are_observed() {
    assert_eq!(
        Bench::asking(CaseCheckName::ObservePage).seen(),
        json!({"count": 2})
    );
}
