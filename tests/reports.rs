//! A report is enough to render everything again, without the run.

mod support;

use std::path::Path;

use rstest::rstest;
use support::{CONFORMS, FAILS, USAGE, alhena, reference_with};

const CASE: &str = "cart/item-added";

fn broken() -> String {
    reference_with("value: event.value,", "value: String(event.value),")
}

#[test]
fn what_the_run_printed_is_printed_again() {
    let ran = alhena("run")
        .sdk(&broken())
        .option("--profile", "reference")
        .option("--filter", CASE)
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let again = alhena("report")
        .arg(ran.report_folder())
        .ends_with(CONFORMS);
    assert_eq!(again.stdout(), ran.stdout());
}

#[rstest]
#[case::none("none", 0)]
#[case::of_what_failed("failed", 1)]
#[case::all("all", 4)]
fn as_much_evidence_is_kept_as_was_asked_for(#[case] which: &str, #[case] cases: usize) {
    let line = alhena("run")
        .sdk(&broken())
        .option("--profile", "reference")
        .option("--filter", CASE)
        .option("--retries", "0");
    let ran = line
        .option("--keep-evidence", which)
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let records = std::fs::read_dir(ran.report_folder().join("evidence")).map_or(0, |files| {
        files
            .flatten()
            .filter(|file| {
                file.path()
                    .extension()
                    .is_some_and(|extension| extension == "json")
            })
            .count()
    });
    assert_eq!(records, cases, "{ran}");
}

#[test]
fn a_folder_without_a_report_is_refused() {
    let ended = alhena("report").arg(Path::new("tests")).ends_with(USAGE);
    ended
        .warns("tests/report.json")
        .warns("name the folder that `run --report DIR` wrote");
}
