//! The proxy of a session on another machine: it carries that session alone, to the harness's own
//! names and ports alone.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use super::client::{BODY, DEADLINE, EVENTS, Running, SCRIPT};
use crate::backend::SessionProxy;
use crate::evidence::Decision;

/// Where the session's browser runs, and where a stranger does.
const NODE: [u8; 4] = [127, 0, 0, 2];
const STRANGER: [u8; 4] = [127, 0, 0, 3];

const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// What a test sends as its only request: the method, the target and the headers.
#[derive(Clone, Copy)]
struct Sent<'s> {
    method: &'s str,
    target: &'s str,
    headers: &'s str,
}

struct Advertised {
    running: Running,
    proxy: SessionProxy,
}

impl Advertised {
    /// A proxy whose session is on the case `c1`; the case `c2` is another session's.
    async fn start() -> Self {
        let running = Running::start().await;
        let at = IpAddr::from(Ipv4Addr::LOCALHOST);
        let proxy = running.backend.session_proxy(Some(at)).await;
        let proxy = proxy.expect("a port is free");
        proxy.set_case("c1");
        Self { running, proxy }
    }

    /// As `start`; the session's browser has come from `NODE`.
    async fn in_use() -> Self {
        let own = Self::start().await;
        let target = own.api("c1", "/hello");
        assert!(own.ask(NODE, "GET", &target, "").await.contains("HTTP/1.1"));
        own
    }

    fn api(&self, label: &str, path: &str) -> String {
        let port = self.running.backend.address.port();
        format!("http://{label}.api.localhost:{port}{path}")
    }

    async fn ask(&self, from: [u8; 4], method: &str, target: &str, headers: &str) -> String {
        let sent = Sent {
            method,
            target,
            headers,
        };
        through(self.proxy.address, from, &request(sent), None).await
    }

    fn recorded(&self) -> usize {
        let all = self.running.decisions();
        let recorded = all.iter().filter(|own| **own == Decision::Recorded);
        recorded.count()
    }

    fn refused(&self, by: [u8; 4]) -> usize {
        let strangers = self.running.backend.strangers();
        strangers.get(&by.into()).copied().unwrap_or_default()
    }
}

fn request(sent: Sent<'_>) -> String {
    let Sent {
        method,
        target,
        headers,
    } = sent;
    format!(
        "{method} {target} HTTP/1.1\r\nHost: c1.api.localhost\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}

/// What comes back for `sent` from this address of this machine, until the connection ends; what is
/// sent inside a tunnel goes once that is there.
async fn through(proxy: SocketAddr, from: [u8; 4], sent: &str, inside: Option<&str>) -> String {
    let socket = TcpSocket::new_v4().expect("there are sockets");
    socket
        .bind((from, 0).into())
        .expect("all of 127.0.0.0/8 is this machine");
    let mut connection = socket.connect(proxy).await.expect("the proxy listens");
    connection
        .write_all(sent.as_bytes())
        .await
        .expect("the proxy reads");
    if let Some(inside) = inside {
        let mut established = [0; ESTABLISHED.len()];
        let answered = connection.read_exact(&mut established).await;
        if answered.is_err() {
            return String::new();
        }
        let _ = connection.write_all(inside.as_bytes()).await;
    }
    let mut received = Vec::new();
    let ended = tokio::time::timeout(DEADLINE, connection.read_to_end(&mut received)).await;
    drop(ended.expect("the proxy ends the connection"));
    String::from_utf8(received).expect("answers are text")
}

#[tokio::test]
async fn session_reaches_the_shop_and_the_backend_of_its_case() {
    let own = Advertised::start().await;
    let answer = own.ask(NODE, "POST", &own.api("c1", EVENTS), "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(own.recorded(), 1);
    let script = own.api("c1", "/sdk/gleenWidget.js");
    let answer = own.ask(NODE, "GET", &script, "").await;
    assert!(answer.ends_with(SCRIPT), "{answer}");
    assert_eq!(own.running.backend.strangers().len(), 0);
}

#[tokio::test]
async fn session_reaches_the_host_of_the_vendor_without_the_name_of_a_page() {
    let own = Advertised::in_use().await;
    let vendor = format!("http://app.alhena.ai{EVENTS}");
    let answer = own.ask(NODE, "POST", &vendor, "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(own.recorded(), 1);
}

#[rstest]
#[case::case_of_another_session("http://c2.api.localhost:PORT/analytics/cart_events", "")]
#[case::case_that_does_not_exist("http://c7.api.localhost:PORT/analytics/cart_events", "")]
#[case::no_case("http://api.localhost:PORT/analytics/cart_events", "")]
#[case::below_a_case("http://x.c1.api.localhost:PORT/analytics/cart_events", "")]
#[case::name_that_begins_alike("http://c1.api.localhost.example.com:PORT/", "")]
#[case::name_before_an_at_sign("http://c1.api.localhost:PORT@127.0.0.1:PORT/analytics/x", "")]
#[case::address_of_this_machine("http://127.0.0.1:PORT/analytics/cart_events", "")]
#[case::localhost("http://localhost:PORT/analytics/cart_events", "")]
#[case::other_port_of_this_machine("http://c1.api.localhost:OTHER/", "")]
#[case::path_alone("/analytics/cart_events", "")]
#[case::vendor_in_the_name_of_another_case(
    "http://app.alhena.ai/analytics/cart_events",
    "Origin: http://c2.shop.localhost\r\n"
)]
#[case::any_host("http://example.com/", "")]
#[tokio::test]
async fn nothing_else_is_carried_even_for_the_session(
    #[case] target: &str,
    #[case] headers: &str,
    #[values(false, true)] tunnels: bool,
) {
    let own = Advertised::in_use().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let other = listener.local_addr().expect("it is bound").port();
    let port = own.running.backend.address.port();
    let target = target
        .replace("PORT", &port.to_string())
        .replace("OTHER", &other.to_string());
    let answer = if tunnels {
        let (_, authority) = target.split_once("://").unwrap_or(("", &target));
        let (authority, path) = authority.split_once('/').unwrap_or((authority, ""));
        let port = if authority.contains(':') { "" } else { ":80" };
        let connect = format!("CONNECT {authority}{port} HTTP/1.1\r\nHost: a\r\n\r\n");
        let inside = request(Sent {
            method: "POST",
            target: &format!("/{path}"),
            headers,
        });
        through(own.proxy.address, NODE, &connect, Some(&inside)).await
    } else {
        own.ask(NODE, "POST", &target, headers).await
    };
    assert_eq!(answer, "");
    assert_eq!(own.recorded(), 0);
    let untouched = tokio::select! {
        biased;
        _ = listener.accept() => false,
        () = std::future::ready(()) => true,
    };
    assert!(
        untouched,
        "a port of this machine that is not the harness's"
    );
}

#[tokio::test]
async fn other_scheme_is_not_carried() {
    let own = Advertised::in_use().await;
    let target = own.api("c1", EVENTS).replace("http:", "ftp:");
    assert_eq!(own.ask(NODE, "POST", &target, "").await, "");
    assert_eq!(own.recorded(), 0);
}

#[rstest]
#[case::case_it_does_not_know("POST", "http://c9.api.localhost:PORT/analytics/cart_events", "")]
#[case::case_it_knows("POST", "http://c1.api.localhost:PORT/analytics/cart_events", "")]
#[case::vendor("POST", "http://app.alhena.ai/analytics/cart_events", "")]
#[case::vendor_in_the_name_of_the_case(
    "POST",
    "http://app.alhena.ai/analytics/cart_events",
    "Origin: http://c1.shop.localhost\r\n"
)]
#[case::tunnel_to_the_vendor("CONNECT", "app.alhena.ai:443", "")]
#[case::tunnel_to_the_case("CONNECT", "c1.api.localhost:PORT", "")]
#[case::page("GET", "http://example.com/", "Origin: http://c1.shop.localhost\r\n")]
#[tokio::test]
async fn second_client_is_refused_and_counted(
    #[case] method: &str,
    #[case] target: &str,
    #[case] headers: &str,
) {
    let own = Advertised::in_use().await;
    let port = own.running.backend.address.port();
    let target = target.replace("PORT", &port.to_string());
    assert_eq!(own.ask(STRANGER, method, &target, headers).await, "");
    assert_eq!(own.recorded(), 0);
    assert_eq!(own.refused(STRANGER), 1);
    assert_eq!(own.running.account.contacts(), []);
    assert_eq!(own.running.backend.unattributed_contacts(), []);
}

#[tokio::test]
async fn client_without_the_secret_does_not_become_the_session() {
    let own = Advertised::start().await;
    let target = own.api("c9", EVENTS);
    assert_eq!(own.ask(STRANGER, "POST", &target, "").await, "");
    let answer = own.ask(NODE, "POST", &own.api("c1", EVENTS), "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!((own.recorded(), own.refused(STRANGER)), (1, 1));
}

#[rstest]
#[case::second_request_on_the_connection("")]
#[case::kept_alive_by_a_header("Connection: keep-alive\r\nProxy-Connection: keep-alive\r\n")]
#[case::two_lengths("Content-Length: 0\r\n")]
#[case::chunks_beside_a_length("Transfer-Encoding: chunked\r\n")]
#[case::host_by_a_bare_line_feed("X: y\nHost: c2.api.localhost\r\n")]
#[case::second_host("Host: c2.api.localhost\r\n")]
#[tokio::test]
async fn no_request_is_smuggled_to_another_case(#[case] headers: &str) {
    let own = Advertised::in_use().await;
    let other = crate::backend::Account::new(crate::evidence::Clock::start());
    let visitor = crate::contract::Visitor::First;
    let backend = &own.running.backend;
    backend.open("c2", std::sync::Arc::clone(&other), visitor);
    let first = request(Sent {
        method: "POST",
        target: &own.api("c1", EVENTS),
        headers,
    });
    let second = request(Sent {
        method: "POST",
        target: EVENTS,
        headers: "",
    });
    let second = second.replace("Host: c1", "Host: c2");
    through(own.proxy.address, NODE, &(first + &second), None).await;
    assert_eq!(other.requests().len(), 0);
}
