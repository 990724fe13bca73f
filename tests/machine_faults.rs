//! The machine fails in the middle of a run: the verdicts are those of the SDK all the same, and
//! nothing is left behind.
#![cfg(target_os = "linux")] // Processes are found below /proc.

mod support;

use rustix::process::Signal;
use support::{
    Alhena, CONFORMS, ENVIRONMENT, Ended, Processes, Running, alhena, until_nothing_is_left,
};
use tempfile::TempDir;

/// The line of progress that a run of some fifty cases gives half way.
const IN_THE_MIDDLE: &str = "25/";

fn run(tmp: &TempDir) -> Alhena {
    alhena("run")
        .option("--filter", "cart/*")
        .option("--filter", "checkout/*")
        .env("TMPDIR", tmp.path())
        .with_report()
}

fn in_the_middle(run: Alhena) -> Running {
    run.start().until_it_says(IN_THE_MIDDLE)
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Every check of every case passed, though something was lost on the way.
fn conforms(ended: &Ended) {
    let report = ended.report();
    assert_eq!(
        report.with_status("pass").len(),
        report.checks().len(),
        "{ended}"
    );
    assert!(report.checks().len() > 100, "{ended}");
    ended.prints("reference conforms");
}

#[test]
fn a_run_leaves_no_process_and_no_file() {
    let tmp = folder();
    alhena("run")
        .option("--filter", "gate/no-interaction")
        .env("TMPDIR", tmp.path())
        .in_browsers(2)
        .ends_with(CONFORMS);
    until_nothing_is_left(tmp.path());
}

#[test]
fn a_driver_that_dies_is_started_again_and_its_cases_are_run_again() {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).in_browsers(2));
    Processes::of(tmp.path()).driver().kill();
    let ended = running.ends().with_code(CONFORMS);
    ended.warns("again c");
    conforms(&ended);
    until_nothing_is_left(tmp.path());
}

#[test]
fn a_browser_that_dies_is_replaced_and_its_case_is_run_again() {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).in_browsers(1));
    Processes::of(tmp.path()).browser().kill();
    let ended = running.ends().with_code(CONFORMS);
    ended.warns("again c");
    conforms(&ended);
    until_nothing_is_left(tmp.path());
}

#[test]
fn a_harness_that_is_killed_leaves_no_process_and_no_file() {
    let tmp = folder();
    let running = in_the_middle(run(&tmp).in_browsers(2));
    assert!(!Processes::of(tmp.path()).all().is_empty());
    let ended = running.signal(Signal::KILL).ends();
    assert_eq!(ended.code(), None, "{ended}");
    until_nothing_is_left(tmp.path());
}

#[test]
fn a_driver_that_is_none_is_the_machines_fault() {
    let tmp = folder();
    let ended = run(&tmp)
        .option("--driver", "/bin/false")
        .in_browsers(1)
        .ends_with(ENVIRONMENT);
    ended
        .warns("/bin/false did not print the port")
        .warns("use one that runs with --webdriver");
    until_nothing_is_left(tmp.path());
}

#[test]
fn a_browser_that_is_none_is_the_machines_fault() {
    let tmp = folder();
    let ended = run(&tmp)
        .option("--browser-binary", "/bin/false")
        .in_browsers(1)
        .ends_with(ENVIRONMENT);
    ended
        .warns("no browser session can be had")
        .never_says("does not conform");
    assert_eq!(ended.report().with_status("fail"), Vec::<&str>::new());
    until_nothing_is_left(tmp.path());
}
