//! `report` renders everything from a stored report, without the run.

use std::path::Path;

use rstest::rstest;

use crate::support::{
    CONFORMS, FAILS, USAGE, alhena, prices_as_text, shared_run_of_prices_as_text,
};

#[test]
fn printed_result_is_rendered_again() {
    let ran = alhena("run")
        .sdk(&prices_as_text())
        .option("--profile", "reference")
        .option("--filter", "cart/item-added")
        .with_report()
        .in_browsers(1)
        .ends_with(FAILS);
    let rendered = alhena("report")
        .arg(ran.report_folder())
        .ends_with(CONFORMS);
    assert_eq!(rendered.stdout(), ran.stdout());
}

#[rstest]
#[case::none("none", 0)]
#[case::of_what_failed("failed", 1)]
#[case::all("all", 4)]
fn requested_evidence_is_kept(#[case] which: &str, #[case] cases: usize) {
    let ran = shared_run_of_prices_as_text(which);
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
fn folder_without_report_is_refused() {
    let ended = alhena("report").arg(Path::new("tests")).ends_with(USAGE);
    ended
        .warns("tests/report.json")
        .warns("name the folder that `run --report DIR` wrote");
}
