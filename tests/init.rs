//! `init`: from a build that nobody has described to a repository that proves it.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::{Alhena, CONFORMS, FAILS, USAGE, alhena, bundled};

const WRITTEN: [&str; 4] = [
    "alhena-profile.toml",
    "alhena-conformance.toml",
    ".github/workflows/alhena-conformance.yml",
    ".gitlab/alhena-conformance.yml",
];

/// A repository with a copy of a bundled SDK.
fn repository(sdk: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    let copy = Command::new("cp")
        .arg("-r")
        .arg(bundled().join("sdk").join(sdk))
        .arg(home.path().join("dist"))
        .status();
    assert!(copy.expect("cp runs").success());
    home
}

fn init(home: &Path) -> Alhena {
    alhena("init").option("--sdk", "dist").at_home_in(home)
}

fn text(home: &Path, file: &str) -> String {
    fs::read_to_string(home.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn undescribed_sdk_gets_a_profile_that_fits() {
    let home = repository("courier");
    let ended = init(home.path())
        .arg("--yes")
        .arg("--no-baseline")
        .in_a_browser()
        .ends_with(CONFORMS);
    ended.prints("alhena-profile.toml fits dist");
    let profile = text(home.path(), "alhena-profile.toml");
    for line in [
        "ready = 'courier.phase === \"open\"' # found",
        "home: \"{{api}}\" };''' # found",
        "clicks = [\"#courier-dock >>> .bell\"] # found",
        "company_key = \"/meta/key\" # found",
        "when = { \"/kind\" = \"order\" } # found",
        "body = { reply = ",
        "path = \"/sdk/\" # assumed",
    ] {
        assert!(profile.contains(line), "{line}\n{profile}");
    }
    for file in WRITTEN {
        assert!(!text(home.path(), file).is_empty());
    }
    alhena("run")
        .arg("--show-config")
        .at_home_in(home.path())
        .ends_with(CONFORMS)
        .prints("sdk = \"dist\"")
        .prints("profile = \"alhena-profile.toml\"");
}

#[test]
fn reference_sdk_gets_a_profile_that_fits() {
    let home = repository("reference");
    init(home.path())
        .arg("--yes")
        .arg("--no-baseline")
        .in_a_browser()
        .ends_with(CONFORMS)
        .prints("alhena-profile.toml fits dist");
}

#[test]
fn init_overwrites_nothing() {
    let home = repository("reference");
    fs::write(home.path().join("alhena-profile.toml"), "name = \"mine\"\n").expect("written");
    let ended = init(home.path())
        .arg("--yes")
        .arg("--no-baseline")
        .in_a_browser()
        .ends();
    assert!(
        [Some(CONFORMS), Some(FAILS)].contains(&ended.code()),
        "{ended}"
    );
    ended.prints("alhena-profile.toml: left as it is");
    assert_eq!(
        text(home.path(), "alhena-profile.toml"),
        "name = \"mine\"\n"
    );
}

#[test]
fn init_asks_before_it_writes() {
    let home = repository("reference");
    init(home.path()).ends_with(USAGE).warns("--yes");
    assert!(!home.path().join("alhena-profile.toml").exists());
    alhena("init")
        .option("--sdk", "http://127.0.0.1:9/x.js")
        .arg("--yes")
        .at_home_in(home.path())
        .ends_with(USAGE)
        .warns("is looked at as a file");
}
