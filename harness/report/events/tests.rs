//! The table of events and the verdicts come from one reading: one cannot contradict the other.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::events;
use crate::contract::{CaseCheckName, Event, Question};
use crate::evidence::{Decision, Evidence};
use crate::judge::{Bench, Finding, event, judge, order};
use crate::plan::{Case, CaseCheck};
use crate::reading::Reading;
use crate::report::EventReport;
use crate::sdk::{Profile, Side};

/// Every check whose verdict contradicts what the table shows of the same evidence.
pub fn contradictions(case: &Case, evidence: &Evidence, profile: &Profile) -> Vec<String> {
    // Then nothing is judged, whatever came until then.
    let differs =
        |(name, given): (&String, _)| evidence.reads.get(name).is_some_and(|read| read != given);
    let came_about = !case.scenario.expect.given.iter().any(differs);
    if evidence.impossible().is_some() || !came_about {
        return Vec::new();
    }
    let table = events(&Reading::of(case, evidence, profile));
    let is_in = |list: &[Event], row: &EventReport| {
        list.iter()
            .any(|event| Some(&event.label) == row.label.as_ref())
    };
    let expect = &case.scenario.expect;
    let is_expected = |row: &EventReport| is_in(&expect.recorded, row);
    let is_forbidden = |row: &EventReport| is_in(&expect.not_recorded, row);
    let arrived = |row: &EventReport| row.ledger.starts_with("recorded ");
    let came_again = |row: &EventReport| arrived(row) && row.ledger.ends_with(" times");
    let any = |is_it: &dyn Fn(&EventReport) -> bool| table.iter().any(is_it);
    let nothing_arrived = any(&is_expected) && !any(&|row| is_expected(row) && arrived(row));
    let shown = |name| match name {
        CaseCheckName::Delivered => any(&|row| is_expected(row) && !arrived(row)),
        CaseCheckName::Once => any(&|row| !is_forbidden(row) && came_again(row)),
        CaseCheckName::NotRecorded => any(&|row| is_forbidden(row) && arrived(row)),
        CaseCheckName::NothingElse => any(&|row| row.label.is_none()),
        other => panic!("the table does not show {other}"),
    };
    let names = [
        CaseCheckName::Delivered,
        CaseCheckName::Once,
        CaseCheckName::NotRecorded,
        CaseCheckName::NothingElse,
    ];
    let mut wrong = Vec::new();
    let mut is_any_broken = false;
    for name in names {
        let finding = finding(name, case, evidence, profile);
        is_any_broken |= finding.is_broken();
        let agrees = match &finding {
            Finding::Broken(_) => shown(name),
            Finding::Holds => !shown(name),
            Finding::NothingToJudge(_) => nothing_arrived,
            Finding::NotTestable(_) | Finding::Seen(_) => false,
        };
        if !agrees {
            wrong.push(format!(
                "{name} is {finding:?}, and the table shows {table:#?}"
            ));
        }
    }
    if is_any_broken != any(&|row| !row.fine) {
        wrong.push(format!("not every failure is marked in {table:#?}"));
    }
    let is_changed = any(&|row| is_expected(row) && !row.changes.is_empty());
    if finding(CaseCheckName::Unchanged, case, evidence, profile).is_seen_broken() != is_changed {
        wrong.push(format!("the changed fields are others than in {table:#?}"));
    }
    wrong
}

fn finding(name: CaseCheckName, case: &Case, evidence: &Evidence, profile: &Profile) -> Finding {
    let check = CaseCheck {
        question: Question::OfCase(name),
        ..case.checks[0].clone()
    };
    let case = Case {
        checks: vec![check],
        ..case.clone()
    };
    let mut judged = judge(&case, evidence, profile).expect("the harness is right");
    judged.remove(0).1
}

/// An event by its number: expected, forbidden, left open, or called by nobody.
fn known(number: usize) -> Event {
    match number {
        0..=2 => event(&format!("N-{number}")),
        3 => order("O-1"),
        4 => event("X"),
        5 => event("OPEN"),
        6 => order("O-OPEN"),
        _ => event("INVENTED"),
    }
}

fn some_of(numbers: std::ops::Range<usize>, most: usize) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(numbers.prop_map(known), 0..most)
}

/// What became of one request on its way.
#[derive(Debug, Clone)]
enum Way {
    Recorded,
    Decided(Decision),
    Changed(&'static str, Value),
    Elsewhere,
}

fn ways() -> impl Strategy<Value = Vec<Way>> {
    let way = prop_oneof![
        6 => Just(Way::Recorded),
        1 => Just(Way::Decided(Decision::Refused(500))),
        1 => Just(Way::Decided(Decision::Dropped)),
        1 => Just(Way::Changed("value", json!("10.5"))),
        1 => Just(Way::Changed("product_id", json!("?"))),
        1 => Just(Way::Changed("currency", Value::Null)),
        1 => Just(Way::Elsewhere),
    ];
    prop::collection::vec(way, 12)
}

fn take_ways(evidence: &mut Evidence, ways: &[Way]) {
    for (request, way) in evidence.requests.iter_mut().zip(ways) {
        match way {
            Way::Recorded => {}
            Way::Decided(decision) => request.decision = *decision,
            Way::Changed(field, value) => {
                let mut body: Value =
                    serde_json::from_str(&request.body).expect("the bench sends JSON");
                body[*field] = value.clone();
                request.body = body.to_string();
            }
            Way::Elsewhere => {
                request.path = "/elsewhere".into();
                request.decision = Decision::Unknown;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn table_never_contradicts_the_verdicts(
        expected in some_of(0..4, 5),
        forbidden in some_of(4..5, 2),
        calls in some_of(0..7, 6),
        sent in some_of(0..8, 12),
        ways in ways(),
        gate in prop::sample::select(vec![Side::Client, Side::Server, Side::None]),
        dedup in prop::sample::select(vec![Side::Client, Side::Server, Side::None]),
    ) {
        let bench = Bench::asking(CaseCheckName::Delivered)
            .expecting(|scenario| {
                scenario.expect.recorded = expected;
                scenario.expect.not_recorded = forbidden;
            })
            .of_a_build(|profile| (profile.policies.gate, profile.policies.dedup) = (gate, dedup))
            .arriving_events(&sent)
            .calling_events(&calls)
            .with(|evidence| take_ways(evidence, &ways));
        prop_assert_eq!(bench.contradictions(), Vec::<String>::new());
    }
}

#[test]
fn rejected_event_is_shown_with_its_reason() {
    let bench = Bench::asking(CaseCheckName::Delivered)
        .of_a_build(|profile| profile.policies.gate = Side::Server);
    let rows = bench.table();
    assert!(
        rows.iter().take(3).all(|row| !row.fine
            && row.ledger
                == "rejected: its fingerprints are in no chat or FAQ request that came before it"),
        "{rows:#?}"
    );
}

#[test]
fn request_past_the_event_endpoints_has_a_row() {
    let rows = Bench::asking(CaseCheckName::NothingElse)
        .with(|evidence| {
            let mut request = evidence.requests[0].clone();
            (request.path, request.decision) = ("/elsewhere".into(), Decision::Unknown);
            evidence.requests.push(request);
        })
        .table();
    assert_eq!(
        (rows[0].label.as_deref(), rows[0].ledger.as_str()),
        (None, "POST /elsewhere carried N-1 past the event endpoints")
    );
}
