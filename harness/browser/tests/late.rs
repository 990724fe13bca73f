//! Commands that a driver does not answer, at a driver that was made up.

use std::time::Duration;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::browser::chromium::Chromium;
use crate::browser::connection::Connection;
use crate::browser::error::{BrowserError, ErrorTexts};
use crate::browser::webkit::WebKit;

/// Longer than any test waits.
const NEVER: Duration = Duration::from_secs(60);

/// How long the commands of these tests may take.
const DEADLINE: Duration = Duration::from_secs(6);

fn answer(value: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "value": value }))
}

/// A driver that answers neither its first script nor, if `page_loops`, any other.
async fn driver(page_loops: bool) -> MockServer {
    let server = MockServer::start().await;
    let script = || Mock::given(method("POST")).and(path("/session/s/execute/sync"));
    let mut lost = script().respond_with(answer(&Value::Null).set_delay(NEVER));
    if !page_loops {
        lost = lost.up_to_n_times(1);
    }
    lost.with_priority(1).mount(&server).await;
    script()
        .respond_with(answer(&json!(1)))
        .mount(&server)
        .await;
    let session = json!({ "sessionId": "s", "capabilities": {} });
    Mock::given(method("POST"))
        .and(path("/session"))
        .respond_with(answer(&session))
        .mount(&server)
        .await;
    // There is no dialog.
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(404))
        .mount(&server)
        .await;
    server
}

/// How a script ends that this driver does not answer.
async fn ended(texts: &'static dyn ErrorTexts, driver: &MockServer) -> BrowserError {
    let url = driver.uri().parse().expect("it is a URL");
    let connection = Connection::open(texts, &url, Capabilities::new(), NEVER).await;
    let connection = connection.expect("the driver opens a session");
    connection.set_deadline(DEADLINE);
    let script = connection.client.execute("return null", Vec::new());
    let ended = connection.run(script).await;
    ended.expect_err("the driver does not answer it")
}

#[tokio::test]
async fn answer_is_lost_where_the_page_answers_others() {
    let error = ended(&WebKit, &driver(false).await).await.to_string();
    assert!(error.contains("lost the answer of a command"), "{error}");
}

#[tokio::test]
async fn page_that_answers_no_other_has_hung() {
    let error = ended(&WebKit, &driver(true).await).await;
    assert!(matches!(error, BrowserError::Hung(_)), "{error}");
}

#[tokio::test]
async fn driver_that_answers_every_command_is_asked_nothing_beside() {
    let driver = driver(false).await;
    let error = ended(&Chromium, &driver).await;
    assert!(matches!(error, BrowserError::Hung(_)), "{error}");
    let requests = driver.received_requests().await.expect("they are recorded");
    let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/session", "/session/s/execute/sync"]);
}
