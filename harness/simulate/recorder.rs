//! Stands between the harness and a real driver, and between its browser and the proxy of its
//! session, and writes down what passes.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response, Uri, header};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::http::{bad_gateway, forward, read};
use super::recording::{Answer, Command, Entry, Recording, Sent, each_proxy};
use crate::evidence::epoch_ms;

/// The two servers; they end when this is dropped.
#[derive(Debug)]
pub struct Recorder {
    /// Where the harness finds the driver.
    pub url: String,
    passing: Arc<Passing>,
    _servers: JoinSet<io::Result<()>>,
}

/// What passes, and where to.
#[derive(Debug)]
struct Passing {
    driver: SocketAddr,
    /// Where the browser finds the proxy.
    own_proxy: SocketAddr,
    /// The proxy that the harness gave the session.
    proxy: Mutex<Option<SocketAddr>>,
    entries: Mutex<Vec<Entry>>,
}

impl Recorder {
    /// Before the driver at this address.
    pub async fn start(driver: SocketAddr) -> io::Result<Self> {
        let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let (commands, requests) = (listen().await?, listen().await?);
        let passing = Arc::new(Passing {
            driver,
            own_proxy: requests.local_addr()?,
            proxy: Mutex::default(),
            entries: Mutex::default(),
        });
        let url = format!("http://{}/", commands.local_addr()?);
        let mut servers = JoinSet::new();
        let router = Router::new().fallback(command);
        let router = router.with_state(Arc::clone(&passing));
        servers.spawn(async move { axum::serve(commands, router).await });
        let router = Router::new().fallback(request);
        let router = router.with_state(Arc::clone(&passing));
        servers.spawn(async move { axum::serve(requests, router).await });
        Ok(Self {
            url,
            passing,
            _servers: servers,
        })
    }

    /// Where the browser finds the proxy.
    #[cfg(test)]
    pub fn proxy(&self) -> SocketAddr {
        self.passing.own_proxy
    }

    /// What has passed.
    pub fn recording(&self) -> Recording {
        Recording::of(self.passing.entries().clone())
    }
}

impl Passing {
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the answer to the command at this index.
    fn keep(&self, index: Option<usize>, answer: &Response<Vec<u8>>) {
        let mut entries = self.entries();
        if let Some(Entry::Command(_, kept)) = index.and_then(|index| entries.get_mut(index)) {
            kept.status = answer.status();
            kept.body = serde_json::from_slice(answer.body()).unwrap_or_default();
        }
    }

    fn proxy(&self) -> MutexGuard<'_, Option<SocketAddr>> {
        self.proxy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the own proxy in the place of the harness's, which is kept.
    fn turn_to_own_proxy(&self, capabilities: &mut Value) {
        each_proxy(capabilities, &mut |address| {
            *self.proxy() = address.parse().ok();
            *address = self.own_proxy.to_string();
        });
    }
}

/// Passes a command on to the driver.
async fn command(State(passing): State<Arc<Passing>>, request: Request) -> Response<Body> {
    let Ok(mut request) = read(request).await else {
        return bad_gateway();
    };
    let path = request.uri().path().to_owned();
    let command = Command::of(request.method(), &path, request.body());
    if let (Some(_), "/session", Ok(mut body)) = (
        &command,
        path.as_str(),
        serde_json::from_slice(request.body()),
    ) {
        passing.turn_to_own_proxy(&mut body);
        *request.body_mut() = body.to_string().into_bytes();
    }
    // What the browser sends from now on comes after it.
    let index = command.map(|command| {
        let mut entries = passing.entries();
        entries.push(Entry::Command(command, Answer::not_yet(epoch_ms())));
        entries.len() - 1
    });
    *request.uri_mut() = path.parse().unwrap_or_else(|_| Uri::from_static("/"));
    if let Ok(host) = passing.driver.to_string().parse() {
        request.headers_mut().insert(header::HOST, host);
    }
    let Ok(answer) = forward(passing.driver, request).await else {
        return bad_gateway();
    };
    passing.keep(index, &answer);
    answer.map(Body::from)
}

/// Passes a request of the browser on to the proxy of its session.
async fn request(State(passing): State<Arc<Passing>>, request: Request) -> Response<Body> {
    let proxy = *passing.proxy();
    let (Some(proxy), Ok(request)) = (proxy, read(request).await) else {
        return bad_gateway();
    };
    if request.method() == Method::CONNECT {
        return bad_gateway();
    }
    let headers = request.headers().iter();
    let text = |value: &header::HeaderValue| Some(value.to_str().ok()?.to_owned());
    passing.entries().push(Entry::Request(Sent {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        headers: headers
            .filter_map(|(name, value)| Some((name.to_string(), text(value)?)))
            .collect(),
        body: request.body().clone(),
    }));
    let answer = forward(proxy, request).await;
    answer.map_or_else(|_| bad_gateway(), |answer| answer.map(Body::from))
}
