//! A driver that somebody else runs is used, and stays theirs.
#![cfg(target_os = "linux")] // Processes are found below /proc.

mod support;

use alhena_conformance::api::{Driver, default_engine, locate};
use support::{CONFORMS, ENVIRONMENT, Processes, alhena, browser_is_installed, eventually};

const CHECK: &str = "gate/no-interaction@call=queue#*";

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_runs_is_used_and_left_running_without_our_browsers() {
    browser_is_installed();
    let located = locate(default_engine(), None, None, false).expect("a browser and its driver");
    let mut driver = Driver::start(&located).await.expect("the driver starts");
    let run = || {
        alhena("run")
            .option("--filter", CHECK)
            .option("--webdriver", &driver.url)
            .option(
                "--browser-binary",
                located.browser.as_ref().expect("a browser"),
            )
    };
    run()
        .in_browsers(1)
        .ends_with(CONFORMS)
        .prints("reference conforms");
    run().in_browsers(1).ends_with(CONFORMS);
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

#[test]
fn a_driver_that_does_not_run_is_the_machines_fault() {
    let ended = alhena("run")
        .option("--filter", CHECK)
        .option("--webdriver", "http://127.0.0.1:1")
        .with_report()
        .ends_with(ENVIRONMENT);
    ended
        .warns("no browser session can be had")
        .warns("http://127.0.0.1:1");
    assert_eq!(ended.report().0["environment"], serde_json::Value::Null);
    assert_eq!(ended.report().with_status("fail"), Vec::<&str>::new());
}
