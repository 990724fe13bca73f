//! A driver that was started outside the harness is used, and keeps running.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use alhena_conformance::api::{Driver, default_engine, locate};

use crate::support::{CONFORMS, ENVIRONMENT, Processes, alhena, eventually, permits};

const CHECK: &str = "gate/no-interaction@call=queue#*";

#[tokio::test(flavor = "multi_thread")]
async fn running_driver_is_used_and_left_without_browsers() {
    let _permits = permits(1);
    let located = locate(default_engine(), None, None, false).expect("a browser and its driver");
    let mut driver = Driver::start(&located).await.expect("the driver starts");
    let run = || {
        alhena("run")
            .option("--workers", "1")
            .option("--filter", CHECK)
            .option("--webdriver", driver.url.to_string())
            .option(
                "--browser-binary",
                located.browser.as_ref().expect("a browser"),
            )
    };
    run().ends_with(CONFORMS).prints("reference conforms");
    run().ends_with(CONFORMS);
    let id = driver.group().cast_unsigned();
    eventually("its browsers have gone", || {
        let left = Processes::children_of(id);
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("{left:#?}"))
        }
    });
    assert!(driver.is_running());
}

#[tokio::test(flavor = "multi_thread")]
async fn grid_without_the_engine_is_an_environment_error_at_once() {
    let node = json!({
        "availability": "UP",
        "maxSessions": 2,
        "slots": [{ "stereotype": { "browserName": "chrome" } }],
    });
    let status = json!({ "value": { "nodes": [node] } });
    let grid = MockServer::start().await;
    Mock::given(path("/status"))
        .respond_with(ResponseTemplate::new(200).set_body_json(status))
        .mount(&grid)
        .await;
    let ended = alhena("run")
        .option("--filter", CHECK)
        .option("--engine", "firefox")
        .option("--webdriver", grid.uri())
        .ends_with(ENVIRONMENT);
    ended
        .warns("has no Firefox: it has chrome (1)")
        .warns("choose another with --engine");
    let requests = grid.received_requests().await.expect("they are recorded");
    assert_eq!(requests.len(), 1, "no session is asked for");
}

#[test]
fn unreachable_driver_is_an_environment_error() {
    let ended = alhena("run")
        .option("--filter", CHECK)
        .option("--webdriver", "http://127.0.0.1:1")
        .with_report()
        .ends_with(ENVIRONMENT);
    ended
        .warns("no browser session can be had")
        .warns("http://127.0.0.1:1")
        .warns("--webdriver is the URL of a driver that runs")
        .never_prints("not_run");
    let report = ended.report();
    for check in report.checks() {
        let why = check["message"].as_str().unwrap_or_default();
        let is_reported = check["status"] == "not_run" && why.contains("no browser session");
        assert!(is_reported, "{check:#}");
    }
}
