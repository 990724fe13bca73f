//! A build that ignores the configured base URL and contacts the vendor's hosts is tested as it is;
//! every other host is denied and reported.

use rstest::rstest;
use serde_json::Value;

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, Ended, Engine, FAILS, USAGE, alhena, bundled, reference_with,
};

const CONFIGURED: &str = "config.apiBaseUrl || \"https://app.alhena.ai\"";

/// The reference SDK that contacts `base` whatever the page configures, and runs `also` as it
/// starts.
fn contacting(base: &str, also: &str) -> String {
    reference_with(CONFIGURED, &format!("\"{base}\"")).replacen(
        "\"use strict\";",
        &format!("\"use strict\";\n{also}"),
        1,
    )
}

fn run(sdk: &str, filters: &[&str]) -> Alhena {
    let run = alhena("run")
        .option("--retries", "0")
        .option("--profile", "reference")
        .sdk(sdk)
        .with_report();
    filters
        .iter()
        .fold(run, |run, filter| run.option("--filter", filter))
}

fn host<'r>(report: &'r Value, name: &str) -> &'r Value {
    let hosts = report["hosts"].as_array().expect("hosts");
    hosts
        .iter()
        .find(|host| host["host"] == name && host["asked_by"] == "page")
        .unwrap_or_else(|| panic!("no page asked for {name}: {hosts:#?}"))
}

fn conforms(ended: &Ended, checks: usize) {
    let report = ended.report();
    assert_eq!(report.unbroken(), report.checks().len(), "{ended}");
    assert!(report.checks().len() >= checks, "{ended}");
}

#[rstest]
fn build_with_hard_coded_https_host_conforms(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let filters = [
        "leaving/*",
        "backend/*",
        "dedup/twice-in-a-row*",
        "queue/held-events-keep-their-order*",
        "guest/storage-refused*",
        "guest/strict-policy*",
    ];
    let ended = run(&contacting("https://app.alhena.ai", ""), &filters)
        .on(engine)
        .in_browsers(2)
        .ends_with(CONFORMS);
    conforms(&ended, 70);
    let report = ended.report();
    let ours = host(&report.0, "app.alhena.ai");
    assert_eq!(ours["ours"], true, "{ours:#}");
    assert!(
        ours["requests"].as_u64().expect("a count") > 100
            && ours["cases"].as_array().expect("cases").len() > 20,
        "{ours:#}"
    );
    ended.never_prints("the SDK contacts");
}

#[test]
fn build_with_hard_coded_http_host_conforms() {
    let ended = run(
        &contacting("http://eu.alhena.ai", ""),
        &["cart/item-added", "leaving/order-then-close"],
    )
    .in_browsers(1)
    .ends_with(CONFORMS);
    conforms(&ended, 2);
    assert!(
        host(&ended.report().0, "eu.alhena.ai")["example"]
            .as_str()
            .expect("a URL")
            .starts_with("http://eu.alhena.ai/"),
        "{ended}"
    );
}

#[test]
fn sdk_script_of_a_hard_coded_host_is_served() {
    let profile = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
    let reference = std::fs::read_to_string(bundled().join("profiles/reference.toml"))
        .expect("the profile is there");
    let profile_text = format!(
        "hosts = [\"*.shop.example\"]\n{reference}\n[install]\nscripts = [\"loader.js\"]\n"
    );
    std::fs::write(profile.path(), profile_text).expect("the profile can be written");
    let loader = "var script = document.createElement('script'); script.src = \
        'https://cdn.shop.example/sdk/widget.js'; document.head.append(script);";
    let build = tempfile::tempdir().expect("a folder");
    std::fs::write(build.path().join("loader.js"), loader).expect("the loader can be written");
    std::fs::write(
        build.path().join("widget.js"),
        contacting("https://api.shop.example", ""),
    )
    .expect("the SDK can be written");
    let run = alhena("run")
        .option("--retries", "0")
        .option("--profile", profile.path())
        .option("--sdk", build.path())
        .with_report();
    let ended = run
        .option("--filter", "cart/item-added")
        .in_browsers(1)
        .ends_with(CONFORMS);
    assert_eq!(
        host(&ended.report().0, "cdn.shop.example")["example"],
        "https://cdn.shop.example/sdk/widget.js",
        "{ended}"
    );
    assert_eq!(
        host(&ended.report().0, "api.shop.example")["ours"],
        true,
        "{ended}"
    );
}

#[rstest]
fn foreign_host_is_denied_and_reported_without_failure(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let ping = "navigator.sendBeacon('https://stats.example.com/p?v=1', 'x'); new Image().src = \
        'http://pixel.example.com/i.gif';";
    let ended = run(
        &contacting("https://app.alhena.ai", ping),
        &["cart/item-added"],
    )
    .on(engine)
    .in_browsers(1)
    .ends_with(CONFORMS);
    conforms(&ended, 1);
    let report = ended.report();
    let stats = host(&report.0, "stats.example.com");
    assert_eq!(
        (&stats["ours"], &stats["example"]),
        (
            &Value::Bool(false),
            &"https://stats.example.com/p?v=1".into()
        ),
        "{stats:#}"
    );
    assert!(
        stats["cases"]
            .as_array()
            .expect("cases")
            .contains(&"cart/item-added".into()),
        "{stats:#}"
    );
    assert_eq!(
        host(&report.0, "pixel.example.com")["example"],
        "http://pixel.example.com/i.gif"
    );
    let by_browser = report.0["hosts"].as_array().expect("hosts").iter();
    let by_browser = by_browser.filter(|host| host["asked_by"] == "browser");
    assert_eq!(by_browser.count(), 0, "a browser contacts nobody by itself");
    ended
        .prints("denied  the SDK contacts stats.example.com")
        .prints("such as https://stats.example.com/p?v=1");
}

#[test]
fn host_missing_in_the_profile_is_named_in_failures() {
    let ended = run(
        &contacting("https://api.example.com", ""),
        &["gate/no-interaction"],
    )
    .in_browsers(1)
    .ends();
    assert!(
        [Some(FAILS), Some(ENVIRONMENT)].contains(&ended.code()),
        "{ended}"
    );
    let report = ended.report();
    let named = report
        .checks()
        .iter()
        .filter_map(|check| check["message"].as_str())
        .any(|message| message.contains("api.example.com") && message.contains("denied"));
    assert!(named, "{ended}");
    ended.prints("the SDK contacts api.example.com");
}

#[test]
fn invalid_host_is_refused_at_its_line() {
    let profile = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
    std::fs::write(
        profile.path(),
        "name = \"own\"\nhosts = [\"https://app.alhena.ai/\"]\n",
    )
    .expect("the profile can be written");
    let ended = alhena("run")
        .sdk("x")
        .option("--profile", profile.path())
        .ends_with(USAGE);
    ended
        .warns("`https://app.alhena.ai/` is no host")
        .warns(":2");
}
