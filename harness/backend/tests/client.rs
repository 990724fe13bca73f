//! A running backend with one open case, and a client that sends the requests of a test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::backend::{Account, Backend};
use crate::contract::Visitor;
use crate::evidence::{Clock, Decision};
use crate::input::Files;
use crate::scenario::BackendState;
use crate::sdk::Profile;

/// A deadline, not a sleep: only a test that fails reaches it.
pub const DEADLINE: Duration = Duration::from_secs(10);

pub const EVENTS: &str = "/analytics/cart_events";
pub const BODY: &str = "{\"product_id\":\"N-1\"}";

/// What the storefront says to whoever asks it for anything.
pub const SCRIPT: &str = "the SDK's script";

/// A backend with the case `c1` open.
pub struct Running {
    pub backend: Backend,
    pub account: Arc<Account>,
}

impl Running {
    pub async fn start() -> Self {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let backend = Backend::start(Arc::new(profile), storefront().await)
            .await
            .expect("a port is free");
        let account = Account::new(Clock::start());
        backend.open("c1", Arc::clone(&account), Visitor::First);
        Self { backend, account }
    }

    pub async fn in_state(state: BackendState) -> Self {
        let running = Self::start().await;
        running.account.set_state(state);
        running
    }

    /// Sends a request to the case's host, and returns what comes back until the connection ends.
    pub async fn send(&self, method: &str, path: &str) -> Option<Answer> {
        send(self.backend.address, "c1.api.localhost", method, path).await
    }

    /// What was done with each request so far.
    pub fn decisions(&self) -> Vec<Decision> {
        self.account
            .requests()
            .iter()
            .map(|request| request.decision)
            .collect()
    }
}

/// An HTTP response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    head: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// `None` where the connection ended without an answer.
///
/// The client's half stays open, as a browser's does: that the connection ends is the server's
/// doing.
pub async fn send(address: SocketAddr, host: &str, method: &str, path: &str) -> Option<Answer> {
    let body = if method == "POST" { BODY } else { "" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://c1.shop.localhost\r\n\
         Access-Control-Request-Headers: x-own\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = TcpStream::connect(address)
        .await
        .expect("the backend accepts connections");
    connection
        .write_all(request.as_bytes())
        .await
        .expect("the backend reads");
    let mut received = Vec::new();
    let ended = tokio::time::timeout(DEADLINE, connection.read_to_end(&mut received))
        .await
        .expect("the backend ends the connection");
    // A connection may end by a reset; what counts is whether an answer came before.
    drop(ended);
    let received = String::from_utf8(received).expect("answers are text");
    let (head, body) = received.split_once("\r\n\r\n")?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("an answer begins with its status");
    Some(Answer {
        status,
        body: body.to_owned(),
        head: head.to_owned(),
    })
}

/// Waits until nobody accepts connections at `address`: a listener is closed once its task has
/// ended.
pub async fn closed(address: SocketAddr) {
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, refused)
        .await
        .expect("the listener closes");
}

async fn storefront() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = connection.read(&mut request).await;
            let _ = connection
                .write_all(
                    format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{SCRIPT}",
                        SCRIPT.len()
                    )
                    .as_bytes(),
                )
                .await;
        }
    });
    address
}
