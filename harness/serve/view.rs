use std::sync::Arc;

use serde_json::Value;

use super::model::{Entry, Field, SeenEvent, Verdict, VerdictStatus};
use crate::contract::{CheckName, Event, EventFields, Method, Register, RequirementId, Visitor};
use crate::evidence::{Call, Decision, Evidence, Request};
use crate::input::{Files, InputError};
use crate::judge::{Broken, Finding, judge};
use crate::plan::{Case, Patterns, exclude_unclaimed};
use crate::reading::{Ledger, Recorded, differences};
use crate::scenario::{Load, Suite};
use crate::sdk::{Profile, WireRecord};

/// The scenario that names the checks.
const SCENARIO: &str = "serve.toml";

/// Reads requests, and judges each with those that came before it.
#[derive(Debug)]
pub struct View {
    /// The case that stands for what a person does.
    pub case: Case,
    /// Where the build's things are.
    pub profile: Arc<Profile>,
    register: Register,
}

impl View {
    /// The view of a build with `profile`, of which only what it claims is judged.
    ///
    /// # Errors
    /// If the scenario cannot be read.
    pub fn new(files: &Files, profile: Arc<Profile>, load: Load) -> Result<Self, Vec<InputError>> {
        let suite = Suite::of(&[SCENARIO.to_owned()], files)?;
        let mut cases = suite.plan(&mut Patterns::new(&[]));
        exclude_unclaimed(&mut cases, &suite.register, &profile);
        let mut case = cases
            .pop()
            .ok_or_else(|| vec![InputError::new(SCENARIO, "this scenario makes no check")])?;
        case.axes.load = load;
        Ok(Self {
            case,
            profile,
            register: suite.register,
        })
    }

    /// The last of `requests`; the others are those that came before it. `None` where there is
    /// none.
    #[must_use]
    pub fn entry(&self, requests: &[Request]) -> Option<Entry> {
        let (request, earlier) = requests.split_last()?;
        let ledger = Ledger::new(requests, &self.profile);
        let (mut recorded, mut kept_out) = (ledger.recorded, ledger.kept_out);
        recorded.retain(|event| event.request.id == request.id);
        kept_out.retain(|(event, _)| event.request.id == request.id);
        let events = match request.decision {
            Decision::Recorded => {
                let kept_out = kept_out
                    .iter()
                    .map(|(event, why)| self.seen(&record_of(event), Some(why.why())));
                recorded
                    .iter()
                    .map(|event| self.seen(&record_of(event), None))
                    .chain(kept_out)
                    .collect()
            }
            Decision::Unknown => self
                .strays(request)
                .iter()
                .map(|record| self.seen(record, None))
                .collect(),
            Decision::Refused(_) | Decision::Dropped => self
                .profile
                .wire
                .read(&request.method, &request.path, &request.body)
                .iter()
                .map(|record| self.seen(record, None))
                .collect(),
            Decision::Preflight | Decision::Answered => Vec::new(),
        };
        let (fate, what) = self.fate(request, kept_out.len(), recorded.len());
        Some(Entry {
            id: request.id,
            at: request.at,
            visitor: request.visitor,
            method: request.method.clone(),
            path: request.path.clone(),
            content_type: request.content_type.clone(),
            body: request.body.clone(),
            fate,
            what,
            verdicts: self.verdicts(
                request,
                earlier,
                &recorded.iter().map(called).collect::<Vec<_>>(),
            ),
            events,
        })
    }

    fn fate(&self, request: &Request, kept_out: usize, recorded: usize) -> (&'static str, String) {
        match request.decision {
            Decision::Recorded if kept_out > 0 && recorded == 0 => (
                "kept-out",
                "sent, and a server with the profile's policies does not record it".into(),
            ),
            Decision::Recorded if kept_out > 0 => (
                "recorded",
                format!("recorded, but for {kept_out} of its events"),
            ),
            Decision::Recorded => ("recorded", "recorded".into()),
            Decision::Refused(status) => {
                ("refused", format!("answered {status}, and not recorded"))
            }
            Decision::Dropped => (
                "dropped",
                "read, then the connection was dropped: not recorded, and no answer".into(),
            ),
            Decision::Preflight => (
                "preflight",
                "the browser asks whether the page may send".into(),
            ),
            Decision::Answered if self.is_interaction(request) => (
                "answered",
                "answered: this visitor has used the chat or the Product FAQs".into(),
            ),
            Decision::Answered => ("answered", "answered".into()),
            Decision::Unknown => ("unknown", "404: the profile knows no such path".into()),
        }
    }

    /// What the checks say of a request that brought `events`.
    fn verdicts(&self, request: &Request, earlier: &[Request], events: &[Event]) -> Vec<Verdict> {
        let strays: Vec<Event> = if request.decision == Decision::Unknown {
            self.strays(request)
                .iter()
                .map(|record| event(record.method, record.args.clone()))
                .collect()
        } else {
            Vec::new()
        };
        let (mut verdicts, mut case) = (Vec::new(), self.case.clone());
        for check in &self.case.checks {
            let question = match (check.name, strays.is_empty(), events.is_empty()) {
                (CheckName::NothingElse, false, _) => Question::of(&[], strays.clone()),
                (_, _, true) | (CheckName::NothingElse, _, _) => continue,
                (CheckName::Once, _, false) => match self.same_order(request, earlier, events) {
                    Some(question) => question,
                    None => continue,
                },
                (CheckName::FingerprintsStable, _, false) => Question::of(
                    &self.last_recorded(earlier, |visitor| visitor == request.visitor),
                    vec![],
                ),
                (CheckName::FingerprintsDiffer, _, false) => Question::of(
                    &self.last_recorded(earlier, |visitor| visitor != request.visitor),
                    vec![],
                ),
                (CheckName::NotRecorded, _, false)
                    if !self.has_interacted(earlier, request.visitor) =>
                {
                    Question {
                        forbidden: events.to_vec(),
                        ..Question::default()
                    }
                }
                _ => Question::default(),
            };
            let mut scenario = (*case.scenario).clone();
            (scenario.expect.recorded, scenario.expect.not_recorded) =
                (Vec::new(), question.forbidden);
            (case.scenario, case.checks) = (Arc::new(scenario), vec![check.clone()]);
            // A server's gate asks for the visitors whom it knows from their chats.
            let interactions = earlier
                .iter()
                .filter(|request| request.decision == Decision::Answered)
                .cloned();
            let mut requests: Vec<Request> = interactions
                .chain(question.earlier)
                .chain([request.clone()])
                .collect();
            requests.sort_by_key(|request| request.id);
            let calls = question
                .calls
                .into_iter()
                .map(|event| Call {
                    at: request.at,
                    event,
                    threw: None,
                })
                .collect();
            let evidence = Evidence {
                case: case.id.clone(),
                requests,
                calls,
                ..Evidence::default()
            };
            let found = judge(&case, &evidence, &self.profile).pop();
            let told = |id: &&RequirementId| {
                events
                    .iter()
                    .chain(&strays)
                    .any(|event| can_be_about(id, event.method))
            };
            let requirements = check
                .requirements
                .iter()
                .filter(told)
                .filter_map(|id| self.register.get(id).cloned())
                .collect();
            verdicts.extend(found.map(|(_, finding)| Verdict {
                requirements,
                ..verdict(check.name, finding)
            }));
        }
        verdicts
    }

    /// What one visitor sent of the orders in `events` before; `None` where they hold no order with
    /// an id.
    ///
    /// An order that came again with other values is another matter, which the API page leaves
    /// open.
    fn same_order(
        &self,
        request: &Request,
        earlier: &[Request],
        events: &[Event],
    ) -> Option<Question> {
        let has_id = |event: &&Event| event.args.get("orderId").is_some_and(|id| !id.is_null());
        let mut calls: Vec<Event> = Vec::new();
        for event in events.iter().filter(has_id) {
            if !calls
                .iter()
                .any(|other| differences(&other.args, &event.args).is_empty())
            {
                calls.push(event.clone());
            }
        }
        let ledger = Ledger::new(earlier, &self.profile);
        let is_same = |event: &&Recorded<'_>| {
            calls.iter().any(|call| {
                call.method == event.method && differences(&call.args, &event.args).is_empty()
            })
        };
        let before = ledger
            .recorded
            .iter()
            .filter(|event| event.request.visitor == request.visitor)
            .filter(is_same);
        let mut requests: Vec<Request> = before.map(|event| event.request.clone()).collect();
        requests.dedup_by_key(|request| request.id);
        (!calls.is_empty()).then(|| Question::of(&requests, calls))
    }

    /// The last request before this one that brought an event of such a visitor; at most one.
    fn last_recorded(
        &self,
        earlier: &[Request],
        is_theirs: impl Fn(Visitor) -> bool,
    ) -> Vec<Request> {
        let ledger = Ledger::new(earlier, &self.profile);
        ledger
            .recorded
            .iter()
            .rev()
            .map(|event| event.request)
            .find(|request| is_theirs(request.visitor))
            .cloned()
            .into_iter()
            .collect()
    }

    fn has_interacted(&self, earlier: &[Request], visitor: Visitor) -> bool {
        earlier
            .iter()
            .any(|request| request.visitor == visitor && self.is_interaction(request))
    }

    fn is_interaction(&self, request: &Request) -> bool {
        let answer = self
            .profile
            .answers
            .iter()
            .find(|answer| answer.is_for(&request.method, request.endpoint()));
        request.decision == Decision::Answered
            && answer.is_some_and(|answer| answer.interaction.is_some())
    }

    /// The events in a request to a path that takes none: what reads like one, as if it had come to
    /// where those go.
    fn strays(&self, request: &Request) -> Vec<WireRecord> {
        let query = request
            .path
            .split_once('?')
            .map(|(_, query)| format!("?{query}"))
            .unwrap_or_default();
        let as_method = |method: Method| {
            let wire = self.profile.wire.event(method);
            let records =
                self.profile
                    .wire
                    .read(&wire.http, &format!("{}{query}", wire.path), &request.body);
            records.into_iter().filter(move |record| {
                record.method == method && resembles(record, self.case.scenario.tables.of(method))
            })
        };
        Method::ALL.into_iter().flat_map(as_method).collect()
    }

    fn seen(&self, record: &WireRecord, kept_out: Option<&'static str>) -> SeenEvent {
        let own = self
            .case
            .scenario
            .tables
            .of(record.method)
            .field
            .iter()
            .map(|field| (field.name.as_str(), record.args.get(&field.name)));
        let added = [
            ("company key", record.company_key.as_ref()),
            ("chat fingerprint", record.user_fingerprint.as_ref()),
            ("FAQ fingerprint", record.user_faq_fingerprint.as_ref()),
        ];
        let fields = own.chain(added).map(|(name, value)| Field {
            name: name.to_owned(),
            value: value.map(text_of),
        });
        SeenEvent {
            method: record.method,
            fields: fields.collect(),
            kept_out,
        }
    }
}

/// What a check is asked about, beside the request itself.
#[derive(Default)]
struct Question {
    earlier: Vec<Request>,
    calls: Vec<Event>,
    forbidden: Vec<Event>,
}

impl Question {
    fn of(earlier: &[Request], calls: Vec<Event>) -> Self {
        Self {
            earlier: earlier.to_vec(),
            calls,
            forbidden: Vec::new(),
        }
    }
}

fn verdict(check: CheckName, finding: Finding) -> Verdict {
    let bare = Verdict {
        check,
        status: VerdictStatus::Holds,
        message: None,
        expected: None,
        actual: None,
        requirements: Vec::new(),
    };
    match finding {
        Finding::Holds => bare,
        Finding::Broken(Broken {
            message,
            expected,
            actual,
        }) => Verdict {
            status: VerdictStatus::Broken,
            message: Some(message),
            expected: expected.as_ref().map(text_of),
            actual: actual.as_ref().map(text_of),
            ..bare
        },
        Finding::NothingToJudge(why) | Finding::NotTestable(why) => Verdict {
            status: VerdictStatus::Open,
            message: Some(why),
            ..bare
        },
        Finding::Seen(value) => Verdict {
            actual: Some(text_of(&value)),
            ..bare
        },
    }
}

/// Whether a requirement can be about an event of `method`: the register keeps those of the two
/// methods apart by how their ids begin.
fn can_be_about(id: &RequirementId, method: Method) -> bool {
    match method {
        Method::SendCartEvent => !id.0.starts_with("CHECKOUT-"),
        Method::SendCheckoutEvent => !id.0.starts_with("CART-"),
    }
}

/// Half of what the table requires: an SDK that sends elsewhere may spell a field in its own way
/// there.
fn resembles(record: &WireRecord, table: &EventFields) -> bool {
    let required: Vec<_> = table.field.iter().filter(|field| field.required).collect();
    required
        .iter()
        .filter(|field| record.args.get(&field.name).is_some())
        .count()
        * 2
        >= required.len()
}

fn record_of(event: &Recorded<'_>) -> WireRecord {
    WireRecord {
        method: event.method,
        body: event.body.clone(),
        args: event.args.clone(),
        company_key: event.company_key.clone(),
        user_fingerprint: event.user_fingerprint.clone(),
        user_faq_fingerprint: event.user_faq_fingerprint.clone(),
    }
}

/// The call that a recorded event must have come from.
fn called(recorded: &Recorded<'_>) -> Event {
    event(recorded.method, recorded.args.clone())
}

fn event(method: Method, args: Value) -> Event {
    let told = ["productId", "orderId"]
        .into_iter()
        .find_map(|name| args.get(name))
        .map(|value| format!(" {value}"))
        .unwrap_or_default();
    Event {
        label: format!("{method}{told}"),
        method,
        args,
    }
}

/// JSON text, in lines where it is a list.
fn text_of(value: &Value) -> String {
    if value.is_array() || value.is_object() {
        serde_json::to_string_pretty(value).unwrap_or_default()
    } else {
        value.to_string()
    }
}
