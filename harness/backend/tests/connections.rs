//! Connections that break, are refused, or lead to the storefront.

use std::io::ErrorKind;
use std::net::Ipv4Addr;

use tokio::net::TcpStream;

use super::client::{BODY, EVENTS, Running, SCRIPT, closed, send};
use crate::contract::Visitor;
use crate::evidence::Decision;
use crate::scenario::BackendState;

#[tokio::test]
async fn dropped_request_is_noted_and_never_answered() {
    let running = Running::in_state(BackendState::DropsRequest).await;
    assert!(
        running
            .send("POST", "/analytics/cart_events?v=2")
            .await
            .is_none()
    );
    let [request] = running
        .account
        .requests()
        .try_into()
        .expect("it is there, once");
    assert_eq!(
        (
            request.method.as_str(),
            request.path.as_str(),
            request.body.as_str()
        ),
        ("POST", "/analytics/cart_events?v=2", BODY)
    );
    assert_eq!(
        (
            request.visitor,
            request.content_type.as_deref(),
            request.decision
        ),
        (Visitor::First, Some("application/json"), Decision::Dropped)
    );
}

#[tokio::test]
async fn dropped_response_is_recorded_and_never_answered() {
    let running = Running::in_state(BackendState::DropsResponse).await;
    assert!(running.send("POST", EVENTS).await.is_none());
    let [request] = running
        .account
        .requests()
        .try_into()
        .expect("it is there, once");
    assert_eq!(
        (request.body.as_str(), request.decision),
        (BODY, Decision::Recorded)
    );
}

#[tokio::test]
async fn backend_recovers_after_dropped_connections() {
    let running = Running::in_state(BackendState::DropsRequest).await;
    assert!(running.send("POST", EVENTS).await.is_none());
    running.account.set_state(BackendState::Well);
    assert!(running.send("POST", EVENTS).await.is_some());
    assert_eq!(running.decisions(), [Decision::Dropped, Decision::Recorded]);
}

#[tokio::test]
async fn preflight_is_answered_while_events_are_dropped() {
    for state in [BackendState::DropsRequest, BackendState::DropsResponse] {
        let running = Running::in_state(state).await;
        assert_eq!(
            running
                .send("OPTIONS", EVENTS)
                .await
                .expect("it is answered")
                .status,
            204
        );
        assert_eq!(running.decisions(), [Decision::Preflight]);
    }
}

#[tokio::test]
async fn script_is_no_request_of_the_api() {
    let running = Running::start().await;
    let answer = running
        .send("GET", "/sdk/gleenWidget.js")
        .await
        .expect("it is answered");
    assert_eq!(answer.body, SCRIPT);
    assert_eq!(running.decisions(), []);
}

#[tokio::test]
async fn private_gateway_refuses_and_accepts_again_at_its_address() {
    let running = Running::start().await;
    let mut gateway = running
        .backend
        .private_gateway((Ipv4Addr::LOCALHOST, 0).into())
        .await
        .expect("a port is free");
    let address = gateway.address;
    for _ in 0..2 {
        assert!(
            send(address, "c1.api.localhost", "POST", EVENTS)
                .await
                .is_some()
        );
        gateway.refuse().await.expect("the port can be kept");
        let refused = TcpStream::connect(address)
            .await
            .expect_err("nobody listens");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert!(
            running.send("POST", EVENTS).await.is_some(),
            "the gateway of all cases is not touched"
        );
        gateway.accept().expect("the port can be listened on");
    }
    assert!(
        send(address, "c1.api.localhost", "POST", EVENTS)
            .await
            .is_some()
    );
    assert_eq!(running.decisions().len(), 5);
}

#[tokio::test]
async fn repeated_refusal_or_acceptance_changes_nothing() {
    let running = Running::start().await;
    let mut gateway = running
        .backend
        .private_gateway((Ipv4Addr::LOCALHOST, 0).into())
        .await
        .expect("a port is free");
    gateway.accept().expect("it is open already");
    assert!(
        send(gateway.address, "c1.api.localhost", "POST", EVENTS)
            .await
            .is_some()
    );
    gateway.refuse().await.expect("the port can be kept");
    gateway.refuse().await.expect("the port is kept already");
    gateway.accept().expect("the port can be listened on");
    assert!(
        send(gateway.address, "c1.api.localhost", "POST", EVENTS)
            .await
            .is_some()
    );
}

#[tokio::test]
async fn dropped_backend_closes_its_listeners() {
    let running = Running::start().await;
    let gateway = running
        .backend
        .private_gateway((Ipv4Addr::LOCALHOST, 0).into())
        .await
        .expect("a port is free");
    let (own, of_all) = (gateway.address, running.backend.address);
    drop(gateway);
    closed(own).await;
    drop(running);
    closed(of_all).await;
}
