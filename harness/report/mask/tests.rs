#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rstest::rstest;
use serde_json::{Value, json};

use super::super::sample::{BROKEN, sample};
use super::super::stored::Stored;
use super::Fingerprints;
use crate::contract::Visitor;
use crate::evidence::{ConsoleMessage, Decision, Identity, Millis, Request, RequestId, Severity};

const CHAT: &str = "3f2b8c1e-9d4a-4b6f-8e21-0a5c7d9e1f33";
const FAQ: &str = "b7e91d02-4c3f-4a8e-9b10-6d2f5e8a7c44";
const OTHER: &str = "0c8d7e6f-1a2b-4c3d-8e9f-a0b1c2d3e4f5";

fn request(path: &str, body: &str) -> Request {
    Request {
        id: RequestId(1),
        at: Millis(70.0),
        visitor: Visitor::First,
        method: "POST".into(),
        path: path.into(),
        content_type: None,
        body: body.into(),
        decision: Decision::Recorded,
    }
}

/// The sample, whose broken case sent these requests and said this on the console.
fn with(requests: &[(&str, &str)], said: &str) -> Stored {
    let mut stored = sample();
    let evidence = &mut stored.records.values_mut().next().unwrap().attempts[0].evidence;
    evidence.requests = requests
        .iter()
        .map(|(path, body)| request(path, body))
        .collect();
    evidence.identities.push(Identity {
        at: Millis(80.0),
        visitor: Visitor::First,
        user_fingerprint: json!(CHAT),
        user_faq_fingerprint: json!(FAQ),
    });
    evidence.console.push(ConsoleMessage {
        at: Millis(81.0),
        severity: Severity::Error,
        source: "console-api".into(),
        text: said.into(),
        position: None,
    });
    stored
}

fn masked(stored: Stored) -> Stored {
    Fingerprints::of_stored(&stored)
        .mask(&stored.report)
        .over(stored)
        .unwrap()
}

fn said(stored: &Stored) -> String {
    stored
        .record_of(BROKEN)
        .unwrap()
        .reported()
        .unwrap()
        .console[0]
        .text
        .clone()
}

#[rstest]
#[case::alone(CHAT, "fingerprint-1")]
#[case::in_a_sentence(
    "3f2b8c1e-9d4a-4b6f-8e21-0a5c7d9e1f33 is not b7e91d02-4c3f-4a8e-9b10-6d2f5e8a7c44!",
    "fingerprint-1 is not fingerprint-2!"
)]
#[case::in_capitals("3F2B8C1E-9D4A-4B6F-8E21-0A5C7D9E1F33", "fingerprint-1")]
#[case::without_hyphens("3f2b8c1e9d4a4b6f8e210a5c7d9e1f33", "fingerprint-1")]
#[case::for_a_url(
    "?fp=3f2b8c1e%2D9d4a%2D4b6f%2D8e21%2D0a5c7d9e1f33&x=1",
    "?fp=fingerprint-1&x=1"
)]
#[case::another_uuid("0c8d7e6f-1a2b-4c3d-8e9f-a0b1c2d3e4f5", "uuid-1")]
#[case::nothing_of_the_kind(
    "line 12: no-such-thing-at-all-1234",
    "line 12: no-such-thing-at-all-1234"
)]
fn a_fingerprint_is_replaced_however_it_is_written(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(said(&masked(with(&[], text))), expected);
}

#[test]
fn a_fingerprint_in_base64_is_replaced_there() {
    let event = json!({ "id": CHAT, "value": 1 }).to_string();
    let unpacked = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    assert_eq!(
        unpacked(&said(&masked(with(&[], &STANDARD.encode(&event))))),
        r#"{"id":"fingerprint-1","value":1}"#
    );
    let form = masked(with(
        &[(
            "/track?v=1",
            &format!("data={}&x=a+b", URL_SAFE_NO_PAD.encode(&event)),
        )],
        "",
    ))
    .record_of(BROKEN)
    .unwrap()
    .reported()
    .unwrap()
    .requests[0]
        .body
        .clone();
    let data = form
        .strip_prefix("data=")
        .unwrap()
        .strip_suffix("&x=a+b")
        .unwrap();
    assert_eq!(
        String::from_utf8(URL_SAFE_NO_PAD.decode(data).unwrap()).unwrap(),
        r#"{"id":"fingerprint-1","value":1}"#
    );
    let wrapped = json!({ "packed": STANDARD.encode(&event), "n": 1.50 }).to_string();
    let wrapped: Value = serde_json::from_str(&said(&masked(with(&[], &wrapped)))).unwrap();
    assert_eq!(
        unpacked(wrapped["packed"].as_str().unwrap()),
        r#"{"id":"fingerprint-1","value":1}"#
    );
}

#[rstest]
#[case::json("/cart", r#"{"value":1,"user_fingerprint":"visitor-0815-abc"}"#)]
#[case::a_batch("/cart", r#"{"events":[{"user_faq_fingerprint":"visitor-0815-abc"}]}"#)]
#[case::a_form("/cart", "value=1&user_fingerprint=visitor-0815-abc")]
#[case::json_in_a_form("/cart", "data=%7B%22user_fingerprint%22%3A%22visitor-0815-abc%22%7D")]
#[case::a_query("/pixel.gif?user_fingerprint=visitor-0815-abc", "")]
fn what_is_sent_at_its_place_is_a_fingerprint_though_it_is_no_uuid(
    #[case] path: &str,
    #[case] body: &str,
) {
    let masked = masked(with(&[(path, body)], "who is visitor-0815-abc?"));
    assert_eq!(said(&masked), "who is fingerprint-1?");
    let request = &masked
        .record_of(BROKEN)
        .unwrap()
        .reported()
        .unwrap()
        .requests[0];
    assert_eq!(
        (request.path.as_str(), request.body.as_str()),
        (
            &*path.replace("visitor-0815-abc", "fingerprint-1"),
            &*body.replace("visitor-0815-abc", "fingerprint-1")
        )
    );
}

#[test]
fn they_are_numbered_as_they_appear_and_equal_ones_stay_equal() {
    let body = |fingerprint: &str| json!({ "user_fingerprint": fingerprint }).to_string();
    let stored = masked(with(
        &[
            ("/cart", &body(FAQ)),
            ("/cart", &body(OTHER)),
            ("/cart", &body(FAQ)),
        ],
        CHAT,
    ));
    let bodies: Vec<String> = stored
        .record_of(BROKEN)
        .unwrap()
        .reported()
        .unwrap()
        .requests
        .iter()
        .map(|request| request.body.clone())
        .collect();
    assert_eq!(
        bodies,
        ["fingerprint-1", "fingerprint-2", "fingerprint-1"].map(body)
    );
    assert_eq!(said(&stored), "fingerprint-3");
}

#[test]
fn the_report_is_masked_as_its_evidence_is() {
    let mut stored = with(&[], "");
    let check = &mut stored.report.checks[1];
    check.message = Some(format!("cart/x carries {CHAT}"));
    (check.expected, check.actual) = (Some(json!([CHAT, FAQ])), Some(json!({ CHAT: [FAQ] })));
    stored.report.cases[1].events[0].sent = Some(json!({ "user_fingerprint": OTHER }).to_string());
    let masked = masked(stored).report;
    assert_eq!(
        masked.checks[1].message.as_deref(),
        Some("cart/x carries fingerprint-1")
    );
    assert_eq!(
        masked.checks[1].expected,
        Some(json!(["fingerprint-1", "fingerprint-2"]))
    );
    assert_eq!(
        masked.checks[1].actual,
        Some(json!({ "fingerprint-1": ["fingerprint-2"] }))
    );
    assert_eq!(
        masked.cases[1].events[0].sent.as_deref(),
        Some(r#"{"user_fingerprint":"fingerprint-3"}"#)
    );
}

#[test]
fn a_number_can_be_a_fingerprint_too() {
    let masked = masked(with(
        &[("/cart", r#"{"user_fingerprint":4711081500}"#)],
        "4711081500 again",
    ));
    assert_eq!(said(&masked), "fingerprint-1 again");
}

#[rstest]
#[case::too_short("a1")]
#[case::a_word("undefined")]
#[case::an_error("threw TypeError: 12 is not a function")]
fn what_is_no_mark_of_a_visitor_is_left_as_it_is(#[case] value: &str) {
    let body = json!({ "user_fingerprint": value }).to_string();
    assert_eq!(said(&masked(with(&[("/cart", &body)], value))), value);
}

#[test]
fn what_holds_no_fingerprint_stays_as_it_was_to_the_letter() {
    let stored = sample();
    let (before, pictures) = (
        serde_json::to_string(&(&stored.report, &stored.records)).unwrap(),
        stored.screenshots.clone(),
    );
    let masked = masked(stored);
    assert_eq!(
        (
            serde_json::to_string(&(&masked.report, &masked.records)).unwrap(),
            masked.screenshots
        ),
        (before, pictures)
    );
}
