//! The server of a Grid whose nodes play a recording back.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::http::{Outbox, read};
use super::playback::Playback;
use super::recording::{Answer, Command, Recording, Sent, each_proxy};
use crate::evidence::epoch_ms;

/// How long the nodes take.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    /// To answer a command.
    pub command: Duration,
    /// To open a session.
    pub session: Duration,
}

/// The nodes of a Grid, each with one browser.
#[derive(Debug, Clone, Copy)]
pub struct Nodes {
    pub count: usize,
    /// Milliseconds that their clocks are ahead of ours; negative where they are behind.
    pub ahead_ms: f64,
    /// What sessions ask for: the `browserName` of W3C WebDriver.
    pub browser_name: &'static str,
    pub latency: Latency,
}

/// A Grid with one browser on each node; it ends when this is dropped.
#[derive(Debug)]
pub struct SimulatedGrid {
    /// Where the harness finds it.
    pub url: String,
    server: JoinHandle<io::Result<()>>,
}

#[derive(Debug)]
struct Grid {
    recording: Arc<Recording>,
    nodes: Nodes,
    /// The nodes that have no session.
    free: Arc<Semaphore>,
    opened: AtomicU64,
    sessions: Mutex<BTreeMap<String, Arc<Node>>>,
}

/// A node with its session.
#[derive(Debug)]
struct Node {
    playback: Mutex<Playback>,
    ahead_ms: f64,
    browser: mpsc::UnboundedSender<Vec<Sent>>,
    _slot: OwnedSemaphorePermit,
}

impl SimulatedGrid {
    /// With so many nodes.
    pub async fn start(recording: Recording, nodes: Nodes) -> io::Result<Self> {
        let grid = Grid {
            recording: Arc::new(recording),
            nodes,
            free: Arc::new(Semaphore::new(nodes.count)),
            opened: AtomicU64::new(0),
            sessions: Mutex::default(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let router = Router::new()
            .route("/status", get(status))
            .route("/session", post(open))
            .route("/session/{id}", any(close))
            .route("/session/{id}/{*command}", any(command))
            .with_state(Arc::new(grid));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, server })
    }
}

impl Drop for SimulatedGrid {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Grid {
    /// By the clocks of the nodes.
    fn now(&self) -> f64 {
        epoch_ms() + self.nodes.ahead_ms
    }

    fn sessions(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Node>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    /// What its browser answers, whatever that takes; it begins to send what belongs to that.
    fn answer(&self, command: &Command) -> Option<Answer> {
        let playback = self.playback.lock();
        let mut playback = playback.unwrap_or_else(PoisonError::into_inner);
        let mut answer = playback.answer(command, epoch_ms() + self.ahead_ms)?;
        // A browser that has gone sends nothing.
        let _ = self.browser.send(std::mem::take(&mut answer.sends));
        Some(answer)
    }
}

/// As Selenium Grid 4 answers, as far as a client asks for slots.
async fn status(State(grid): State<Arc<Grid>>) -> Response {
    let stereotype = json!({"browserName": grid.nodes.browser_name});
    let slot = json!({"session": null, "stereotype": stereotype});
    let node = |number: usize| {
        json!({
            "id": number,
            "uri": format!("http://node-{number}"),
            "availability": "UP",
            "maxSessions": 1,
            "slots": [slot],
        })
    };
    let nodes: Vec<Value> = (1..=grid.nodes.count).map(node).collect();
    value(&json!({"ready": true, "message": "simulated", "nodes": nodes}))
}

/// Opens a session once a node is free, as a Grid has its clients wait in its queue.
async fn open(State(grid): State<Arc<Grid>>, request: Request) -> Response {
    let Ok(request) = read(request).await else {
        return refused("the request broke off");
    };
    let Ok(slot) = Arc::clone(&grid.free).acquire_owned().await else {
        return refused("the Grid has ended");
    };
    tokio::time::sleep(grid.nodes.latency.session).await;
    let command = Command::of(request.method(), request.uri().path(), request.body());
    let mut playback = Playback::new(Arc::clone(&grid.recording));
    let Some(answer) = command.and_then(|own| playback.answer(&own, grid.now())) else {
        return refused("no session like that was recorded");
    };
    let (browser, to_send) = mpsc::unbounded_channel();
    if let Some(proxy) = proxy_in(request.body()) {
        tokio::spawn(send_all(Outbox::new(proxy), to_send));
    }
    let id = format!("simulated-{}", grid.opened.fetch_add(1, Ordering::Relaxed));
    let node = Node {
        playback: Mutex::new(playback),
        ahead_ms: grid.nodes.ahead_ms,
        browser,
        _slot: slot,
    };
    grid.sessions().insert(id.clone(), Arc::new(node));
    let mut body = answer.body;
    body["value"]["sessionId"] = json!(id);
    json_of(answer.status, &body)
}

async fn close(State(grid): State<Arc<Grid>>, Path(id): Path<String>, method: Method) -> Response {
    tokio::time::sleep(grid.nodes.latency.command).await;
    if method == Method::DELETE {
        grid.sessions().remove(&id);
    }
    value(&Value::Null)
}

async fn command(
    State(grid): State<Arc<Grid>>,
    Path((id, _)): Path<(String, String)>,
    request: Request,
) -> Response {
    let node = grid.sessions().get(&id).cloned();
    let (Some(node), Ok(request)) = (node, read(request).await) else {
        return error("invalid session id", "it is not open");
    };
    let command = Command::of(request.method(), request.uri().path(), request.body());
    let answer = command.as_ref().and_then(|own| node.answer(own));
    tokio::time::sleep(grid.nodes.latency.command).await;
    match answer {
        Some(answer) => json_of(answer.status, &answer.body),
        None => error(
            "unknown command",
            &format!(
                "{} {} was not recorded",
                request.method(),
                request.uri().path()
            ),
        ),
    }
}

/// Sends what a browser sends, one after the other, until its session ends.
async fn send_all(mut outbox: Outbox, mut to_send: mpsc::UnboundedReceiver<Vec<Sent>>) {
    let mut host = String::new();
    while let Some(all) = to_send.recv().await {
        for sent in all {
            let own = sent.label();
            if own != host {
                outbox.close();
                own.clone_into(&mut host);
            }
            // What did not arrive is missing in the ledger, and fails the case.
            let _ = outbox.send(&sent).await;
        }
    }
}

/// The proxy that the capabilities of a session name.
fn proxy_in(body: &[u8]) -> Option<SocketAddr> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let mut proxy = None;
    each_proxy(&mut body, &mut |address| proxy = address.parse().ok());
    proxy
}

fn value(value: &Value) -> Response {
    json_of(StatusCode::OK, &json!({ "value": value }))
}

fn refused(why: &str) -> Response {
    error("session not created", why)
}

/// A W3C WebDriver error.
fn error(error: &str, message: &str) -> Response {
    let value = json!({"error": error, "message": message, "stacktrace": ""});
    json_of(StatusCode::NOT_FOUND, &json!({ "value": value }))
}

fn json_of(status: StatusCode, body: &Value) -> Response {
    let kind = [("content-type", "application/json; charset=utf-8")];
    (status, kind, body.to_string()).into_response()
}
