#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;

use rstest::rstest;

use super::super::model::{HostReport, KnownFailureReport, Report, ShardReport};
use super::super::sample::{BROKEN, sample};
use super::super::stored::Stored;
use super::*;
use crate::contract::CheckId;
use crate::evidence::Asker;
use crate::plan::plan_sha256;
use crate::verdict::Status;
use crate::verdict::known::EntryState;

/// The case that stands for a prerequisite: every part has it.
const SHARED: &str = "queue/order";

/// A whole run's report in the order of a plan, as a run that was not cut writes it.
fn whole() -> Stored {
    let mut stored = sample();
    let in_order = |case: &str| (case != SHARED, case.to_owned());
    stored.report.cases.sort_by_key(|case| in_order(&case.id));
    stored
        .report
        .checks
        .sort_by_key(|check| in_order(&check.case));
    stored
        .report
        .requirements
        .iter_mut()
        .for_each(|row| row.checks.sort());
    stored
}

/// That run, cut: the second, third … case by turns.
fn cut(whole: &Stored, of: usize) -> Vec<RunPart> {
    let cases: Vec<&str> = whole
        .report
        .cases
        .iter()
        .map(|case| case.id.as_str())
        .filter(|case| *case != SHARED)
        .collect();
    let part_of = |case: &str| {
        cases
            .iter()
            .position(|own| *own == case)
            .filter(|_| of > 1)
            .map(|place| place % of + 1)
    };
    let plan_sha256 = plan_sha256(
        of,
        whole
            .report
            .checks
            .iter()
            .map(|check| (check.id.clone(), part_of(&check.case))),
    );
    let part = |index: usize| {
        let mut stored = whole.clone();
        let is_own = |case: &str| part_of(case).is_none_or(|part| part == index);
        stored.report.shard = Some(ShardReport {
            index,
            of,
            plan_sha256: plan_sha256.clone(),
        });
        stored.report.cases.retain(|case| is_own(&case.id));
        stored.report.checks.retain(|check| is_own(&check.case));
        let paths: Vec<String> = stored
            .report
            .cases
            .iter()
            .filter_map(|case| case.evidence.clone())
            .collect();
        stored.records.retain(|path, _| paths.contains(path));
        stored.screenshots.retain(|path, _| {
            paths
                .iter()
                .any(|own| own.replace(".json", ".png") == *path)
        });
        RunPart {
            folder: format!("part-{index}"),
            stored,
        }
    };
    (1..=of).map(part).collect()
}

fn status_of(report: &Report, check: &str) -> Status {
    report
        .checks
        .iter()
        .find(|own| own.id.0 == check)
        .unwrap()
        .status
}

#[rstest]
fn the_parts_make_the_report_of_the_run_that_was_not_cut(#[values(1, 2, 3, 7)] of: usize) {
    let mut parts = cut(&whole(), of);
    parts.reverse();
    let merged = merge(parts).unwrap();
    let expected = Report {
        duration_ms: merged.report.duration_ms,
        ..whole().report
    };
    assert_eq!(merged.report, expected);
    assert_eq!(
        (merged.records.len(), merged.screenshots),
        (1, whole().screenshots)
    );
}

#[test]
fn times_are_added_and_the_run_began_with_its_first_part() {
    let mut parts = cut(&whole(), 2);
    parts[0].stored.report.began = "2025-06-01T19:00:00Z".into();
    let merged = merge(parts).unwrap().report;
    assert_eq!(
        (merged.duration_ms.round(), merged.began.as_str()),
        (8400.0, "2025-06-01T18:00:00Z")
    );
}

#[test]
fn what_happened_to_one_part_happened_to_the_run() {
    let mut parts = cut(&whole(), 2);
    parts[1].stored.report.interrupted = true;
    parts[0].stored.report.bug = true;
    parts[0].stored.report.environment = None;
    let merged = merge(parts).unwrap().report;
    assert_eq!(
        (merged.interrupted, merged.bug, merged.environment),
        (true, true, whole().report.environment)
    );
}

#[test]
fn of_a_prerequisite_the_worst_verdict_counts() {
    let check = "queue/order#in-order";
    let mut parts = cut(&whole(), 3);
    parts[1]
        .stored
        .report
        .checks
        .iter_mut()
        .filter(|own| own.id.0 == check)
        .for_each(|own| own.status = Status::Flaky);
    let merged = merge(parts).unwrap().report;
    assert_eq!(
        (status_of(&merged, check), merged.totals[&Status::Flaky]),
        (Status::Flaky, 2)
    );
    let requirement = merged
        .requirements
        .iter()
        .find(|row| row.id.0 == "QUEUE-ORDER")
        .unwrap();
    assert_eq!(
        (requirement.status, requirement.checks.len()),
        (Some(Status::Flaky), 1)
    );
}

#[test]
fn hosts_are_added_up() {
    let host = |asked_by, requests, case: &str, example: Option<&str>| HostReport {
        host: "stats.example.com".into(),
        asked_by,
        ours: false,
        requests,
        cases: vec![case.into()],
        example: example.map(Into::into),
    };
    let mut parts = cut(&whole(), 2);
    parts[0].stored.report.hosts = vec![host(Asker::Browser, 1, "b", None)];
    parts[1].stored.report.hosts = vec![host(
        Asker::Page,
        2,
        "b",
        Some("https://stats.example.com/p"),
    )];
    let mut third = cut(&whole(), 2).remove(0);
    third.stored.report.hosts = vec![host(Asker::Page, 3, "a", None)];
    parts[0]
        .stored
        .report
        .hosts
        .extend(third.stored.report.hosts);
    let merged = merge(parts).unwrap().report.hosts;
    let expected = HostReport {
        cases: vec!["a".into(), "b".into()],
        ..host(Asker::Page, 5, "", Some("https://stats.example.com/p"))
    };
    assert_eq!(
        merged,
        [expected],
        "a spare connection to a page's host is the page's"
    );
}

/// One entry over two checks of different parts, each with its verdict; and what it is in each
/// part, and in the run.
#[rstest]
#[case::both_fail(Status::KnownFailure, Status::KnownFailure, EntryState::Failing)]
#[case::both_hold(Status::UnexpectedPass, Status::UnexpectedPass, EntryState::Stale)]
#[case::one_holds(Status::KnownFailure, Status::UnexpectedPass, EntryState::TooWide)]
#[case::neither_is_judged(Status::Error, Status::NotTestable, EntryState::Undecided)]
fn a_known_failure_is_judged_by_its_checks_in_all_parts(
    #[case] one: Status,
    #[case] other: Status,
    #[case] expected: EntryState,
) {
    let checks = [
        (BROKEN.to_owned() + "#unchanged", one),
        ("leaving/close#delivered".to_owned(), other),
    ];
    let mut parts = cut(&whole(), 4);
    for part in &mut parts {
        let report = &mut part.stored.report;
        let mut own = Vec::new();
        for check in &mut report.checks {
            if let Some((_, status)) = checks.iter().find(|(id, _)| *id == check.id.0) {
                check.status = *status;
                own.push(check.id.clone());
            }
        }
        let state = if own.is_empty() {
            EntryState::NotSelected
        } else {
            EntryState::TooWide
        };
        report.known_failures = vec![entry(state, own)];
    }
    let merged = merge(parts).unwrap().report.known_failures.remove(0);
    assert_eq!(
        (merged.state, merged.checks.len(), merged.not_selected),
        (expected, 2, 0)
    );
}

fn entry(state: EntryState, checks: Vec<CheckId>) -> KnownFailureReport {
    KnownFailureReport {
        at: "known.toml:1".into(),
        engine: None,
        check: "*".into(),
        reason: "Ticket 7.".into(),
        link: None,
        expires: (state == EntryState::Expired).then(|| "2020-02-29".into()),
        flaky: false,
        state,
        message: Some("as it was".into()),
        not_selected: 2 - checks.len(),
        checks,
    }
}

#[rstest]
#[case(
    EntryState::Expired,
    Some("this known failure was to be fixed by 2020-02-29")
)]
#[case(EntryState::NotApplicable, Some("as it was"))]
#[case(EntryState::NotSelected, None)]
fn what_an_entry_is_whatever_its_checks_do_it_is_in_the_run(
    #[case] state: EntryState,
    #[case] message: Option<&str>,
) {
    let mut parts = cut(&whole(), 2);
    for part in &mut parts {
        part.stored.report.known_failures = vec![entry(state, Vec::new())];
    }
    let merged = merge(parts).unwrap().report.known_failures.remove(0);
    assert_eq!((merged.state, merged.message.as_deref()), (state, message));
}

#[test]
fn a_part_without_a_browser_does_not_say_where_an_entry_is_in_force() {
    let mut parts = cut(&whole(), 2);
    parts[0].stored.report.known_failures = vec![entry(EntryState::NotApplicable, Vec::new())];
    parts[1].stored.report.known_failures = vec![entry(EntryState::NotSelected, Vec::new())];
    assert_eq!(
        merge(parts).unwrap().report.known_failures[0].state,
        EntryState::NotSelected
    );
}

fn refused(change: impl FnOnce(&mut Vec<RunPart>)) -> String {
    let mut parts = cut(&whole(), 3);
    change(&mut parts);
    merge(parts).unwrap_err().to_string()
}

fn other(change: impl FnOnce(&mut Report)) -> String {
    refused(|parts| change(&mut parts[1].stored.report))
}

#[test]
fn a_report_of_a_whole_run_is_no_part() {
    assert!(
        other(|report| report.shard = None)
            .contains("part-2 is the report of a whole run, not of a part")
    );
}

#[test]
fn parts_of_different_runs_are_named_with_what_differs() {
    let differing: BTreeMap<&str, String> = BTreeMap::from([
        (
            "the version of the harness: 0.1.0 there, 9 here",
            other(|report| report.harness.version = "9".into()),
        ),
        (
            "the sha256 of the SDK: abab",
            other(|report| report.sdk.sha256 = "12".into()),
        ),
        (
            "the sha256 of the snippet: cdcd",
            other(|report| report.snippet.sha256 = "12".into()),
        ),
        (
            "the sha256 of the profile: efef",
            other(|report| report.profile.sha256 = "12".into()),
        ),
        (
            "the selection: all there, cart/* here",
            other(|report| report.filter = vec!["cart/*".into()]),
        ),
        (
            "the browser: chrome 140.0 there, chrome 141.0 here",
            other(|report| report.environment.as_mut().unwrap().browser_version = "141.0".into()),
        ),
        (
            "how many parts there are: 3 there, 4 here",
            other(|report| report.shard.as_mut().unwrap().of = 4),
        ),
        (
            "the plan, or how it was cut (scenarios, durations.lock): ",
            other(|report| report.shard.as_mut().unwrap().plan_sha256 = "12".into()),
        ),
        (
            "the list of known failures: none there, * (Ticket 7.) here",
            other(|report| report.known_failures = vec![entry(EntryState::Held, Vec::new())]),
        ),
    ]);
    for (what, error) in differing {
        assert!(
            error.contains("part-1 and part-2 are not parts of one run\n") && error.contains(what),
            "{what}: {error}"
        );
        assert_eq!(error.lines().count(), 2, "{error}");
    }
}

#[test]
fn a_part_that_is_there_twice_is_named() {
    let error = refused(|parts| {
        parts[2] = RunPart {
            folder: "again".into(),
            ..parts[1].clone()
        }
    });
    assert!(
        error.starts_with("part-2 and again are both part 2 of 3"),
        "{error}"
    );
}

#[test]
fn what_is_missing_is_said_with_the_command_that_makes_it() {
    let error = refused(|parts| drop(parts.remove(1)));
    assert!(
        error.contains("1 part of 3 is missing: 2\n")
            && error.contains("run --shard 2/3 --report DIR"),
        "{error}"
    );
    let error = refused(|parts| parts.truncate(1));
    assert!(
        error.contains("2 parts of 3 are missing: 2, 3\n"),
        "{error}"
    );
}

#[test]
fn parts_that_do_not_hold_what_their_plan_says_are_refused() {
    let error = other(|report| drop(report.checks.pop()));
    assert!(
        error.contains("are not those of the run that they say they are of"),
        "{error}"
    );
    let error = refused(|parts| {
        let case = parts[1].stored.report.cases.last().unwrap().clone();
        parts[2].stored.report.cases.push(case);
    });
    assert!(error.contains("are not those of the run"), "{error}");
}
