//! Both servers, tried by a real client.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ::http::{Method, StatusCode};
use axum::Router;
use axum::extract::{Request, State};
use axum::routing::any;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::http::{Outbox, forward};
use super::playback::Playback;
use super::recording::{Answer, Command, Entry, Recording, Sent};
use super::{Latency, Nodes, Recorder, SimulatedGrid};

const PRODUCT: &str = "http://c1.shop.localhost:4000/product";

/// As long as no test takes.
const NEVER: Duration = Duration::from_secs(60);

const NODE: Nodes = Nodes {
    count: 1,
    ahead_ms: 0.0,
    browser_name: "some browser",
    latency: Latency {
        command: Duration::ZERO,
        session: Duration::ZERO,
    },
};

/// Something that answers every request alike, and what it was asked.
struct Server {
    address: SocketAddr,
    asked: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn start(answer: Value) -> Self {
        let (sender, asked) = mpsc::unbounded_channel();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let note = async |State((sender, answer)): State<(_, Arc<Value>)>, request: Request| {
            let sender: mpsc::UnboundedSender<String> = sender;
            let host = request.headers()["host"].to_str().unwrap();
            let line = format!("{} {} of {host}", request.method(), request.uri());
            let _ = sender.send(line);
            ([("content-type", "application/json")], answer.to_string())
        };
        let router = Router::new().fallback(any(note));
        let router = router.with_state((sender, Arc::new(answer)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    async fn next(&mut self) -> String {
        let next = tokio::time::timeout(NEVER, self.asked.recv()).await;
        next.unwrap().unwrap()
    }
}

fn capabilities(proxy: SocketAddr) -> Capabilities {
    let proxy = json!({"proxyType": "manual", "httpProxy": proxy.to_string()});
    [("proxy".to_owned(), proxy)].into_iter().collect()
}

async fn connect(url: &str, proxy: SocketAddr) -> Client {
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let connected = builder.capabilities(capabilities(proxy)).connect(url);
    tokio::time::timeout(NEVER, connected)
        .await
        .unwrap()
        .unwrap()
}

/// A session that opens, and asks for one page of `c1`.
fn recording() -> Recording {
    let opened = json!({"sessionId": "1", "capabilities": {}});
    let host = ("host".to_owned(), "c1.shop.localhost:4000".to_owned());
    Recording::of(vec![
        entry(&Method::POST, "/session", &json!({}), &opened),
        // A client asks what the page is before it leaves it.
        entry(
            &Method::GET,
            "/session/1/url",
            &Value::Null,
            &json!("data:,"),
        ),
        entry(
            &Method::POST,
            "/session/1/url",
            &json!({ "url": PRODUCT }),
            &Value::Null,
        ),
        Entry::Request(Sent {
            method: "GET".to_owned(),
            url: PRODUCT.to_owned(),
            headers: vec![host],
            body: Vec::new(),
        }),
        entry(
            &Method::GET,
            "/session/1/url",
            &Value::Null,
            &json!(PRODUCT),
        ),
    ])
}

fn entry(method: &Method, path: &str, body: &Value, value: &Value) -> Entry {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let command = Command::of(method, path, body.as_bytes()).unwrap();
    let answer = Answer {
        status: StatusCode::OK,
        body: json!({ "value": value }),
        ..Answer::not_yet(0.0)
    };
    Entry::Command(command, answer)
}

#[tokio::test]
async fn simulated_browser_sends_what_the_real_one_sent_to_the_hosts_of_its_attempt() {
    let mut proxy = Server::start(Value::Null).await;
    let grid = SimulatedGrid::start(recording(), NODE).await.unwrap();
    let client = connect(&grid.url, proxy.address).await;
    for label in ["c8", "c9"] {
        let page = format!("http://{label}.shop.localhost:4000/product");
        client.goto(&page).await.unwrap();
        let expected = format!("GET {page} of {label}.shop.localhost:4000");
        assert_eq!(proxy.next().await, expected);
    }
}

#[tokio::test]
async fn session_waits_until_a_node_is_free() {
    let grid = SimulatedGrid::start(recording(), NODE).await.unwrap();
    let nowhere = (Ipv4Addr::LOCALHOST, 9).into();
    let first = connect(&grid.url, nowhere).await;
    let second = tokio::spawn({
        let url = grid.url.clone();
        async move { connect(&url, nowhere).await }
    });
    // A command of the first is answered, while the second waits.
    first.goto(PRODUCT).await.unwrap();
    assert!(!second.is_finished());
    first.close().await.unwrap();
    second.await.unwrap();
}

#[tokio::test]
async fn command_that_was_not_recorded_is_refused_and_named() {
    let grid = SimulatedGrid::start(recording(), NODE).await.unwrap();
    let client = connect(&grid.url, (Ipv4Addr::LOCALHOST, 9).into()).await;
    let error = client.source().await.unwrap_err().to_string();
    assert!(error.contains("was not recorded"), "{error}");
}

#[tokio::test]
async fn recorder_passes_commands_and_requests_on_and_keeps_both() {
    let opened = json!({"value": {"sessionId": "1", "capabilities": {}}});
    let mut driver = Server::start(opened).await;
    let mut proxy = Server::start(json!("page")).await;
    let recorder = Recorder::start(driver.address).await.unwrap();
    let own = recorder
        .url
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let own: SocketAddr = own.parse().unwrap();
    let pass = async |path: &str, body: Value| {
        let request = Request::post(path).body(body.to_string().into_bytes());
        forward(own, request.unwrap()).await.unwrap()
    };
    let capabilities = json!({"capabilities": {"firstMatch": [capabilities(proxy.address)]}});
    pass("/session", capabilities).await;
    let host = driver.address;
    assert_eq!(driver.next().await, format!("POST /session of {host}"));
    pass("/session/1/url", json!({ "url": PRODUCT })).await;
    assert_eq!(
        driver.next().await,
        format!("POST /session/1/url of {host}")
    );
    // The browser was led to the recorder's proxy, which leads to the session's.
    let sent = Sent {
        method: "GET".to_owned(),
        url: PRODUCT.to_owned(),
        headers: vec![("host".to_owned(), "c1.shop.localhost:4000".to_owned())],
        body: Vec::new(),
    };
    let mut browser = Outbox::new(recorder.proxy());
    browser.send(&sent).await.unwrap();
    let expected = format!("GET {PRODUCT} of c1.shop.localhost:4000");
    assert_eq!(proxy.next().await, expected);
    let mut played = Playback::new(Arc::new(recorder.recording()));
    let visit = json!({ "url": PRODUCT }).to_string();
    let visit = Command::of(&Method::POST, "/session/1/url", visit.as_bytes()).unwrap();
    assert_eq!(played.answer(&visit, 0.0).unwrap().sends, [sent]);
}
