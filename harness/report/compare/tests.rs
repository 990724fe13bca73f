#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::model::{Bump, RegressionKind, ValueChange, WireChangeKind};
use super::*;
use crate::contract::{CheckId, Level, Method};
use crate::evidence::Asker;
use crate::report::model::{
    Carried, CaseWire, FieldWire, HostReport, JsonKind, Repeated, Report, SeenShape, ShapeReport,
    StorageWire, WireReport,
};
use crate::report::sample::sample;
use crate::report::wire::total;
use crate::verdict::Status;

const CART: &str = "POST /analytics/cart_events";

/// The sample, with a wire: a cart event in each case.
pub fn wired() -> Report {
    let mut report = sample().report;
    report.wire = Some(wire_of(
        &report,
        &[
            ("", JsonKind::Object),
            ("/value", JsonKind::Number),
            ("/type", JsonKind::String),
        ],
    ));
    report
}

fn wire_of(report: &Report, fields: &[(&str, JsonKind)]) -> WireReport {
    let fields = fields
        .iter()
        .map(|(pointer, kind)| {
            (
                (*pointer).to_owned(),
                FieldWire {
                    types: BTreeSet::from([*kind]),
                    always: true,
                },
            )
        })
        .collect();
    let shapes = vec![ShapeReport {
        event: Method::SendCartEvent,
        request: CART.into(),
        content_type: Some("application/json".into()),
        fields,
    }];
    let case = CaseWire {
        sequence: vec![Repeated {
            request: CART.into(),
            times: 1,
        }],
        preflights: BTreeSet::from(["OPTIONS /analytics/cart_events".to_owned()]),
        events: vec![SeenShape {
            shape: 0,
            bytes: BTreeMap::from([(300, 1)]),
        }],
        carried: BTreeMap::from([(
            Method::SendCartEvent,
            Carried {
                calls: 1,
                requests: 1,
            },
        )]),
    };
    let cases: BTreeMap<String, CaseWire> = report
        .cases
        .iter()
        .map(|own| (own.id.clone(), case.clone()))
        .collect();
    let storage = Some(StorageWire {
        local: BTreeSet::from(["order.{order}".to_owned()]),
        ..StorageWire::default()
    });
    let total = total(&shapes, cases.values());
    WireReport {
        storage,
        globals: Some(BTreeSet::new()),
        shapes,
        cases,
        ..total
    }
}

pub fn compared(old: &Report, new: &Report) -> Comparison {
    compare(
        &Side::of_report(old.clone(), "old"),
        &Side::of_report(new.clone(), "new"),
    )
}

pub fn changed(change: impl FnOnce(&mut Report)) -> Comparison {
    let old = wired();
    let mut new = old.clone();
    change(&mut new);
    compared(&old, &new)
}

/// A comparison with one of each: a new failure, one that is excused, one that could not be
/// decided, a check that vanished, one that was fixed, and a breaking change on the wire.
pub fn regressed() -> Comparison {
    let mut old = wired();
    for name in ["once", "delivered"] {
        let mut check = old.checks[0].clone();
        check.id = CheckId(format!("queue/order#{name}"));
        old.checks.push(check);
    }
    let mut new = old.clone();
    let change = |check: &mut crate::report::CheckReport, status: Status, message: &str| {
        check.status = status;
        check.message = Some(message.to_owned());
    };
    change(&mut new.checks[0], Status::Fail, "out of order");
    new.checks[0].expected = Some(json!(["a", "b"]));
    new.checks[0].actual = Some(json!(["b", "a"]));
    new.checks[1].status = Status::Pass;
    change(&mut new.checks[5], Status::KnownFailure, "sent twice");
    new.checks[5].known = Some("known-failures.toml:2".into());
    change(&mut new.checks[6], Status::Error, "the browser has gone");
    new.checks.remove(2);
    new.wire = Some(wire_of(
        &new,
        &[
            ("", JsonKind::Object),
            ("/value", JsonKind::String),
            ("/type", JsonKind::String),
        ],
    ));
    let mut comparison = compared(&old, &new);
    comparison.harness.version = "0.1.0".to_owned();
    comparison
}

fn ids(changes: &[CheckChange]) -> Vec<&str> {
    changes
        .iter()
        .map(|change| change.check.0.as_str())
        .collect()
}

fn wire_changes(comparison: &Comparison) -> Vec<(WireClass, WireChangeKind, &str)> {
    comparison
        .wire
        .changes
        .iter()
        .map(|change| (change.class, change.kind, change.subject.as_str()))
        .collect()
}

#[test]
fn new_failure_is_fixed_the_other_way_round() {
    let old = wired();
    let mut new = old.clone();
    new.checks[0].status = Status::Fail;
    new.checks[0].message = Some("out of order".into());
    let (worse, better) = (compared(&old, &new), compared(&new, &old));
    assert_eq!(
        (ids(&worse.new_failures), ids(&better.fixed)),
        (vec!["queue/order#in-order"], vec!["queue/order#in-order"])
    );
    assert_eq!(
        worse.regressions,
        BTreeMap::from([(RegressionKind::NewFailure, 1)])
    );
    assert_eq!(
        (
            worse.requirements_broken[0].id.0.as_str(),
            better.requirements_mended[0].id.0.as_str()
        ),
        ("QUEUE-ORDER", "QUEUE-ORDER")
    );
    assert_eq!(
        (
            worse.semver.as_ref().unwrap().suggests,
            better.semver.as_ref().unwrap().suggests
        ),
        (Bump::Major, Bump::Patch)
    );
    assert!(!better.has_regressed());
}

#[test]
fn known_failure_is_listed_and_no_regression() {
    let found = changed(|new| {
        new.checks[0].status = Status::KnownFailure;
        new.checks[0].known = Some("known.toml:1".into());
    });
    assert_eq!(
        (ids(&found.new_failures), found.has_regressed()),
        (vec!["queue/order#in-order"], false)
    );
    assert_eq!(found.new_failures[0].known.as_deref(), Some("known.toml:1"));
}

#[rstest]
#[case::became_flaky(Status::Pass, Status::Flaky, Some(RegressionKind::NewlyFlaky))]
#[case::flaky_no_longer(Status::Flaky, Status::Pass, None)]
#[case::flaky_and_then_always(Status::Flaky, Status::Fail, None)]
#[case::failed_and_then_sometimes(Status::Fail, Status::Flaky, None)]
fn flaky_check_has_its_own_list(
    #[case] old: Status,
    #[case] new: Status,
    #[case] regression: Option<RegressionKind>,
) {
    let mut before = wired();
    before.checks[0].status = old;
    let mut now = before.clone();
    now.checks[0].status = new;
    let found = compared(&before, &now);
    assert_eq!(
        (ids(&found.flaky), found.flaky[0].regression),
        (vec!["queue/order#in-order"], regression)
    );
}

#[rstest]
#[case::no_longer_decided(Status::Pass, Status::Error, Some(RegressionKind::Undecided))]
#[case::no_longer_testable(Status::Pass, Status::NotTestable, Some(RegressionKind::Undecided))]
#[case::decided_and_broken(Status::NotTestable, Status::Fail, Some(RegressionKind::NewFailure))]
#[case::decided_and_fine(Status::Error, Status::Pass, None)]
#[case::failed_and_then_undecided(Status::Fail, Status::Error, None)]
fn undecided_check_has_its_own_list(
    #[case] old: Status,
    #[case] new: Status,
    #[case] regression: Option<RegressionKind>,
) {
    let mut before = wired();
    before.checks[0].status = old;
    let mut now = before.clone();
    now.checks[0].status = new;
    let found = compared(&before, &now);
    assert_eq!(
        (ids(&found.undecided), found.undecided[0].regression),
        (vec!["queue/order#in-order"], regression)
    );
}

#[test]
fn check_that_one_of_two_engines_cannot_bring_about_has_not_vanished() {
    let in_engine = |engine: &str| {
        changed(|new| {
            new.checks[0].status = Status::NotApplicable;
            new.environment.as_mut().unwrap().engine = Some(engine.to_owned());
        })
    };
    let found = in_engine("Chromium");
    assert_eq!((found.vanished.len(), found.of_one_engine), (1, 0));
    assert!(found.semver.is_some() && found.engines().is_none());
    let found = in_engine("WebKit");
    assert_eq!((found.vanished.len(), found.of_one_engine), (0, 1));
    assert_eq!(found.engines(), Some(("Chromium", "WebKit")));
    assert!(!found.has_regressed() && found.semver.is_none());
    assert_eq!(found.circumstances[0].what, "engine");
}

#[test]
fn claim_that_a_profile_takes_back_vanishes_between_two_engines_too() {
    let found = changed(|new| {
        new.checks[0].status = Status::NotApplicable;
        new.environment.as_mut().unwrap().engine = Some("WebKit".to_owned());
        new.profile.sha256 = "00".repeat(32);
    });
    assert_eq!((found.vanished.len(), found.of_one_engine), (1, 0));
    assert!(found.has_regressed());
}

#[test]
fn vanished_check_is_a_regression_unless_not_selected() {
    let gone = |filter: &[&str]| {
        changed(|new| {
            new.checks.remove(0);
            new.filter = filter.iter().map(|pattern| (*pattern).to_owned()).collect();
        })
    };
    let found = gone(&[]);
    assert_eq!(
        (ids(&found.vanished), &found.regressions),
        (
            vec!["queue/order#in-order"],
            &BTreeMap::from([(RegressionKind::Vanished, 1)])
        )
    );
    let narrower = gone(&["cart/*"]);
    assert_eq!(
        (
            narrower.vanished.len(),
            narrower.not_selected,
            narrower.has_regressed()
        ),
        (0, 1, false)
    );
    assert_eq!(narrower.circumstances[0].what, "selection");
    assert!(
        gone(&["QUEUE-*"]).has_regressed(),
        "it was selected by what it proves"
    );
}

#[test]
fn check_that_is_no_longer_claimed_has_vanished() {
    let found = changed(|new| new.checks[0].status = Status::NotApplicable);
    assert_eq!(
        (ids(&found.vanished), found.regressions.len()),
        (vec!["queue/order#in-order"], 1)
    );
}

#[test]
fn new_check_is_a_regression_only_if_it_fails() {
    let appeared = |status: Status| {
        changed(|new| {
            let mut check = new.checks[0].clone();
            check.id = CheckId("queue/order#once".into());
            check.status = status;
            new.checks.push(check);
        })
    };
    assert_eq!(
        (
            ids(&appeared(Status::Pass).appeared),
            appeared(Status::Pass).has_regressed()
        ),
        (vec!["queue/order#once"], false)
    );
    assert_eq!(
        appeared(Status::Fail).regressions,
        BTreeMap::from([(RegressionKind::AppearedFailing, 1)])
    );
}

#[test]
fn changed_observation_shows_where_it_differs() {
    let found = changed(|new| {
        new.checks
            .iter_mut()
            .find(|check| check.level == Level::Observe)
            .unwrap()
            .value = Some(json!(["a", "b"]));
    });
    assert_eq!(
        found.observations[0].differences,
        [ValueChange {
            path: "[1]".into(),
            old: None,
            new: Some(json!("b"))
        }]
    );
    assert_eq!(
        (
            found.has_regressed(),
            found.semver.as_ref().unwrap().suggests
        ),
        (false, Bump::Minor)
    );
}

#[rstest]
#[case::added(
    &[
        ("", JsonKind::Object),
        ("/value", JsonKind::Number),
        ("/type", JsonKind::String),
        ("/extra", JsonKind::Null)
    ],
    WireChangeKind::FieldAdded,
    "/extra",
    Bump::Minor
)]
#[case::removed(
    &[("", JsonKind::Object), ("/value", JsonKind::Number)],
    WireChangeKind::FieldRemoved,
    "/type",
    Bump::Major
)]
#[case::retyped(
    &[("", JsonKind::Object), ("/value", JsonKind::String), ("/type", JsonKind::String)],
    WireChangeKind::FieldRetyped,
    "/value",
    Bump::Major
)]
#[case::newly_null(
    &[("", JsonKind::Object), ("/value", JsonKind::Null), ("/type", JsonKind::String)],
    WireChangeKind::FieldNewlyNull,
    "/value",
    Bump::Major
)]
fn a_changed_field_is_classed(
    #[case] fields: &[(&str, JsonKind)],
    #[case] kind: WireChangeKind,
    #[case] pointer: &str,
    #[case] bump: Bump,
) {
    let found = changed(|new| new.wire = Some(wire_of(new, fields)));
    assert_eq!(wire_changes(&found), [(kind.classed().0, kind, pointer)]);
    assert_eq!(
        (
            found.semver.as_ref().unwrap().suggests,
            found.has_regressed()
        ),
        (bump, false)
    );
}

#[test]
fn requests_hosts_and_storage_are_compared() {
    let found = changed(|new| {
        let host = HostReport {
            host: "x.example".into(),
            asked_by: Asker::Page,
            ours: false,
            requests: 1,
            cases: vec!["queue/order".into()],
            example: None,
        };
        new.hosts.push(host);
        let wire = new.wire.as_mut().unwrap();
        wire.storage.as_mut().unwrap().local.clear();
        wire.globals.as_mut().unwrap().insert("alhenaState".into());
        wire.shapes[0].content_type = Some("text/plain".into());
        let case = wire.cases.get_mut("queue/order").unwrap();
        case.sequence.push(Repeated {
            request: "GET /config".into(),
            times: 1,
        });
    });
    let expected = [
        (WireClass::Breaking, WireChangeKind::HostAdded, "x.example"),
        (
            WireClass::Breaking,
            WireChangeKind::StorageRemoved,
            "localStorage order.{order}",
        ),
        (
            WireClass::Breaking,
            WireChangeKind::ContentTypeAdded,
            "text/plain",
        ),
        (
            WireClass::Additive,
            WireChangeKind::OtherRequestAdded,
            "GET /config",
        ),
        (
            WireClass::Additive,
            WireChangeKind::CaseRequests,
            "queue/order",
        ),
        (
            WireClass::Additive,
            WireChangeKind::GlobalAdded,
            "alhenaState",
        ),
        (
            WireClass::Additive,
            WireChangeKind::ContentTypeRemoved,
            "application/json",
        ),
    ];
    assert_eq!(wire_changes(&found), expected);
}

#[test]
fn the_wire_is_compared_over_the_cases_of_both_sides() {
    let found = changed(|new| {
        let wire = new.wire.as_mut().unwrap();
        wire.cases.remove("queue/order");
    });
    assert_eq!(
        (found.wire.cases, found.wire.changes.len()),
        (wired().cases.len() - 1, 0)
    );
}

#[test]
fn batch_size_is_noise_and_batching_is_not() {
    let with_requests = |requests: usize| {
        let mut report = wired();
        let wire = report.wire.as_mut().unwrap();
        for case in wire.cases.values_mut() {
            case.sequence[0].times = requests;
            case.carried.insert(
                Method::SendCartEvent,
                Carried {
                    calls: 10,
                    requests,
                },
            );
        }
        report
    };
    assert_eq!(
        wire_changes(&compared(&with_requests(4), &with_requests(5))),
        []
    );
    let (class, kind) = (WireClass::Additive, WireChangeKind::RequestsACall);
    assert_eq!(
        wire_changes(&compared(&with_requests(5), &with_requests(10))),
        [(class, kind, "requests a recorded call")]
    );
    let doubled = compared(&with_requests(10), &with_requests(20));
    assert_eq!(
        wire_changes(&doubled).len(),
        1 + 2,
        "the rate, and the two cases that hold: {:?}",
        doubled.wire.changes
    );
}

#[test]
fn report_without_a_wire_is_not_compared() {
    let found = changed(|new| new.wire = None);
    assert!(
        found.wire.not_compared[0].contains("the new side does not describe it"),
        "{:?}",
        found.wire
    );
}

#[test]
fn other_differences_are_listed_with_their_consequence() {
    let found = changed(|new| {
        new.harness.version = "9.0.0".into();
        new.profile.sha256 = "00".repeat(32);
        new.snippet.sha256 = "11".repeat(32);
        new.environment.as_mut().unwrap().browser_version = "141.0".into();
        new.checks[0].line = "once = []".into();
    });
    let said: Vec<&str> = found
        .circumstances
        .iter()
        .map(|circumstance| circumstance.what.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "harness",
            "profile's text",
            "snippet",
            "browser",
            "scenarios",
            "build"
        ]
    );
    assert_eq!(
        found.timing.not_compared.as_deref(),
        Some("the browsers differ")
    );
}

#[test]
fn profile_hashed_in_another_way_is_not_called_another_profile() {
    let found = changed(|new| new.profile.sha256 = format!("content:{}", new.profile.sha256));
    let said: Vec<&str> = found
        .circumstances
        .iter()
        .map(|circumstance| circumstance.what.as_str())
        .collect();
    assert_eq!(said, ["profile's hash", "build"]);
    assert!(
        found.circumstances[0]
            .consequence
            .contains("compare the files themselves")
    );
}

pub fn timed(durations: &[f64]) -> Report {
    let mut report = wired();
    let (check, case) = (report.checks[0].clone(), report.cases[0].clone());
    report.checks = Vec::new();
    report.cases = Vec::new();
    for (place, duration) in durations.iter().enumerate() {
        let id = format!("queue/{place}");
        report.cases.push(crate::report::CaseReport {
            id: id.clone(),
            duration_ms: *duration,
            ..case.clone()
        });
        report.checks.push(crate::report::CheckReport {
            id: CheckId(format!("{id}#once")),
            case: id,
            ..check.clone()
        });
    }
    report
}

#[test]
fn case_is_slower_relative_to_the_others() {
    let before = timed(&[400.0; 12]);
    let mut times = [800.0; 12];
    assert!(
        compared(&before, &timed(&times)).timing.slower.is_empty(),
        "a machine of half the speed slows every case"
    );
    times[3] = 2400.0;
    let timing = compared(&before, &timed(&times)).timing;
    assert_eq!((timing.cases, timing.median_ratio), (12, Some(2.0)));
    assert_eq!(
        timing
            .slower
            .iter()
            .map(|slower| (slower.case.as_str(), slower.factor))
            .collect::<Vec<_>>(),
        [("queue/3", 3.0)]
    );
}

/// A report whose cases measured these times to ready.
fn ready_after(times: &[f64]) -> Report {
    let mut report = timed(&vec![400.0; times.len()]);
    for (case, ready_ms) in report.cases.iter_mut().zip(times) {
        case.ready_ms = Some(*ready_ms);
    }
    report
}

#[rstest]
#[case::four_seconds_later(&[4010.0, 4100.0, 4020.0], Some((80.0, 4020.0)))]
#[case::busy_machine(&[280.0, 300.0, 310.0], None)]
#[case::one_late_case(&[80.0, 4000.0, 80.0], None)]
fn sdk_is_ready_later_by_the_median(#[case] times: &[f64], #[case] expected: Option<(f64, f64)>) {
    let comparison = compared(&ready_after(&[70.0, 80.0, 90.0]), &ready_after(times));
    let later = comparison.later_ready();
    assert_eq!(later.map(|ready| (ready.old_ms, ready.new_ms)), expected);
    assert!(!comparison.has_regressed());
}

#[test]
fn few_cases_do_not_decide_how_soon_the_sdk_is_ready() {
    let comparison = compared(&ready_after(&[80.0; 2]), &ready_after(&[4000.0; 2]));
    assert_eq!(comparison.timing.ready, None);
}

#[test]
fn few_or_noisy_cases_are_not_timed() {
    let timing = compared(&timed(&[400.0; 3]), &timed(&[400.0, 400.0, 4000.0])).timing;
    assert!(timing.not_compared.unwrap().contains("fewer than"));
    let noisy: Vec<f64> = (0..12)
        .map(|place| if place % 2 == 0 { 200.0 } else { 800.0 })
        .collect();
    assert!(
        compared(&timed(&[400.0; 12]), &timed(&noisy))
            .timing
            .slower
            .is_empty()
    );
}

/// A sample whose verdicts are these.
fn with_verdicts(statuses: &[Status]) -> Report {
    let mut report = wired();
    for (check, status) in report.checks.iter_mut().zip(statuses) {
        check.status = *status;
    }
    report
}

fn any_verdicts() -> impl Strategy<Value = Vec<Status>> {
    prop::collection::vec(prop::sample::select(Status::ALL.to_vec()), 4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_report_does_not_differ_from_itself(statuses in any_verdicts()) {
        let report = with_verdicts(&statuses);
        let found = compared(&report, &report);
        prop_assert!(!found.has_regressed());
        prop_assert_eq!(
            found.check_changes().count()
                + found.observations.len()
                + found.wire.changes.len()
                + found.timing.slower.len(),
            0
        );
        prop_assert_eq!(found.semver.as_ref().unwrap().suggests, Bump::Patch);
    }

    #[test]
    fn new_failures_are_fixed_the_other_way(a in any_verdicts(), b in any_verdicts()) {
        let (a, b) = (with_verdicts(&a), with_verdicts(&b));
        let (there, back) = (compared(&a, &b), compared(&b, &a));
        let sorted = |changes: &[CheckChange]| {
            ids(changes)
                .into_iter()
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(sorted(&there.new_failures), sorted(&back.fixed));
        prop_assert_eq!(sorted(&there.vanished), sorted(&back.appeared));
        prop_assert_eq!(there.unchanged, back.unchanged);
    }
}
