//! The TCP server in front of wiremock: sends requests for the SDK's script to the storefront,
//! everything else to wiremock, and acts out what no HTTP server can: connections that drop, before
//! or after the request was recorded.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::account::Arrival;
use super::head::{Head, read_body, read_head};
use super::responder::{Accounts, account_of};
use crate::evidence::Decision;
use crate::scenario::BackendState;
use crate::sdk::Profile;

/// Where connections go. Every response behind it says `Connection: close`, so a connection carries
/// one request.
#[derive(Debug)]
pub struct Gateway {
    pub accounts: Accounts,
    pub profile: Arc<Profile>,
    pub storefront: SocketAddr,
    pub wiremock: SocketAddr,
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
        let account = account_of(&self.accounts, &head.host).filter(|_| is_event);
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
                let mut wiremock = TcpStream::connect(self.wiremock).await?;
                wiremock.write_all(&received).await?;
                wiremock.read_to_end(&mut Vec::new()).await?;
                Ok(())
            }
            // A gateway that refuses connections has no connection to answer on.
            None
            | Some(
                BackendState::Well
                | BackendState::Error500
                | BackendState::Slow
                | BackendState::NoCors
                | BackendState::Refused,
            ) => pipe(browser, self.wiremock, &received).await,
        }
    }
}

async fn pipe(
    mut browser: impl AsyncRead + AsyncWrite + Unpin,
    upstream: SocketAddr,
    received: &[u8],
) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(received).await?;
    copy_bidirectional(&mut browser, &mut upstream).await?;
    Ok(())
}
