//! How questions to the widgets are answered, and events that are refused or sent elsewhere.

use rstest::rstest;

use super::client::{EVENTS, Running};
use crate::evidence::Decision;
use crate::scenario::{AnswerState, BackendState};

const QUESTIONS: &str = "/chat/messages";

#[tokio::test]
async fn failing_answer_is_a_500_and_leaves_events_alone() {
    let running = Running::start().await;
    running.account.set_answers(AnswerState::Failing);
    let answer = running.send("POST", QUESTIONS).await;
    assert_eq!(answer.expect("it is answered").status, 500);
    let event = running.send("POST", EVENTS).await;
    assert_eq!(event.expect("it is answered").status, 200);
    assert_eq!(
        running.decisions(),
        [Decision::Answered, Decision::Recorded]
    );
}

#[rstest]
#[case::late(AnswerState::Late)]
#[case::streamed(AnswerState::Streamed)]
#[tokio::test]
async fn event_overtakes_a_question_that_is_answered_late(#[case] state: AnswerState) {
    let running = Running::start().await;
    running.account.set_answers(state);
    let later = async {
        let asked = running.account.wait_until(|all| !all.is_empty());
        asked.await;
        running.send("POST", EVENTS).await
    };
    tokio::select! {
        biased;
        answer = running.send("POST", QUESTIONS) => panic!("it came first: {answer:?}"),
        event = later => assert_eq!(event.expect("it is answered").status, 200),
    }
}

#[tokio::test]
async fn streamed_answer_arrives_whole() {
    let running = Running::start().await;
    running.account.set_answers(AnswerState::Streamed);
    let answer = running.send("POST", QUESTIONS).await.expect("it arrives");
    assert_eq!(answer.status, 200);
    assert!(answer.body.ends_with('}'), "{}", answer.body);
}

#[rstest]
#[case(BackendState::Error403, 403)]
#[case(BackendState::TooMany, 429)]
#[tokio::test]
async fn refused_event_is_answered_by_its_status(#[case] state: BackendState, #[case] status: u16) {
    let running = Running::in_state(state).await;
    let answer = running.send("POST", EVENTS).await.expect("it is answered");
    assert_eq!(answer.status, status);
    assert!(answer.header("access-control-allow-origin").is_some());
    assert_eq!(running.decisions(), [Decision::Refused(status)]);
}

#[tokio::test]
async fn redirected_event_is_recorded_at_its_new_address() {
    let running = Running::in_state(BackendState::Redirects).await;
    let answer = running.send("POST", EVENTS).await.expect("it is answered");
    let moved = answer
        .header("location")
        .expect("another address")
        .to_owned();
    assert_eq!(answer.status, 308);
    let answer = running.send("POST", &moved).await.expect("it is answered");
    assert_eq!(answer.status, 200);
    assert_eq!(
        running.decisions(),
        [Decision::Refused(308), Decision::Recorded]
    );
}
