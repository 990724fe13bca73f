//! A case that needs what the usual browser lacks runs in one that has it, and is `not_testable`
//! where there is none.

use alhena_conformance::api::{default_engine, locate};

use crate::support::{CONFORMS, alhena};

/// It asks the page itself whether it came back whole.
const RESTORED: &str = "field/back-and-called@interaction=chat";

/// It asks the page itself whether it was prerendered.
const PRERENDERED: &str = "field/prerender-holds-what-a-visit-holds";

#[test]
fn kept_and_prerendered_pages_are_had_beside_ordinary_ones() {
    let ended = alhena("run")
        .option("--filter", RESTORED)
        .option("--filter", PRERENDERED)
        .option("--filter", "field/one-page@condition=ordinary")
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    let report = ended.report();
    for case in [RESTORED, PRERENDERED] {
        assert_eq!(report.check(&format!("{case}#page"))["status"], "pass");
    }
    let environment = &report.0["environment"];
    assert_ne!(environment["browser"], environment["also"]);
    assert!(environment["also"].is_string(), "{environment}");
}

#[test]
fn case_is_not_testable_where_no_browser_offers_what_it_needs() {
    let located = locate(default_engine(), None, None, false).expect("a browser and its driver");
    let ended = alhena("run")
        .option("--filter", RESTORED)
        .option("--browser-binary", located.browser.expect("a browser"))
        .with_report()
        .in_browsers(1)
        .ends();
    let report = ended.report();
    let check = report.check(&format!("{RESTORED}#delivered"));
    assert_eq!(check["status"], "not_testable");
    ended.prints(
        "this browser does not offer a back/forward cache: the headless shell keeps no page",
    );
    assert_eq!(report.0["environment"]["also"], serde_json::Value::Null);
}
