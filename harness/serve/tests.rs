#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::Arc;

use rstest::rstest;
use serde_json::{Value, json};

use super::View;
use super::model::{Entry, VerdictStatus};
use crate::contract::{CaseCheckName, Method, Visitor};
use crate::evidence::{Decision, Millis, Request, RequestId};
use crate::input::Files;
use crate::scenario::{BackendState, Load, ScriptState};
use crate::sdk::{Profile, Side};

const CHAT: &str = "5794c177-4788-422c-987b-fa41843aa855";
const FAQ: &str = "6abbad10-237a-4fd4-96e2-81ea488f9278";

fn view(gate: Side, dedup: Side) -> View {
    let mut profile = Profile::load("alhena", &Files::default()).unwrap();
    (profile.policies.gate, profile.policies.dedup) = (gate, dedup);
    View::new(&Files::default(), Arc::new(profile), Load::Blocking).unwrap()
}

/// Requests of the first visitor, in this order.
fn requests(sent: &[(&str, Decision, Value)]) -> Vec<Request> {
    let request = |(number, (path, decision, body)): (usize, &(&str, Decision, Value))| Request {
        id: RequestId(number as u64),
        at: Millis(0.0),
        visitor: Visitor::First,
        method: "POST".into(),
        path: (*path).to_owned(),
        content_type: Some("application/json".into()),
        body: body.to_string(),
        decision: *decision,
    };
    sent.iter().enumerate().map(request).collect()
}

fn chat() -> (&'static str, Decision, Value) {
    (
        "/chat/messages",
        Decision::Answered,
        json!({"message": "Hi", "user_fingerprint": CHAT}),
    )
}

fn cart() -> (&'static str, Decision, Value) {
    let body = json!({
        "type": "ITEM_ADDED",
        "product_id": "TR-100",
        "product_name": "Trail Runner",
        "value": 89.95,
        "currency": "USD",
        "quantity": 1,
        "company_key": "CONFORMANCE-COMPANY-KEY",
        "user_fingerprint": CHAT,
        "user_faq_fingerprint": FAQ,
    });
    ("/analytics/cart_events", Decision::Recorded, body)
}

fn order(id: &str) -> (&'static str, Decision, Value) {
    let body = json!({
        "order_id": id,
        "value": 89.95,
        "currency": "USD",
        "company_key": "CONFORMANCE-COMPANY-KEY",
        "user_fingerprint": CHAT,
        "user_faq_fingerprint": FAQ,
    });
    ("/analytics/checkout_events", Decision::Recorded, body)
}

fn with(
    sent: (&'static str, Decision, Value),
    field: &str,
    value: Value,
) -> (&'static str, Decision, Value) {
    let (path, decision, mut body) = sent;
    body[field] = value;
    (path, decision, body)
}

fn broken(entry: &Entry) -> Vec<CaseCheckName> {
    entry
        .verdicts
        .iter()
        .filter(|verdict| verdict.status == VerdictStatus::Broken)
        .map(|verdict| verdict.check)
        .collect()
}

fn last(sent: &[(&str, Decision, Value)]) -> Entry {
    view(Side::Client, Side::Client)
        .entry(&requests(sent))
        .unwrap()
}

#[test]
fn event_after_a_chat_keeps_every_promise() {
    let entry = last(&[chat(), cart(), cart()]);
    assert_eq!((entry.fate, broken(&entry)), ("recorded", vec![]));
    assert!(
        entry
            .verdicts
            .iter()
            .any(|verdict| verdict.check == CaseCheckName::FingerprintsStable
                && verdict.status == VerdictStatus::Holds)
    );
    assert!(
        entry
            .verdicts
            .iter()
            .flat_map(|verdict| &verdict.requirements)
            .all(|requirement| requirement.is_about(Method::SendCartEvent))
    );
}

#[rstest]
#[case::before_any_interaction(vec![cart()], CaseCheckName::NotRecorded)]
#[case::with_a_number_as_text(
    vec![chat(), with(cart(), "value", json!("89.95"))],
    CaseCheckName::Shape
)]
#[case::of_another_company(
    vec![chat(), with(cart(), "company_key", json!("other"))],
    CaseCheckName::CompanyKey
)]
#[case::without_a_fingerprint(
    vec![chat(), with(cart(), "user_faq_fingerprint", Value::Null)],
    CaseCheckName::FingerprintsPresent
)]
#[case::with_one_value_as_both(
    vec![chat(), with(cart(), "user_faq_fingerprint", json!(CHAT))],
    CaseCheckName::FingerprintsDistinct
)]
#[case::with_another_than_before(
    vec![
        chat(),
        cart(),
        with(cart(), "user_faq_fingerprint", json!("7fd8990c-edd1-46c8-9b56-c05acc9e371b"))
    ],
    CaseCheckName::FingerprintsStable
)]
#[case::of_an_order_that_was_recorded(
    vec![chat(), order("1"), cart(), order("1")],
    CaseCheckName::Once
)]
#[case::past_the_event_endpoints(
    vec![chat(), ("/v2/events", Decision::Unknown, cart().2)],
    CaseCheckName::NothingElse
)]
fn event_breaks_only_the_expected_check(
    #[case] sent: Vec<(&str, Decision, Value)>,
    #[case] check: CaseCheckName,
) {
    assert_eq!(broken(&last(&sent)), [check]);
}

#[test]
fn event_is_not_blamed_for_another_one() {
    let changed = with(
        cart(),
        "user_faq_fingerprint",
        json!("7fd8990c-edd1-46c8-9b56-c05acc9e371b"),
    );
    assert_eq!(
        broken(&last(&[chat(), cart(), changed.clone(), changed])),
        []
    );
    assert_eq!(
        broken(&last(&[chat(), order("1"), order("1"), order("2")])),
        []
    );
}

#[test]
fn changed_order_is_no_duplicate() {
    assert_eq!(
        broken(&last(&[
            chat(),
            order("1"),
            with(order("1"), "value", json!(120))
        ])),
        []
    );
}

#[test]
fn same_order_of_another_visitor_is_no_duplicate() {
    let mut requests = requests(&[chat(), order("1"), chat(), order("1")]);
    (requests[2].visitor, requests[3].visitor) = (Visitor::Second, Visitor::Second);
    // Two visitors with the same fingerprints are found all the same.
    let entry = view(Side::Client, Side::Client).entry(&requests).unwrap();
    assert_eq!(broken(&entry), [CaseCheckName::FingerprintsDiffer]);
}

#[rstest]
#[case::a_gate(vec![cart()], "fingerprints")]
#[case::an_order_id(vec![chat(), order("1"), order("1")], "recorded before")]
fn rejected_event_has_a_reason_and_no_verdict(
    #[case] sent: Vec<(&str, Decision, Value)>,
    #[case] why: &str,
) {
    let entry = view(Side::Server, Side::Server)
        .entry(&requests(&sent))
        .unwrap();
    assert_eq!((entry.fate, entry.verdicts.len()), ("rejected", 0));
    assert!(entry.events[0].rejected.unwrap().contains(why), "{entry:?}");
}

#[test]
fn unclaimed_promise_is_not_judged() {
    let entry = view(Side::None, Side::None)
        .entry(&requests(&[order("1"), order("1")]))
        .unwrap();
    assert_eq!(broken(&entry), []);
    assert!(!entry.verdicts.iter().any(|verdict| matches!(
        verdict.check,
        CaseCheckName::Once | CaseCheckName::NotRecorded
    )));
}

#[rstest]
#[case(Decision::Refused(500), "refused")]
#[case(Decision::Dropped, "dropped")]
fn unrecorded_event_shows_fields_without_verdict(#[case] decision: Decision, #[case] fate: &str) {
    let entry = last(&[chat(), (cart().0, decision, cart().2)]);
    assert_eq!(
        (entry.fate, entry.events.len(), entry.verdicts.len()),
        (fate, 1, 0)
    );
}

#[rstest]
#[case::a_text(json!("<b>"), Some("\"<b>\""))]
#[case::the_empty_value(Value::Null, Some("null"))]
#[case::a_large_number(json!(9_007_199_254_740_993_u64), Some("9007199254740993"))]
fn value_is_shown_as_its_json(#[case] value: Value, #[case] shown: Option<&str>) {
    let entry = last(&[chat(), with(cart(), "product_name", value)]);
    let field = entry.events[0]
        .fields
        .iter()
        .find(|field| field.name == "productName")
        .unwrap();
    assert_eq!(field.value.as_deref(), shown);
}

#[test]
fn body_without_an_event_is_an_entry() {
    let entry = last(&[(cart().0, Decision::Recorded, json!("no event"))]);
    assert!(broken(&entry).contains(&CaseCheckName::Shape), "{entry:?}");
    assert_eq!(
        last(&[("/v2/ping", Decision::Unknown, json!({"a": 1}))]).events,
        []
    );
}

/// The names of all values of a kind, as the error for none of them lists them.
fn names_of<T: serde::de::DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
    let error = serde_json::from_value::<T>(json!("")).unwrap_err();
    let error = error.to_string();
    let (_, names) = error.split_once("expected one of").unwrap();
    let quoted = names.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

fn page(path: &str) -> String {
    String::from_utf8(Files::page(path).unwrap()).unwrap()
}

#[test]
fn ledger_page_has_a_button_for_each_state_of_script_and_backend() {
    let page = page("ledger/index.html");
    let states = [names_of::<BackendState>(), names_of::<ScriptState>()];
    for name in states.concat() {
        assert!(page.contains(&format!("value=\"{name}\"")), "{name}");
    }
}

#[test]
fn ledger_page_says_what_each_state_of_the_backend_means() {
    let script = page("ledger/ledger.js");
    let meant = script.split_once("BACKEND_MEANS = {").unwrap().1;
    let meant = meant.split_once("};").unwrap().0;
    for name in names_of::<BackendState>() {
        let key = [format!("\n    {name}: "), format!("\n    \"{name}\":")];
        assert!(key.iter().any(|key| meant.contains(key)), "{name}");
    }
}
