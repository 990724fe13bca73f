//! What is recorded of a request, and what is answered.

use rstest::rstest;

use super::client::{BODY, EVENTS, Running};
use crate::contract::Visitor;
use crate::evidence::Decision;
use crate::scenario::BackendState;

#[tokio::test]
async fn event_is_recorded_before_it_is_answered() {
    let running = Running::start().await;
    let answer = running
        .send("POST", "/analytics/cart_events?v=2")
        .await
        .expect("it is answered");
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "{\"status\":\"ok\"}")
    );
    let [request] = running
        .account
        .requests()
        .try_into()
        .expect("it is there, once");
    assert_eq!(
        (
            request.method.as_str(),
            request.path.as_str(),
            request.body.as_str()
        ),
        ("POST", "/analytics/cart_events?v=2", BODY)
    );
    assert_eq!(
        (
            request.visitor,
            request.content_type.as_deref(),
            request.decision
        ),
        (Visitor::First, Some("application/json"), Decision::Recorded)
    );
}

#[tokio::test]
async fn failing_backend_answers_500_and_records_nothing() {
    let running = Running::in_state(BackendState::Error500).await;
    let answer = running.send("POST", EVENTS).await.expect("it is answered");
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (500, "{\"error\":\"internal error\"}")
    );
    assert_eq!(running.decisions(), [Decision::Refused(500)]);
}

#[tokio::test]
async fn slow_backend_records_at_once_and_answers_late() {
    let running = Running::in_state(BackendState::Slow).await;
    let later = async {
        running
            .account
            .wait_until(|requests| requests.len() == 1)
            .await;
        running.account.set_state(BackendState::Well);
        running.send("POST", EVENTS).await
    };
    tokio::select! {
        biased;
        slow = running.send("POST", EVENTS) => panic!("the slow answer came first: {slow:?}"),
        later = later => assert_eq!(later.expect("it is answered").status, 200),
    }
    assert_eq!(
        running.decisions(),
        [Decision::Recorded, Decision::Recorded]
    );
}

#[tokio::test]
async fn slow_answer_arrives() {
    let running = Running::in_state(BackendState::Slow).await;
    assert_eq!(
        running
            .send("POST", EVENTS)
            .await
            .expect("it is answered")
            .status,
        200
    );
}

#[tokio::test]
async fn preflight_is_no_event_and_is_allowed() {
    let running = Running::start().await;
    let answer = running
        .send("OPTIONS", EVENTS)
        .await
        .expect("it is answered");
    assert_eq!(
        (answer.status, answer.header("access-control-allow-headers")),
        (204, Some("x-own"))
    );
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("GET, POST, PUT, OPTIONS")
    );
    assert_eq!(running.decisions(), [Decision::Preflight]);
}

#[rstest]
#[case::the_chat(
    "POST",
    "/chat/messages",
    200,
    "{\"answer\":\"The Trail Runner runs true to size.\"}",
    Decision::Answered
)]
#[case::the_faqs(
    "GET",
    "/faqs/questions?product=1",
    200,
    "{\"answer\":\"It runs true to size.\"}",
    Decision::Answered
)]
#[case::an_unknown_path(
    "POST",
    "/analytics/track",
    404,
    "{\"error\":\"not found\"}",
    Decision::Unknown
)]
#[case::an_event_endpoint_that_is_only_asked(
    "GET",
    EVENTS,
    404,
    "{\"error\":\"not found\"}",
    Decision::Unknown
)]
#[tokio::test]
async fn other_request_is_answered_in_every_backend_state(
    #[case] method: &str,
    #[case] path: &str,
    #[case] status: u16,
    #[case] body: &str,
    #[case] decision: Decision,
    #[values(
        BackendState::Well,
        BackendState::Error500,
        BackendState::DropsRequest,
        BackendState::DropsResponse
    )]
    state: BackendState,
) {
    let running = Running::in_state(state).await;
    let answer = running.send(method, path).await.expect("it is answered");
    assert_eq!((answer.status, answer.body.as_str()), (status, body));
    assert_eq!(running.decisions(), [decision]);
}

#[tokio::test]
async fn every_origin_may_read_answer_and_timing() {
    let running = Running::start().await;
    let answer = running.send("POST", EVENTS).await.expect("it is answered");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://c1.shop.localhost")
    );
    assert_eq!(
        answer.header("access-control-allow-credentials"),
        Some("true")
    );
    assert_eq!(answer.header("timing-allow-origin"), Some("*"));
}

#[tokio::test]
async fn answer_carries_the_number_of_its_request() {
    let running = Running::start().await;
    for n in 0..3 {
        let answer = running.send("POST", EVENTS).await.expect("it is answered");
        assert_eq!(
            answer.header("server-timing"),
            Some(format!("request;desc=\"{n}\"").as_str())
        );
        assert_eq!(
            running
                .account
                .requests()
                .last()
                .map(|request| request.id.0),
            Some(n)
        );
    }
}

#[rstest]
#[case("POST", 200, Decision::Recorded)]
#[case("OPTIONS", 204, Decision::Preflight)]
#[tokio::test]
async fn without_cors_events_are_recorded_but_not_readable(
    #[case] method: &str,
    #[case] status: u16,
    #[case] decision: Decision,
) {
    let running = Running::in_state(BackendState::NoCors).await;
    let answer = running.send(method, EVENTS).await.expect("it is answered");
    assert_eq!(
        (
            answer.status,
            answer.header("access-control-allow-origin"),
            answer.header("access-control-allow-headers")
        ),
        (status, None, None)
    );
    assert_eq!(running.decisions(), [decision]);
    let chat = running
        .send("POST", "/chat/messages")
        .await
        .expect("it is answered");
    assert!(
        chat.header("access-control-allow-origin").is_some(),
        "the chat is not an event endpoint"
    );
}

#[rstest]
#[case(BackendState::Well)]
#[case(BackendState::Error500)]
#[case(BackendState::NoCors)]
#[tokio::test]
async fn connection_carries_one_request(#[case] state: BackendState) {
    let running = Running::in_state(state).await;
    assert_eq!(
        running
            .send("POST", EVENTS)
            .await
            .expect("it is answered")
            .header("connection"),
        Some("close")
    );
}
