//! When events were sent: one before the other, and at once.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::bench::{Bench, event};
use crate::contract::CaseCheckName;
use crate::evidence::{Evidence, Millis, RequestId, StepOutcome, StepRecord};
use crate::scenario::Step;

/// The requests start at these times; `None`: the page was gone before it could report.
fn starting(times: &[Option<f64>]) -> impl FnOnce(&mut Evidence) {
    let started = (0_u64..)
        .zip(times)
        .filter_map(|(id, at)| Some((RequestId(id), Millis((*at)?))))
        .collect();
    move |evidence| evidence.started = started
}

/// No start is known, and the requests arrive at these times.
fn arriving_at(times: &[f64]) -> impl FnOnce(&mut Evidence) {
    move |evidence| {
        evidence.started.clear();
        evidence
            .requests
            .iter_mut()
            .zip(times)
            .for_each(|(request, at)| request.at = Millis(*at));
    }
}

#[test]
fn order_follows_start_times_and_not_arrivals() {
    let raced = || starting(&[Some(3.0), Some(2.0), Some(1.0)]);
    Bench::asking(CaseCheckName::InOrder)
        .arriving(&["N-3", "N-2", "N-1"])
        .with(raced())
        .holds();
    let broken = Bench::asking(CaseCheckName::InOrder).with(raced()).broken();
    assert_eq!(
        broken.message,
        "N-2 was sent before N-1, which was called first"
    );
    assert_eq!(
        (broken.expected, broken.actual),
        (
            Some(json!(["N-1", "N-2", "N-3"])),
            Some(json!(["N-3", "N-2", "N-1"]))
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn only_call_order_is_in_order(
        starts in Just(vec![1.0, 2.0, 3.0]).prop_shuffle(),
        arrivals in prop::collection::vec(0.0..400.0, 3),
    ) {
        let bench = Bench::asking(CaseCheckName::InOrder).with(|evidence| {
            evidence.started = (0_u64..)
                .zip(&starts)
                .map(|(id, at)| (RequestId(id), Millis(*at)))
                .collect();
            evidence
                .requests
                .iter_mut()
                .zip(&arrivals)
                .for_each(|(request, at)| request.at = Millis(*at));
        });
        prop_assert_eq!(bench.finding().is_broken(), !starts.is_sorted());
    }
}

#[rstest]
#[case::finer_than_the_browser_tells(2.04, 2.0, false)]
#[case::as_fine_as_the_browser_tells(2.05, 2.0, false)]
#[case::told_by_the_browser(2.1, 2.0, true)]
fn requests_of_one_moment_are_in_order(
    #[case] first: f64,
    #[case] second: f64,
    #[case] broken: bool,
) {
    let bench = Bench::asking(CaseCheckName::InOrder).with(starting(&[
        Some(first),
        Some(second),
        Some(9.0),
    ]));
    assert_eq!(bench.finding().is_broken(), broken);
}

#[rstest]
#[case::of_neighbours(&[610.0, 110.0, 620.0], false)]
#[case::far_apart(&[611.0, 110.0, 620.0], true)]
fn racing_requests_are_not_ordered_by_arrival(#[case] arrivals: &[f64], #[case] broken: bool) {
    let bench = Bench::asking(CaseCheckName::InOrder).with(arriving_at(arrivals));
    assert_eq!(bench.finding().is_broken(), broken);
}

#[test]
fn arrivals_far_apart_are_out_of_order() {
    let bench = Bench::asking(CaseCheckName::InOrder).with(arriving_at(&[800.0, 450.0, 100.0]));
    let broken = bench.broken();
    assert_eq!(
        broken.message,
        "N-3 was sent before N-1, which was called first"
    );
    assert_eq!(broken.actual, Some(json!(["N-3", "N-2", "N-1"])));
}

#[test]
fn unknown_start_does_not_hide_reversed_neighbours() {
    let bench =
        Bench::asking(CaseCheckName::InOrder).with(starting(&[Some(95.0), None, Some(90.0)]));
    assert_eq!(
        bench.message(),
        "N-3 was sent before N-1, which was called first"
    );
}

#[test]
fn order_needs_two_events() {
    assert!(
        Bench::asking(CaseCheckName::InOrder)
            .arriving(&["N-2"])
            .message()
            .contains("nothing is proved about their order")
    );
    Bench::asking(CaseCheckName::InOrder)
        .arriving(&["N-1", "N-3"])
        .holds();
}

#[rstest]
#[case::just_before(499.0, false)]
#[case::as_it_was_left(500.0, true)]
#[case::after(501.0, true)]
fn event_sent_on_leaving_is_not_immediate(#[case] at: f64, #[case] broken: bool) {
    let bench = Bench::asking(CaseCheckName::Immediate)
        .with(|evidence| evidence.requests[2].at = Millis(at));
    assert_eq!(bench.finding().is_broken(), broken);
    if broken {
        assert_eq!(
            bench.message(),
            "N-3 had not been sent when the page was left (+500 ms)"
        );
    }
}

#[rstest]
#[case::within_a_second(1110.0, None)]
#[case::later(2600.0, Some("N-2 was sent 2490 ms after it was called"))]
fn event_sent_late_is_not_immediate(#[case] started: f64, #[case] message: Option<&str>) {
    let bench = Bench::asking(CaseCheckName::Immediate)
        .calling(&[(0.0, "N-1"), (110.0, "N-2"), (120.0, "N-3")])
        .with(|evidence| {
            evidence.left_at = Some(Millis(9000.0));
            evidence.started.insert(RequestId(1), Millis(started));
        });
    match message {
        None => bench.holds(),
        Some(message) => assert_eq!(bench.message(), message),
    }
}

/// `N-1` is called at these times and recorded each time, as often as it is expected.
fn calling_again(called: &[f64], sent: &[f64]) -> Bench {
    let calls: Vec<(f64, &str)> = called.iter().map(|at| (*at, "N-1")).collect();
    Bench::asking(CaseCheckName::Immediate)
        .expecting(|scenario| scenario.expect.recorded = vec![event("N-1"); sent.len()])
        .arriving(&vec!["N-1"; sent.len()])
        .calling(&calls)
        .with(|evidence| {
            evidence.left_at = Some(Millis(9000.0));
            for (id, at) in (0..).zip(sent) {
                evidence.started.insert(RequestId(id), Millis(*at));
            }
        })
}

#[rstest]
#[case::each_at_once(&[100.0, 2000.0], &[110.0, 2010.0], None)]
#[case::the_first_before_the_gate_was_open(&[100.0, 2000.0], &[2010.0], None)]
#[case::the_second_arrived_first(&[100.0, 2000.0], &[2010.0, 110.0], None)]
#[case::both_with_the_second(&[100.0, 2000.0], &[2010.0, 2010.0], Some(1910))]
#[case::the_second_late(&[100.0, 2000.0], &[110.0, 4000.0], Some(2000))]
fn event_called_again_is_late_by_its_own_call(
    #[case] called: &[f64],
    #[case] sent: &[f64],
    #[case] late: Option<u32>,
) {
    let bench = calling_again(called, sent);
    match late {
        None => bench.holds(),
        Some(late) => {
            let message = format!("N-1 was sent {late} ms after it was called");
            assert_eq!(bench.message(), message);
        }
    }
}

/// A-1, B-1 and A-1 again arrive, sent at these times.
fn sent_at(expected: &[&str], sent: [f64; 3]) -> Bench {
    Bench::asking(CaseCheckName::InOrder)
        .expecting(|scenario| {
            scenario.expect.recorded = expected.iter().copied().map(event).collect();
        })
        .arriving(&["A-1", "B-1", "A-1"])
        .with(|evidence| {
            for (id, at) in (0..).zip(sent) {
                evidence.started.insert(RequestId(id), Millis(at));
            }
        })
}

#[test]
fn equal_events_are_matched_in_the_order_they_were_sent() {
    let all = ["A-1", "B-1", "A-1"];
    sent_at(&all, [130.0, 120.0, 110.0]).holds();
    assert_eq!(
        sent_at(&all, [130.0, 100.0, 110.0]).message(),
        "B-1 was sent before A-1, which was called first"
    );
}

#[test]
fn of_an_event_that_came_twice_the_one_that_was_sent_first_counts() {
    let once = ["A-1", "B-1"];
    sent_at(&once, [130.0, 120.0, 110.0]).holds();
    assert_eq!(
        sent_at(&once, [130.0, 100.0, 110.0]).message(),
        "B-1 was sent before A-1, which was called first"
    );
}

#[rstest]
#[case::sent_as_it_is_ready(4010.0, None)]
#[case::later(5600.0, Some("N-1 was sent 1600 ms after the SDK was ready"))]
fn event_queued_before_readiness_is_due_once_it_is_ready(
    #[case] started: f64,
    #[case] message: Option<&str>,
) {
    let bench = waiting_for_readiness(Step::Stay(0)).with(|evidence| {
        evidence.started.insert(RequestId(0), Millis(started));
    });
    match message {
        None => bench.holds(),
        Some(message) => assert_eq!(bench.message(), message),
    }
}

#[test]
fn event_that_waits_for_the_next_page_is_late_however_long_that_needs_to_be_ready() {
    let bench = waiting_for_readiness(Step::Visit("product".into())).with(|evidence| {
        evidence.started.insert(RequestId(0), Millis(4010.0));
    });
    assert_eq!(bench.message(), "N-1 was sent 4000 ms after it was called");
}

/// `N-1` is called at 10 ms, then comes `between`, and the SDK is ready at 4000 ms.
fn waiting_for_readiness(between: Step) -> Bench {
    let step = |at: f64, until: f64| StepRecord {
        line: 3,
        what: "a step".into(),
        at: Millis(at),
        until: Millis(until),
        outcome: StepOutcome::Done,
    };
    Bench::asking(CaseCheckName::Immediate)
        .expecting(|scenario| {
            scenario.steps = [Step::SaveReference, between, Step::UntilReady]
                .map(|step| (3, step))
                .to_vec();
        })
        .calling(&[(10.0, "N-1"), (4020.0, "N-2"), (4030.0, "N-3")])
        .with(|evidence| {
            evidence.left_at = Some(Millis(9000.0));
            evidence.steps = vec![step(5.0, 15.0), step(15.0, 20.0), step(20.0, 4000.0)];
            for (id, at) in [(1, 4040.0), (2, 4050.0)] {
                evidence.started.insert(RequestId(id), Millis(at));
            }
        })
}

#[test]
fn lost_event_is_not_late() {
    Bench::asking(CaseCheckName::Immediate)
        .arriving(&["N-1", "N-3"])
        .holds();
}

#[test]
fn immediate_holds_where_the_page_was_never_left() {
    Bench::asking(CaseCheckName::Immediate)
        .with(|evidence| evidence.left_at = None)
        .holds();
}

#[test]
fn equal_events_do_not_hide_an_early_one() {
    let bench = Bench::asking(CaseCheckName::InOrder)
        .expecting(|scenario| scenario.expect.recorded = ["A-1", "A-1", "B-1"].map(event).to_vec());
    assert!(
        bench
            .arriving(&["B-1", "A-1", "A-1"])
            .message()
            .starts_with("B-1 was sent before A-1")
    );
}
