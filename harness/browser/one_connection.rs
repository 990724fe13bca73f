//! Connects a client to a driver once at a time.
//!
//! A client with a pool opens a second connection where a command follows the one before so
//! closely that the first is not back in the pool, and then takes either. The driver of `WebKit`
//! has lost answers to commands that came so.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_service::Service;

/// Opens a connection once there is no other.
#[derive(Debug, Clone)]
pub struct OneConnection {
    connector: HttpConnector,
    free: Arc<Semaphore>,
}

impl OneConnection {
    /// Without a connection yet.
    pub fn new() -> Self {
        Self {
            connector: HttpConnector::new(),
            free: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Service<Uri> for OneConnection {
    type Response = Held;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Held>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connector.poll_ready(context).map_err(io::Error::other)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let mut own = self.clone();
        Box::pin(async move {
            let place = own.free.acquire_owned().await.map_err(io::Error::other)?;
            let stream = own.connector.call(url).await.map_err(io::Error::other)?;
            Ok(Held {
                stream,
                _place: place,
            })
        })
    }
}

/// The connection, which holds the only place as long as it is open.
#[derive(Debug)]
pub struct Held {
    stream: TokioIo<TcpStream>,
    _place: OwnedSemaphorePermit,
}

impl Held {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut TokioIo<TcpStream>> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl Connection for Held {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl Read for Held {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(context, into)
    }
}

impl Write for Held {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use fantoccini::ClientBuilder;
    use serde_json::json;
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;

    use super::*;

    /// Answers every request on its first connection; the task ends with a second one.
    async fn driver() -> (String, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let second = tokio::spawn(async move {
            let (first, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(first));
            listener.accept().await.unwrap();
        });
        (url, second)
    }

    async fn answer(mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let (read, mut write) = stream.split();
        let mut read = BufReader::new(read);
        loop {
            let (mut length, mut line) = (0, String::new());
            while line != "\r\n" {
                line.clear();
                if read.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return;
                }
                let header = line.to_ascii_lowercase();
                if let Some(own) = header.strip_prefix("content-length:") {
                    length = own.trim().parse().unwrap();
                }
            }
            read.read_exact(&mut vec![0; length]).await.unwrap();
            let body = json!({"value": {"sessionId": "s", "capabilities": {}}}).to_string();
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n\r\n"
            );
            // The client sees the end of the answer later than its beginning.
            write.write_all(head.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
            write.write_all(body.as_bytes()).await.unwrap();
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn commands_that_follow_each_other_closely_share_one_connection() {
        let (url, second) = driver().await;
        let client = ClientBuilder::new(OneConnection::new());
        let client = client.connect(&url).await.unwrap();
        for _ in 0..1000 {
            client.execute("return 1", Vec::new()).await.unwrap();
        }
        assert!(
            !second.is_finished(),
            "the client opened a second connection"
        );
    }
}
