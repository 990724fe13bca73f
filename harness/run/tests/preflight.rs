//! What a browser of another machine must show before it drives a case.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request};

use super::{answer, grid, opens, sessions};
use crate::browser::{ProxyAt, Reach};
use crate::evidence::epoch_ms;
use crate::input::Files;
use crate::run::preflight::preflight;
use crate::run::proxied::Proxied;
use crate::run::stage::Stage;
use crate::sdk::Profile;
use crate::storefront::TRIAL;

/// What a browser does with the page of the trial.
#[derive(Debug, Clone, Copy)]
struct Browser {
    /// The title of what it shows.
    title: &'static str,
    is_secure: bool,
    /// Whether its requests arrive.
    sends: bool,
    /// Milliseconds that its clock is ahead.
    ahead_ms: f64,
}

const WHOLE: Browser = Browser {
    title: TRIAL,
    is_secure: true,
    sends: true,
    ahead_ms: 0.0,
};

impl Browser {
    /// What a script returns.
    fn returns(self, script: &str, arguments: &Value) -> Value {
        if script.contains("isSecureContext") {
            json!({ "text": self.title, "secure": self.is_secure })
        } else if script.contains("Date.now") {
            json!(epoch_ms() + self.ahead_ms)
        } else if script.contains("fetch(") {
            let url = arguments[0].as_str().unwrap_or_default().to_owned();
            if self.sends {
                std::thread::spawn(move || post(&url));
            }
            Value::Null
        } else {
            json!({})
        }
    }
}

/// Sends a request to a host of the harness, which is one of this machine.
fn post(url: &str) {
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let (_, port) = host.split_once(':').unwrap();
    let own = ureq::post(format!("http://127.0.0.1:{port}/{path}"));
    own.header("host", host).send("trial").unwrap();
}

/// A Grid with this browser.
async fn grid_with(browser: Browser) -> MockServer {
    let grid = grid().await;
    opens(&grid, 1).await;
    let script = move |request: &Request| {
        let body: Value = request.body_json().unwrap();
        let script = body["script"].as_str().unwrap();
        answer(&browser.returns(script, &body["args"]))
    };
    let scripts = Mock::given(method("POST")).and(path("/session/1/execute/sync"));
    scripts.respond_with(script).mount(&grid).await;
    let url = || Mock::given(path("/session/1/url"));
    let shown = url()
        .and(method("GET"))
        .respond_with(answer(&json!("data:,")));
    shown.mount(&grid).await;
    let loads = url().and(method("POST")).respond_with(answer(&Value::Null));
    loads.mount(&grid).await;
    grid
}

async fn stage() -> Stage {
    let profile = Profile::load("reference", &Files::default()).unwrap();
    let stage = Stage::start(Arc::new(profile)).await.unwrap();
    stage.advertised_at(Ipv4Addr::LOCALHOST.into())
}

#[rstest]
#[case::shows_nothing(
    Browser { title: "", ..WHOLE },
    "does not reach the shop: it shows nothing at http://c"
)]
#[case::page_is_not_secure(Browser { is_secure: false, ..WHOLE }, "for no secure context")]
#[case::sends_nothing(
    Browser { sends: false, ..WHOLE },
    "does not reach the backend: nothing came to http://c"
)]
#[tokio::test(flavor = "multi_thread")]
async fn browser_that_does_not_reach_the_harness_is_named_with_its_node_and_the_address(
    #[case] browser: Browser,
    #[case] expected: &str,
) {
    let grid = grid_with(browser).await;
    let (stage, sessions) = (stage().await, sessions(&grid).await);
    let opened = Proxied::open(&stage, &sessions, &BTreeSet::new()).await;
    let why = opened.unwrap_err().to_string();
    assert!(
        why.starts_with("the browser on the node http://10.0.0.2:5555 "),
        "{why}"
    );
    assert!(why.contains(expected), "{why}");
    assert!(why.contains(", through the proxy at 127.0.0.1:"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clock_of_a_browser_is_measured() {
    let ahead_ms = -600_000.0;
    let grid = grid_with(Browser { ahead_ms, ..WHOLE }).await;
    let (stage, sessions) = (stage().await, sessions(&grid).await);
    let proxy = stage.session_proxy().await.unwrap();
    let address: SocketAddr = proxy.address;
    let reach = Reach::Local;
    let session = sessions
        .open(Some(ProxyAt { address, reach }))
        .await
        .unwrap();
    let trial = stage.open_trial(&proxy);
    let ahead = preflight(&stage, &session, &trial).await.unwrap();
    assert!((ahead.0 - ahead_ms).abs() < 1_000.0, "{ahead:?}");
}
