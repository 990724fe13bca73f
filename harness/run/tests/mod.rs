//! Sessions and workers at a Selenium Grid that was made up.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod preflight;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::asking::PAUSE;
use super::job::{Job, Message};
use super::queue::JobQueue;
use super::sessions::Sessions;
use super::stage::Stage;
use super::worker::Worker;
use crate::browser::DriverUrl;
use crate::browser::tests::made_up::MadeUp;
use crate::input::Files;
use crate::plan::Patterns;
use crate::scenario::Suite;
use crate::sdk::{Installation, Profile};

/// Longer than any of these tests waits.
const NEVER: Duration = Duration::from_secs(60);

const NODE: &str = "http://10.0.0.2:5555";

static ENGINE: MadeUp = MadeUp {
    applications: &[],
    shares_driver: true,
    driver_arguments: ["", ""],
};

fn answer(value: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "value": value }))
}

fn error(status: u16, error: &str, message: &str) -> ResponseTemplate {
    let value = json!({ "error": error, "message": message, "stacktrace": "" });
    ResponseTemplate::new(status).set_body_json(json!({ "value": value }))
}

/// A Grid with two slots, whose sessions end.
async fn grid() -> MockServer {
    let server = MockServer::start().await;
    let slot =
        |session: &Value| json!({ "session": session, "stereotype": { "browserName": "made-up" } });
    let slots = [slot(&json!({ "sessionId": "1" })), slot(&Value::Null)];
    let node = json!({"uri": NODE, "availability": "UP", "maxSessions": 2, "slots": slots});
    let status = Mock::given(method("GET")).and(path("/status"));
    let status = status.respond_with(answer(&json!({ "nodes": [node] })));
    status.mount(&server).await;
    let ended = Mock::given(method("DELETE")).respond_with(answer(&Value::Null));
    ended.mount(&server).await;
    server
}

/// Answers the next so many requests there, after those of earlier calls.
async fn answers(grid: &MockServer, at: &str, times: u64, with: ResponseTemplate) {
    let mock = Mock::given(method("POST")).and(path(at)).respond_with(with);
    mock.up_to_n_times(times).mount(grid).await;
}

async fn opens(grid: &MockServer, sessions: u64) {
    let session = json!({ "sessionId": "1", "capabilities": {} });
    answers(grid, "/session", sessions, answer(&session)).await;
}

async fn sessions(grid: &MockServer) -> Arc<Sessions> {
    let url: DriverUrl = grid.uri().parse().unwrap();
    let sessions = move || Sessions::running(&ENGINE, &url, None, false).unwrap();
    Arc::new(tokio::task::spawn_blocking(sessions).await.unwrap())
}

/// How often it was asked for a session.
async fn asked(grid: &MockServer) -> usize {
    let all = grid.received_requests().await.unwrap();
    all.iter()
        .filter(|own| own.url.path() == "/session")
        .count()
}

#[tokio::test]
async fn grid_that_refuses_for_a_while_is_asked_until_it_opens_a_session() {
    let grid = grid().await;
    opens(&grid, 1).await;
    let dead = "Could not start a new session. Response code 500";
    answers(
        &grid,
        "/session",
        1,
        error(500, "session not created", dead),
    )
    .await;
    let busy = "Timed out creating session";
    answers(
        &grid,
        "/session",
        1,
        error(500, "session not created", busy),
    )
    .await;
    answers(&grid, "/session", 1, ResponseTemplate::new(504)).await;
    opens(&grid, 1).await;
    answers(&grid, "/session/1/execute/sync", 2, answer(&json!({}))).await;
    let sessions = sessions(&grid).await;
    let _first = sessions.open(None).await.unwrap();
    let _second = sessions.open(None).await.unwrap();
    assert_eq!(asked(&grid).await, 5);
}

#[tokio::test]
async fn grid_is_asked_no_more_once_nobody_waits() {
    let grid = grid().await;
    let busy = error(500, "session not created", "Timed out creating session");
    answers(&grid, "/session", u64::MAX, busy).await;
    let sessions = sessions(&grid).await;
    let interrupted = tokio::time::timeout(Duration::from_millis(1500), sessions.open(None));
    assert!(interrupted.await.is_err());
    let begun = Instant::now();
    sessions.until_none_is_left(NEVER).await;
    assert!(begun.elapsed() < NEVER / 6);
    let before = asked(&grid).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(asked(&grid).await, before);
}

/// Waits until it was asked for so many sessions.
async fn until_asked(grid: &MockServer, sessions: usize) {
    let all = async {
        while asked(grid).await < sessions {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(NEVER, all).await.unwrap();
}

/// A worker, one job, and what it reports.
async fn worker(
    sessions: &Arc<Sessions>,
) -> (
    Worker,
    Arc<JobQueue>,
    mpsc::UnboundedReceiver<Message>,
    watch::Sender<bool>,
) {
    let files = Files::default();
    let profile = Profile::load("reference", &files).unwrap();
    let stage = Stage::start(Arc::new(profile)).await.unwrap();
    let suite = Suite::load(&files).unwrap();
    let case = suite.plan(&mut Patterns::new(&[])).into_iter().next();
    let installation = Installation::reference(&files).unwrap();
    let jobs = Arc::new(JobQueue::default());
    jobs.put(Job::first(Arc::new(case.unwrap()), installation, false));
    let (done, messages) = mpsc::unbounded_channel();
    let (stopper, stop) = watch::channel(false);
    let worker = Worker {
        jobs: Arc::clone(&jobs),
        stage: Arc::new(stage),
        sessions: Arc::clone(sessions),
        done,
        stop,
    };
    (worker, jobs, messages, stopper)
}

#[tokio::test]
async fn worker_without_a_session_leaves_the_jobs_to_those_that_have_one() {
    let grid = grid().await;
    opens(&grid, u64::MAX).await;
    answers(&grid, "/session/1/execute/sync", 1, answer(&json!({}))).await;
    // Whatever else is opened is lost at once.
    let lost = error(404, "no such window", "it has gone");
    answers(&grid, "/session/1/execute/sync", u64::MAX, lost).await;
    let sessions = sessions(&grid).await;
    let _of_another = sessions.open(None).await.unwrap();
    let (worker, jobs, mut messages, _stopper) = worker(&sessions).await;
    let begun = Instant::now();
    let works = tokio::spawn(worker.work(None));
    until_asked(&grid, 4).await;
    let took = begun.elapsed();
    assert!(took >= 2 * PAUSE, "three tries within {took:?}");
    assert!(messages.try_recv().is_err(), "it took the job");
    assert_eq!(jobs.withdraw().len(), 1);
    jobs.close();
    tokio::time::timeout(NEVER / 10, works)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn interruption_ends_the_wait_for_a_grid_that_is_busy() {
    let grid = grid().await;
    let busy = error(500, "session not created", "Timed out creating session");
    answers(&grid, "/session", u64::MAX, busy).await;
    let sessions = sessions(&grid).await;
    let (worker, _jobs, _messages, stopper) = worker(&sessions).await;
    let works = tokio::spawn(worker.work(None));
    until_asked(&grid, 1).await;
    stopper.send_replace(true);
    let ended = tokio::time::timeout(NEVER / 6, works);
    ended.await.unwrap().unwrap();
}
