//! Two releases are compared by their reports, and a run is compared with the last release's
//! baseline.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rstest::rstest;
use serde_json::Value;
use support::{Alhena, CONFORMS, Ended, FAILS, USAGE, alhena, reference, reference_with};
use tempfile::TempDir;

const BROKEN: &str = "cart/item-added#unchanged";

/// The runs that all tests here look at: a build twice, and one that sends prices as texts.
struct Releases {
    home: TempDir,
    sound: Ended,
    again: Ended,
    broken: Ended,
}

impl Releases {
    fn of() -> &'static Self {
        static RELEASES: OnceLock<Releases> = OnceLock::new();
        RELEASES.get_or_init(|| {
            let home = tempfile::tempdir().expect("a temporary folder");
            let (baseline, worse) = (
                home.path().join("baseline.toml"),
                home.path().join("worse.toml"),
            );
            let sound = run(&reference())
                .option("--baseline", &baseline)
                .arg("--update-baseline")
                .ends_with(CONFORMS);
            let first = fs::read_to_string(&baseline).expect("the baseline was written");
            let again = run(&reference())
                .option("--baseline", &baseline)
                .arg("--update-baseline")
                .ends_with(CONFORMS);
            assert_eq!(
                fs::read_to_string(&baseline).expect("the baseline is there"),
                first,
                "two runs of one build make the same bytes"
            );
            fs::copy(&baseline, &worse).expect("the baseline can be copied");
            let broken = run(&broken())
                .option("--baseline", &worse)
                .arg("--update-baseline")
                .ends_with(FAILS);
            Releases {
                home,
                sound,
                again,
                broken,
            }
        })
    }

    fn baseline(&self) -> PathBuf {
        self.home.path().join("baseline.toml")
    }

    /// The baseline that the broken build was written into.
    fn worse(&self) -> PathBuf {
        self.home.path().join("worse.toml")
    }

    /// The broken build against the sound one.
    fn compared(&self) -> Alhena {
        compare(&self.sound.report_folder(), &self.broken.report_folder())
    }
}

fn broken() -> String {
    reference_with("value: event.value,", "value: String(event.value),")
}

fn run(sdk: &str) -> Alhena {
    let line = alhena("run")
        .sdk(sdk)
        .option("--profile", "reference")
        .option("--retries", "0");
    line.option("--filter", "cart/item-added")
        .option("--filter", "open/what-is-stored")
        .with_report()
        .in_browsers(1)
}

fn compare(old: &Path, new: &Path) -> Alhena {
    alhena("compare").arg(old).arg(new)
}

#[test]
fn a_field_of_another_type_is_a_new_failure_and_a_breaking_change_on_the_wire() {
    let compared = Releases::of().compared().ends_with(FAILS);
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
fn the_same_build_twice_differs_in_nothing() {
    let releases = Releases::of();
    let compared = compare(
        &releases.sound.report_folder(),
        &releases.again.report_folder(),
    )
    .option("--fail-on", "breaking")
    .ends_with(CONFORMS);
    compared
        .prints("no regression")
        .prints("unchanged, by 5 cases")
        .prints("suggests a patch version")
        .prints("both runs are of the same build");
    compared
        .never_says("breaking")
        .never_says("additive")
        .never_says("changed observations");
}

#[test]
fn what_was_broken_and_holds_is_fixed_and_fails_only_who_asks_for_an_unbroken_wire() {
    let releases = Releases::of();
    let mended = || {
        compare(
            &releases.broken.report_folder(),
            &releases.sound.report_folder(),
        )
    };
    mended()
        .ends_with(CONFORMS)
        .prints("fixed")
        .prints(BROKEN)
        .prints("requirements mended")
        .prints("string → number");
    mended().option("--fail-on", "breaking").ends_with(FAILS);
}

#[test]
fn a_check_that_vanished_is_a_regression() {
    let releases = Releases::of();
    let less = releases.home.path().join("less.json");
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
fn every_format_tells_of_the_regression_and_can_be_written_to_a_file(
    #[case] format: &str,
    #[case] part: &str,
) {
    let releases = Releases::of();
    let file = releases.home.path().join(format);
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
        .never_says(part);
    assert_eq!(
        fs::read_to_string(&file).expect("the file was written"),
        printed.stdout()
    );
}

#[test]
fn what_failed_in_the_baseline_does_not_fail_a_run() {
    let releases = Releases::of();
    releases
        .broken
        .prints("against the baseline")
        .prints("regression: 1 new failure")
        .warns("worse.toml: written");
    let known = run(&broken())
        .option("--baseline", releases.worse())
        .ends_with(CONFORMS);
    known.prints("no regression · 1 as wrong as before");
    let mended = run(&reference())
        .option("--baseline", releases.worse())
        .ends_with(CONFORMS);
    mended
        .prints("fixed (1)")
        .warns("--update-baseline writes it, so that they cannot break again unseen");
}

#[test]
fn the_diff_of_two_baselines_is_what_changed() {
    let releases = Releases::of();
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
        "\"/value\" = \"string\"",
        "\"cart/item-added\" = [\"delivered\"]",
    ];
    assert_eq!(new, expected);
}

#[test]
fn a_baseline_is_compared_like_a_report() {
    let releases = Releases::of();
    compare(&releases.baseline(), &releases.broken.report_folder())
        .ends_with(FAILS)
        .prints(BROKEN)
        .prints("number → string")
        .prints("a baseline knows no times");
    compare(&releases.sound.report_folder(), &releases.baseline())
        .ends_with(USAGE)
        .warns("a baseline is compared with, not compared");
}

#[test]
fn a_baseline_of_another_selection_is_not_written_over() {
    let line = alhena("run")
        .sdk(&reference())
        .option("--filter", "cart/*")
        .option("--baseline", Releases::of().baseline())
        .arg("--update-baseline");
    line.ends_with(USAGE)
        .warns("holds cart/item-added, open/what-is-stored, and this run selects cart/*");
}

#[test]
fn what_cannot_be_read_is_refused_at_its_line() {
    let releases = Releases::of();
    let garbled = releases.home.path().join("garbled.toml");
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
fn two_lists_of_what_may_fail_are_one_too_many() {
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
