//! What is typed for a driver.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use rstest::rstest;

use super::*;

#[test]
fn options_for_a_report_hold_no_password() {
    let typed = [
        "alhena-conformance",
        "run",
        "--webdriver",
        "http://ci:secret@grid:4444",
    ];
    let Command::Run(run) = Arguments::try_parse_from(typed).unwrap().command else {
        panic!("it is no run");
    };
    let options = run.browser.options();
    let url = Some("http://grid:4444/".to_owned());
    assert!(options.contains(&("--webdriver", url)), "{options:?}");
}

#[rstest]
#[case::tls("https://ci:secret@grid", "'https://…@grid'", "https is not spoken")]
#[case::no_scheme("grid:4444", "'grid:4444'", "expected http:// with a host")]
#[case::password_that_is_not_escaped("http://ci:se/cret@grid", "'…@grid'", "expected http://")]
fn what_is_no_url_of_a_driver_is_named_without_a_password(
    #[case] url: &str,
    #[case] named: &str,
    #[case] why: &str,
) {
    let typed = ["alhena-conformance", "run", "--webdriver", url];
    let error = Arguments::try_parse_from(typed).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let error = error.to_string();
    assert!(error.contains(named) && error.contains(why), "{error}");
    assert!(!error.contains("cret"), "{error}");
}

#[test]
fn address_of_every_interface_is_wrong_usage() {
    let typed = "alhena-conformance run --webdriver http://grid --advertise 0.0.0.0";
    let error = Arguments::try_parse_from(typed.split(' ')).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let error = error.to_string();
    assert!(
        error.contains("'0.0.0.0' for '--advertise <ADDRESS>'"),
        "{error}"
    );
}
