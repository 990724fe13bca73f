//! Every product in every format, as committed snapshots beside this file.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json;

use super::document::Document;
use super::{Detail, Format, Screen};
use super::{build_matrix, compare, html, markdown, profile_check, prove, rejudge, run, terminal};
use crate::contract::{CheckId, RequirementId};
use crate::evidence::Asker;
use crate::prove::{BlameLock, BlameReport, blamed_mutant};
use crate::prove::{CheckProof, FoundReport, KillMatrix, MutantReport, MutantStatus};
use crate::prove::{Instability, StabilityReport, UnstableCheck};
use crate::render;
use crate::report::bench::tests::{measured, ratios};
use crate::report::bench::{BenchReport, NotMeasured, Releases};
use crate::report::compare::Comparison;
use crate::report::compare::tests::changed;
use crate::report::model::HostReport;
use crate::report::sample::{BROKEN, hostile, sample, with_a_stale_entry};
use crate::report::{BuildMatrix, HarnessReport, Part, SdkReport, Stored, changes};
use crate::verdict::Status;
use crate::verdict::known::EntryState;

/// The page of a document between its style and its script, a tag a line.
pub fn body(document: &Document) -> String {
    let page = html::html(document);
    let body = page.split_once("<body>").map_or("", |(_, body)| body);
    let body = body.split_once("<script>").map_or("", |(body, _)| body);
    body.replace("><", ">\n<")
}

/// The snapshot of this name, beside this file.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// What a terminal of 80 columns shows, without its styles.
fn text(document: &Document, detail: Detail) -> String {
    terminal::plain(&terminal::text(document, Screen::new(None, detail)))
}

/// Snapshots of a document in every format for people.
fn snapshots(name: &str, document: &Document) {
    snapshot(&format!("{name}.text"), &text(document, Detail::Full));
    snapshot(&format!("{name}.md"), &markdown::markdown(document));
    snapshot(&format!("{name}.html"), &body(document));
}

fn known() -> Stored {
    let mut stored = with_a_stale_entry();
    let report = &mut stored.report;
    let mut entry = report.known_failures[0].clone();
    entry.check = "cart/*".into();
    entry.state = EntryState::Failing;
    entry.link = Some("https://tracker.test/12".into());
    entry.expires = Some("2027-02-20".into());
    entry.message = None;
    entry.checks = vec![report.checks[1].id.clone()];
    let mut other = entry.clone();
    (other.check, other.state) = ("gate/*".into(), EntryState::NotSelected);
    report.known_failures.extend([entry, other]);
    report.checks[1].status = Status::KnownFailure;
    report.checks[1].known = Some("known-failures.toml:7".into());
    report.checks[2].status = Status::Pass;
    let host = |host: &str, ours: bool, asked_by: Asker| HostReport {
        host: host.into(),
        asked_by,
        ours,
        requests: 3,
        cases: vec!["cart/item-added".into()],
        example: Some(format!("https://{host}/collect")),
    };
    report.hosts = vec![
        host("metrics.test", false, Asker::Page),
        host("api.test", true, Asker::Page),
        host("update.test", false, Asker::Browser),
    ];
    stored
}

fn interrupted() -> Stored {
    let mut stored = sample();
    stored.report.interrupted = true;
    stored.report.environment = None;
    stored.report.command = Vec::new();
    stored.report.requirements[0].status = None;
    stored.report.filter = vec!["cart/*".into()];
    (stored.records, stored.screenshots) = Default::default();
    stored
}

fn conforming() -> Stored {
    let mut stored = sample();
    let report = &mut stored.report;
    for check in &mut report.checks {
        (check.status, check.message) = (Status::Pass, None);
    }
    for requirement in &mut report.requirements {
        requirement.status = Some(Status::Pass);
    }
    for count in report.totals.values_mut() {
        *count = 0;
    }
    report.totals.insert(Status::Pass, report.checks.len());
    stored
}

/// No browser was had.
fn untried() -> Stored {
    let mut stored = conforming();
    let report = &mut stored.report;
    report.environment = None;
    for check in &mut report.checks {
        check.status = Status::NotRun;
    }
    for requirement in &mut report.requirements {
        requirement.status = Some(Status::NotRun);
    }
    report.totals = [(Status::NotRun, report.checks.len())].into();
    stored
}

/// The case that failed is a journey.
fn journey() -> Stored {
    let mut stored = sample();
    let cases = stored.report.cases.iter_mut();
    for case in cases.filter(|case| case.id == BROKEN) {
        case.scenario = "journeys/queue-order-1-7".into();
    }
    stored
}

/// A prerequisite failed, so that nothing else was run.
fn unmade() -> Stored {
    let mut stored = sample();
    let report = &mut stored.report;
    for index in [0, 2, 3] {
        let check = &mut report.checks[index];
        (check.status, check.attempts) = (Status::NotTestable, None);
        check.message = Some("the prerequisite cart/item-added does not hold".into());
        report.requirements[index].status = Some(Status::NotTestable);
    }
    report.causes.truncate(1);
    stored
}

/// A report of a version that did not look for causes.
fn of_an_old_version() -> Stored {
    let mut stored = sample();
    stored.report.causes.clear();
    stored
}

fn comparison() -> Comparison {
    changed(|new| {
        new.checks[0].status = Status::Fail;
        new.checks[0].message = Some("out of order".into());
        new.checks[0].expected = Some(json!(["a", "b"]));
        new.checks[0].actual = Some(json!(["b", "a"]));
        new.checks[2].status = Status::Pass;
        new.checks[4].value = Some(json!({"a": 1}));
        new.requirements[0].status = Some(Status::Fail);
    })
}

#[rstest]
#[case::failing("failing", &sample())]
#[case::hostile("hostile", &hostile())]
#[case::known("known", &known())]
#[case::interrupted("interrupted", &interrupted())]
#[case::conforming("conforming", &conforming())]
#[case::journey("journey", &journey())]
fn run_looks_like_its_snapshots(#[case] name: &str, #[case] stored: &Stored) {
    snapshots(&format!("run-{name}"), &run::document(&[stored]));
}

#[test]
fn terminal_styles_look_like_their_snapshot() {
    let mut stored = known();
    stored.report.checks[1].status = Status::Fail;
    let styled = terminal::text(&run::document(&[&stored]), Screen::default());
    snapshot("styles.text", &styled.replace('\u{1b}', "␛"));
}

#[rstest]
#[case::failing("failing", &sample())]
#[case::known("known", &known())]
#[case::conforming("conforming", &conforming())]
#[case::unmade("unmade", &unmade())]
#[case::old("old", &of_an_old_version())]
fn summary_looks_like_its_snapshot(#[case] name: &str, #[case] stored: &Stored) {
    let document = run::document(&[stored]);
    let summary = text(&document, Detail::Summary);
    snapshot(&format!("summary-{name}.text"), &summary);
    let verdict = text(&document, Detail::Verdict);
    assert!(
        summary.ends_with(&verdict) && verdict.lines().count() <= 2,
        "{verdict}"
    );
}

#[rstest]
fn no_line_is_wider_than_the_screen(
    #[values(80, 100)] columns: usize,
    #[values(Detail::Verdict, Detail::Summary, Detail::Full)] detail: Detail,
    #[values(sample(), hostile(), known(), unmade(), of_an_old_version())] stored: Stored,
) {
    let styled = render::text(&stored, Screen::new(Some(columns), detail));
    for line in terminal::plain(&styled).lines() {
        // A quoted word of a command may hold spaces.
        let is_one_word = line.trim_start().starts_with("--sdk ']]>");
        assert!(line.chars().count() <= columns || is_one_word, "{line:?}");
    }
}

#[test]
fn theme_is_one_line_unless_all_is_shown() {
    let document = run::document(&[&sample()]);
    let summary = text(&document, Detail::Summary);
    assert!(
        summary.contains("\n  CART   0 of 1 hold — not CART-VALUE\n"),
        "{summary}"
    );
    let full = text(&document, Detail::Full);
    assert!(full.contains("pass            QUEUE-ORDER"), "{full}");
    assert!(!summary.contains("QUEUE-ORDER"), "{summary}");
}

#[test]
fn failed_prerequisite_is_one_block_and_no_table() {
    let document = run::document(&[&unmade()]);
    let summary = text(&document, Detail::Summary);
    assert!(
        summary.contains("Not run because of this: 3 checks in 3 cases"),
        "{summary}"
    );
    assert!(!summary.contains("Requirements"), "{summary}");
    assert!(!body(&document).contains("id=\"requirements\""));
}

#[test]
fn stopped_run_blames_no_cause_for_what_was_not_run() {
    let mut stored = unmade();
    for check in &mut stored.report.checks {
        if check.status == Status::NotTestable {
            check.message = Some("the run was stopped before there was a verdict".into());
        }
    }
    let summary = text(&run::document(&[&stored]), Detail::Summary);
    assert!(
        summary.contains("Not run: 3 checks in 3 cases"),
        "{summary}"
    );
}

#[test]
fn expected_is_green_and_actual_red() {
    let document = run::document(&[&sample()]);
    let styled = terminal::text(&document, Screen::default());
    let (green, red) = ("\u{1b}[32m89.95\u{1b}[39m", "\u{1b}[31m\"89.95\"\u{1b}[39m");
    assert!(styled.contains(green) && styled.contains(red), "{styled:?}");
    let markdown = markdown::markdown(&document);
    let patch = "```diff\n+ expected: 89.95\n- actual:   \"89.95\"\n```";
    assert!(markdown.contains(patch), "{markdown}");
}

#[test]
fn missing_value_is_missing_in_every_format() {
    let mut stored = sample();
    stored.report.causes[0].actual = None;
    stored.report.checks[1].actual = None;
    let (missing, quoted) = ("nothing, the field is missing", "\"nothing");
    for format in [
        Format::Text,
        Format::Html,
        Format::Junit,
        Format::Github,
        Format::Markdown,
    ] {
        let shown = stored.rendered(format);
        assert!(
            shown.contains(missing) && !shown.contains(quoted),
            "{shown}"
        );
    }
}

#[test]
fn several_reports_look_like_their_snapshots() {
    let mut second = conforming();
    second.report.sdk.source = "next/gleenWidget.js".into();
    second.report.sdk.sha256 = "12".repeat(32);
    snapshots("run-several", &run::document(&[&sample(), &second]));
}

#[test]
fn comparison_looks_like_its_snapshots() {
    snapshots("comparison", &compare::document(&comparison()));
    let mut stored = sample();
    stored.comparison = Some(comparison());
    snapshots("run-compared", &run::document(&[&stored]));
}

/// The outcome of a self-test in which much went wrong.
fn matrix() -> KillMatrix {
    let check = |id: &str| CheckId(id.into());
    let mutant = |id: &str, status: MutantStatus, killed_by: &[&str]| MutantReport {
        id: id.into(),
        at: "fixtures/mutants/queue.toml:3".into(),
        how: "The flush pops entries from the end.".into(),
        requirement: RequirementId("QUEUE-ORDER".into()),
        expected_check: check("queue/order#in-order"),
        killed_by: killed_by.iter().map(|id| check(id)).collect(),
        status,
        error: (status == MutantStatus::Error).then(|| "no browser".to_owned()),
    };
    KillMatrix {
        engine: "firefox".into(),
        reference_broken_by: vec![check("cart/item-added#unchanged")],
        reference_error: None,
        mutants: vec![
            mutant("reversed", MutantStatus::Killed, &["queue/order#in-order"]),
            mutant("late", MutantStatus::Error, &[]),
            mutant("lost", MutantStatus::Survived, &[]),
            mutant(
                "twice",
                MutantStatus::KilledElsewhere,
                &["queue/order#once"],
            ),
            mutant("beacon", MutantStatus::OfAnotherEngine, &[]),
            mutant(
                "fetch",
                MutantStatus::ShownHereToo,
                &["queue/order#in-order"],
            ),
            mutant("prerendered", MutantStatus::NotApplicable, &[]),
        ],
        checks: vec![CheckProof {
            id: check("queue/order#in-order"),
            proved_by: vec!["reversed".into()],
        }],
        unproved: vec![check("queue/order#once")],
    }
}

#[test]
fn kill_matrix_looks_like_its_snapshots() {
    snapshots("kill-matrix", &prove::kill_matrix(&matrix()));
}

#[test]
fn self_test_on_two_engines_looks_like_its_snapshots() {
    let mut other = matrix();
    other.engine = "webkit".into();
    for mutant in &mut other.mutants {
        mutant.status = MutantStatus::Killed;
    }
    snapshots("engines", &prove::engines(&[matrix(), other]));
}

#[test]
fn blame_looks_like_its_snapshots() {
    let (mut many, mut missed) = (blamed_mutant("lost", 5), blamed_mutant("held", 0));
    many.why = Some("A queue that is lost breaks much.".into());
    missed.hit = false;
    let mut late = blamed_mutant("late", 0);
    late.error = Some("no browser".into());
    let (mut old, mut older) = (blamed_mutant("old", 0), blamed_mutant("older", 0));
    old.error = Some("the evidence is of another build".into());
    older.error.clone_from(&old.error);
    let mutants = vec![
        many,
        missed,
        late,
        old,
        older,
        blamed_mutant("wide", 20),
        blamed_mutant("one", 1),
    ];
    let lock = BlameLock {
        file: "blame.lock".into(),
        ..BlameLock::default()
    };
    let mut report = BlameReport::new(mutants, &lock);
    report
        .worse
        .push("the median of the further requirements is 5, and was 1".into());
    snapshots("blame", &prove::blame(&report));
}

#[test]
fn measured_ratios_look_like_their_snapshots() {
    let releases = Releases::default().with(&measured("0.1.0"));
    let mut ratios = ratios();
    ratios[0].value = 1.14;
    let not_measured = NotMeasured {
        what: "Playwright Test".into(),
        why: "cannot run npm: it is not found".into(),
    };
    let before = releases.before("0.2.0");
    let report = BenchReport::new("0.2.0", ratios, vec![not_measured], before);
    snapshots("bench", &super::bench(&report));
}

#[cfg(feature = "generated-mutants")]
#[test]
fn generated_mutants_look_like_their_snapshots() {
    use crate::prove::{GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals};
    let mutant = |status: GeneratedStatus| GeneratedMutantReport {
        id: "drop-call@flush#1f".into(),
        operator: "drop-call".into(),
        function: "flush".into(),
        at: "gleenWidget.js:12:3".into(),
        was: "send(event)".into(),
        status,
        cases: 1,
        killed_by: Vec::new(),
        why: None,
        error: Some("no browser".into()),
        diff: "@@ -12 +12 @@\n-  send(event);\n+  0;\n".into(),
    };
    let report = GeneratedReport {
        harness: HarnessReport {
            version: "0.1.0".into(),
        },
        sdk: "gleenWidget.js".into(),
        sha256: "ab".repeat(32),
        broken_by_itself: vec![CheckId("cart/item-added#unchanged".into())],
        totals: GeneratedTotals {
            generated: 4,
            not_executed: 1,
            equivalent: 0,
            killed: 1,
            survived: 1,
            undecided: 1,
            score: None,
        },
        duration_ms: 61_000,
        mutants: vec![
            mutant(GeneratedStatus::Survived),
            mutant(GeneratedStatus::Undecided),
        ],
    };
    snapshots("generated", &prove::generated(&report));
}

#[test]
fn stability_report_looks_like_its_snapshots() {
    let (stored, value) = (sample(), json!(["a"]));
    let case = &stored.report.cases[1];
    let evidence = stored
        .record_of(&case.id)
        .and_then(|record| record.reported());
    let found = |times, finding, message, value| FoundReport {
        times,
        finding,
        message,
        value,
    };
    let (flaky, differs) = (
        CheckId("cart/item-added#unchanged".into()),
        CheckId("open/stored#observe-page".into()),
    );
    let odd = |id, instability, found| UnstableCheck {
        id,
        instability,
        at: "fixtures/scenarios/cart/item-added.toml:12".into(),
        found,
        evidence,
        events: case.events.clone(),
        case: &case.id,
    };
    let lost = vec![("queue/order".to_owned(), "the browser was lost".to_owned())];
    let late = BTreeMap::from([("leaving/close".to_owned(), 2)]);
    let report = StabilityReport {
        schema: "alhena-conformance/verify/1",
        harness: HarnessReport {
            version: "0.1.0".into(),
        },
        sdk: SdkReport {
            source: "dist/gleenWidget.js".into(),
            sha256: "ab".repeat(32),
            fetched: true,
        },
        environment: None,
        times: 4,
        seed: 7,
        workers: 2,
        checks: 3,
        duration_ms: 61_000.0,
        asked: 8,
        judged: 8,
        interrupted: false,
        unstable: vec![
            odd(
                &flaky,
                Instability::VerdictDiffers,
                vec![
                    found(3, "holds", None, None),
                    found(1, "broken", Some("value is a text"), None),
                ],
            ),
            odd(
                &differs,
                Instability::ValueDiffers,
                vec![found(4, "seen", None, Some(&value))],
            ),
        ],
        lost: &lost,
        late: &late,
    };
    let again = |case: &str| format!("alhena-conformance run --filter {case} --verify 4");
    snapshots("stability", &prove::stability(&report, &again));
}

#[test]
fn build_matrix_looks_like_its_snapshots() {
    let mut second = conforming();
    second.report.sdk.source = "next/gleenWidget.js".into();
    let (mut third, mut fourth) = (sample(), interrupted());
    third.report.snippet.source = "old.html".into();
    fourth.report.snippet.source = "old.html".into();
    fourth.report.sdk.source = "next/gleenWidget.js".into();
    let all = [sample(), second, third, fourth];
    let matrix = BuildMatrix::new(all.iter().map(|stored| ("Chromium", &stored.report)));
    snapshots("build-matrix", &build_matrix(&matrix));
}

#[test]
fn matrix_of_engines_looks_like_its_snapshots() {
    let all = ["Chromium", "Firefox", "WebKit"].into_iter();
    let all = all.zip([sample(), conforming(), untried()]);
    let all: Vec<(&str, Stored)> = all.collect();
    let matrix = BuildMatrix::new(all.iter().map(|(engine, own)| (*engine, &own.report)));
    snapshots("engine-matrix", &build_matrix(&matrix));
}

#[test]
fn profile_check_looks_like_its_snapshots() {
    let part = |name: &str, fits: bool, found: &str| Part {
        name: name.into(),
        fits,
        found: vec![found.into()],
    };
    let parts = [
        part("[install]", true, "the page fetched gleenWidget.js"),
        part("[wire]", false, "nothing lies at body.company_key"),
    ];
    snapshots(
        "profile-check",
        &profile_check(&parts, "own.toml", "dist/gleenWidget.js"),
    );
}

#[test]
fn rejudged_verdicts_look_like_their_snapshots() {
    let before = sample().report;
    let mut after = before.clone();
    after.checks[2].status = Status::Pass;
    after.checks[0].id.0 = "queue/order#once".into();
    snapshots("rejudge", &rejudge(&changes(&before, &after)));
    let same = terminal::body(&rejudge(&changes(&before, &before)), Screen::default());
    assert_eq!(terminal::plain(&same), "no verdict has changed\n");
}
