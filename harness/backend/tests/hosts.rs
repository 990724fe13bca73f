//! The host alone decides to which case a request belongs.

use std::sync::Arc;

use rstest::rstest;

use super::client::{EVENTS, Running, send};
use crate::backend::Account;
use crate::contract::Visitor;
use crate::evidence::Clock;
use crate::scenario::BackendState;

#[tokio::test]
async fn request_belongs_to_case_and_visitor_of_its_host() {
    let running = Running::start().await;
    let other = Account::new(Clock::start());
    running
        .backend
        .open("c2", Arc::clone(&other), Visitor::First);
    running
        .backend
        .open("c2b", Arc::clone(&other), Visitor::Second);
    for host in ["c2.api.localhost", "c2b.api.localhost:8080"] {
        send(running.backend.address, host, "POST", EVENTS)
            .await
            .expect("it is answered");
    }
    assert_eq!(
        other
            .requests()
            .iter()
            .map(|request| request.visitor)
            .collect::<Vec<_>>(),
        [Visitor::First, Visitor::Second]
    );
    assert_eq!(running.decisions(), []);
}

#[tokio::test]
async fn fault_of_one_case_leaves_others_alone() {
    let running = Running::in_state(BackendState::DropsRequest).await;
    running
        .backend
        .open("c2", Account::new(Clock::start()), Visitor::First);
    assert!(
        send(running.backend.address, "c2.api.localhost", "POST", EVENTS)
            .await
            .is_some()
    );
    assert!(running.send("POST", EVENTS).await.is_none());
}

#[tokio::test]
async fn event_for_a_closed_case_is_late() {
    let running = Running::start().await;
    running.backend.close("c1");
    assert!(!running.backend.was_late("c1"), "nothing came yet");
    let answer = running.send("POST", EVENTS).await.expect("it is answered");
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (404, "no case is open under this host")
    );
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(running.backend.was_late("c1"));
    assert!(
        !running.backend.was_late("c2"),
        "another case was not asked for"
    );
    assert_eq!(running.decisions(), []);
}

#[rstest]
#[case::a_preflight("OPTIONS", EVENTS)]
#[case::a_chat("POST", "/chat/messages")]
#[tokio::test]
async fn request_without_an_event_is_never_late(#[case] method: &str, #[case] path: &str) {
    let running = Running::start().await;
    running.backend.close("c1");
    assert_eq!(
        running
            .send(method, path)
            .await
            .expect("it is answered")
            .status,
        404
    );
    assert!(!running.backend.was_late("c1"));
}

#[tokio::test]
async fn event_for_an_open_case_is_not_late() {
    let running = Running::start().await;
    running.send("POST", EVENTS).await.expect("it is answered");
    running.backend.close("c1");
    assert!(!running.backend.was_late("c1"));
}
