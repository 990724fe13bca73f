//! Hosts by their public names: the vendor's lead to the backend in the name of a case, any other
//! is denied and written down.

use std::net::SocketAddr;

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::{DEADLINE, EVENTS, Running, SCRIPT, closed};
use crate::backend::SessionProxy;
use crate::evidence::{Asker, Decision};
use crate::scenario::BackendState;

const OF_CASE: &str = "Origin: http://c1.shop.localhost:8080";

/// What comes back for the whole of `sent`, until the connection ends.
async fn through(proxy: SocketAddr, sent: &[String]) -> String {
    let mut connection = TcpStream::connect(proxy)
        .await
        .expect("the proxy accepts connections");
    let mut received = Vec::new();
    for (index, part) in sent.iter().enumerate() {
        connection
            .write_all(part.as_bytes())
            .await
            .expect("the proxy reads");
        if index + 1 < sent.len() {
            let mut established = [0; 39];
            let _ = tokio::time::timeout(DEADLINE, connection.read_exact(&mut established))
                .await
                .expect("the proxy answers");
            received.extend(established);
        }
    }
    let ended = tokio::time::timeout(DEADLINE, connection.read_to_end(&mut received))
        .await
        .expect("the proxy ends the connection");
    drop(ended);
    String::from_utf8(received).expect("answers are text")
}

fn asking(method: &str, target: &str, header: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: anything\r\n{header}\r\nContent-Length: 2\r\n\r\n{{}}"
    )
}

/// By the absolute form, as browsers ask a proxy for what is not encrypted.
async fn ask(proxy: &SessionProxy, method: &str, url: &str, header: &str) -> String {
    through(proxy.address, &[asking(method, url, header)]).await
}

async fn tunnel(
    proxy: &SessionProxy,
    authority: &str,
    method: &str,
    path: &str,
    header: &str,
) -> String {
    through(
        proxy.address,
        &[
            format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n"),
            asking(method, path, header),
        ],
    )
    .await
}

async fn started() -> (Running, SessionProxy) {
    let running = Running::start().await;
    let proxy = running
        .backend
        .session_proxy(None)
        .await
        .expect("a port is free");
    (running, proxy)
}

#[tokio::test]
async fn vendor_host_is_the_backend_of_the_page_s_case() {
    let (running, proxy) = started().await;
    let url = format!("http://app.alhena.ai{EVENTS}?v=2");
    assert!(
        ask(&proxy, "POST", &url, OF_CASE)
            .await
            .starts_with("HTTP/1.1 200")
    );
    let [request] = running
        .account
        .requests()
        .try_into()
        .expect("it is there, once");
    assert_eq!(
        (request.path.as_str(), request.decision),
        ("/analytics/cart_events?v=2", Decision::Recorded)
    );
    let [contact] = running
        .account
        .contacts()
        .try_into()
        .expect("it is noted, once");
    assert_eq!(
        (
            contact.asker,
            contact.host.as_str(),
            contact.url.as_deref(),
            contact.ours
        ),
        (Asker::Page, "app.alhena.ai", Some(url.as_str()), true)
    );
    assert_eq!(running.backend.unattributed_contacts(), []);
}

#[rstest]
#[case::by_the_origin(OF_CASE)]
#[case::by_the_referer("Referer: http://c1.shop.localhost:8080/product")]
#[case::by_the_referer_where_the_page_has_no_origin(
    "Origin: null\r\nReferer: http://c1.shop.localhost/"
)]
#[tokio::test]
async fn page_identifies_its_case(#[case] header: &str) {
    let (running, proxy) = started().await;
    proxy.set_case("c9");
    assert!(
        tunnel(&proxy, "eu.alhena.ai:443", "POST", EVENTS, header)
            .await
            .contains("HTTP/1.1 200 OK")
    );
    assert_eq!(running.decisions(), [Decision::Recorded]);
    assert_eq!(
        running.account.contacts()[0].url.as_deref(),
        Some("http://eu.alhena.ai:443/analytics/cart_events")
    );
}

#[rstest]
#[case::a_page_without_an_origin("Origin: null")]
#[case::a_frame_of_the_vendor_s("Origin: https://app.alhena.ai")]
#[case::nothing("Accept: */*")]
#[tokio::test]
async fn request_without_a_page_belongs_to_the_case_of_its_session(#[case] header: &str) {
    let (running, proxy) = started().await;
    proxy.set_case("c1");
    ask(
        &proxy,
        "POST",
        &format!("http://app.alhena.ai{EVENTS}"),
        header,
    )
    .await;
    assert_eq!(running.decisions(), [Decision::Recorded]);
}

#[tokio::test]
async fn script_comes_from_the_storefront() {
    let (_running, proxy) = started().await;
    assert!(
        ask(
            &proxy,
            "GET",
            "http://app.alhena.ai/sdk/gleenWidget.js",
            OF_CASE
        )
        .await
        .ends_with(SCRIPT)
    );
}

#[tokio::test]
async fn other_host_is_denied_and_noted_in_its_case() {
    let (running, proxy) = started().await;
    assert_eq!(
        ask(&proxy, "GET", "http://stats.example.com/p", OF_CASE).await,
        ""
    );
    assert!(
        tunnel(&proxy, "api.example.com:80", "POST", EVENTS, OF_CASE)
            .await
            .ends_with("established\r\n\r\n")
    );
    let noted: Vec<_> = running
        .account
        .contacts()
        .into_iter()
        .map(|contact| (contact.url, contact.ours))
        .collect();
    let expected = [
        ("http://stats.example.com/p", false),
        ("http://api.example.com/analytics/cart_events", false),
    ];
    assert_eq!(
        noted,
        expected.map(|(url, ours)| (Some(url.to_owned()), ours))
    );
    assert_eq!(running.decisions(), []);
}

#[tokio::test]
async fn request_of_the_browser_itself_belongs_to_no_case() {
    let (running, proxy) = started().await;
    proxy.set_case("c1");
    ask(&proxy, "GET", "http://update.example.com/", "Accept: */*").await;
    let [contact] = running
        .backend
        .unattributed_contacts()
        .try_into()
        .expect("it is noted, once");
    assert_eq!(
        (contact.asker, contact.host.as_str()),
        (Asker::Browser, "update.example.com")
    );
    assert_eq!(running.account.contacts(), []);
}

#[tokio::test]
async fn page_of_a_closed_case_is_late_and_unattributed() {
    let (running, proxy) = started().await;
    running.backend.close("c1");
    assert!(
        ask(
            &proxy,
            "POST",
            &format!("http://app.alhena.ai{EVENTS}"),
            OF_CASE
        )
        .await
        .starts_with("HTTP/1.1 404")
    );
    assert!(running.backend.was_late("c1"));
    assert_eq!(
        running
            .backend
            .unattributed_contacts()
            .iter()
            .map(|contact| contact.asker)
            .collect::<Vec<_>>(),
        [Asker::Page]
    );
}

#[tokio::test]
async fn backend_faults_apply_to_public_hosts() {
    let (running, proxy) = started().await;
    running.account.set_state(BackendState::DropsRequest);
    assert!(
        tunnel(&proxy, "app.alhena.ai:443", "POST", EVENTS, OF_CASE)
            .await
            .ends_with("established\r\n\r\n")
    );
    assert_eq!(running.decisions(), [Decision::Dropped]);
}

#[tokio::test]
async fn refusing_backend_refuses_only_its_session_s_tunnel() {
    let (running, proxy) = started().await;
    let other = running
        .backend
        .session_proxy(None)
        .await
        .expect("a port is free");
    proxy.set_case("c1");
    running.account.set_state(BackendState::Refused);
    let connect = "CONNECT app.alhena.ai:443 HTTP/1.1\r\nHost: app.alhena.ai\r\n\r\n".to_owned();
    assert!(
        through(proxy.address, &[connect])
            .await
            .starts_with("HTTP/1.1 502")
    );
    // A tunnel that was open before: the request in it is refused.
    assert!(
        tunnel(&other, "app.alhena.ai:443", "POST", EVENTS, OF_CASE)
            .await
            .ends_with("established\r\n\r\n")
    );
    assert_eq!(running.decisions(), []);
}

#[tokio::test]
async fn dropped_proxy_closes() {
    let (_running, proxy) = started().await;
    let address = proxy.address;
    drop(proxy);
    closed(address).await;
}
