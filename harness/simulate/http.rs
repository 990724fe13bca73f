//! Sends requests as they are: to a driver, and through a proxy.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::recording::Sent;

/// Those of one connection alone (RFC 9110, 7.6.1), and the length, which goes with the body.
const OF_THE_CONNECTION: [header::HeaderName; 4] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::PROXY_AUTHORIZATION,
];

/// A request that could not be sent, or was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no connection.
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    /// It broke.
    #[error(transparent)]
    Broken(#[from] hyper::Error),
    /// The body broke off.
    #[error(transparent)]
    Body(#[from] axum::Error),
    /// What was recorded is no request.
    #[error(transparent)]
    Malformed(#[from] axum::http::Error),
}

/// Sends one request to `address`, on a connection of its own; returns the answer, read whole.
pub async fn forward(
    address: SocketAddr,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, SendError> {
    let mut connection = connect(address).await?;
    answer_of(&mut connection, request).await
}

/// What a browser sends through one proxy: on a connection to each host that is kept, as browsers
/// do.
#[derive(Debug)]
pub struct Outbox {
    proxy: SocketAddr,
    /// By host and port.
    connections: BTreeMap<String, SendRequest<Body>>,
}

impl Outbox {
    /// Through the proxy at this address.
    pub fn new(proxy: SocketAddr) -> Self {
        Self {
            proxy,
            connections: BTreeMap::new(),
        }
    }

    /// Sends this, and reads the answer. Whether it comes is for the ledger to say.
    pub async fn send(&mut self, sent: &Sent) -> Result<(), SendError> {
        let mut request = Request::builder().method(&*sent.method).uri(&sent.url);
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        let request = request.body(sent.body.clone())?;
        let host = request.uri().authority().map(ToString::to_string);
        let host = host.unwrap_or_default();
        let mut connection = match self.connections.remove(&host) {
            Some(kept) if !kept.is_closed() => kept,
            Some(_) | None => connect(self.proxy).await?,
        };
        answer_of(&mut connection, request).await?;
        self.connections.insert(host, connection);
        Ok(())
    }

    /// Closes every connection: the hosts of another attempt are others.
    pub fn close(&mut self) {
        self.connections.clear();
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Body>, SendError> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its end is seen at the next request.
    tokio::spawn(connection);
    Ok(sender)
}

async fn answer_of(
    connection: &mut SendRequest<Body>,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, SendError> {
    connection.ready().await?;
    let (mut head, body) = request.into_parts();
    for name in &OF_THE_CONNECTION {
        head.headers.remove(name);
    }
    let request = Request::from_parts(head, Body::from(body));
    let (mut head, body) = connection.send_request(request).await?.into_parts();
    for name in &OF_THE_CONNECTION {
        head.headers.remove(name);
    }
    let body = to_bytes(Body::new(body), usize::MAX).await?;
    Ok(Response::from_parts(head, body.into()))
}

/// Reads a request whole; an error is a body that broke off.
pub async fn read(request: axum::extract::Request) -> Result<Request<Vec<u8>>, axum::Error> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await?;
    Ok(Request::from_parts(head, body.into()))
}

/// The answer to what could not be passed on.
pub fn bad_gateway() -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer
}
