//! A report takes the place of an older one, whole, and of nothing else.

mod support;

use std::fs;
use std::path::Path;

use rstest::rstest;
use support::{Alhena, CONFORMS, FAILS, Report, USAGE, alhena, reference_with};

fn run(folder: &Path) -> Alhena {
    alhena("run").option("--filter", "gate/no-interaction").option("--retries", "0").option("--report", folder)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_of_somebody_elses_files_is_refused_and_left_alone() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join("thesis.txt"), "years of work").expect("a file can be written");
    let ended = run(home.path()).in_browsers(1).ends_with(USAGE);
    ended.warns(&home.path().display().to_string()).warns("it holds something other than a report; name a new folder");
    assert_eq!(names(home.path()), ["thesis.txt"]);
    assert_eq!(fs::read_to_string(home.path().join("thesis.txt")).expect("it is still there"), "years of work");
}

#[test]
fn a_file_is_refused_and_left_alone() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("thesis.txt");
    fs::write(&file, "years of work").expect("a file can be written");
    run(&file).in_browsers(1).ends_with(USAGE).warns("name a new folder");
    assert_eq!(fs::read_to_string(&file).expect("it is still there"), "years of work");
}

#[rstest]
#[case::that_is_not_there("new/and/deep")]
#[case::that_is_empty("empty")]
fn a_folder_is_filled(#[case] name: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(home.path().join("empty")).expect("a folder can be made");
    let folder = home.path().join(name);
    run(&folder).in_browsers(1).ends_with(CONFORMS).warns(&folder.join("report.json").display().to_string());
    Report::read(&folder).expect("a report");
}

#[test]
fn an_older_report_is_replaced_with_its_evidence() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("report");
    let gateless = reference_with("if (hasInteracted()) return true;", "return true;");
    run(&folder).sdk(&gateless).in_browsers(1).ends_with(FAILS);
    assert_eq!(names(&folder), ["evidence", "report.json"]);
    run(&folder).in_browsers(1).ends_with(CONFORMS);
    assert_eq!(names(&folder), ["report.json"]);
    assert_eq!(names(home.path()), ["report"], "nothing is left beside it");
}
