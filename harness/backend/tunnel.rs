//! What a `CONNECT` request opens: the first request inside it, decrypted where that is TLS.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::certificates::Certificates;
use super::head::{Head, read_head};

/// The first byte of a TLS handshake (RFC 8446, 5.1 “Record Layer”).
const HANDSHAKE: u8 = 0x16;

/// The browser's end of a connection.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A request inside a tunnel.
pub struct Tunnel {
    pub scheme: &'static str,
    pub browser: Box<dyn Stream>,
    pub head: Head,
    /// The head, and as much more as came with it.
    pub received: Vec<u8>,
}

impl Tunnel {
    /// Reads the first request that `browser` sends to `host`; `None` where it sends none, or
    /// breaks off the handshake.
    ///
    /// # Errors
    /// If the connection breaks, or `host` can have no certificate.
    pub async fn enter(
        browser: TcpStream,
        certificates: &Certificates,
        host: &str,
    ) -> io::Result<Option<Self>> {
        let mut first = [0];
        let (scheme, mut browser): (_, Box<dyn Stream>) = match browser.peek(&mut first).await {
            Ok(1) if first == [HANDSHAKE] => {
                match certificates.acceptor(host)?.accept(browser).await {
                    Ok(secure) => ("https", Box::new(secure)),
                    Err(_) => return Ok(None),
                }
            }
            // Web sockets without encryption come this way too.
            Ok(1) => ("http", Box::new(browser)),
            _ => return Ok(None),
        };
        let read = read_head(&mut browser).await.ok().flatten();
        Ok(read.map(|(head, received)| Self {
            scheme,
            browser,
            head,
            received,
        }))
    }
}
