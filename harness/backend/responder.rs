use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::account::{Account, Arrival};
use crate::contract::Visitor;
use crate::evidence::Decision;
use crate::scenario::BackendState;
use crate::sdk::{Answer, Profile};

/// How late a slow backend answers: longer than a page needs to be left, shorter than any wait's
/// deadline.
const SLOW: Duration = Duration::from_millis(400);

/// The accounts of all open cases, by the first label of the host.
pub type Accounts = Arc<RwLock<HashMap<String, (Arc<Account>, Visitor)>>>;

/// The labels of closed cases for which an event request came all the same.
pub type Late = Arc<Mutex<HashSet<String>>>;

/// The account of the case behind a `Host` header.
pub fn account_of(accounts: &Accounts, host: &str) -> Option<(Arc<Account>, Visitor)> {
    accounts
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(host.split('.').next()?)
        .cloned()
}

/// Answers every request that reaches wiremock. Never blocks: it runs under wiremock's only lock.
#[derive(Debug)]
pub struct Responder {
    pub accounts: Accounts,
    pub late: Late,
    pub profile: Arc<Profile>,
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let header = |name: &str| {
            request
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let path = request.url.path();
        let http = request.method.as_str();
        let (is_event, is_of_events) = (
            self.profile.wire.takes(http, path),
            self.profile.wire.takes_at(path),
        );
        let host = header("host").unwrap_or_default();
        let Some((account, visitor)) = account_of(&self.accounts, &host) else {
            if is_event {
                let label = host.split('.').next().unwrap_or_default().to_owned();
                self.late
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(label);
            }
            return closing(
                ResponseTemplate::new(404).set_body_string("no case is open under this host"),
            );
        };
        let state = if is_of_events {
            account.state()
        } else {
            BackendState::Well
        };
        let text = String::from_utf8_lossy(&request.body);
        let (decision, template) = match (http, is_event) {
            ("OPTIONS", _) => (Decision::Preflight, ResponseTemplate::new(204)),
            (_, true) => match state {
                BackendState::Error500 => (
                    Decision::Refused(500),
                    ResponseTemplate::new(500).set_body_json(json!({"error": "internal error"})),
                ),
                BackendState::Slow => (Decision::Recorded, recorded().set_delay(SLOW)),
                // Whether the answer arrives is the gateway's doing.
                BackendState::Well
                | BackendState::DropsRequest
                | BackendState::DropsResponse
                | BackendState::Refused
                | BackendState::NoCors => (Decision::Recorded, recorded()),
            },
            (_, false) => match self
                .profile
                .answers
                .iter()
                .find(|answer| answer.is_for(http, path))
            {
                Some(answer) => (Decision::Answered, canned(answer, &text)),
                None => (
                    Decision::Unknown,
                    ResponseTemplate::new(404).set_body_json(json!({"error": "not found"})),
                ),
            },
        };
        let query = request
            .url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let id = account.commit(
            Arrival {
                visitor,
                method: request.method.to_string(),
                path: format!("{path}{query}"),
                content_type: header("content-type"),
                body: text.into_owned(),
            },
            decision,
        );
        let template = closing(template);
        if state == BackendState::NoCors {
            return template;
        }
        // The page's own resource timing shows the number, and so the order in which its requests
        // started.
        template
            .insert_header(
                "access-control-allow-origin",
                header("origin").as_deref().unwrap_or("*"),
            )
            .insert_header("access-control-allow-credentials", "true")
            .insert_header("access-control-allow-methods", "GET, POST, PUT, OPTIONS")
            .insert_header(
                "access-control-allow-headers",
                header("access-control-request-headers")
                    .as_deref()
                    .unwrap_or("content-type"),
            )
            .insert_header("access-control-max-age", "600")
            .insert_header("timing-allow-origin", "*")
            .insert_header("server-timing", format!("request;desc=\"{}\"", id.0))
    }
}

/// One request a connection: a browser silently sends a POST again when a reused connection closes
/// under it.
fn closing(template: ResponseTemplate) -> ResponseTemplate {
    template.insert_header("connection", "close")
}

fn canned(answer: &Answer, request: &str) -> ResponseTemplate {
    let template = ResponseTemplate::new(answer.status);
    let template = match &answer.text {
        Some(text) => template.set_body_string(text),
        None => template.set_body_json(answer.body_for(request)),
    };
    answer
        .headers
        .iter()
        .fold(template, |template, (name, value)| {
            template.insert_header(name.as_str(), value.as_str())
        })
}

fn recorded() -> ResponseTemplate {
    let body: Value = json!({"status": "ok"});
    ResponseTemplate::new(200).set_body_json(body)
}
