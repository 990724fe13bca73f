//! A run on another engine judges the same cases, and reports the engine with what it cannot do.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Alhena, CONFORMS, Engine, FAILS, USAGE, alhena, bundled, prices_as_text, reference_with,
};

/// Cases of every area, with what differs most between engines: leaving a page, the back/forward
/// cache, storage that is refused, a strict policy, the network, console messages, a language.
const SELECTED: [&str; 12] = [
    "backend/error500",
    "cart/item-added",
    "field/back-and-called@interaction=chat",
    "field/visit@condition=browser-in-german",
    "field/visit@condition=country-domain",
    "field/offline-then-online*",
    "gate/no-interaction*",
    "guest/storage-refused*",
    "guest/strict-policy*",
    "leaving/cart-event-then-navigate*",
    "queue/held-events-keep-their-order*",
    "validation/*",
];

fn selected(run: Alhena) -> Alhena {
    SELECTED
        .iter()
        .fold(run, |run, filter| run.option("--filter", *filter))
}

#[rstest]
#[case(
    Engine::Firefox,
    "Firefox",
    "WebDriver BiDi log.entryAdded",
    "geckodriver ",
    0
)]
#[case(
    Engine::WebKit,
    "WebKit",
    "WebKit's remote inspector, Console.messageAdded",
    "WebKitWebDriver ",
    11
)]
fn reference_conforms_in_another_engine(
    #[case] engine: Engine,
    #[case] name: &str,
    #[case] console: &str,
    #[case] driver: &str,
    #[case] not_applicable: usize,
) {
    let ended = selected(alhena("run"))
        .on(engine)
        .with_report()
        .in_browsers(2)
        .ends_with(CONFORMS);
    let report = ended.report();
    assert_eq!(
        report.with_status("pass").len() + not_applicable,
        report.checks().len(),
        "{ended}"
    );
    let environment = &report.0["environment"];
    assert_eq!(environment["engine"], name, "{environment:#}");
    assert_eq!(environment["console"], console);
    assert_eq!(
        environment["natives"],
        json!({"XMLHttpRequest": true, "fetch": true, "sendBeacon": true})
    );
    let named = environment["driver"].as_str().expect("a driver");
    assert!(named.starts_with(driver), "{named}");
    let command = report.0["command"].as_array().expect("options");
    assert_eq!(command[..2], [json!("--engine"), json!(engine.id())]);
}

#[rstest]
fn sdk_with_other_parts_conforms_in_another_engine(
    #[values(Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let run = alhena("run")
        .option("--sdk", bundled().join("sdk/courier"))
        .option("--profile", "courier");
    let ended = selected(run).on(engine).in_browsers(2).ends_with(CONFORMS);
    ended.prints("conforms");
}

#[rstest]
#[case(Engine::Firefox, "Firefox")]
#[case(Engine::WebKit, "WebKit")]
fn case_of_what_the_engine_never_does_does_not_apply(#[case] engine: Engine, #[case] name: &str) {
    let case = "field/prerender-and-called";
    let ended = alhena("run")
        .option("--filter", case)
        .on(engine)
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    let report = ended.report();
    let check = report.check("field/prerender-and-called#delivered");
    assert_eq!(check["status"], "not_applicable", "{ended}");
    assert_eq!(
        check["message"],
        format!("{name} never loads a page before anyone goes there")
    );
}

#[rstest]
fn check_of_what_the_engine_never_does_does_not_apply_and_the_others_of_its_case_do() {
    let ended = alhena("run")
        .option("--filter", "queue/ready-events-keep-their-order@call=queue")
        .on(Engine::WebKit)
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    let report = ended.report();
    let status = |check: &str| {
        let id = format!("queue/ready-events-keep-their-order@call=queue#{check}");
        report.check(&id)["status"].clone()
    };
    assert_eq!(status("in-order"), "not_applicable", "{ended}");
    assert_eq!(status("delivered"), "pass", "{ended}");
}

#[rstest]
fn console_message_of_several_arguments_is_read_whole(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let several = reference_with(
        "console.error(`[Alhena] ${method}: ${found}`)",
        "console.error(\"[Alhena]\", method, found)",
    );
    let ended = alhena("run")
        .on(engine)
        .sdk(&several)
        .option("--profile", "reference")
        .option("--filter", "validation/*")
        .in_browsers(1)
        .ends_with(CONFORMS);
    ended.prints("conforms");
}

#[rstest]
fn failure_has_one_cause_in_each_engine(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let ended = alhena("run")
        .on(engine)
        .sdk(&prices_as_text())
        .option("--profile", "reference")
        .option("--filter", "cart/item-added")
        .option("--retries", "0")
        .in_browsers(1)
        .ends_with(FAILS);
    ended.prints("`value` arrives as a string in every sendCartEvent");
}

/// An SDK may look for the `Object` and the `Array` of its page: it is called with data that
/// the page could have made.
#[rstest]
fn sdk_that_takes_only_objects_of_its_page_conforms_in_each_engine(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let sdk = reference_with(
        "      send(args);",
        "const { lineItems } = args;
        const isForeign = Array.isArray(lineItems) && !(lineItems instanceof Array);
        if (args instanceof Object && !isForeign) send(args);",
    );
    let ended = alhena("run")
        .on(engine)
        .sdk(&sdk)
        .option("--profile", "reference")
        .option("--filter", "cart/item-added")
        .option("--filter", "checkout/full-order")
        .option("--filter", "validation/every-checkout-field-every-flaw")
        .in_browsers(1)
        .ends_with(CONFORMS);
    ended.prints("conforms");
}

#[rstest]
fn uncaught_error_is_reported_with_its_position(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let sdk = "\n  throw new TypeError('no licence');";
    let ended = alhena("run")
        .on(engine)
        .sdk(sdk)
        .profile("[waits]\nready_ms = 1500\n")
        .option("--filter", "install/becomes-ready")
        .option("--retries", "0")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let report = ended.report();
    let message = report.check("install/becomes-ready#ready")["message"].to_string();
    assert!(
        message.contains("TypeError: no licence (gleenWidget.js:2:"),
        "{message}"
    );
    ended.prints("the SDK's script threw while loading: TypeError: no licence");
}

#[rstest]
fn run_in_two_engines_is_one_table_and_two_reports_that_can_be_compared() {
    let ended = alhena("run")
        .option("--engine", Engine::Chromium.id())
        .on(Engine::Firefox)
        .option("--filter", "cart/item-added*")
        .with_report()
        .in_browsers(2)
        .ends_with(CONFORMS);
    ended
        .prints(" in Chromium ")
        .prints(" in Firefox ")
        .prints("2 of 2 pairings conform");
    let folder = ended.report_folder();
    let table = std::fs::read(folder.join("report.json")).expect("the table");
    let table: Value = serde_json::from_slice(&table).expect("JSON");
    let pairings = table["pairings"].as_array().expect("pairings");
    let engines: Vec<&Value> = pairings.iter().map(|own| &own["engine"]).collect();
    assert_eq!(engines, ["Chromium", "Firefox"]);
    let [old, new] = ["pairing-1", "pairing-2"].map(|own| folder.join(own));
    let compared = alhena("compare").arg(old).arg(new).ends_with(CONFORMS);
    compared
        .prints("Comparison of two engines")
        .prints("Chromium")
        .prints("Firefox");
}

#[rstest]
#[case::run("run", "--driver")]
#[case::browser("run", "--browser-binary")]
#[case::self_test("self-test", "--driver")]
#[case::bench("bench", "--browser-binary")]
fn executable_of_several_engines_is_refused(#[case] command: &str, #[case] option: &str) {
    alhena(command)
        .option("--engine", "chromium")
        .option("--engine", "firefox")
        .option(option, "/bin/false")
        .ends_with(USAGE)
        .warns(&format!("{option} names an executable of one engine"))
        .warns("chromium, firefox");
}

#[test]
fn unknown_engine_is_refused_with_the_known_ones() {
    alhena("run")
        .option("--engine", "netscape")
        .ends_with(USAGE)
        .warns("possible values: chromium, firefox, webkit");
}
