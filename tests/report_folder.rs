//! A report replaces an older report as a whole, and nothing else.

use std::fs;
use std::path::Path;

use rstest::rstest;

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, FAILS, Report, USAGE, alhena, reference, reference_with,
};

const MANIFEST: &str = "alhena-conformance.manifest.json";

fn run(folder: &Path) -> Alhena {
    alhena("run")
        .option("--filter", "gate/no-interaction")
        .option("--retries", "0")
        .option("--report", folder)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn folder_with_foreign_files_is_refused_unchanged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join("thesis.txt"), "years of work").expect("a file can be written");
    let ended = run(home.path()).in_browsers(1).ends_with(USAGE);
    ended
        .warns(&home.path().display().to_string())
        .warns("it holds something other than reports of ours: thesis.txt")
        .warns("--report conformance");
    assert_eq!(names(home.path()), ["thesis.txt"]);
    assert_eq!(
        fs::read_to_string(home.path().join("thesis.txt")).expect("it is still there"),
        "years of work"
    );
}

#[test]
fn file_named_as_folder_is_refused_unchanged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("thesis.txt");
    fs::write(&file, "years of work").expect("a file can be written");
    run(&file)
        .in_browsers(1)
        .ends_with(USAGE)
        .warns("it is not a folder");
    assert_eq!(
        fs::read_to_string(&file).expect("it is still there"),
        "years of work"
    );
}

#[rstest]
#[case::that_is_not_there("new/and/deep")]
#[case::that_is_empty("empty")]
fn missing_or_empty_folder_is_filled(#[case] name: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(home.path().join("empty")).expect("a folder can be made");
    let folder = home.path().join(name);
    let ended = run(&folder).in_browsers(1).ends_with(CONFORMS);
    let last = format!("report: {}\n", folder.join("report.html").display());
    assert!(ended.stderr().ends_with(&last), "{ended}");
    Report::read(&folder).expect("a report");
}

#[test]
fn older_report_is_replaced_with_its_evidence() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("report");
    let gateless = reference_with("if (hasInteracted()) return true;", "return true;");
    run(&folder).sdk(&gateless).in_browsers(1).ends_with(FAILS);
    assert_eq!(
        names(&folder),
        [MANIFEST, "evidence", "report.html", "report.json"]
    );
    run(&folder).in_browsers(1).ends_with(CONFORMS);
    assert_eq!(names(&folder), [MANIFEST, "report.html", "report.json"]);
    assert_eq!(names(home.path()), ["report"], "nothing is left beside it");
}

#[test]
fn report_of_another_tool_is_refused_unchanged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        home.path().join("report.json"),
        "{\"lighthouseVersion\": \"12.0.0\"}",
    )
    .expect("a file can be written");
    run(home.path())
        .ends_with(USAGE)
        .warns("no alhena-conformance.manifest.json that says it is ours");
    assert_eq!(names(home.path()), ["report.json"]);
}

#[test]
fn folder_with_an_added_file_is_refused_unchanged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("report");
    run(&folder).in_browsers(1).ends_with(CONFORMS);
    fs::write(folder.join("notes.txt"), "look at this").expect("a file can be written");
    run(&folder)
        .ends_with(USAGE)
        .warns("it holds something other than reports of ours: notes.txt");
    assert_eq!(
        names(&folder),
        [MANIFEST, "notes.txt", "report.html", "report.json"]
    );
}

#[test]
fn manifest_naming_outside_files_removes_none_of_them() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("report");
    fs::create_dir(&folder).expect("a folder can be made");
    fs::write(home.path().join("thesis.txt"), "years of work").expect("a file can be written");
    let manifest = "{\"about\": \"\", \"files\": [\"../thesis.txt\", \"/etc/hostname\"]}";
    fs::write(folder.join(MANIFEST), manifest).expect("a file can be written");
    run(&folder).in_browsers(1).ends_with(CONFORMS);
    assert_eq!(names(home.path()), ["report", "thesis.txt"]);
}

/// The working directory, a folder that holds the SDK, and a checkout. They hold nothing else.
#[rstest]
#[case::the_working_directory("work", "it is the working directory, or holds it")]
#[case::that_holds_the_working_directory(".", "it is the working directory, or holds it")]
#[case::that_holds_the_sdk("dist", "it is or holds dist/sdk.js, which this run reads")]
#[case::of_a_checkout("checkout", "it holds a .git")]
fn folder_that_could_lose_work_is_refused(#[case] folder: &str, #[case] message: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    for own in ["work", "dist", "checkout/.git"] {
        fs::create_dir_all(home.path().join(own)).expect("a folder can be made");
    }
    fs::write(home.path().join("dist/sdk.js"), reference()).expect("a file can be written");
    let inside = |path: &str| {
        if folder == "work" || folder == "." {
            format!("../{path}")
        } else {
            path.to_owned()
        }
    };
    let current = home.path().join(if folder == "work" || folder == "." {
        "work"
    } else {
        ""
    });
    let line = alhena("run")
        .in_folder(&current)
        .option("--sdk", inside("dist/sdk.js"))
        .option("--report", inside(folder));
    line.ends_with(USAGE).warns(message);
    assert_eq!(names(home.path()), ["checkout", "dist", "work"]);
}

#[test]
fn unwritable_folder_is_reported_before_the_first_case() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join("file"), "").expect("a file can be written");
    run(&home.path().join("file/report"))
        .ends_with(ENVIRONMENT)
        .warns("make it writable, or name another place");
}

#[test]
fn report_is_saved_elsewhere_when_its_folder_changed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("report");
    let running = run(&folder)
        .env("TMPDIR", home.path())
        .in_browsers(1)
        .start()
        .until_it_reports(" cases, ");
    fs::write(folder.join("report.json"), "{}").expect("a file can be written");
    let ended = running.ends().with_code(ENVIRONMENT);
    let saved = ended.stderr().lines().find_map(|line| {
        line.trim()
            .strip_prefix("= the report was saved in ")
            .map(str::to_owned)
    });
    Report::read(Path::new(&saved.unwrap_or_else(|| panic!("{ended}")))).expect("the whole report");
    assert_eq!(
        fs::read_to_string(folder.join("report.json")).expect("it is still there"),
        "{}"
    );
}

#[rstest]
#[case::report(&["report", "REPORT", "--output", "FILE"])]
#[case::html(&["report", "REPORT", "--format", "html", "--output", "FILE"])]
#[case::compare(&["compare", "REPORT", "REPORT", "--format", "markdown", "--output", "FILE"])]
#[case::man_page(&["man", "FOLDER"])]
fn foreign_file_is_not_overwritten(#[case] words: &[&str]) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (report, file) = (
        home.path().join("report"),
        home.path().join("alhena-conformance.1"),
    );
    run(&report).in_browsers(1).ends_with(CONFORMS);
    let command = || {
        let line = words[1..].iter().map(|word| match *word {
            "REPORT" => report.display().to_string(),
            "FILE" => file.display().to_string(),
            "FOLDER" => home.path().display().to_string(),
            other => other.to_owned(),
        });
        line.fold(alhena(words[0]), Alhena::arg)
    };
    fs::write(&file, "years of work with alhena-conformance").expect("a file can be written");
    command()
        .ends_with(USAGE)
        .warns("it holds something that this program did not write");
    assert_eq!(
        fs::read_to_string(&file).expect("it is still there"),
        "years of work with alhena-conformance"
    );
    fs::remove_file(&file).expect("it can be removed");
    command().ends_with(CONFORMS);
    command().ends_with(CONFORMS);
}
