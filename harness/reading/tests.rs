//! The ledger, its policies and the matching.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::matching::Match;
use super::{Ledger, Rejection};
use crate::contract::{Event, Method, Visitor};
use crate::evidence::{Decision, Millis, Request, RequestId};
use crate::input::Files;
use crate::sdk::{Profile, Side};

fn event(n: usize) -> Event {
    let args = json!({
        "type": "ITEM_ADDED",
        "productId": format!("N-{n}"),
        "productName": "Shoe",
        "value": 10,
        "currency": "USD",
        "quantity": 1,
    });
    Event {
        label: n.to_string(),
        method: Method::SendCartEvent,
        args,
    }
}

fn request(index: usize, n: usize) -> Request {
    let body = json!({
        "type": "ITEM_ADDED",
        "product_id": format!("N-{n}"),
        "product_name": "Shoe",
        "value": 10,
        "currency": "USD",
        "quantity": 1,
    });
    Request {
        id: RequestId(index as u64),
        at: Millis(0.0),
        visitor: Visitor::First,
        method: "POST".into(),
        path: "/analytics/cart_events".into(),
        content_type: None,
        body: body.to_string(),
        decision: Decision::Recorded,
    }
}

fn matched(sent: &[usize], called: usize) -> Match {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let requests: Vec<Request> = sent
        .iter()
        .enumerate()
        .map(|(index, n)| request(index, *n))
        .collect();
    let events: Vec<Event> = (0..called).map(event).collect();
    Ledger::new(&requests, &profile).match_calls(&events.iter().collect::<Vec<_>>(), &profile)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn recorded_event_matches_its_own_call_in_any_order(
        sent in prop::collection::vec(0_usize..12, 0..40)
    ) {
        let found = matched(&sent, 12).found;
        for (n, indexes) in found.iter().enumerate() {
            let own: Vec<usize> = (0..sent.len()).filter(|index| sent[*index] == n).collect();
            prop_assert_eq!(indexes, &own);
        }
    }

    #[test]
    fn every_record_is_matched_or_unexpected_exactly_once(
        sent in prop::collection::vec(0_usize..20, 0..40)
    ) {
        let Match { found, unexpected } = matched(&sent, 5);
        let mut indexes: Vec<usize> = found.into_iter().flatten().chain(unexpected).collect();
        indexes.sort_unstable();
        prop_assert_eq!(indexes, (0..sent.len()).collect::<Vec<_>>());
    }
}

#[test]
fn undocumented_fields_do_not_prevent_a_match() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let mut crowded = event(1);
    for n in 0..20 {
        crowded.args[format!("extra{n}")] = json!(n);
    }
    assert_eq!(
        Ledger::new(&[request(0, 1)], &profile)
            .match_calls(&[&crowded], &profile)
            .found,
        [vec![0]]
    );
}

#[test]
fn equal_calls_share_their_requests() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let requests = [request(0, 1), request(1, 1)];
    let twice = event(1);
    assert_eq!(
        Ledger::new(&requests, &profile)
            .match_calls(&[&twice, &twice], &profile)
            .found,
        [vec![0], vec![1]]
    );
}

#[test]
fn call_and_request_match_above_half_of_their_fields() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let matched = |changed: &[&str]| {
        let mut event = event(1);
        for field in changed {
            event.args[*field] = json!("changed");
        }
        Ledger::new(&[request(0, 1)], &profile).match_calls(&[&event], &profile)
    };
    assert_eq!(
        matched(&["type", "value"]),
        Match {
            found: vec![vec![0]],
            unexpected: vec![]
        }
    );
    assert_eq!(
        matched(&["type", "value", "quantity"]),
        Match {
            found: vec![vec![]],
            unexpected: vec![0]
        }
    );
}

#[test]
fn ledger_holds_all_only_when_each_call_was_recorded() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let (one, two) = (event(1), event(2));
    let holds = |requests: &[Request]| Ledger::holds_all(requests, &profile, &[&one, &two], &[]);
    assert!(!holds(&[]));
    assert!(!holds(&[request(0, 2)]));
    assert!(!holds(&[request(0, 2), request(1, 2)]));
    assert!(holds(&[request(0, 2), request(1, 1)]));
    assert!(holds(&[request(0, 2), request(1, 2), request(2, 1)]));
    assert!(!holds(&[
        request(0, 2),
        Request {
            decision: Decision::Refused(500),
            ..request(1, 1)
        }
    ]));
}

#[test]
fn what_is_recorded_of_another_call_is_not_taken_for_what_is_waited_for() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let (one, two) = (event(1), event(2));
    let others: [&[&Event]; 2] = [&[], &[&two]];
    let holds = |others: &[&Event]| Ledger::holds_all(&[request(0, 2)], &profile, &[&one], others);
    assert_eq!(others.map(holds), [true, false]);
}

#[test]
fn endpoint_is_matched_by_path_without_query() {
    let profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    let at = |path: &str| {
        [Request {
            path: path.into(),
            ..request(0, 1)
        }]
    };
    assert_eq!(
        Ledger::new(&at("/analytics/cart_events?v=2"), &profile)
            .recorded
            .len(),
        1
    );
    assert_eq!(
        Ledger::new(&at("/analytics/cart_events/v2"), &profile)
            .recorded
            .len(),
        0
    );
}

fn server(gate: Side, dedup: Side) -> Profile {
    let mut profile =
        Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
    (profile.policies.gate, profile.policies.dedup) = (gate, dedup);
    profile
}

fn order(index: usize, id: &Value, chat: &str) -> Request {
    let body = json!({"order_id": id, "value": 10, "user_fingerprint": chat});
    Request {
        path: "/analytics/checkout_events".into(),
        body: body.to_string(),
        ..request(index, 0)
    }
}

fn chatted(index: usize, chat: &str) -> Request {
    let body = json!({"user_fingerprint": chat, "message": "hi"});
    Request {
        path: "/chat/messages".into(),
        body: body.to_string(),
        decision: Decision::Answered,
        ..request(index, 0)
    }
}

#[test]
fn server_gate_rejects_fingerprints_without_interaction() {
    let requests = [
        order(0, &json!("1"), "A"),
        chatted(1, "A"),
        order(2, &json!("2"), "A"),
        order(3, &json!("3"), "B"),
    ];
    let profile = server(Side::Server, Side::Client);
    let ledger = Ledger::new(&requests, &profile);
    assert_eq!(
        ledger
            .recorded
            .iter()
            .map(|event| event.request.id.0)
            .collect::<Vec<_>>(),
        [2]
    );
    assert!(
        ledger
            .rejected
            .iter()
            .all(|(_, why)| *why == Rejection::Gate)
            && ledger.rejected.len() == 2
    );
}

#[test]
fn server_dedup_rejects_only_repeated_order_ids() {
    let requests = [
        order(0, &json!("1"), "A"),
        order(1, &json!("1"), "A"),
        order(2, &Value::Null, "A"),
        order(3, &Value::Null, "A"),
    ];
    let profile = server(Side::None, Side::Server);
    let ledger = Ledger::new(&requests, &profile);
    assert_eq!(
        ledger
            .recorded
            .iter()
            .map(|event| event.request.id.0)
            .collect::<Vec<_>>(),
        [0, 2, 3]
    );
    assert_eq!(ledger.rejected[0].1, Rejection::Dedup);
}
