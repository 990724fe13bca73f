//! Whole runs of builds that are made up: each sends what a function says.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use rstest::rstest;
use serde_json::{Value, json};

use super::circumstance::{CallSite, call_sites};
use super::population::features_of;
use super::{CauseId, Diagnosis, diagnose};
use crate::contract::{CaseCheckName, Event, Method, Question, RowCheckName};
use crate::evidence::{
    Call, CaseRecord, ConsoleMessage, Decision, Ended, Evidence, Millis, Request, RequestId,
    Severity, StepOutcome, StepRecord,
};
use crate::input::Files;
use crate::judge::{Broken, Defect, Finding, judge, on_the_wire};
use crate::plan::{Case, Patterns};
use crate::reading::Fault;
use crate::scenario::Suite;
use crate::sdk::Profile;
use crate::verdict::{CaseOutcome, Seen, Status, Tally};

static SUITE: LazyLock<Suite> =
    LazyLock::new(|| Suite::load(&Files::default()).expect("the bundled fixtures can be used"));

static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    Profile::load("alhena", &Files::default()).expect("the bundled profile can be used")
});

/// An event of a case, as a made-up build gets it.
struct Called<'c> {
    case: &'c Case,
    event: &'c Event,
    /// What is special about its call, in the words of the rules.
    words: Vec<String>,
    must_be_recorded: bool,
}

impl Called<'_> {
    fn is(&self, words: &str) -> bool {
        self.words.iter().any(|own| own == words)
    }

    /// As a sound build sends it.
    fn sound(&self) -> Vec<Value> {
        if self.must_be_recorded {
            vec![on_the_wire(self.event)]
        } else {
            Vec::new()
        }
    }
}

/// What a build sends for an event; more than one: it sends it several times.
type Build<'b> = &'b dyn Fn(&Called<'_>) -> Vec<Value>;

/// The checks that requests alone answer.
const ASKED: [CaseCheckName; 6] = [
    CaseCheckName::Ready,
    CaseCheckName::Delivered,
    CaseCheckName::Once,
    CaseCheckName::Unchanged,
    CaseCheckName::Shape,
    CaseCheckName::NotRecorded,
];

fn diagnosis(build: Build<'_>) -> Diagnosis {
    diagnosis_with(build, &|_, _| {})
}

/// The diagnosis of a whole run; `more` changes the evidence of each case.
fn diagnosis_with(build: Build<'_>, more: &dyn Fn(&Case, &mut Evidence)) -> Diagnosis {
    diagnosis_of(&ASKED, build, more)
}

/// The diagnosis of a whole run in which only this is asked.
fn diagnosis_of(
    asked: &[CaseCheckName],
    build: Build<'_>,
    more: &dyn Fn(&Case, &mut Evidence),
) -> Diagnosis {
    diagnose(&outcomes_of(asked, build, more), &PROFILE, &SUITE.register)
}

fn outcomes_of(
    asked: &[CaseCheckName],
    build: Build<'_>,
    more: &dyn Fn(&Case, &mut Evidence),
) -> Vec<CaseOutcome> {
    let mut cases = SUITE.plan(&mut Patterns::new(&[]));
    cases.retain(|case| case.scenario.matrix.is_none());
    for case in &mut cases {
        let is_asked = |question| matches!(question, Question::OfCase(own) if asked.contains(&own));
        case.checks.retain(|check| is_asked(check.question));
    }
    cases
        .into_iter()
        .filter(|case| !case.checks.is_empty())
        .map(|case| outcome(case, build, more))
        .collect()
}

fn outcome(case: Case, build: Build<'_>, more: &dyn Fn(&Case, &mut Evidence)) -> CaseOutcome {
    let mut evidence = evidence(&case, build);
    more(&case, &mut evidence);
    let case = Arc::new(case);
    let judged = judge(&case, &evidence, &PROFILE).expect("the harness is right");
    let seen = judged.into_iter().map(|(check, finding)| Seen {
        check: check.clone(),
        status: if finding.is_broken() {
            Status::Fail
        } else {
            Status::Pass
        },
        tally: Tally::default(),
        known: None,
        finding: Some(finding),
        note: None,
    });
    let seen = seen.collect();
    CaseOutcome {
        seen,
        record: CaseRecord::of(Ended::Whole, evidence, true),
        ..CaseOutcome::untested(&case, "")
    }
}

fn evidence(case: &Case, build: Build<'_>) -> Evidence {
    let sites = call_sites(case);
    let words = |event: &Event| {
        let features = features_of(Fault::Lost, case, &sites, event);
        features.into_iter().map(|own| own.words).collect()
    };
    let expect = &case.scenario.expect;
    let recorded = expect.recorded.iter().map(|event| (event, true));
    let forbidden = expect.not_recorded.iter().map(|event| (event, false));
    let sent = recorded
        .chain(forbidden)
        .flat_map(|(event, must_be_recorded)| {
            let words = words(event);
            let bodies = build(&Called {
                case,
                event,
                words,
                must_be_recorded,
            });
            bodies.into_iter().map(|body| (event.method, body))
        });
    let request = |(n, (method, body)): (u32, (Method, Value))| Request {
        id: RequestId(n.into()),
        at: Millis(100.0 + f64::from(n)),
        visitor: crate::contract::Visitor::First,
        method: "POST".into(),
        path: PROFILE.wire.event(method).path.clone(),
        content_type: Some("application/json".into()),
        body: body.to_string(),
        decision: Decision::Recorded,
    };
    let step = |(line, _): &(usize, _)| StepRecord {
        line: *line,
        what: String::new(),
        at: Millis(0.0),
        until: Millis(1.0),
        outcome: StepOutcome::Done,
    };
    let call = |event: &&Event| Call {
        at: Millis(1.0),
        event: (*event).clone(),
        threw: None,
        threw_at: None,
    };
    let listed =
        |event: &&Event| expect.recorded.contains(event) || expect.not_recorded.contains(event);
    let calls = sites.iter().map(|site| site.event).filter(listed);
    Evidence {
        case: case.id.clone(),
        steps: case.scenario.steps.iter().map(step).collect(),
        calls: calls.collect::<Vec<_>>().iter().map(call).collect(),
        requests: (0..).zip(sent).map(request).collect(),
        left_at: Some(Millis(10_000.0)),
        ..Evidence::default()
    }
}

fn said(severity: Severity, text: &str) -> ConsoleMessage {
    ConsoleMessage {
        at: Millis(1.0),
        severity,
        source: "console-api".into(),
        position: None,
        text: text.to_owned(),
    }
}

/// The sentences of the causes, with what they break.
fn blamed(diagnosis: &Diagnosis) -> Vec<(&str, Vec<&str>)> {
    let causes = diagnosis.causes.iter();
    causes
        .map(|cause| {
            let breaks = cause.breaks.iter().map(|id| id.0.as_str());
            (cause.sentence.as_str(), breaks.collect())
        })
        .collect()
}

#[test]
fn sound_build_has_no_cause() {
    let diagnosis = diagnosis(&|called| called.sound());
    assert_eq!(blamed(&diagnosis), []);
}

#[test]
fn renamed_field_breaks_only_its_own_requirement() {
    let diagnosis = diagnosis(&|called| {
        let mut bodies = called.sound();
        for body in bodies
            .iter_mut()
            .filter(|_| called.event.method == Method::SendCartEvent)
        {
            let fields = body.as_object_mut().expect("it is an object");
            let name = fields.shift_remove("product_name").unwrap_or_default();
            fields.insert("product_title".into(), name);
        }
        bodies
    });
    assert_eq!(
        blamed(&diagnosis),
        [(
            "`product_name` is missing from every sendCartEvent; `product_title` is new",
            vec!["CART-PRODUCT", "CART-WIRE"]
        )]
    );
    // What arrived as it was called holds: nothing is hidden.
    assert_eq!(diagnosis.causes[0].hides, []);
    let hidden = diagnosis
        .blame
        .values()
        .filter(|blame| !blame.hides.is_empty());
    assert_eq!(hidden.count(), 0);
}

#[test]
fn retyped_field_of_both_methods_is_one_cause() {
    let diagnosis = diagnosis(&|called| {
        let mut bodies = called.sound();
        for body in &mut bodies {
            body["value"] = json!(body["value"].to_string());
        }
        bodies
    });
    assert_eq!(
        blamed(&diagnosis),
        [(
            "`value` arrives as a string in every sendCartEvent and every sendCheckoutEvent",
            vec!["CART-VALUE", "CART-WIRE", "CHECKOUT-VALUE", "CHECKOUT-WIRE"]
        )]
    );
}

#[test]
fn lost_first_queue_entry_breaks_the_flush() {
    let diagnosis = diagnosis(&|called| {
        if called.is("first in the queue") {
            Vec::new()
        } else {
            called.sound()
        }
    });
    assert_eq!(
        blamed(&diagnosis),
        [(
            "every event first in the queue is lost",
            vec!["QUEUE-FLUSH"]
        )]
    );
}

#[test]
fn lost_events_of_chat_users_break_the_gate_for_chat() {
    let diagnosis = diagnosis(&|called| {
        if called.is("of a visitor who used the chat") {
            Vec::new()
        } else {
            called.sound()
        }
    });
    assert_eq!(
        blamed(&diagnosis),
        [(
            "every event of a visitor who used the chat is lost",
            vec!["GATE-CHAT"]
        )]
    );
}

#[test]
fn muted_cart_events_break_cart_recorded() {
    let diagnosis = diagnosis(&|called| match called.event.method {
        Method::SendCartEvent => Vec::new(),
        Method::SendCheckoutEvent => called.sound(),
    });
    assert_eq!(
        blamed(&diagnosis),
        [("every sendCartEvent is lost", vec!["CART-RECORDED"])]
    );
}

#[test]
fn events_lost_at_the_exit_break_the_exits() {
    let diagnosis = diagnosis(&|called| {
        if called.is("called as the page is left") {
            Vec::new()
        } else {
            called.sound()
        }
    });
    assert_eq!(
        blamed(&diagnosis),
        // Where a click of the shop's own leaves the page, nothing is lost here.
        [(
            "every event called as the page is left is lost",
            vec!["EXIT-RELOAD", "EXIT-CLOSE"]
        )]
    );
}

#[test]
fn open_gate_is_one_cause() {
    let diagnosis = diagnosis(&|called| {
        if called.is("of a visitor who used neither chat nor FAQs") {
            vec![on_the_wire(called.event)]
        } else {
            called.sound()
        }
    });
    assert_eq!(
        blamed(&diagnosis),
        [(
            "every event of a visitor who used neither chat nor FAQs is recorded, and must not be",
            vec!["GATE-NONE"]
        )]
    );
}

#[test]
fn exception_explains_what_is_lost_with_it() {
    let is_hit = |case: &Case| case.axes.load != crate::scenario::Load::Blocking;
    let diagnosis = diagnosis_with(
        &|called| {
            if is_hit(called.case) {
                Vec::new()
            } else {
                called.sound()
            }
        },
        &|case, evidence| {
            if is_hit(case) {
                let text = "TypeError: x is null";
                evidence.console.push(said(Severity::Uncaught, text));
            }
        },
    );
    let sentences: Vec<&str> = blamed(&diagnosis).iter().map(|own| own.0).collect();
    assert_eq!(sentences, ["nobody caught: TypeError: x is null"]);
}

#[test]
fn flawed_calls_that_throw_are_one_cause_whatever_they_say() {
    let diagnosis = diagnosis_of(
        &[CaseCheckName::ThrowsNothing],
        &|called| called.sound(),
        &|case, evidence| {
            let Some(word) = case.scenario.expect.console.first() else {
                return;
            };
            let mut events = case.scenario.expect.not_recorded.iter();
            evidence.calls.extend(events.next().map(|event| Call {
                at: Millis(1.0),
                event: event.clone(),
                threw: Some(format!("TypeError: {word:?} is wrong")),
                threw_at: None,
            }));
        },
    );
    let sentences: Vec<&str> = blamed(&diagnosis).iter().map(|own| own.0).collect();
    let [sentence] = sentences[..] else {
        panic!("{sentences:#?}");
    };
    let throws = "a call with a flaw throws into the page: TypeError: ";
    assert!(sentence.starts_with(throws), "{sentence}");
}

#[test]
fn message_of_a_case_that_holds_explains_nothing() {
    let diagnosis = diagnosis_with(
        &|called| {
            if called.is("called as the page is left") {
                Vec::new()
            } else {
                called.sound()
            }
        },
        &|_, evidence| {
            let said = said(Severity::Error, "an old key is used");
            evidence.console.push(said);
        },
    );
    assert_eq!(
        blamed(&diagnosis)[0].0,
        "every event called as the page is left is lost"
    );
}

#[rstest]
#[case::a_type("of type ITEM_REMOVED", "CART-TYPES")]
#[case::a_later_page("called on a page after the one of the interaction", "GATE-SESSION")]
#[case::a_second_order("with a new orderId after another order", "DEDUP-DIFFERENT-IDS")]
#[case::an_order_without_id("without orderId", "CHECKOUT-ORDER-ID-OPTIONAL")]
#[case::an_order_with_items("with lineItems", "CHECKOUT-ITEMS")]
#[case::after_a_flaw(
    "called after an event whose data is not valid",
    "VALIDATION-NEXT-GOES"
)]
fn loss_in_a_circumstance_breaks_what_is_about_it(#[case] words: &str, #[case] broken: &str) {
    let diagnosis = diagnosis(&|called| {
        if called.is(words) {
            Vec::new()
        } else {
            called.sound()
        }
    });
    let blamed = blamed(&diagnosis);
    let (sentence, breaks) = &blamed[0];
    assert!(sentence.contains(words), "{blamed:?}");
    assert!(breaks.contains(&broken), "{blamed:?}");
}

#[test]
fn circumstances_of_requirements_occur() {
    let mut plan = SUITE.plan(&mut Patterns::new(&[]));
    plan.retain(|case| case.scenario.matrix.is_none());
    let sites: Vec<CallSite<'_>> = plan.iter().flat_map(call_sites).collect();
    let features = sites.iter().flat_map(|site| &site.features);
    let known: BTreeSet<&str> = features.map(|own| own.words.as_str()).collect();
    for requirement in SUITE.register.iter() {
        for words in &requirement.when {
            let id = &requirement.id;
            assert!(known.contains(words.as_str()), "`when` of {id}: {words}");
        }
    }
}

#[test]
fn complaint_of_a_flawed_call_explains_no_loss_that_has_a_wider_reason() {
    let is_flawed = |case: &Case| case.id.starts_with("queue/entries-");
    let diagnosis = diagnosis_with(
        &|called| match called.event.method {
            Method::SendCartEvent => called.sound(),
            Method::SendCheckoutEvent => Vec::new(),
        },
        &|case, evidence| {
            if is_flawed(case) {
                let text = format!("dropped the entry of {}", case.id);
                evidence.console.push(said(Severity::Error, &text));
            }
        },
    );
    assert_eq!(
        blamed(&diagnosis),
        [("every sendCheckoutEvent is lost", vec!["CHECKOUT-RECORDED"])]
    );
}

#[test]
fn failure_by_chance_under_a_condition_is_blamed_on_the_circumstance() {
    let leaving = "called as the page is left by navigation";
    let escapes = |case: &Case| case.axes.condition.is_some() && special(case).is_none();
    let diagnosis = diagnosis(&|called| {
        if called.is(leaving) && called.must_be_recorded && !escapes(called.case) {
            [called.sound(), called.sound()].concat()
        } else {
            called.sound()
        }
    });
    let blamed = blamed(&diagnosis);
    assert!(blamed[0].0.contains(leaving), "{blamed:?}");
    assert!(
        blamed
            .iter()
            .all(|(sentence, _)| !sentence.contains("on an ordinary")),
        "{blamed:?}"
    );
}

#[test]
fn what_is_said_of_an_order_reported_again_explains_no_loss_of_another() {
    let later = "with a new orderId after another order";
    let diagnosis = diagnosis_with(
        &|called| {
            if called.is(later) {
                Vec::new()
            } else {
                called.sound()
            }
        },
        &|case, evidence| {
            if case.id.starts_with("dedup/") {
                let again = evidence.calls.clone();
                evidence.calls.extend(again);
                let text = format!("an order was sent before: {}", case.id);
                evidence.console.push(said(Severity::Warning, &text));
            }
        },
    );
    let sentence = format!("every event {later} is lost");
    let expected = [(sentence.as_str(), vec!["DEDUP-DIFFERENT-IDS"])];
    assert_eq!(blamed(&diagnosis), expected);
}

/// What fails in `case` is a known failure.
fn make_known(outcomes: &mut [CaseOutcome], case: &str) {
    for outcome in outcomes.iter_mut().filter(|own| own.case.id == case) {
        let failing = outcome.seen.iter_mut();
        failing
            .filter(|seen| seen.status == Status::Fail)
            .for_each(|seen| seen.status = Status::KnownFailure);
    }
}

#[test]
fn new_failure_has_no_cause_in_common_with_a_known_one_that_looks_the_same() {
    let (known, new) = ("cart/item-added", "cart/item-removed");
    let mut outcomes = outcomes_of(&ASKED, &|called| called.sound(), &|case, evidence| {
        if [known, new].contains(&case.id.as_str()) {
            evidence.requests.clear();
        }
    });
    make_known(&mut outcomes, known);
    let diagnosis = diagnose(&outcomes, &PROFILE, &SUITE.register);
    let causes = diagnosis.causes.iter();
    let causes = causes.map(|own| (own.status, own.cases.iter().map(AsRef::as_ref).collect()));
    let causes: Vec<(_, Vec<_>)> = causes.collect();
    let expected = [
        (Status::Fail, vec![new]),
        (Status::KnownFailure, vec![known]),
    ];
    assert_eq!(causes, expected);
    let ids: BTreeSet<_> = diagnosis.causes.iter().map(|own| &own.id).collect();
    assert_eq!(ids.len(), 2, "each has an id of its own");
    let defects: BTreeSet<_> = ids.into_iter().map(CauseId::defect).collect();
    assert_eq!(defects.len(), 1, "which names the same defect");
}

#[test]
fn what_only_follows_from_a_known_failure_has_its_cause() {
    let lost = "cart/item-added";
    let mut outcomes = outcomes_of(&ASKED, &|called| called.sound(), &|case, evidence| {
        if case.id == lost {
            evidence.requests.clear();
        }
    });
    make_known(&mut outcomes, lost);
    let own = outcomes.iter_mut().filter(|own| own.case.id == lost);
    for seen in own.flat_map(|own| &mut own.seen) {
        if matches!(seen.finding, Some(Finding::NothingToJudge(_))) {
            seen.status = Status::Fail;
        }
    }
    let diagnosis = diagnose(&outcomes, &PROFILE, &SUITE.register);
    assert_eq!(blamed(&diagnosis).len(), 1, "{:#?}", blamed(&diagnosis));
    assert!(
        diagnosis.causes[0].checks.len() > 1,
        "what follows belongs to it"
    );
}

#[test]
fn new_row_of_a_matrix_shares_no_circumstance_with_known_rows() {
    let mut plan = SUITE.plan(&mut Patterns::new(&[])).into_iter();
    let case = plan.find(|case| case.scenario.matrix.is_some());
    let case = Arc::new(case.expect("the suite has a matrix"));
    let matrix = case.scenario.matrix.as_ref().expect("it has one");
    let rows = || matrix.rows.iter().enumerate();
    let known = &matrix.rows[0].location;
    let (new, new_row) = rows()
        .find(|(_, row)| row.location != *known)
        .expect("rows are about several fields");
    let seen = case.checks.iter().filter_map(|check| {
        let Question::OfRow(RowCheckName::NotSent, row) = check.question else {
            return None;
        };
        let status = if matrix.rows[row].location == *known {
            Status::KnownFailure
        } else if row == new {
            Status::Fail
        } else {
            Status::Pass
        };
        let sent = || {
            Finding::Broken(Broken {
                message: "it was sent".to_owned(),
                expected: None,
                actual: None,
                defects: vec![Defect::Row],
            })
        };
        let is_sent = status != Status::Pass;
        Some(Seen {
            check: check.clone(),
            status,
            tally: Tally::default(),
            known: None,
            finding: Some(if is_sent { sent() } else { Finding::Holds }),
            note: None,
        })
    });
    let outcome = CaseOutcome {
        seen: seen.collect(),
        ..CaseOutcome::untested(&case, "")
    };
    let diagnosis = diagnose(&[outcome], &PROFILE, &SUITE.register);
    let mut found = diagnosis.causes.iter();
    let found = found.find(|own| own.status == Status::Fail);
    let found = found.expect("the new row has a cause");
    assert_eq!(found.checks.len(), 1);
    assert!(
        !found.id.0.contains(&format!("in `{known}`")),
        "{}, of the row {}",
        found.id.0,
        new_row.id
    );
}

#[test]
fn what_is_said_where_a_known_failure_fails_explains_no_other_failure() {
    let (known, other) = ("cart/item-added", "gate/no-interaction@call=queue");
    let text = "not sent, the visitor has not used the chat";
    let mut outcomes = outcomes_of(&ASKED, &|called| called.sound(), &|case, evidence| {
        if [known, other].contains(&case.id.as_str()) {
            evidence.console.push(said(Severity::Warning, text));
        }
        if case.id == known {
            evidence.requests.clear();
        } else if case.id == other {
            evidence.steps.push(StepRecord {
                line: 1,
                what: "the visit".to_owned(),
                at: Millis(0.0),
                until: Millis(1.0),
                outcome: StepOutcome::Impossible("it did not come".to_owned()),
            });
        }
    });
    make_known(&mut outcomes, known);
    let diagnosis = diagnose(&outcomes, &PROFILE, &SUITE.register);
    let sentences: Vec<&str> = blamed(&diagnosis).iter().map(|(said, _)| *said).collect();
    let step = sentences
        .iter()
        .find(|said| said.contains("it did not come"));
    assert!(
        step.is_some_and(|said| !said.contains(text)),
        "{sentences:#?}"
    );
}

#[test]
fn loss_is_one_cause_where_the_console_names_it_in_most_cases() {
    let diagnosis = diagnosis_with(
        &|called| match called.event.method {
            Method::SendCartEvent => called.sound(),
            Method::SendCheckoutEvent => Vec::new(),
        },
        &|case, evidence| {
            let delivered = Question::OfCase(CaseCheckName::Delivered);
            let is_asked = case.checks.iter().any(|own| own.question == delivered);
            let mut expected = case.scenario.expect.recorded.iter();
            if is_asked && expected.any(|event| event.method == Method::SendCheckoutEvent) {
                let text = "POST /v2/orders 404 (Not Found)";
                evidence.console.push(said(Severity::Error, text));
            }
        },
    );
    assert_eq!(
        blamed(&diagnosis),
        [(
            "every sendCheckoutEvent is lost: the console says POST /v2/orders 404 (Not Found)",
            vec!["CHECKOUT-RECORDED"]
        )]
    );
}

#[test]
fn validation_that_is_off_is_named() {
    let diagnosis = diagnosis(&|called| {
        if called.must_be_recorded || called.is("whose data is not valid") {
            vec![on_the_wire(called.event)]
        } else {
            Vec::new()
        }
    });
    assert_eq!(
        blamed(&diagnosis)[0].0,
        "every event whose data is not valid is recorded, and must not be"
    );
}

/// The condition of a case, unless it is the ordinary page.
fn special(case: &Case) -> Option<&str> {
    let condition = case.axes.condition.as_ref()?;
    (!condition.is_ordinary()).then_some(condition.id.as_str())
}

#[test]
fn what_fails_under_one_condition_alone_is_blamed_on_it() {
    let build = |called: &Called<'_>| match special(called.case) {
        Some("amd-loader") => Vec::new(),
        Some(_) | None => called.sound(),
    };
    assert_eq!(
        blamed(&diagnosis(&build)),
        [(
            "on a page with an AMD loader, and not on an ordinary one: 6 of 6 events never \
             reached the backend: cart/trail-runner-added, checkout/order-1, \
             cart/trail-runner-increased and 3 more",
            vec!["PAGE-AMD-LOADER"]
        )]
    );
}

#[test]
fn what_fails_on_the_ordinary_page_too_is_blamed_on_no_condition() {
    let build = |called: &Called<'_>| match called.event.method {
        Method::SendCheckoutEvent => Vec::new(),
        Method::SendCartEvent => called.sound(),
    };
    assert_eq!(
        blamed(&diagnosis(&build)),
        [("every sendCheckoutEvent is lost", vec!["CHECKOUT-RECORDED"])]
    );
}

/// A build that sends what is right, and writes nothing to the console; its silence is asked for.
fn silent(build: Build<'_>) -> Diagnosis {
    diagnosis_of(
        &[CaseCheckName::Delivered, CaseCheckName::Console],
        build,
        &|_, _| {},
    )
}

#[test]
fn silence_about_several_fields_is_one_cause() {
    let found = silent(&|called: &Called<'_>| called.sound());
    let own: Vec<_> = found
        .causes
        .iter()
        .map(|own| own.sentence.as_str())
        .collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(own[0].starts_with("no console message contains ") && own[0].ends_with(", …"));
}

#[test]
fn who_loses_all_of_the_queue_is_blamed_for_the_loss_alone() {
    let found = silent(&|called: &Called<'_>| {
        if called.is("called before the SDK is ready") {
            Vec::new()
        } else {
            called.sound()
        }
    });
    let lost = found.causes.iter().find(|own| own.id.0.contains("lost"));
    let in_queue = |id: &str| id.contains("invalid-orders-in-the-queue#console");
    assert!(lost.is_some_and(|own| own.checks.iter().any(|own| in_queue(&own.0))));
}
