//! What is run: patterns, levels, requirements, the failures of the last run; and what that costs.

use std::fs;

use rstest::rstest;
use serde_json::Value;

use crate::support::{Alhena, CONFORMS, FAILS, NOTHING, USAGE, alhena, reference, reference_with};

/// The requirements of `list` with these flags.
fn listed(flags: &[&str]) -> Vec<Value> {
    let list = flags.iter().fold(alhena("list"), Alhena::arg).arg("--json");
    let list: Value = serde_json::from_str(&list.ends_with(CONFORMS).stdout()).expect("JSON");
    list["requirements"].as_array().expect("a list").clone()
}

fn checks(requirements: &[Value]) -> Vec<String> {
    let checks = requirements
        .iter()
        .filter_map(|own| own["checks"].as_array());
    let checks = checks.flatten().filter_map(Value::as_str);
    checks.map(str::to_owned).collect()
}

#[test]
fn negated_filter_takes_away() {
    let of_queue = checks(&listed(&["--filter", "queue/*"]));
    let without = checks(&listed(&["--filter", "queue/*", "--filter", "!*#once"]));
    assert!(without.len() < of_queue.len() && !without.is_empty());
    assert!(
        without
            .iter()
            .all(|id| id.starts_with("queue/") && !id.ends_with("#once"))
    );
}

#[test]
fn level_selects_checks_of_that_level() {
    let all = checks(&listed(&[])).len();
    let must = checks(&listed(&["--level", "must"])).len();
    assert!(0 < must && must < all, "{must} of {all}");
    for requirement in listed(&["--level", "observe"]) {
        assert_eq!(requirement["level"], "observe", "{requirement}");
    }
}

#[test]
fn requirement_narrows_a_filter() {
    let both = ["--filter", "cart/*", "--requirement", "CART-VALUE"];
    let narrowed = checks(&listed(&both));
    assert!(!narrowed.is_empty());
    assert!(narrowed.iter().all(|id| id.starts_with("cart/")));
    let all = checks(&listed(&["--filter", "CART-VALUE"]));
    assert!(narrowed.iter().all(|id| all.contains(id)));
}

#[test]
fn selection_that_leaves_nothing_is_refused() {
    alhena("run")
        .option("--filter", "validation/*")
        .option("--requirement", "QUEUE-ORDER")
        .ends_with(NOTHING)
        .warns(
            "no check is selected by all of this together: validation/*, requirement:QUEUE-ORDER",
        );
}

#[rstest]
#[case::pattern(&["list", "--filter", "qeue/*"], "did you mean queue/*", NOTHING)]
#[case::negated(&["list", "--filter", "!leving/*"], "did you mean leaving/*?", NOTHING)]
#[case::requirement(&["list", "--requirement", "CART-VALEU"], "mean CART-VALUE", NOTHING)]
#[case::profile(&["run", "--profile", "alhna", "--sdk", "x.js"], "did you mean alhena?", USAGE)]
#[case::command(&["sevre"], "serve", USAGE)]
#[case::flag(&["run", "--baselin", "x"], "--baseline", USAGE)]
#[case::format(&["run", "--format", "hmtl"], "html", USAGE)]
#[case::mutant(&["self-test", "--filter", "CART-VALEU"], "did you mean CART-VALUE", NOTHING)]
fn typo_is_answered_with_a_near_match(
    #[case] words: &[&str],
    #[case] near: &str,
    #[case] code: i32,
) {
    let typed = words[1..].iter().fold(alhena(words[0]), Alhena::arg);
    typed.ends_with(code).warns(near);
}

#[test]
fn dry_run_counts_and_runs_nothing() {
    let ended = alhena("run")
        .arg("--dry-run")
        .option("--filter", "queue/*")
        .option("--workers", "2")
        .arg("--verbose")
        .ends_with(CONFORMS);
    ended
        .prints("in 2 browsers at a time")
        .warns("nothing was run");
    assert!(
        ended
            .stdout()
            .lines()
            .any(|line| line.starts_with("queue/")),
        "{ended}"
    );
}

#[test]
fn dry_run_refuses_what_a_run_would_refuse() {
    alhena("run")
        .arg("--dry-run")
        .sdk(&reference())
        .option("--baseline", "nothing-here.toml")
        .ends_with(USAGE)
        .warns("nothing-here.toml");
}

#[test]
fn dry_run_counts_what_each_engine_does() {
    let (case, other) = ("field/visit@condition=browser-in-german", "cart/item-added");
    let dry = |engines: &[&str]| {
        let run = alhena("run").arg("--dry-run").arg("--verbose");
        let run = run.option("--filter", case).option("--filter", other);
        let named = engines.iter();
        named.fold(run, |run, engine| run.option("--engine", engine))
    };
    let listed = |engines: &[&str], case: &str| {
        let printed = dry(engines).ends_with(CONFORMS).stdout();
        printed.lines().filter(|line| *line == case).count()
    };
    assert_eq!(listed(&["chromium"], case), 1);
    assert_eq!(listed(&["webkit"], case), 0, "it sets no language");
    assert_eq!(listed(&["webkit", "firefox"], case), 1);
    assert_eq!(listed(&["webkit", "firefox"], other), 2);
    let both = dry(&["webkit", "firefox"]).ends_with(CONFORMS);
    both.prints("WebKit")
        .prints("Firefox")
        .prints(" of 2 engines, ");
    for option in ["--baseline", "--known-failures"] {
        let refused = dry(&["webkit", "firefox"])
            .sdk(&reference())
            .option(option, "own.toml");
        refused
            .ends_with(USAGE)
            .warns(&format!("{option} is "))
            .warns("run each build on each engine by itself");
    }
    let refused = dry(&["webkit", "firefox"]).option("--shard", "1/2");
    refused
        .ends_with(USAGE)
        .warns("--shard cuts the run of one");
}

#[test]
fn list_counts_each_area() {
    let ended = alhena("list").ends_with(CONFORMS);
    let list: Value =
        serde_json::from_str(&alhena("list").arg("--json").ends_with(CONFORMS).stdout())
            .expect("JSON");
    let queue = &list["areas"]["queue"];
    ended.prints(&format!(
        "queue {} checks in {} cases",
        queue["checks"], queue["cases"]
    ));
}

#[test]
fn last_failed_cases_run_again_until_none_fails() {
    let gateless = reference_with("if (hasInteracted()) return true;", "return true;");
    let home = tempfile::tempdir().expect("a temporary folder");
    let (sdk, report) = (
        home.path().join("gleenWidget.js"),
        home.path().join("report"),
    );
    let run = || {
        let run = alhena("run")
            .option("--sdk", &sdk)
            .option("--report", &report);
        run.option("--profile", "reference")
            .option("--retries", "0")
    };
    fs::write(&sdk, gateless).expect("the SDK can be written");
    let both = ["gate/no-interaction", "cart/item-added"];
    let first = both
        .iter()
        .fold(run(), |run, part| run.option("--filter", part));
    first.in_browsers(2).ends_with(FAILS);
    fs::write(&sdk, crate::support::reference()).expect("the SDK can be written");
    let again = run()
        .arg("--last-failed")
        .in_browsers(2)
        .ends_with(CONFORMS);
    again
        .prints("gate/no-interaction")
        .never_prints("selected cart/item-added");
    run()
        .arg("--last-failed")
        .ends_with(NOTHING)
        .warns("nothing failed in the last run");
    alhena("run")
        .arg("--last-failed")
        .ends_with(USAGE)
        .warns("--report");
}

#[cfg(target_os = "linux")]
#[test]
fn open_shows_the_page_of_the_report() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a temporary folder");
    let (program, opened) = (home.path().join("xdg-open"), home.path().join("opened"));
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > {0}.part; mv {0}.part {0}\n",
        opened.display()
    );
    fs::write(&program, script).expect("a program can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be made one");
    let path = std::env::var("PATH").expect("a PATH");
    let ended = alhena("run")
        .option("--filter", "cart/item-added")
        .arg("--open")
        .env("PATH", format!("{}:{path}", home.path().display()))
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    let page = ended.report_folder().join("report.html");
    assert!(page.is_file());
    // It runs on by itself.
    let is_there = || opened.is_file().then_some(()).ok_or("not yet".to_owned());
    crate::support::eventually("the page is opened", is_there);
    let shown = fs::read_to_string(&opened).expect("it was opened");
    assert_eq!(shown, page.display().to_string());
}
