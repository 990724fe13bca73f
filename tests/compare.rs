//! `compare` compares the reports of two releases; `run --baseline` compares a run with the last
//! release's baseline.

use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, USAGE, alhena, prices_as_text, reference, shared,
};

const BROKEN: &str = "cart/item-added#unchanged";

/// The runs that all tests here look at: a build twice, and one that sends prices as text.
struct Releases {
    home: PathBuf,
    sound: Ended,
    repeated: Ended,
    broken: Ended,
}

impl Releases {
    fn made() -> Self {
        let home = shared("releases", |home| {
            let (baseline, worse) = (home.join("baseline.toml"), home.join("worse.toml"));
            let update = |name: &str, sdk: &str, baseline: &Path| {
                line(alhena("run").kept_in(&home.join(name)), sdk)
                    .option("--baseline", baseline)
                    .arg("--update-baseline")
                    .in_browsers(1)
            };
            update("sound", &reference(), &baseline).ends_with(CONFORMS);
            let first = fs::read_to_string(&baseline).expect("the baseline was written");
            update("repeated", &reference(), &baseline).ends_with(CONFORMS);
            assert_eq!(
                fs::read_to_string(&baseline).expect("the baseline is there"),
                first,
                "two runs of one build make the same bytes"
            );
            fs::copy(&baseline, &worse).expect("the baseline can be copied");
            update("broken", &prices_as_text(), &worse).ends_with(FAILS);
        });
        let [sound, repeated, broken] =
            ["sound", "repeated", "broken"].map(|name| Ended::kept_in(&home.join(name)));
        Self {
            home,
            sound,
            repeated,
            broken,
        }
    }

    fn baseline(&self) -> PathBuf {
        self.home.join("baseline.toml")
    }

    /// The baseline of the broken build.
    fn worse(&self) -> PathBuf {
        self.home.join("worse.toml")
    }

    /// The broken build against the sound one.
    fn compared(&self) -> Alhena {
        compare(&self.sound.report_folder(), &self.broken.report_folder())
    }
}

fn line(run: Alhena, sdk: &str) -> Alhena {
    run.sdk(sdk)
        .option("--profile", "reference")
        .option("--retries", "0")
        .option("--filter", "cart/item-added")
        .option("--filter", "open/what-is-stored")
        .with_report()
}

fn run(sdk: &str) -> Alhena {
    line(alhena("run"), sdk).in_browsers(1)
}

fn temporary_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn compare(old: &Path, new: &Path) -> Alhena {
    alhena("compare").arg(old).arg(new)
}

#[test]
fn retyped_field_is_new_failure_and_breaking_change() {
    let compared = Releases::made().compared().ends_with(FAILS);
    compared
        .prints("new failures")
        .prints(BROKEN)
        .prints("CART-TYPES")
        .prints("expected: ")
        .prints("again: alhena-conformance run --sdk");
    compared
        .prints("breaking  sendCartEvent /value")
        .prints("number → string")
        .prints("suggests a major version");
}

#[test]
fn same_build_twice_has_no_differences() {
    let releases = Releases::made();
    let compared = compare(
        &releases.sound.report_folder(),
        &releases.repeated.report_folder(),
    )
    .option("--fail-on", "breaking")
    .ends_with(CONFORMS);
    compared
        .prints("no regression")
        .prints("unchanged, by 5 cases")
        .prints("suggests a patch version")
        .prints("both runs are of the same build");
    compared
        .never_prints("breaking")
        .never_prints("additive")
        .never_prints("changed observations");
}

#[test]
fn fixed_check_fails_only_with_fail_on_breaking() {
    let releases = Releases::made();
    let fixed = || {
        compare(
            &releases.broken.report_folder(),
            &releases.sound.report_folder(),
        )
    };
    fixed()
        .ends_with(CONFORMS)
        .prints("fixed")
        .prints(BROKEN)
        .prints("requirements fixed")
        .prints("string → number");
    fixed().option("--fail-on", "breaking").ends_with(FAILS);
}

#[test]
fn vanished_check_is_a_regression() {
    let (releases, home) = (Releases::made(), temporary_folder());
    let less = home.path().join("less.json");
    let mut report: Value = serde_json::from_str(
        &fs::read_to_string(releases.sound.report_folder().join("report.json")).expect("a report"),
    )
    .expect("JSON");
    report["checks"]
        .as_array_mut()
        .expect("checks")
        .retain(|check| check["id"] != BROKEN);
    fs::write(&less, report.to_string()).expect("a report can be written");
    compare(&releases.sound.report_folder(), &less)
        .ends_with(FAILS)
        .prints("vanished checks (1)")
        .prints(BROKEN)
        .prints("it is selected, and is not made any more");
}

#[rstest]
#[case::json("json", "\"schema\": \"alhena-conformance/compare/1\"")]
#[case::markdown("markdown", "<!-- alhena-conformance compare -->")]
#[case::html("html", "<!DOCTYPE html>")]
#[case::junit(
    "junit",
    "<failure type=\"new_failure\" message=\"new failure (pass → fail): "
)]
#[case::ctrf("ctrf", "\"rawStatus\": \"new_failure\"")]
#[case::github("github", "::error file=")]
fn every_format_reports_the_regression_also_to_a_file(#[case] format: &str, #[case] part: &str) {
    let (releases, home) = (Releases::made(), temporary_folder());
    let file = home.path().join(format);
    let printed = releases
        .compared()
        .option("--format", format)
        .ends_with(FAILS);
    printed
        .prints(part)
        .prints(BROKEN.split_once('#').expect("an id").1);
    releases
        .compared()
        .option("--format", format)
        .option("--output", &file)
        .ends_with(FAILS)
        .never_prints(part);
    assert_eq!(
        fs::read_to_string(&file).expect("the file was written"),
        printed.stdout()
    );
}

#[test]
fn failure_in_the_baseline_does_not_fail_a_run() {
    let releases = Releases::made();
    releases
        .broken
        .prints("against the baseline")
        .prints("regression: 1 new failure")
        .warns("worse.toml: written");
    let known = run(&prices_as_text())
        .option("--baseline", releases.worse())
        .ends_with(CONFORMS);
    known.prints("no regression · 1 as wrong as before");
    let fixed = run(&reference())
        .option("--baseline", releases.worse())
        .ends_with(CONFORMS);
    fixed
        .prints("fixed (1)")
        .warns("--update-baseline writes it, so that they cannot break again unseen");
}

#[test]
fn baselines_differ_only_in_what_changed() {
    let releases = Releases::made();
    let text = |file: PathBuf| fs::read_to_string(file).expect("a baseline");
    let (sound, worse) = (text(releases.baseline()), text(releases.worse()));
    let new: Vec<&str> = worse
        .lines()
        .filter(|line| {
            !sound.lines().any(|other| other == *line) && !line.starts_with("sdk_sha256")
        })
        .collect();
    let expected = [
        "\"cart/item-added#unchanged\" = \"fail\"",
        concat!(
            "\"field: value arrives as a string\" = ",
            "\"`value` arrives as a string in every sendCartEvent\""
        ),
        "\"/value\" = \"string\"",
        "\"cart/item-added\" = [\"delivered\"]",
    ];
    assert_eq!(new, expected);
}

#[test]
fn baseline_is_compared_like_a_report() {
    let releases = Releases::made();
    compare(&releases.baseline(), &releases.broken.report_folder())
        .ends_with(FAILS)
        .prints(BROKEN)
        .prints("number → string")
        .prints("a baseline knows no times");
    compare(&releases.sound.report_folder(), &releases.baseline())
        .ends_with(USAGE)
        .warns("a baseline can only be the first argument");
}

#[test]
fn baseline_of_another_selection_is_not_overwritten() {
    let line = alhena("run")
        .sdk(&reference())
        .option("--filter", "cart/*")
        .option("--baseline", Releases::made().baseline())
        .arg("--update-baseline");
    line.ends_with(USAGE)
        .warns("holds cart/item-added, open/what-is-stored, and this run selects cart/*");
}

#[test]
fn unreadable_input_is_refused_at_its_line() {
    let (releases, home) = (Releases::made(), temporary_folder());
    let garbled = home.path().join("garbled.toml");
    let text = fs::read_to_string(releases.baseline())
        .expect("a baseline")
        .replace("[verdicts]", "[verdicts]\n\"a#b\" = \"fine\"");
    fs::write(&garbled, &text).expect("a file can be written");
    let line = text
        .lines()
        .position(|line| line.contains("fine"))
        .expect("the line")
        + 1;
    alhena("run")
        .sdk(&reference())
        .option("--baseline", &garbled)
        .ends_with(USAGE)
        .warns("unknown variant `fine`")
        .warns(&format!("garbled.toml:{line}"));
    alhena("run")
        .sdk(&reference())
        .option("--baseline", "nowhere.toml")
        .ends_with(USAGE)
        .warns("nowhere.toml");
    compare(Path::new("tests"), Path::new("tests"))
        .ends_with(USAGE)
        .warns("tests/report.json")
        .warns("name the folder that `run --report DIR` wrote");
}

#[test]
fn baseline_with_known_failures_is_refused() {
    let line = alhena("run")
        .sdk(&reference())
        .option("--baseline", "a.toml")
        .option("--known-failures", "b.toml")
        .arg("--update-known-failures")
        .arg("--update-baseline");
    line.ends_with(USAGE).warns(
        "--baseline and --known-failures both say which failures do \
         not fail a run: use one of them",
    );
}
