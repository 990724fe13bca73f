//! A case made by hand, in which every promise is kept until a test breaks one.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value, json};

use crate::contract::{CaseCheckName, Event, Method, Question, RowCheckName, Visitor};
use crate::evidence::{
    Call, ConsoleMessage, Decision, Evidence, Identity, Millis, Request, RequestId, RowRecord,
    Severity, StepOutcome, StepRecord,
};
use crate::input::Files;
use crate::judge::{Broken, Finding, HarnessBug, judge};
use crate::plan::{Case, Patterns};
use crate::reading::Reading;
use crate::report::{EventReport, contradictions, events};
use crate::scenario::{Scenario, Step, Suite};
use crate::sdk::Profile;
use crate::sdk::profile::Pointer;

pub const USER: &str = "2f1c1de0-5b7f-4d6e-9a57-0c5b0f3f6a01";
pub const FAQ: &str = "7e0e55a4-1d7c-4c39-8a0d-33f3f4b1c902";

/// Reading all fixtures takes longer than judging; every test starts from these cases.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    Suite::load(&Files::default())
        .expect("the bundled fixtures can be used")
        .plan(&mut Patterns::new(&[]))
});

static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    Profile::load("alhena", &Files::default()).expect("the bundled profile can be used")
});

/// A case of the bundled suite with its evidence, asked one question.
pub struct Bench {
    pub case: Case,
    evidence: Evidence,
    profile: Profile,
}

impl Bench {
    /// Expects `N-1`, `N-2` and `N-3` to be recorded and `X` not to be, and asks `check`.
    pub fn asking(check: CaseCheckName) -> Self {
        let mut case = CASES
            .iter()
            .find(|case| case.scenario.matrix.is_none())
            .expect("there is a case")
            .clone();
        case.checks.truncate(1);
        case.checks[0].question = Question::OfCase(check);
        let bench = Self {
            case,
            evidence: evidence(),
            profile: PROFILE.clone(),
        }
        .expecting(|scenario| {
            scenario.expect.recorded = (1..=3).map(|n| event(&format!("N-{n}"))).collect();
            scenario.expect.not_recorded = vec![event("X")];
            scenario.steps = vec![(3, Step::UntilReady)];
            scenario.expect.page = [("count".to_owned(), json!(2))].into();
            scenario.expect.console = vec!["value".to_owned()];
        });
        bench.arriving(&["N-1", "N-2", "N-3"])
    }

    /// Asks `check` of one row of the validation matrix of `method`, which was called and refused.
    pub fn asking_of_row(method: Method, row: &str, check: RowCheckName) -> Self {
        let of_method = |case: &&Case| {
            case.scenario
                .matrix
                .as_ref()
                .is_some_and(|matrix| matrix.method == method)
        };
        let mut case = CASES
            .iter()
            .find(of_method)
            .expect("there is a matrix of each method")
            .clone();
        let rows = case
            .scenario
            .matrix
            .as_ref()
            .map(|matrix| matrix.rows.clone())
            .unwrap_or_default();
        case.checks.truncate(1);
        let index = rows.iter().position(|other| other.id == row);
        case.checks[0].question = Question::OfRow(check, index.expect("the matrix has this row"));
        let named = |field: &str| vec![format!("{method}: `{field}` was refused")];
        let rows = rows
            .into_iter()
            .map(|row| RowRecord {
                console: named(&row.field),
                id: row.id,
                threw: None,
            })
            .collect();
        Self {
            case,
            evidence: Evidence { rows, ..evidence() },
            profile: PROFILE.clone(),
        }
    }

    /// With something else expected.
    pub fn expecting(mut self, change: impl FnOnce(&mut Scenario)) -> Self {
        change(Arc::make_mut(&mut self.case.scenario));
        self
    }

    /// Exactly these requests arrive, 10 ms apart, in this order.
    pub fn arriving(self, products: &[&str]) -> Self {
        self.arriving_events(
            &products
                .iter()
                .map(|product| event(product))
                .collect::<Vec<_>>(),
        )
    }

    /// As `arriving`, with events of any kind.
    pub fn arriving_events(mut self, events: &[Event]) -> Self {
        self.evidence.requests.clear();
        self.evidence.started.clear();
        for (event, n) in events.iter().zip(0_u32..) {
            let (id, at) = (RequestId(n.into()), Millis(100.0 + 10.0 * f64::from(n)));
            self.evidence.started.insert(id, at);
            self.evidence.requests.push(Request {
                id,
                at,
                visitor: Visitor::First,
                method: "POST".into(),
                path: PROFILE.wire.event(event.method).path.clone(),
                content_type: Some("application/json".into()),
                body: on_the_wire(event).to_string(),
                decision: Decision::Recorded,
            });
        }
        self
    }

    /// The request of the asked row arrives, spoilt by `spoil`, after that of the row before it.
    pub fn arriving_row(self, spoil: impl FnOnce(&mut Value)) -> Self {
        let Question::OfRow(_, index) = self.case.checks[0].question else {
            panic!("a row is asked of");
        };
        let matrix = self
            .case
            .scenario
            .matrix
            .clone()
            .expect("a row is of a matrix");
        let mut own = matrix.valid_event(index);
        spoil(&mut own.args);
        let other = matrix.valid_event(if index == 0 { 1 } else { index - 1 });
        self.arriving_events(&[other, own])
    }

    /// Of a build whose profile differs in this.
    pub fn of_a_build(mut self, change: impl FnOnce(&mut Profile)) -> Self {
        change(&mut self.profile);
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Evidence)) -> Self {
        change(&mut self.evidence);
        self
    }

    /// With one field of the first request replaced.
    pub fn with_field(self, field: &str, value: Value) -> Self {
        self.with_field_of(0, field, value)
    }

    /// With one field of a request replaced.
    pub fn with_field_of(self, request: usize, field: &str, value: Value) -> Self {
        self.with_body(request, |body| body[field] = value)
    }

    /// Without one field of the first request.
    pub fn without_field(self, field: &str) -> Self {
        self.with_body(0, |body| {
            drop(
                body.as_object_mut()
                    .expect("it is an object")
                    .shift_remove(field),
            );
        })
    }

    pub fn with_body(self, request: usize, change: impl FnOnce(&mut Value)) -> Self {
        self.with(|evidence| {
            let mut body: Value =
                serde_json::from_str(&evidence.requests[request].body).expect("it is JSON");
            change(&mut body);
            evidence.requests[request].body = body.to_string();
        })
    }

    /// With these events called.
    pub fn calling_events(self, events: &[Event]) -> Self {
        let call = |event: &Event| Call {
            at: Millis(1.0),
            event: event.clone(),
            threw: None,
            threw_at: None,
        };
        self.with(|evidence| evidence.calls.extend(events.iter().map(call)))
    }

    /// With events of these products called at these times.
    pub fn calling(self, calls: &[(f64, &str)]) -> Self {
        self.with(|evidence| {
            evidence
                .calls
                .extend(calls.iter().map(|(at, product)| Call {
                    at: Millis(*at),
                    event: event(product),
                    threw: None,
                    threw_at: None,
                }));
        })
    }

    /// What a report's table of events shows.
    pub fn table(&self) -> Vec<EventReport> {
        events(&Reading::of(&self.case, &self.evidence, &self.profile))
    }

    /// Where that table contradicts the verdicts: nowhere, whatever the evidence.
    pub fn contradictions(&self) -> Vec<String> {
        contradictions(&self.case, &self.evidence, &self.profile)
    }

    pub fn judged(&self) -> Result<Finding, HarnessBug> {
        assert_eq!(self.contradictions(), Vec::<String>::new());
        judge(&self.case, &self.evidence, &self.profile).map(|mut judged| judged.remove(0).1)
    }

    pub fn finding(&self) -> Finding {
        self.judged().expect("the harness is right")
    }

    pub fn bug(&self) -> String {
        self.judged().expect_err("the harness is wrong").to_string()
    }

    pub fn broken(&self) -> Broken {
        match self.finding() {
            Finding::Broken(broken) => broken,
            Finding::NothingToJudge(message) => Broken {
                message,
                expected: None,
                actual: None,
                defects: Vec::new(),
            },
            other => panic!("this should be broken: {other:?}"),
        }
    }

    pub fn message(&self) -> String {
        self.broken().message
    }

    pub fn seen(&self) -> Value {
        match self.finding() {
            Finding::Seen(value) => value,
            other => panic!("this should be seen: {other:?}"),
        }
    }

    #[track_caller]
    pub fn holds(&self) {
        assert_eq!(self.finding(), Finding::Holds);
    }
}

fn evidence() -> Evidence {
    Evidence {
        left_at: Some(Millis(500.0)),
        reads: [("count".to_owned(), json!(2))].into(),
        console: vec![said(Severity::Error, "value must be a number")],
        identities: vec![identity(Visitor::First)],
        steps: vec![step(3, 0.0)],
        ..Evidence::default()
    }
}

pub fn event(product: &str) -> Event {
    let args = json!({
        "type": "ITEM_ADDED",
        "productId": product,
        "productName": format!("Shoe {product}"),
        "value": 10.5,
        "currency": "USD",
        "quantity": 1,
    });
    Event {
        label: product.to_owned(),
        method: Method::SendCartEvent,
        args,
    }
}

pub fn order(id: &str) -> Event {
    let items = json!([
        {"productId": "P-1", "productName": "Shoe", "quantity": 2, "value": 30, "currency": "USD"},
    ]);
    let args = json!({"orderId": id, "value": 60, "currency": "USD", "lineItems": items});
    Event {
        label: id.to_owned(),
        method: Method::SendCheckoutEvent,
        args,
    }
}

/// The body by which an SDK that keeps its promises sends `event`.
pub fn on_the_wire(event: &Event) -> Value {
    let wire = PROFILE.wire.event(event.method);
    let renamed = |fields: &Value,
                   names: &std::collections::BTreeMap<String, Pointer>|
     -> Map<String, Value> {
        fields
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((names.get(name)?.text().to_owned(), value.clone())))
            .collect()
    };
    let mut body = renamed(&event.args, &wire.fields);
    if let Some(Value::Array(items)) = body.get_mut("line_items") {
        items
            .iter_mut()
            .filter(|item| item.is_object())
            .for_each(|item| *item = renamed(item, &wire.item_fields).into());
    }
    body.extend(
        [
            ("company_key", "CONFORMANCE-COMPANY-KEY"),
            ("user_fingerprint", USER),
            ("user_faq_fingerprint", FAQ),
        ]
        .map(|(k, v)| (k.into(), v.into())),
    );
    Value::Object(body)
}

pub fn said(severity: Severity, text: &str) -> ConsoleMessage {
    ConsoleMessage {
        at: Millis(1.0),
        severity,
        source: "console-api".into(),
        text: text.into(),
        position: None,
    }
}

pub fn step(line: usize, at: f64) -> StepRecord {
    StepRecord {
        line,
        what: "visit".into(),
        at: Millis(at),
        until: Millis(at + 9.0),
        outcome: StepOutcome::Done,
    }
}

pub fn identity(visitor: Visitor) -> Identity {
    Identity {
        at: Millis(0.0),
        visitor,
        user_fingerprint: json!(USER),
        user_faq_fingerprint: json!(FAQ),
    }
}
