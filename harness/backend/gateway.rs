//! The TCP server in front of wiremock: sends requests for the SDK's script to the storefront,
//! everything else to wiremock, and acts out what no HTTP server can: connections that drop, before
//! or after the request was recorded, and answers that wait for a page to go.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::account::Arrival;
use super::answering::Answering;
use super::head::{Head, read_body, read_head};
use super::responder::{Accounts, account_of};
use crate::evidence::Decision;
use crate::scenario::{AnswerState, BackendState};
use crate::sdk::Profile;

/// A streamed answer comes in so many pieces, so long one after the other.
const PIECES: usize = 12;
const BETWEEN_PIECES: Duration = Duration::from_millis(500);

/// Where connections go. Every response behind it says `Connection: close`, so a connection carries
/// one request.
#[derive(Debug)]
pub struct Gateway {
    pub accounts: Accounts,
    pub profile: Arc<Profile>,
    pub storefront: SocketAddr,
    pub answering: Answering,
    pub ports: Ports,
}

/// The ports of this machine that the harness's own names lead to.
#[derive(Debug, Default)]
pub struct Ports(Mutex<BTreeSet<u16>>);

impl Ports {
    pub fn add(&self, port: u16) {
        self.lock().insert(port);
    }

    pub fn remove(&self, port: u16) {
        self.lock().remove(&port);
    }

    pub fn holds(&self, port: u16) -> bool {
        self.lock().contains(&port)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<u16>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gateway {
    /// Serves `listener` until its task is aborted.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            // A failed accept is one connection the peer gave up; the next one is served.
            if let Ok((browser, _)) = listener.accept().await {
                let gateway = Arc::clone(&self);
                tokio::spawn(async move {
                    // An error is a connection that one of the sides closed early, as browsers do
                    // when a page goes away.
                    let _ = gateway.connection(browser).await;
                });
            }
        }
    }

    async fn connection(&self, mut browser: TcpStream) -> std::io::Result<()> {
        match read_head(&mut browser).await? {
            Some((head, received)) => self.carry(browser, head, received).await,
            None => Ok(()),
        }
    }

    /// Takes a request to where it belongs, and its answer back; `received` is its head and as much
    /// more as came with it.
    pub async fn carry(
        &self,
        mut browser: impl AsyncRead + AsyncWrite + Unpin,
        head: Head,
        mut received: Vec<u8>,
    ) -> std::io::Result<()> {
        if head.path.starts_with(&self.profile.install.path) {
            return pipe(browser, self.storefront, &received).await;
        }
        let path = head.path.split('?').next().unwrap_or_default();
        let is_event = self.profile.wire.takes(&head.method, path);
        let account = account_of(&self.accounts, &head.host);
        if account.as_ref().map(|(account, _)| account.answers()) == Some(AnswerState::Streamed)
            && self.profile.asked_by(&head.method, path).is_some()
        {
            read_body(&mut browser, &head, &mut received).await?;
            return stream(browser, self.answer_to(&received).await?).await;
        }
        let account = account.filter(|_| is_event);
        match account.as_ref().map(|(account, _)| account.state()) {
            Some(BackendState::DropsRequest) => {
                let body = read_body(&mut browser, &head, &mut received).await?;
                if let Some((account, visitor)) = account {
                    let arrival = Arrival {
                        visitor,
                        method: head.method,
                        path: head.path,
                        content_type: head.content_type,
                        body,
                    };
                    account.commit(arrival, Decision::Dropped);
                }
                Ok(())
            }
            Some(BackendState::DropsResponse) => {
                read_body(&mut browser, &head, &mut received).await?;
                self.answer_to(&received).await?;
                Ok(())
            }
            Some(BackendState::Held) => {
                read_body(&mut browser, &head, &mut received).await?;
                let answer = self.answer_to(&received).await?;
                if let Some((account, _)) = account {
                    account.until_answers_are_released().await;
                }
                browser.write_all(&answer).await?;
                browser.shutdown().await
            }
            // A gateway that refuses connections has no connection to answer on.
            None
            | Some(
                BackendState::Well
                | BackendState::Error500
                | BackendState::Error403
                | BackendState::TooMany
                | BackendState::Redirects
                | BackendState::Slow
                | BackendState::VerySlow
                | BackendState::NoCors
                | BackendState::Refused,
            ) => {
                let server = self.answering.next().await;
                pipe(browser, server.address(), &received).await
            }
        }
    }

    /// What wiremock answers to a whole request.
    async fn answer_to(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let server = self.answering.next().await;
        let mut wiremock = TcpStream::connect(server.address()).await?;
        wiremock.write_all(request).await?;
        let mut answer = Vec::new();
        wiremock.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

/// Sends an answer's head at once, and its body piece by piece.
async fn stream(mut browser: impl AsyncWrite + Unpin, answer: Vec<u8>) -> std::io::Result<()> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.map_or(answer.len(), |end| end + 4));
    browser.write_all(head).await?;
    for piece in body.chunks(body.len().div_ceil(PIECES).max(1)) {
        tokio::time::sleep(BETWEEN_PIECES).await;
        browser.write_all(piece).await?;
    }
    browser.shutdown().await
}

/// Sends what was `received` to a server, and then all that either side sends to the other.
pub async fn pipe(
    mut browser: impl AsyncRead + AsyncWrite + Unpin,
    upstream: SocketAddr,
    received: &[u8],
) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(received).await?;
    copy_bidirectional(&mut browser, &mut upstream).await?;
    Ok(())
}
