//! Processes die in the middle of a run: the verdicts are still those of the SDK, and nothing is
//! left behind.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use std::time::{Duration, Instant};

use rstest::rstest;
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, Ended, Engine, Processes, Running, alhena, reference,
    until_nothing_is_left,
};

/// A browser that does not start is known long before the time is over that one may take to.
const SOON: Duration = Duration::from_secs(40);

/// The progress of a run of about fifty cases, half way.
const IN_THE_MIDDLE: &str = "25/";

fn run(tmp: &TempDir) -> Alhena {
    alhena("run")
        .option("--filter", "cart/*")
        .option("--filter", "checkout/*")
        // What dies takes one case with it, and not all on its page.
        .arg("--own-pages")
        .arg("-v")
        .env("TMPDIR", tmp.path())
        .with_report()
}

fn in_the_middle(run: Alhena) -> Running {
    run.start().until_it_reports(IN_THE_MIDDLE)
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Expects that every check of every case passed.
fn conforms(ended: &Ended) {
    let report = ended.report();
    assert_eq!(report.unbroken(), report.checks().len(), "{ended}");
    assert!(report.checks().len() > 100, "{ended}");
    ended.prints("reference conforms");
}

#[rstest]
fn finished_run_leaves_no_process_and_no_file(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    alhena("run")
        .on(engine)
        .option("--filter", "gate/no-interaction")
        .env("TMPDIR", tmp.path())
        .in_browsers(2)
        .ends_with(CONFORMS);
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn killed_driver_is_restarted_and_its_cases_repeated(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).on(engine).in_browsers(2));
    Processes::of(tmp.path()).driver(engine).kill();
    let ended = running.ends().with_code(CONFORMS);
    ended.warns("again c");
    conforms(&ended);
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn killed_browser_is_replaced_and_its_case_repeated(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).on(engine).in_browsers(1));
    Processes::of(tmp.path()).browser(engine).kill();
    let ended = running.ends().with_code(CONFORMS);
    ended.warns("again c");
    conforms(&ended);
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn killed_harness_leaves_no_process_and_no_file(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).on(engine).in_browsers(2));
    assert!(!Processes::of(tmp.path()).all().is_empty());
    let ended = running.signal(Signal::KILL).ends();
    assert_eq!(ended.code(), None, "{ended}");
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn invalid_driver_is_an_environment_error(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    let ended = run(&tmp)
        .on(engine)
        .option("--driver", "/bin/false")
        .in_browsers(1)
        .ends_with(ENVIRONMENT);
    ended
        .warns("/bin/false did not ")
        .warns("it ended with exit status: 1")
        .warns("use one that runs with --webdriver");
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn invalid_browser_is_an_environment_error(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = folder();
    let line = run(&tmp)
        .on(engine)
        .option("--browser-binary", "/bin/false")
        .in_browsers(1);
    let begun = Instant::now();
    let ended = line.ends_with(ENVIRONMENT);
    assert!(begun.elapsed() < SOON, "{:?}: {ended}", begun.elapsed());
    ended
        .warns("no browser session can be had")
        .warns("start the browser by hand to see why it ends")
        .never_prints("not_run");
    until_nothing_is_left(tmp.path());
}

#[test]
fn build_matrix_without_a_browser_is_one_message_and_no_table() {
    let tmp = folder();
    let (one, other) = (tmp.path().join("one.js"), tmp.path().join("other.js"));
    for build in [&one, &other] {
        std::fs::write(build, reference()).expect("the build is written");
    }
    let ended = run(&tmp)
        .option("--sdk", &one)
        .option("--sdk", &other)
        .option("--profile", "reference")
        .option("--browser-binary", "/bin/false")
        .in_browsers(1)
        .ends_with(ENVIRONMENT);
    ended
        .warns("no browser session can be had")
        .never_prints("not_run")
        .never_prints("other.js");
    let table = std::fs::read(ended.report_folder().join("report.json")).expect("the table");
    let table: Value = serde_json::from_slice(&table).expect("JSON");
    let pairings = table["pairings"].as_array().expect("pairings");
    assert!(
        pairings.len() == 2 && pairings.iter().all(|own| own["engine"] == "Chromium"),
        "{table:#}"
    );
    let files = std::fs::read_dir(ended.report_folder()).expect("the folder is there");
    assert!(
        files.count() > 1,
        "the files say why nothing was run: {ended}"
    );
}

#[rstest]
#[case::self_test("self-test", &["--filter", "gate-open"])]
#[case::verify("run", &["--filter", "gate/no-interaction", "--verify", "2"])]
#[case::explore("explore", &["--journeys", "1"])]
#[case::bench("bench", &["--filter", "gate/no-interaction"])]
fn command_without_a_browser_says_so_once(#[case] command: &str, #[case] options: &[&str]) {
    let run = options.iter().fold(alhena(command), Alhena::arg);
    let run = run.option("--browser-binary", "/bin/false");
    let ended = run.in_a_browser().ends_with(ENVIRONMENT);
    let errors = ended.stderr();
    assert_eq!(
        errors.matches("Chrome instance exited").count(),
        1,
        "{ended}"
    );
}
