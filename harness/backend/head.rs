use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Larger than any request head a browser sends here.
const LARGEST_HEAD: usize = 64 * 1024;

/// Headers that are about the connection that a request came by.
const REPLACED: [&[u8]; 3] = [b"host", b"connection", b"proxy-connection"];

/// A request's head, as far as it matters here.
#[derive(Debug)]
pub struct Head {
    pub method: String,
    /// The request's target: a path with its query; of a request to a proxy, a URL or an authority.
    pub path: String,
    pub host: String,
    pub content_type: Option<String>,
    /// The origin of the page that asks.
    pub origin: Option<String>,
    /// The page that asks, or its origin.
    pub referer: Option<String>,
    content_length: usize,
    length: usize,
}

impl Head {
    /// The same request, of which `received` is the beginning, to another path of another host. The
    /// connection carries no further one, which may be to yet another host.
    pub fn redirected(self, host: String, path: String, received: &[u8]) -> (Self, Vec<u8>) {
        let (head, rest) = received.split_at(self.length);
        let mut lines = vec![
            format!("{} {path} HTTP/1.1", self.method).into_bytes(),
            format!("host: {host}").into_bytes(),
            b"connection: close".to_vec(),
        ];
        for line in head.split(|byte| *byte == b'\n').skip(1) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            if !REPLACED.iter().any(|own| name.eq_ignore_ascii_case(own)) {
                lines.push(line.to_vec());
            }
        }
        let head = lines.join(&b"\r\n"[..]);
        let (length, received) = (head.len(), [head.as_slice(), rest].concat());
        (
            Self {
                path,
                host,
                length,
                ..self
            },
            received,
        )
    }
}

/// Reads up to the end of a request's head; `None` where the browser opened a connection and sent
/// nothing.
pub async fn read_head(
    browser: &mut (impl AsyncRead + Unpin),
) -> std::io::Result<Option<(Head, Vec<u8>)>> {
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

/// As [`read_head`]; `None` also where the head has not come `within` this time: nobody holds a
/// connection open by sending nothing.
pub async fn read_head_within(
    within: Duration,
    browser: &mut (impl AsyncRead + Unpin),
) -> std::io::Result<Option<(Head, Vec<u8>)>> {
    let read = tokio::time::timeout(within, read_head(browser)).await;
    read.unwrap_or(Ok(None))
}

fn parse_head(received: &[u8]) -> Option<Head> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&received[..end]);
    let mut lines = text.split("\r\n");
    let mut request_line = lines.next()?.split(' ');
    let (method, path) = (request_line.next()?, request_line.next()?);
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| (*value).to_owned())
    };
    let content_length = header("content-length").and_then(|length| length.parse().ok());
    Some(Head {
        method: method.to_owned(),
        path: path.to_owned(),
        host: header("host").unwrap_or_default(),
        content_type: header("content-type"),
        origin: header("origin"),
        referer: header("referer"),
        content_length: content_length.unwrap_or(0),
        length: end + 4,
    })
}

/// Reads the rest of the body into `received` and returns the body as text.
pub async fn read_body(
    browser: &mut (impl AsyncRead + Unpin),
    head: &Head,
    received: &mut Vec<u8>,
) -> std::io::Result<String> {
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

    const HEAD: &str = "POST /a?b HTTP/1.1\r\nHOST: c1.api.localhost:80\r\n\
        Content-Type: text/plain\r\ncontent-length: 7\r\n\r\n";

    #[test]
    fn head_is_parsed_once_complete() {
        assert!(
            parse_head(b"POST /analytics/cart_events HTTP/1.1\r\nHost: c1.api.localhost").is_none()
        );
        let head = parse_head(format!("{HEAD}{{}}").as_bytes()).unwrap();
        assert_eq!(
            (head.method.as_str(), head.path.as_str(), head.host.as_str()),
            ("POST", "/a?b", "c1.api.localhost:80")
        );
        assert_eq!(
            (
                head.content_type.as_deref(),
                head.content_length,
                head.length
            ),
            (Some("text/plain"), 7, HEAD.len())
        );
    }

    #[test]
    fn redirected_request_keeps_all_but_host_and_path() {
        let sent = format!("{HEAD}{{\"n\":1}}");
        let head = parse_head(sent.as_bytes()).unwrap();
        let (head, sent) = head.redirected("c2.api.localhost".into(), "/b".into(), sent.as_bytes());
        assert_eq!(
            String::from_utf8(sent.clone()).unwrap(),
            "POST /b HTTP/1.1\r\nhost: c2.api.localhost\r\nconnection: close\r\n\
             Content-Type: text/plain\r\ncontent-length: 7\r\n\r\n{\"n\":1}"
        );
        let read = parse_head(&sent).unwrap();
        assert_eq!(
            (head.host, head.path, head.length),
            (read.host, read.path, read.length)
        );
    }

    #[tokio::test]
    async fn request_in_pieces_is_read() {
        let (first, second) = HEAD.split_at(HEAD.len() - 2);
        let mut browser = first
            .as_bytes()
            .chain(second.as_bytes())
            .chain(&b"{\"n\""[..])
            .chain(&b":1"[..])
            .chain(&b"}"[..]);
        let (head, mut received) = read_head(&mut browser).await.unwrap().unwrap();
        assert_eq!(
            read_body(&mut browser, &head, &mut received).await.unwrap(),
            "{\"n\":1}"
        );
        assert_eq!(received, format!("{HEAD}{{\"n\":1}}").into_bytes());
    }

    #[tokio::test]
    async fn truncated_body_is_returned_as_received() {
        let mut browser = HEAD.as_bytes().chain(&b"{\"n\""[..]);
        let (head, mut received) = read_head(&mut browser).await.unwrap().unwrap();
        assert_eq!(
            read_body(&mut browser, &head, &mut received).await.unwrap(),
            "{\"n\""
        );
    }

    #[rstest]
    #[case::nothing("")]
    #[case::a_piece("POST /a HTTP/1.1\r\nHost: c1")]
    #[tokio::test]
    async fn connection_without_a_whole_head_has_no_request(#[case] sent: &str) {
        assert!(read_head(&mut sent.as_bytes()).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn head_is_not_waited_for_without_end() {
        let (mut browser, other_side) = tokio::io::duplex(64);
        let read = read_head_within(Duration::ZERO, &mut browser).await;
        assert!(read.unwrap().is_none());
        drop(other_side);
    }

    #[rstest]
    #[case::as_large_as_may_be(64 * 1024, true)]
    #[case::larger(64 * 1024 + 1, false)]
    #[tokio::test]
    async fn head_larger_than_64_kib_is_refused(#[case] length: usize, #[case] read: bool) {
        let padding = "a".repeat(length - HEAD.len() - "x: \r\n".len());
        let head = HEAD.replace("HOST", &format!("x: {padding}\r\nHOST"));
        assert_eq!(head.len(), length);
        assert_eq!(
            read_head(&mut head.as_bytes()).await.unwrap().is_some(),
            read
        );
    }
}
