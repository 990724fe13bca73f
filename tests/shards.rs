//! A run that several machines share: each its part, and together the report of the whole.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rstest::rstest;
use serde_json::Value;
use support::{Alhena, Ended, FAILS, USAGE, alhena, copy_of_the_fixtures, reference_with};
use tempfile::TempDir;

/// Three cases.
const SELECTED: &str = "cart/value-*";

/// Two of them, in different parts, are known to fail.
const KNOWN: &str = "
[[known_failure]]
check = \"cart/value-zero#unchanged\"
reason = \"Ticket 7.\"

[[known_failure]]
check = \"cart/value-large#unchanged\"
reason = \"Ticket 8.\"

[[known_failure]]
check = \"cart/item-added#unchanged\"
reason = \"Not selected here.\"
";

/// A build whose prices arrive as text, run whole and in two parts.
struct Runs {
    home: TempDir,
    whole: Ended,
    parts: [Ended; 2],
}

impl Runs {
    fn made() -> &'static Self {
        static RUNS: OnceLock<Runs> = OnceLock::new();
        RUNS.get_or_init(|| {
            let home = tempfile::tempdir().expect("a temporary folder");
            fs::write(
                home.path().join("gleenWidget.js"),
                reference_with("value: event.value,", "value: String(event.value),"),
            )
            .expect("the SDK can be written");
            fs::write(home.path().join("known.toml"), KNOWN).expect("a list can be written");
            let run = |name: &str| of(home.path()).option("--report", home.path().join(name));
            let part =
                |part: &str, name: &str| run(name).option("--shard", part).in_browsers(2).ends();
            let whole = run("whole").in_browsers(2).ends();
            let parts = [part("1/2", "one"), part("2/2", "two")];
            Self { home, whole, parts }
        })
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn report(&self, name: &str) -> Value {
        support::Report::read(&self.folder(name))
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .0
    }

    fn merge(&self, names: &[&str], out: &Path) -> Alhena {
        names
            .iter()
            .fold(alhena("merge"), |line, name| line.arg(self.folder(name)))
            .option("--report", out)
            .env("PATH", "")
    }
}

fn of(home: &Path) -> Alhena {
    let line = alhena("run")
        .option("--sdk", home.join("gleenWidget.js"))
        .option("--profile", "reference")
        .option("--retries", "0");
    line.option("--filter", SELECTED)
        .option("--known-failures", home.join("known.toml"))
}

/// A report without what no two runs share: times, and the fingerprints in what was sent.
fn without_times(mut report: Value) -> Value {
    match &mut report {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !["began", "duration_ms", "ledger", "sent"].contains(&name.as_str())
            });
            fields
                .values_mut()
                .for_each(|value| *value = without_times(value.take()));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| *item = without_times(item.take())),
        _ => {}
    }
    report
}

fn cases(report: &Value) -> Vec<&str> {
    report["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .filter_map(|case| case["id"].as_str())
        .collect()
}

#[test]
fn the_merged_parts_are_the_report_of_the_whole_run() {
    let runs = Runs::made();
    let out = runs.folder("merged");
    let merged = runs
        .merge(&["two", "one"], &out)
        .ends()
        .with_code(runs.whole.code().expect("an exit code"));
    assert_eq!(merged.code(), Some(FAILS), "{merged}");
    let (whole, put_together) = (
        without_times(runs.report("whole")),
        without_times(runs.report("merged")),
    );
    for (name, value) in whole.as_object().expect("a report") {
        assert_eq!(put_together[name], *value, "{name}");
    }
    let evidence = |name: &str| {
        let files = fs::read_dir(runs.folder(name).join("evidence"))
            .expect("evidence")
            .flatten();
        let mut names: Vec<String> = files
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(evidence("merged"), evidence("whole"));
    alhena("report")
        .arg(&out)
        .ends_with(support::CONFORMS)
        .prints("does not conform");
}

#[test]
fn each_part_drives_every_prerequisite_and_its_own_cases() {
    let runs = Runs::made();
    let (whole, one, two) = (runs.report("whole"), runs.report("one"), runs.report("two"));
    let own = |report: &Value| {
        cases(report)
            .into_iter()
            .filter(|case| !case.starts_with("install/"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut both = [own(&one), own(&two)].concat();
    both.sort();
    assert_eq!(both, own(&whole));
    assert!(!own(&one).is_empty() && !own(&two).is_empty(), "{both:?}");
    for part in [&one, &two] {
        assert_eq!(
            cases(part).len() - own(part).len(),
            cases(&whole).len() - both.len(),
            "every prerequisite"
        );
    }
    assert_eq!(
        (
            &one["shard"]["index"],
            &two["shard"]["of"],
            &one["shard"]["plan_sha256"]
        ),
        (&1.into(), &2.into(), &two["shard"]["plan_sha256"])
    );
    assert_eq!(whole["shard"], Value::Null);
}

/// One case fails and nobody knew: only its own part fails.
#[test]
fn a_known_failure_whose_checks_are_in_another_part_fails_no_part() {
    let runs = Runs::made();
    let has_unknown = |name: &str| cases(&runs.report(name)).contains(&"cart/value-with-decimals");
    for (ended, name) in runs.parts.iter().zip(["one", "two"]) {
        assert_eq!(ended.code(), Some(i32::from(has_unknown(name))), "{ended}");
        ended.never_says("unmatched").never_says("stale");
    }
    let states = |name: &str| {
        runs.report(name)["known_failures"]
            .as_array()
            .expect("entries")
            .iter()
            .map(|entry| entry["state"].clone())
            .collect::<Vec<_>>()
    };
    assert!(
        states("one").contains(&"not_selected".into())
            && states("two").contains(&"not_selected".into())
    );
}

#[rstest]
#[case::missing(&["one"], "1 part of 2 is missing: 2")]
#[case::twice(&["one", "two", "one"], "are both part 1 of 2")]
#[case::whole(&["one", "whole"], "whole is the report of a whole run, not of a part")]
fn what_is_not_each_part_once_is_refused(#[case] names: &[&str], #[case] message: &str) {
    let (runs, home) = (
        Runs::made(),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let out = home.path().join("merged");
    runs.merge(names, &out).ends_with(USAGE).warns(message);
    assert!(!out.exists(), "nothing is written");
}

#[test]
fn parts_of_another_run_are_refused_with_what_differs() {
    let (runs, home) = (
        Runs::made(),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let foreign = runs.folder("foreign");
    fs::create_dir_all(&foreign).expect("a folder can be made");
    let mut report = runs.report("two");
    report["sdk"]["sha256"] = "0".repeat(64).into();
    for part in ["cases", "checks"] {
        report[part]
            .as_array_mut()
            .expect("a list")
            .iter_mut()
            .for_each(|row| row["evidence"] = Value::Null);
    }
    report["cases"]
        .as_array_mut()
        .expect("cases")
        .iter_mut()
        .for_each(|case| case["screenshot"] = Value::Null);
    fs::write(foreign.join("report.json"), report.to_string()).expect("a report can be written");
    let ended = runs
        .merge(&["one", "foreign"], &home.path().join("merged"))
        .ends_with(USAGE);
    ended
        .warns("are not parts of one run")
        .warns("the sha256 of the SDK: ")
        .warns(&foreign.display().to_string());
}

#[test]
fn a_report_never_takes_the_place_of_its_own_part() {
    let runs = Runs::made();
    runs.merge(&["one", "two"], &runs.folder("one"))
        .ends_with(USAGE)
        .warns("which this run reads");
    assert!(runs.folder("one").join("report.json").is_file());
}

#[rstest]
#[case::no_part(&["--shard", "6/5"], "of 5 parts the first is 1/5 and the last is 5/5")]
#[case::no_numbers(&["--shard", "some"], "it is written as 2/5")]
#[case::watched(&["--shard", "1/2", "--watch"], "cannot be used with")]
#[case::repeated(&["--shard", "1/2", "--verify", "2"], "cannot be used with")]
#[case::updating(
    &["--shard", "1/2", "--known-failures", "a.toml", "--update-known-failures"],
    "cannot be used with"
)]
#[case::several_builds(
    &[
        "--shard", "1/2", "--sdk", "fixtures/sdk/reference", "--sdk",
        "fixtures/sdk/reference/gleenWidget.js"
    ],
    "--shard cuts the run of one build"
)]
fn what_cannot_be_cut_is_wrong_usage(#[case] words: &[&str], #[case] message: &str) {
    words
        .iter()
        .fold(alhena("run"), Alhena::arg)
        .option("--profile", "reference")
        .ends_with(USAGE)
        .warns(message);
}

#[test]
fn the_durations_are_written_from_a_whole_run_only() {
    let (runs, fixtures) = (Runs::made(), copy_of_the_fixtures());
    let line = |report: &Path| {
        alhena("coverage")
            .option("--fixtures", fixtures.path())
            .option("--durations", report)
    };
    line(&runs.folder("whole"))
        .ends_with(USAGE)
        .warns("this report is of a part of the cases");
    let mut report = runs.report("whole");
    report["filter"] = Value::Array(Vec::new());
    let all = tempfile::tempdir().expect("a temporary folder");
    fs::write(all.path().join("report.json"), report.to_string()).expect("a report can be written");
    line(all.path())
        .ends_with(support::CONFORMS)
        .prints("durations.lock: 6 cases");
    let text = fs::read_to_string(fixtures.path().join("durations.lock")).expect("it is written");
    assert!(
        text.lines()
            .any(|line| line.starts_with("cart/value-zero = ")),
        "{text}"
    );
}
