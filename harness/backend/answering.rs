//! The HTTP servers that answer in the API's place, one after the other: wiremock keeps every
//! request that it has ever answered, with no way to forget them but to end it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Mutex;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use super::responder::Responder;

/// After so many requests another server takes over. Each keeps some kilobytes of every one.
const REQUESTS: usize = 250;

/// The servers.
#[derive(Debug)]
pub struct Answering {
    responder: Responder,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    server: Arc<Server>,
    requests: usize,
}

/// One server. It stops when its last holder drops it, and so answers before that.
#[derive(Debug)]
pub struct Server(MockServer);

impl Answering {
    /// Starts the first.
    pub async fn start(responder: Responder) -> Self {
        let server = Server::start(&responder).await;
        Self {
            responder,
            current: Mutex::new(Current {
                server: Arc::new(server),
                requests: 0,
            }),
        }
    }

    /// The server that is to answer one more request: to be held until it has.
    pub async fn next(&self) -> Arc<Server> {
        let mut current = self.current.lock().await;
        if current.requests == REQUESTS {
            current.server = Arc::new(Server::start(&self.responder).await);
            current.requests = 0;
        }
        current.requests += 1;
        Arc::clone(&current.server)
    }
}

impl Server {
    async fn start(responder: &Responder) -> Self {
        // Not `MockServer::start()`: that is pooled, and hands the next run the same port with the
        // late requests of this one.
        let server = MockServer::builder().disable_request_recording();
        let server = server.start().await;
        let all = Mock::given(any()).respond_with(responder.clone());
        all.mount(&server).await;
        Self(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        *self.0.address()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpStream;

    use super::*;
    use crate::input::Files;
    use crate::sdk::Profile;

    #[tokio::test]
    async fn server_is_replaced_and_stops_without_a_holder() {
        let profile = Profile::load("reference", &Files::default()).unwrap();
        let answering = Answering::start(Responder {
            accounts: Arc::default(),
            late: Arc::default(),
            profile: Arc::new(profile),
        });
        let answering = answering.await;
        let first = answering.next().await;
        for _ in 1..REQUESTS {
            assert_eq!(answering.next().await.address(), first.address());
        }
        assert_ne!(answering.next().await.address(), first.address());
        // Whoever waits for its answer still holds it.
        let address = first.address();
        TcpStream::connect(address).await.unwrap();
        drop(first);
        let stopped = async { while TcpStream::connect(address).await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(30), stopped)
            .await
            .unwrap();
    }
}
