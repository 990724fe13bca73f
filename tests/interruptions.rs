//! An interrupted run reports its finished cases and the interruption, and leaves nothing behind.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use rstest::rstest;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::{ENVIRONMENT, Engine, INTERRUPTED, Running, alhena, until_nothing_is_left};

fn in_the_middle(engine: Engine, tmp: &TempDir) -> Running {
    let run = alhena("run")
        .on(engine)
        .option("--filter", "cart/*")
        .option("--filter", "checkout/*")
        .env("TMPDIR", tmp.path());
    run.option("--format", "junit")
        .with_report()
        .in_browsers(2)
        .start()
        .until_it_reports("25/")
}

#[rstest]
#[case::by_ctrl_c(Signal::INT)]
#[case::by_the_machine(Signal::TERM)]
fn interrupted_run_reports_its_finished_cases(
    #[case] signal: Signal,
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = tempfile::tempdir().expect("a temporary folder");
    let ended = in_the_middle(engine, &tmp)
        .signal(signal)
        .ends()
        .with_code(INTERRUPTED);
    ended
        .warns("stopping: what was found so far is reported")
        .prints("interrupted")
        .never_prints("reference conforms");
    let report = ended.report();
    assert_eq!(report.0["interrupted"], true, "{ended}");
    let junit = std::fs::read_to_string(ended.report_folder().join("junit.xml"))
        .expect("it is written as well");
    assert!(
        junit.contains(r#"<property name="interrupted" value="true"/>"#)
            && junit.ends_with("</testsuites>\n"),
        "{junit}"
    );
    assert!(report.with_status("pass").len() >= 25, "{ended}");
    assert_eq!(report.with_status("fail"), Vec::<&str>::new(), "{ended}");
    until_nothing_is_left(tmp.path());
}

#[rstest]
fn second_interruption_ends_at_once_and_leaves_nothing(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let tmp = tempfile::tempdir().expect("a temporary folder");
    let stopping = in_the_middle(engine, &tmp)
        .signal(Signal::INT)
        .until_it_reports("once more to stop at once");
    stopping.signal(Signal::INT).ends().with_code(INTERRUPTED);
    until_nothing_is_left(tmp.path());
}

#[test]
fn interrupted_repetition_lists_no_check_that_had_no_turn() {
    let ended = alhena("run")
        .option("--filter", "cart/*")
        .option("--verify", "3")
        .in_browsers(2)
        .start()
        .until_it_reports("25/")
        .signal(Signal::INT)
        .ends()
        .with_code(INTERRUPTED);
    ended
        .prints("attempts: none differed")
        .never_prints("never judged");
}

#[test]
fn run_whose_time_is_over_reports_its_finished_cases() {
    let ended = alhena("run")
        .option("--timeout", "15s")
        .with_report()
        .in_browsers(1)
        .ends_with(ENVIRONMENT);
    let report = ended.report();
    assert_eq!(report.0["interrupted"], false, "{ended}");
    let untested = report.with_status("not_run");
    assert_eq!(
        report.check(untested[0])["message"],
        "the time given with --timeout was over before there was a verdict"
    );
}
