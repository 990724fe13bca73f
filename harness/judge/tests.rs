//! Each check on evidence made by hand: it holds where the promise is kept, and says what broke where it is not.

use std::sync::{Arc, LazyLock};

use rstest::rstest;
use serde_json::{Value, json};

use super::{Finding, judge};
use crate::contract::{CheckName, Visitor};
use crate::evidence::{Call, ConsoleMessage, Decision, Dialog, Evidence, Identity, Millis, Request, RequestId, Severity, StepOutcome, StepRecord};
use crate::input::Files;
use crate::scenario::{Case, Patterns, Step, Suite};
use crate::sdk::Profile;

const USER: &str = "2f1c1de0-5b7f-4d6e-9a57-0c5b0f3f6a01";
const FAQ: &str = "7e0e55a4-1d7c-4c39-8a0d-33f3f4b1c902";

/// Reading all fixtures takes longer than judging; every test starts from this one case.
static CASE: LazyLock<Case> = LazyLock::new(|| {
    let suite = Suite::load(&Files::default()).expect("the bundled fixtures can be used");
    suite.plan(&mut Patterns::new(&[])).into_iter().find(|case| case.scenario.matrix.is_none()).expect("there is a case")
});

/// A case of the bundled suite that expects events, asked one question.
struct Bench {
    case: Case,
    profile: Profile,
    evidence: Evidence,
}

impl Bench {
    /// Expects `N-1`, `N-2` and `N-3` to be recorded and `X` not to be, and asks `check`.
    fn asking(check: CheckName) -> Self {
        let mut case = CASE.clone();
        let mut scenario = (*case.scenario).clone();
        scenario.expect.recorded = (1..=3).map(|n| event(&format!("N-{n}"))).collect();
        scenario.expect.not_recorded = vec![event("X")];
        scenario.steps = vec![(3, Step::UntilReady)];
        scenario.expect.page = [("count".to_owned(), json!(2))].into();
        scenario.expect.console = vec!["value".to_owned()];
        case.scenario = Arc::new(scenario);
        case.checks.truncate(1);
        case.checks[0].name = check;
        let mut evidence = Evidence { left_at: Some(Millis(500.0)), ..Evidence::default() };
        evidence.reads.insert("count".into(), json!(2));
        evidence.console.push(said(Severity::Error, "value must be a number"));
        evidence.identities.push(Identity { at: Millis(0.0), visitor: Visitor::First, user_fingerprint: json!(USER), user_faq_fingerprint: json!(FAQ) });
        evidence.steps.push(StepRecord { line: 3, what: "visit".into(), at: Millis(0.0), until: Millis(9.0), outcome: StepOutcome::Done });
        let bench = Self { case, profile: Profile::load("alhena", &Files::default()).expect("the bundled profile can be used"), evidence };
        bench.arriving(&["N-1", "N-2", "N-3"])
    }

    /// Exactly these requests arrive, 10 ms apart, in this order.
    fn arriving(mut self, products: &[&str]) -> Self {
        self.evidence.requests.clear();
        self.evidence.started.clear();
        for (index, product) in products.iter().enumerate() {
            let (id, at) = (RequestId(index as u64), Millis(100.0 + 10.0 * f64::from(u32::try_from(index).expect("few"))));
            self.evidence.started.insert(id, at);
            self.evidence.requests.push(Request {
                id,
                at,
                visitor: Visitor::First,
                method: "POST".into(),
                path: "/analytics/cart_events".into(),
                content_type: Some("application/json".into()),
                body: body(product).to_string(),
                decision: Decision::Recorded,
            });
        }
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Evidence)) -> Self {
        change(&mut self.evidence);
        self
    }

    /// With one field of the first request replaced.
    fn with_field(self, field: &str, value: Value) -> Self {
        self.with(|evidence| {
            let mut body: Value = serde_json::from_str(&evidence.requests[0].body).expect("it is JSON");
            body[field] = value;
            evidence.requests[0].body = body.to_string();
        })
    }

    fn finding(&self) -> Finding {
        judge(&self.case, &self.evidence, &self.profile).remove(0).1
    }

    fn message(&self) -> String {
        match self.finding() {
            Finding::Broken(broken) => broken.message,
            other => panic!("this should be broken: {other:?}"),
        }
    }
}

fn event(product: &str) -> crate::contract::Event {
    let args = json!({"type": "ITEM_ADDED", "productId": product, "productName": format!("Shoe {product}"), "value": 10.5, "currency": "USD", "quantity": 1});
    crate::contract::Event { label: product.to_owned(), method: crate::contract::Method::SendCartEvent, args }
}

fn body(product: &str) -> Value {
    json!({
        "type": "ITEM_ADDED", "product_id": product, "product_name": format!("Shoe {product}"), "value": 10.5, "currency": "USD", "quantity": 1,
        "company_key": "CONFORMANCE-COMPANY-KEY", "user_fingerprint": USER, "user_faq_fingerprint": FAQ,
    })
}

fn said(severity: Severity, text: &str) -> ConsoleMessage {
    ConsoleMessage { at: Millis(1.0), severity, source: "console-api".into(), text: text.into() }
}

#[rstest]
fn every_check_holds_where_the_promise_is_kept(
    #[values(
        CheckName::Ready,
        CheckName::Delivered,
        CheckName::Once,
        CheckName::InOrder,
        CheckName::Immediate,
        CheckName::Unchanged,
        CheckName::Shape,
        CheckName::NotRecorded,
        CheckName::NothingElse,
        CheckName::CompanyKey,
        CheckName::FingerprintsPresent,
        CheckName::FingerprintsAgree,
        CheckName::FingerprintsStable,
        CheckName::FingerprintsDistinct,
        CheckName::Page,
        CheckName::ThrowsNothing,
        CheckName::NoUncaughtError,
        CheckName::NoDialog,
        CheckName::Console
    )]
    check: CheckName,
) {
    assert_eq!(Bench::asking(check).finding(), Finding::Holds);
}

#[test]
fn a_lost_event_is_named() {
    assert_eq!(Bench::asking(CheckName::Delivered).arriving(&["N-1", "N-3"]).message(), "1 of 3 events never reached the backend: N-2");
}

#[test]
fn a_duplicate_is_told_with_the_moment_of_each_request() {
    let message = Bench::asking(CheckName::Once).arriving(&["N-1", "N-2", "N-3", "N-2"]).message();
    assert_eq!(message, "N-2 was recorded 2 times (+110 ms, in or after line 3; +130 ms, in or after line 3)");
}

#[test]
fn one_lost_and_one_duplicated_event_are_not_taken_for_each_other() {
    let bench = |check| Bench::asking(check).arriving(&["N-1", "N-1", "N-3"]);
    assert!(bench(CheckName::Delivered).message().ends_with("N-2"));
    assert!(bench(CheckName::Once).message().starts_with("N-1"));
}

#[test]
fn order_is_told_by_when_the_page_sent_and_not_by_when_requests_arrived() {
    let raced = |evidence: &mut Evidence| {
        evidence.started.insert(RequestId(0), Millis(3.0));
        evidence.started.insert(RequestId(1), Millis(2.0));
        evidence.started.insert(RequestId(2), Millis(1.0));
    };
    assert_eq!(Bench::asking(CheckName::InOrder).arriving(&["N-3", "N-2", "N-1"]).with(raced).finding(), Finding::Holds);
    assert_eq!(Bench::asking(CheckName::InOrder).with(raced).message(), "N-2 was sent before N-1, which was called first");
}

#[test]
fn arrival_alone_does_not_tell_the_order_of_requests_that_may_have_raced() {
    let unknown = |evidence: &mut Evidence| evidence.started.clear();
    assert_eq!(Bench::asking(CheckName::InOrder).arriving(&["N-2", "N-1", "N-3"]).with(unknown).finding(), Finding::Holds);
    let far_apart = |evidence: &mut Evidence| {
        evidence.started.clear();
        evidence.requests[1].at = Millis(800.0);
    };
    assert!(Bench::asking(CheckName::InOrder).arriving(&["N-2", "N-1", "N-3"]).with(far_apart).message().starts_with("N-2 was sent before N-1"));
}

#[test]
fn an_event_held_back_until_the_page_is_left_is_not_immediate() {
    let late = |evidence: &mut Evidence| evidence.requests[2].at = Millis(501.0);
    assert!(Bench::asking(CheckName::Immediate).with(late).message().starts_with("N-3 had not been sent when the page was left"));
}

#[rstest]
#[case("value", json!("10.5"), "value of N-1 arrived changed")]
#[case("value", json!(11), "value of N-1 arrived changed")]
#[case("product_name", json!("Sh"), "productName of N-1 arrived changed")]
fn a_changed_field_is_named_and_is_neither_lost_nor_unexpected(#[case] field: &str, #[case] value: Value, #[case] message: &str) {
    assert_eq!(Bench::asking(CheckName::Unchanged).with_field(field, value.clone()).message(), message);
    for check in [CheckName::Delivered, CheckName::Once, CheckName::NothingElse] {
        assert_eq!(Bench::asking(check).with_field(field, value.clone()).finding(), Finding::Holds);
    }
}

#[rstest]
#[case("value", json!("10.5"), "value is a string, not a number")]
#[case("quantity", json!(null), "quantity is null, not a number")]
fn a_field_of_another_type_is_malformed(#[case] field: &str, #[case] value: Value, #[case] message: &str) {
    assert!(Bench::asking(CheckName::Shape).with_field(field, value).message().contains(message));
}

#[test]
fn a_request_that_is_not_json_is_malformed() {
    let text = |evidence: &mut Evidence| evidence.requests[0].content_type = Some("text/plain".into());
    assert!(Bench::asking(CheckName::Shape).with(text).message().contains("the content type is text/plain"));
}

#[test]
fn a_forbidden_event_is_told_from_one_that_nobody_called() {
    let bench = |check| Bench::asking(check).arriving(&["N-1", "N-2", "N-3", "X"]);
    assert!(bench(CheckName::NotRecorded).message().starts_with("X was recorded"));
    assert_eq!(bench(CheckName::NothingElse).finding(), Finding::Holds);
    let invented = Bench::asking(CheckName::NothingElse).with_field("product_id", json!("?")).with_field("product_name", json!("?"));
    let invented = invented.with_field("value", json!(1)).with_field("quantity", json!(9));
    assert!(invented.message().contains("no call explains it"));
}

#[test]
fn what_was_answered_500_is_not_recorded() {
    let refused = |evidence: &mut Evidence| evidence.requests[0].decision = Decision::Refused(500);
    assert!(Bench::asking(CheckName::Delivered).with(refused).message().ends_with("N-1"));
}

#[rstest]
#[case(CheckName::CompanyKey, "company_key", json!("OTHER"), "does not carry the shop's company key")]
#[case(CheckName::FingerprintsPresent, "user_fingerprint", json!(null), "carries no user_fingerprint")]
#[case(CheckName::FingerprintsPresent, "user_faq_fingerprint", json!("abc"), "not a UUID")]
#[case(CheckName::FingerprintsAgree, "user_fingerprint", json!(FAQ), "other fingerprints than the getters return")]
#[case(CheckName::FingerprintsStable, "user_fingerprint", json!("0e9e2e0c-93c5-4dbb-9a55-64a40fc52f8d"), "2 different pairs")]
#[case(CheckName::FingerprintsDistinct, "user_fingerprint", json!(FAQ), "one value as both fingerprints")]
fn a_wrong_automatic_field_is_named(#[case] check: CheckName, #[case] field: &str, #[case] value: Value, #[case] message: &str) {
    let said = Bench::asking(check).with_field(field, value).message();
    assert!(said.contains(message), "{said}");
}

#[test]
fn two_visitors_with_one_fingerprint_are_found() {
    let shared = |evidence: &mut Evidence| evidence.requests[2].visitor = Visitor::Second;
    assert_eq!(Bench::asking(CheckName::FingerprintsDiffer).with(shared).message(), "two visitors share a fingerprint");
}

#[test]
fn without_any_event_nothing_is_proved_about_its_fields() {
    for check in [CheckName::Unchanged, CheckName::Shape, CheckName::CompanyKey, CheckName::FingerprintsPresent, CheckName::FingerprintsDistinct] {
        assert!(Bench::asking(check).arriving(&[]).finding().is_broken(), "{check}");
    }
}

#[test]
fn without_any_event_no_silence_is_proved_either() {
    for check in [CheckName::Once, CheckName::InOrder, CheckName::NotRecorded, CheckName::NothingElse] {
        assert!(Bench::asking(check).arriving(&[]).message().contains("nothing is proved"), "{check}");
    }
    assert!(Bench::asking(CheckName::InOrder).arriving(&["N-2"]).message().contains("nothing is proved about their order"));
}

#[test]
fn an_event_whose_fate_is_left_open_must_not_come_twice() {
    let called = |evidence: &mut Evidence| evidence.calls.push(Call { at: Millis(1.0), event: event("OPEN"), threw: None });
    let bench = |products: &[&str]| Bench::asking(CheckName::Once).arriving(products).with(called);
    assert_eq!(bench(&["N-1", "N-2", "N-3", "OPEN"]).finding(), Finding::Holds);
    assert!(bench(&["N-1", "N-2", "N-3", "OPEN", "OPEN"]).message().starts_with("OPEN was recorded 2 times"));
}

#[test]
fn an_event_sent_past_the_event_endpoints_is_found() {
    let smuggle = |evidence: &mut Evidence| {
        let mut request = evidence.requests[0].clone();
        request.path = "/analytics/track".into();
        request.decision = Decision::Unknown;
        request.body = request.body.replace("N-1", "N-3");
        evidence.requests.push(request);
    };
    let message = Bench::asking(CheckName::NothingElse).with(smuggle).message();
    assert!(message.starts_with("POST /analytics/track carried N-3 past the event endpoints"), "{message}");
}

#[test]
fn an_event_sent_long_after_its_call_is_not_immediate() {
    let slow = |evidence: &mut Evidence| {
        evidence.calls.push(Call { at: Millis(10.0), event: event("N-2"), threw: None });
        evidence.left_at = Some(Millis(9000.0));
        evidence.requests[1].at = Millis(2600.0);
        evidence.started.insert(RequestId(1), Millis(2500.0));
    };
    assert_eq!(Bench::asking(CheckName::Immediate).with(slow).message(), "N-2 was sent 2490 ms after it was called");
}

#[test]
fn what_the_page_shows_is_compared_as_json() {
    let text = |evidence: &mut Evidence| drop(evidence.reads.insert("count".into(), json!("2")));
    assert!(Bench::asking(CheckName::Page).with(text).message().contains("`count`"));
}

#[test]
fn noise_on_the_page_is_told() {
    let call = Call { at: Millis(1.0), event: event("N-1"), threw: Some("TypeError: no".into()) };
    assert!(Bench::asking(CheckName::ThrowsNothing).with(|evidence| evidence.calls.push(call)).message().contains("TypeError: no"));
    let uncaught = |evidence: &mut Evidence| evidence.console.push(said(Severity::Uncaught, "Uncaught Error: boom"));
    assert!(Bench::asking(CheckName::NoUncaughtError).with(uncaught).message().contains("boom"));
    let dialog = |evidence: &mut Evidence| evidence.dialogs.push(Dialog { at: Millis(1.0), text: "hello".into() });
    assert!(Bench::asking(CheckName::NoDialog).with(dialog).message().contains("hello"));
    assert!(Bench::asking(CheckName::Console).with(|evidence| evidence.console.clear()).message().contains("\"value\""));
}

#[test]
fn an_sdk_that_does_not_become_ready_is_told_with_what_the_console_said() {
    let not_ready = |evidence: &mut Evidence| {
        evidence.steps[0].outcome = StepOutcome::GaveUp("gleenWidget is not defined".into());
        evidence.console.push(said(Severity::Uncaught, "SyntaxError: unexpected token"));
    };
    let message = Bench::asking(CheckName::Ready).with(not_ready).message();
    assert!(message.contains("did not become ready") && message.contains("SyntaxError"), "{message}");
}

#[test]
fn a_step_that_no_shopper_could_do_breaks_every_check_of_its_case() {
    let impossible = |evidence: &mut Evidence| evidence.steps[0].outcome = StepOutcome::Impossible("the launcher is not there".into());
    for check in [CheckName::StepsDone, CheckName::NotRecorded] {
        assert_eq!(Bench::asking(check).with(impossible).message(), "the step at line 3 could not be done: the launcher is not there");
    }
}
