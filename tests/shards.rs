//! Several machines share a run: each drives one part, and `merge` makes the report of the whole.

use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, Report, USAGE, alhena, copy_of_the_fixtures, prices_as_text,
    shared,
};

/// Three cases.
const SELECTED: &str = "cart/value-*";

/// Two of them, in different parts, are known failures.
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

/// A build that sends prices as text, run whole and in two parts.
struct Runs {
    home: PathBuf,
    whole: Ended,
    parts: [Ended; 2],
}

impl Runs {
    fn made() -> Self {
        let home = shared("shards", |home| {
            fs::write(home.join("gleenWidget.js"), prices_as_text())
                .expect("the SDK can be written");
            fs::write(home.join("known.toml"), KNOWN).expect("a list can be written");
            let run = |name: &str, flags: &[&str]| {
                let line = alhena("run")
                    .kept_in(&home.join("answers").join(name))
                    .option("--sdk", home.join("gleenWidget.js"))
                    .option("--profile", "reference")
                    .option("--retries", "0")
                    .option("--filter", SELECTED)
                    .option("--known-failures", home.join("known.toml"))
                    .option("--report", home.join(name));
                flags.iter().fold(line, Alhena::arg).in_browsers(2).ends();
            };
            run("whole", &[]);
            run("one", &["--shard", "1/2"]);
            run("two", &["--shard", "2/2"]);
        });
        let ended = |name: &str| Ended::kept_in(&home.join("answers").join(name));
        Self {
            whole: ended("whole"),
            parts: [ended("one"), ended("two")],
            home,
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    fn report(&self, name: &str) -> Value {
        report(&self.folder(name))
    }

    fn merge(&self, names: &[&str], out: &Path) -> Alhena {
        names
            .iter()
            .fold(alhena("merge"), |line, name| line.arg(self.home.join(name)))
            .option("--report", out)
            .env("PATH", "")
    }
}

/// A report without what differs between any two runs: times, and the fingerprints in requests.
fn without_times(mut report: Value) -> Value {
    match &mut report {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                let times = [
                    "began",
                    "duration_ms",
                    "ledger",
                    "ready",
                    "ready_ms",
                    "sent",
                ];
                !times.contains(&name.as_str())
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

/// Without the example of each cause. That of a merged report comes from the part which saw the
/// cause in most checks; which part that is, the lengths of the cases decide.
fn without_examples(mut report: Value) -> Value {
    for cause in report["causes"].as_array_mut().into_iter().flatten() {
        for name in ["example", "expected", "actual", "again"] {
            cause.as_object_mut().expect("a cause").remove(name);
        }
    }
    report
}

fn report(folder: &Path) -> Value {
    Report::read(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .0
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
fn merged_parts_equal_the_whole_run() {
    let runs = Runs::made();
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("merged");
    let merged = runs
        .merge(&["two", "one"], &out)
        .ends()
        .with_code(runs.whole.code().expect("an exit code"));
    assert_eq!(merged.code(), Some(FAILS), "{merged}");
    let (whole, merged) = (
        without_examples(without_times(runs.report("whole"))),
        without_examples(without_times(report(&out))),
    );
    for (name, value) in whole.as_object().expect("a report") {
        assert_eq!(merged[name], *value, "{name}");
    }
    let evidence = |folder: &Path| {
        let files = fs::read_dir(folder.join("evidence"))
            .expect("evidence")
            .flatten();
        let mut names: Vec<String> = files
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(evidence(&out), evidence(&runs.folder("whole")));
    alhena("report")
        .arg(&out)
        .ends_with(CONFORMS)
        .prints("does not conform");
}

#[test]
fn each_part_drives_prerequisites_and_its_own_cases() {
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

/// One failure is not listed: only the part of its case fails.
#[test]
fn known_failure_of_another_part_fails_no_part() {
    let runs = Runs::made();
    let has_unlisted = |name: &str| cases(&runs.report(name)).contains(&"cart/value-with-decimals");
    for (ended, name) in runs.parts.iter().zip(["one", "two"]) {
        assert_eq!(ended.code(), Some(i32::from(has_unlisted(name))), "{ended}");
        ended.never_prints("unmatched").never_prints("stale");
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
fn missing_or_repeated_parts_are_refused(#[case] names: &[&str], #[case] message: &str) {
    let (runs, home) = (
        Runs::made(),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let out = home.path().join("merged");
    runs.merge(names, &out).ends_with(USAGE).warns(message);
    assert!(!out.exists(), "nothing is written");
}

#[test]
fn parts_of_another_run_are_refused_with_differences() {
    let (runs, home) = (
        Runs::made(),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let foreign = home.path().join("foreign");
    fs::create_dir(&foreign).expect("a folder can be made");
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
        .merge(&["one"], &home.path().join("merged"))
        .arg(&foreign)
        .ends_with(USAGE);
    ended
        .warns("are not parts of one run")
        .warns("the sha256 of the SDK: ")
        .warns(&foreign.display().to_string());
}

#[test]
fn merged_report_never_replaces_its_own_part() {
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
fn invalid_shards_are_wrong_usage(#[case] words: &[&str], #[case] message: &str) {
    words
        .iter()
        .fold(alhena("run"), Alhena::arg)
        .option("--profile", "reference")
        .ends_with(USAGE)
        .warns(message);
}

#[test]
fn durations_are_written_only_from_a_whole_run() {
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
        .ends_with(CONFORMS)
        .prints("durations.lock: 6 cases");
    let text = fs::read_to_string(fixtures.path().join("durations.lock")).expect("it is written");
    assert!(
        text.lines()
            .any(|line| line.starts_with("cart/value-zero = ")),
        "{text}"
    );
}
