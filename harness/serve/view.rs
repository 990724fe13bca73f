use std::sync::Arc;

use serde_json::Value;

use super::model::{Entry, Field, SeenEvent};
use crate::contract::Register;
use crate::evidence::{Decision, Request};
use crate::input::{Files, InputError};
use crate::plan::{Case, Patterns, exclude_unclaimed};
use crate::reading::{Ledger, Rejection, SentEvent, lookalikes};
use crate::scenario::{Load, Suite};
use crate::sdk::Profile;

/// The scenario that names the checks.
const SCENARIO: &str = "serve.toml";

/// Reads requests, and judges each with those that came before it.
#[derive(Debug)]
pub struct View {
    /// The case that stands for what a person does.
    pub case: Case,
    /// Where the build's things are.
    pub profile: Arc<Profile>,
    /// The promises.
    pub(super) register: Register,
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
    pub fn entry(&self, requests: &[Request]) -> Option<Entry> {
        let (request, earlier) = requests.split_last()?;
        let ledger = Ledger::new(requests, &self.profile);
        let is_its = |event: &&SentEvent<'_>| event.request.id == request.id;
        let recorded: Vec<&SentEvent<'_>> = ledger.recorded.iter().filter(is_its).collect();
        let rejected = ledger.rejected.iter();
        let rejected = rejected.filter(|(event, _)| is_its(&event));
        let rejected: Vec<&(SentEvent<'_>, Rejection)> = rejected.collect();
        let refused = ledger.refused.iter().filter(is_its);
        let unknown = lookalikes(request, &self.profile, &self.case.scenario.tables);
        let without_reason = recorded.iter().copied().chain(refused).chain(&unknown);
        let without_reason = without_reason.map(|event| (event, None));
        let with_reason = rejected.iter().map(|(event, why)| (event, Some(*why)));
        let events = without_reason.chain(with_reason);
        let events = events.map(|(event, why)| self.seen(event, why)).collect();
        let (fate, what) = self.fate(request, rejected.len(), recorded.len());
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
            verdicts: self.verdicts(request, earlier, &recorded, &unknown),
            events,
        })
    }

    /// What became of a request, in a word and in a sentence.
    fn fate(&self, request: &Request, rejected: usize, recorded: usize) -> (&'static str, String) {
        let (word, sentence) = match request.decision {
            Decision::Recorded if rejected > 0 && recorded == 0 => (
                "rejected",
                "sent, and a server with the profile's policies does not record it",
            ),
            Decision::Recorded if rejected > 0 => {
                let sentence = format!("recorded, but for {rejected} of its events");
                return ("recorded", sentence);
            }
            Decision::Recorded => ("recorded", "recorded"),
            Decision::Refused(status) => {
                return ("refused", format!("answered {status}, and not recorded"));
            }
            Decision::Dropped => (
                "dropped",
                "read, then the connection was dropped: not recorded, and no answer",
            ),
            Decision::Preflight => ("preflight", "the browser asks whether the page may send"),
            Decision::Answered if self.is_interaction(request) => (
                "answered",
                "answered: this visitor has used the chat or the Product FAQs",
            ),
            Decision::Answered => ("answered", "answered"),
            Decision::Unknown => ("unknown", "404: the profile knows no such path"),
        };
        (word, sentence.to_owned())
    }

    /// Whether a visitor used the chat or the Product FAQs by this request.
    pub(super) fn is_interaction(&self, request: &Request) -> bool {
        let mut answers = self.profile.answers.iter();
        let answer = answers.find(|answer| answer.is_for(&request.method, request.endpoint()));
        let is_interaction = answer.is_some_and(|answer| answer.interaction.is_some());
        is_interaction && request.decision == Decision::Answered
    }

    fn seen(&self, event: &SentEvent<'_>, rejection: Option<Rejection>) -> SeenEvent {
        let table = self.case.scenario.tables.of(event.method);
        let own = table.field.iter();
        let own = own.map(|field| (field.name.as_str(), event.args.get(&field.name)));
        let added = [
            ("company key", event.company_key.as_ref()),
            ("chat fingerprint", event.user_fingerprint.as_ref()),
            ("FAQ fingerprint", event.user_faq_fingerprint.as_ref()),
        ];
        let fields = own.chain(added).map(|(name, value)| Field {
            name: name.to_owned(),
            value: value.map(text_of),
        });
        SeenEvent {
            method: event.method,
            fields: fields.collect(),
            rejected: rejection.map(Rejection::reason),
        }
    }
}

/// JSON text, in lines where it is a list.
pub(super) fn text_of(value: &Value) -> String {
    if value.is_array() || value.is_object() {
        serde_json::to_string_pretty(value).unwrap_or_default()
    } else {
        value.to_string()
    }
}
