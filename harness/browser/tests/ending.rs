//! How a session ends at a driver that was made up.

use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::browser::chromium::Chromium;
use crate::browser::connection::Connection;
use crate::browser::firefox::Firefox;
use crate::browser::{BrowserError, DriverUrl, PageLoad, Session, SessionOptions};

/// Longer than any test waits.
const NEVER: Duration = Duration::from_secs(60);

/// How long a page of these tests is waited for.
const DEADLINE: Duration = Duration::from_secs(1);

/// `ci:secret`
const CREDENTIALS: &str = "Basic Y2k6c2VjcmV0";

/// A driver whose pages answer nothing.
async fn driver() -> MockServer {
    let answer =
        |value: &Value| ResponseTemplate::new(200).set_body_json(json!({ "value": value }));
    let server = MockServer::start().await;
    let session = json!({ "sessionId": "s", "capabilities": {} });
    for (at, answer) in [
        ("/session", answer(&session)),
        (
            "/session/s/execute/sync",
            answer(&Value::Null).set_delay(NEVER),
        ),
    ] {
        let mock = Mock::given(method("POST")).and(path(at));
        mock.respond_with(answer).mount(&server).await;
    }
    let ended = Mock::given(method("DELETE")).respond_with(answer(&Value::Null));
    ended.mount(&server).await;
    server
}

/// Its URL, with a name and a password.
fn url_of(driver: &MockServer) -> DriverUrl {
    let url = format!("http://ci:secret@{}", driver.address());
    url.parse().expect("it is a URL")
}

async fn open(driver: &MockServer) -> Connection {
    let opened = Connection::open(&Chromium, &url_of(driver), Capabilities::new(), NEVER).await;
    opened.expect("the driver opens a session")
}

/// The requests by which the session was ended, once one has come.
async fn ends(driver: &MockServer) -> Vec<Request> {
    let begun = Instant::now();
    loop {
        let all = driver.received_requests().await.expect("they are recorded");
        let ends = all
            .into_iter()
            .filter(|own| own.method.as_str() == "DELETE");
        let ends: Vec<Request> = ends.collect();
        if !ends.is_empty() || begun.elapsed() > NEVER / 6 {
            return ends;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn session_ends_while_its_page_answers_nothing() {
    let driver = driver().await;
    let connection = open(&driver).await;
    connection.set_deadline(DEADLINE);
    let script = connection.client.execute("for (;;);", Vec::new());
    let hung = connection.run(script).await;
    assert!(matches!(hung, Err(BrowserError::Hung(_))), "{hung:?}");
    connection.close().await;
    assert_eq!(ends(&driver).await.len(), 1);
}

#[tokio::test]
async fn session_ends_once_with_the_name_and_the_password_of_the_url() {
    let driver = driver().await;
    let connection = open(&driver).await;
    connection.close().await;
    drop(connection);
    // What the client would send by itself comes within this time.
    tokio::time::sleep(DEADLINE).await;
    let ends = ends(&driver).await;
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].url.path(), "/session/s");
    assert_eq!(ends[0].headers["authorization"], CREDENTIALS);
}

#[tokio::test]
async fn session_that_nobody_closed_ends_with_its_connection() {
    let driver = driver().await;
    drop(open(&driver).await);
    let ends = ends(&driver).await;
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].headers["authorization"], CREDENTIALS);
}

#[tokio::test]
async fn session_that_cannot_be_prepared_has_ended_once_that_is_reported() {
    let driver = driver().await;
    let options = SessionOptions {
        webdriver: url_of(&driver),
        browser: None,
        headed: false,
        page_load: PageLoad::Ours,
        is_ours: false,
        start: NEVER,
        proxy: None,
    };
    // This one has no WebDriver BiDi.
    let opened = Session::open(&Firefox, &options).await;
    assert!(opened.is_err());
    let all = driver.received_requests().await.expect("they are recorded");
    assert!(all.iter().any(|own| own.method.as_str() == "DELETE"));
}

#[tokio::test]
async fn message_names_no_password() {
    let driver = MockServer::start().await;
    let opened = Connection::open(&Chromium, &url_of(&driver), Capabilities::new(), NEVER).await;
    let why = opened.expect_err("it opens none").to_string();
    let shown = format!("the driver at {}/ opened no session", driver.uri());
    assert!(why.contains(&shown) && !why.contains("secret"), "{why}");
}
