//! `alhena-conformance.toml`, and the variables that stand for flags.

use std::fs;
use std::path::Path;

use rstest::rstest;
use tempfile::TempDir;

use crate::support::{Alhena, CONFORMS, USAGE, alhena};

/// An SDK's repository with these settings.
fn repository(settings: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    write(&home.path().join("alhena-conformance.toml"), settings);
    fs::create_dir_all(home.path().join("packages/sdk")).expect("a folder can be made");
    home
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file can be written");
}

fn shown(home: &Path) -> Alhena {
    alhena("run").arg("--show-config").at_home_in(home)
}

#[test]
fn settings_are_found_from_a_folder_below() {
    let home = repository("sdk = \"dist/x.js\"\nworkers = 3\nkeep-evidence = \"all\"\n");
    let ended = shown(&home.path().join("packages/sdk"))
        .env("ALHENA_CONFORMANCE_TIMEOUT", "5m")
        .option("--retries", "0")
        .ends_with(CONFORMS);
    for line in [
        "# file: ../../alhena-conformance.toml",
        "sdk = \"../../dist/x.js\" # ../../alhena-conformance.toml:1",
        "workers = 3 # ../../alhena-conformance.toml:2",
        "timeout = \"5m\" # ALHENA_CONFORMANCE_TIMEOUT",
        "retries = 0 # --retries",
        "color = \"auto\" # default",
        "# keep-evidence = \"all\" # ../../alhena-conformance.toml:3; left out: it needs --report",
        "# profile # default: alhena; for the bundled reference SDK: reference",
        "# baseline # not set",
    ] {
        ended.prints(line);
    }
}

#[test]
fn shown_settings_are_a_file_that_can_be_read() {
    let home = repository("sdk = [\"a.js\", \"b.js\"]\nfilter = \"cart/*\"\nmask = true\n");
    let first = shown(home.path()).ends_with(CONFORMS).stdout();
    write(&home.path().join("alhena-conformance.toml"), &first);
    let values = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| Some(line.split_once(" #")?.0.trim().to_owned()))
            .collect()
    };
    let second = shown(home.path()).ends_with(CONFORMS).stdout();
    assert_eq!(values(&first), values(&second));
}

#[test]
fn settings_above_the_repository_are_not_used() {
    let home = repository("workers = 3\n");
    fs::create_dir(home.path().join("packages/.git")).expect("a folder can be made");
    shown(&home.path().join("packages/sdk"))
        .ends_with(CONFORMS)
        .prints("# file: none");
}

#[test]
fn config_flag_names_a_file_or_none() {
    let home = repository("workers = 3\n");
    write(&home.path().join("other.toml"), "workers = 7\n");
    shown(home.path())
        .option("--config", "other.toml")
        .ends_with(CONFORMS)
        .prints("workers = 7 # other.toml:1");
    shown(home.path())
        .option("--config", "none")
        .ends_with(CONFORMS)
        .prints("# file: none");
    shown(home.path())
        .option("--config", "no-such.toml")
        .ends_with(USAGE)
        .warns("--> no-such.toml");
}

#[test]
fn profile_beside_the_file_is_used() {
    let home = repository("");
    write(&home.path().join("alhena-profile.toml"), "name = \"own\"\n");
    shown(home.path())
        .ends_with(CONFORMS)
        .prints("profile = \"alhena-profile.toml\" # beside alhena-conformance.toml");
    alhena("run")
        .at_home_in(home.path())
        .ends_with(USAGE)
        .warns("settings of alhena-conformance.toml: profile")
        .warns("no build is named");
}

#[rstest]
#[case::unknown("sdk = \"a.js\"\nprofil = \"own\"\n", "profile", "toml:2")]
#[case::value("\nworkers = 99\n", "99 is not in 1..=64", "toml:2")]
#[case::format("format = [\"html\", \"pdf\"]\n", "'pdf' for '--format", "toml:1")]
#[case::excluded("fail-fast = true\nmax-failures = 2\n", "cannot be used with", "toml:")]
#[case::no_toml("sdk = \n", "sdk =", "toml:1")]
fn mistake_in_the_file_is_reported_at_its_line(
    #[case] text: &str,
    #[case] found: &str,
    #[case] line: &str,
) {
    let ended = alhena("run")
        .at_home_in(repository(text).path())
        .ends_with(USAGE);
    ended
        .warns(found)
        .warns(&format!("--> alhena-conformance.{line}"));
}

#[test]
fn broken_file_does_not_hide_the_help() {
    let home = repository("nonsense = 1\n");
    alhena("run")
        .arg("--help")
        .at_home_in(home.path())
        .ends_with(CONFORMS);
    alhena("schema")
        .arg("config")
        .at_home_in(home.path())
        .ends_with(CONFORMS);
}

#[test]
fn unknown_variable_is_refused() {
    alhena("run")
        .env("ALHENA_CONFORMANCE_REPORTS", "out")
        .ends_with(USAGE)
        .warns("no setting has this variable")
        .warns("did you mean REPORT?");
}

#[test]
fn file_satisfies_a_typed_requirement() {
    let home = repository("sdk = \"no/such.js\"\n");
    alhena("run")
        .arg("--require-sdk")
        .at_home_in(home.path())
        .ends_with(USAGE)
        .warns("--> no/such.js");
}
