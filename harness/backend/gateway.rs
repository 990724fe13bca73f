//! The TCP door in front of wiremock: sends the SDK's script to the storefront, everything else to wiremock, and acts out what no HTTP
//! server can: connections that drop, before or after the request was recorded.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::account::Arrival;
use super::responder::{Accounts, account_of};
use crate::evidence::Decision;
use crate::scenario::BackendState;
use crate::sdk::Profile;

/// Larger than any request head a browser sends here.
const LARGEST_HEAD: usize = 64 * 1024;

/// Where connections go. Every response behind it says `Connection: close`, so a connection carries one request.
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
                    // An error is a connection that one of the sides closed early, as browsers do when a page goes away.
                    let _ = gateway.connection(browser).await;
                });
            }
        }
    }

    async fn connection(&self, mut browser: TcpStream) -> std::io::Result<()> {
        let Some((head, mut received)) = read_head(&mut browser).await? else { return Ok(()) };
        if head.path.starts_with(&self.profile.install.path) {
            return pipe(browser, self.storefront, &received).await;
        }
        let is_event = self.profile.wire.takes(&head.method, head.path.split('?').next().unwrap_or_default());
        let account = account_of(&self.accounts, &head.host).filter(|_| is_event);
        match account.as_ref().map(|(account, _)| account.state()) {
            Some(BackendState::DropsRequest) => {
                let body = read_body(&mut browser, &head, &mut received).await?;
                if let Some((account, visitor)) = account {
                    let Head { method, path, content_type, .. } = head;
                    account.commit(Arrival { visitor, method, path, content_type, body }, Decision::Dropped);
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
            _ => pipe(browser, self.wiremock, &received).await,
        }
    }
}

async fn pipe(mut browser: TcpStream, upstream: SocketAddr, received: &[u8]) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(received).await?;
    copy_bidirectional(&mut browser, &mut upstream).await?;
    Ok(())
}

struct Head {
    method: String,
    path: String,
    host: String,
    content_type: Option<String>,
    content_length: usize,
    length: usize,
}

/// Reads up to the end of a request's head; `None` where the browser opened a connection and sent nothing.
async fn read_head(browser: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<(Head, Vec<u8>)>> {
    let mut received = Vec::with_capacity(2048);
    loop {
        if browser.read_buf(&mut received).await? == 0 || received.len() > LARGEST_HEAD {
            return Ok(None);
        }
        if let Some(head) = parse_head(&received) {
            return Ok(Some((head, received)));
        }
    }
}

fn parse_head(received: &[u8]) -> Option<Head> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&received[..end]);
    let mut lines = text.split("\r\n");
    let mut request_line = lines.next()?.split(' ');
    let (method, path) = (request_line.next()?.to_owned(), request_line.next()?.to_owned());
    let headers: Vec<(String, &str)> = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim())).collect();
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| (*value).to_owned());
    Some(Head {
        method,
        path,
        host: header("host").unwrap_or_default(),
        content_type: header("content-type"),
        content_length: header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0),
        length: end + 4,
    })
}

/// Reads the rest of the body into `received` and returns the body as text.
async fn read_body(browser: &mut (impl AsyncRead + Unpin), head: &Head, received: &mut Vec<u8>) -> std::io::Result<String> {
    let whole = head.length + head.content_length;
    while received.len() < whole {
        if browser.read_buf(received).await? == 0 {
            break;
        }
    }
    Ok(String::from_utf8_lossy(received.get(head.length..).unwrap_or_default()).into_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    const HEAD: &str = "POST /a?b HTTP/1.1\r\nHOST: c1.api.localhost:80\r\nContent-Type: text/plain\r\ncontent-length: 7\r\n\r\n";

    #[test]
    fn a_head_is_read_only_once_it_is_whole() {
        assert!(parse_head(b"POST /analytics/cart_events HTTP/1.1\r\nHost: c1.api.localhost").is_none());
        let head = parse_head(format!("{HEAD}{{}}").as_bytes()).unwrap();
        assert_eq!((head.method.as_str(), head.path.as_str(), head.host.as_str()), ("POST", "/a?b", "c1.api.localhost:80"));
        assert_eq!((head.content_type.as_deref(), head.content_length, head.length), (Some("text/plain"), 7, HEAD.len()));
    }

    #[tokio::test]
    async fn a_request_is_read_however_it_is_cut_into_pieces() {
        let (first, second) = HEAD.split_at(HEAD.len() - 2);
        let mut browser = first.as_bytes().chain(second.as_bytes()).chain(&b"{\"n\""[..]).chain(&b":1"[..]).chain(&b"}"[..]);
        let (head, mut received) = read_head(&mut browser).await.unwrap().unwrap();
        assert_eq!(read_body(&mut browser, &head, &mut received).await.unwrap(), "{\"n\":1}");
        assert_eq!(received, format!("{HEAD}{{\"n\":1}}").into_bytes());
    }

    #[tokio::test]
    async fn a_body_that_ends_early_is_what_came_of_it() {
        let mut browser = HEAD.as_bytes().chain(&b"{\"n\""[..]);
        let (head, mut received) = read_head(&mut browser).await.unwrap().unwrap();
        assert_eq!(read_body(&mut browser, &head, &mut received).await.unwrap(), "{\"n\"");
    }

    #[rstest]
    #[case::nothing("")]
    #[case::a_piece("POST /a HTTP/1.1\r\nHost: c1")]
    #[tokio::test]
    async fn a_connection_that_ends_before_its_head_does_carries_no_request(#[case] sent: &str) {
        assert!(read_head(&mut sent.as_bytes()).await.unwrap().is_none());
    }

    #[rstest]
    #[case::as_large_as_may_be(64 * 1024, true)]
    #[case::larger(64 * 1024 + 1, false)]
    #[tokio::test]
    async fn a_head_of_64_kib_is_read_and_none_that_is_larger(#[case] length: usize, #[case] read: bool) {
        let padding = "a".repeat(length - HEAD.len() - "x: \r\n".len());
        let head = HEAD.replace("HOST", &format!("x: {padding}\r\nHOST"));
        assert_eq!(head.len(), length);
        assert_eq!(read_head(&mut head.as_bytes()).await.unwrap().is_some(), read);
    }
}
