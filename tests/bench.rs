//! What the harness measures of itself.

use alhena_conformance::api::{Driver, default_engine, locate};
use serde_json::Value;

use crate::support::{CONFORMS, alhena, all_permits, permits};

/// Their clocks are ten minutes ahead, and each of their checks must pass.
#[test]
fn nodes_without_browsers_drive_a_recorded_case_through_the_whole_harness() {
    let _permits = all_permits();
    alhena("bench")
        .option("--simulated-nodes", "2")
        .option("--latency", "1")
        .ends_with(CONFORMS)
        .prints("160 times on each node")
        .prints("     320 ");
}

#[tokio::test(flavor = "multi_thread")]
async fn grid_is_measured_against_a_driver_of_this_machine() {
    let _permits = all_permits();
    let located = locate(default_engine(), None, None, false).expect("a browser and its driver");
    let driver = Driver::start(&located).await.expect("the driver starts");
    let browser = located.browser.as_ref().expect("a browser");
    let ended = alhena("bench")
        .arg("--grid")
        .option("--webdriver", driver.url.to_string())
        .option("--browser-binary", browser)
        .option("--filter", "cart/item-added#*")
        .option("--rounds", "1")
        .ends_with(CONFORMS);
    for measured in ["a command", "a session", "a case"] {
        ended.prints(measured);
    }
}

#[test]
fn ratios_are_printed_as_json_alone() {
    let _permits = permits(1);
    let ended = alhena("bench")
        .arg("--json")
        .option("--filter", "cart/item-added#*")
        .option("--rounds", "1")
        .ends_with(CONFORMS);
    let report: Value = serde_json::from_str(&ended.stdout()).expect("it is JSON");
    let [ratio] = &report["ratios"].as_array().expect("a list")[..] else {
        panic!("{report:#}");
    };
    assert_eq!(ratio["id"], "case");
    assert!(ratio["value"].as_f64() > Some(0.0), "{ratio:#}");
    assert!(ratio["aim"]["at_most"].as_f64() > Some(0.0), "{ratio:#}");
}
