use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use serde_json::json;
use url::Url;
use wiremock::{Request, Respond, ResponseTemplate};

use super::account::{Account, Arrival};
use crate::contract::Visitor;
use crate::evidence::Decision;
use crate::scenario::{AnswerState, BackendState};
use crate::sdk::{Answer, Profile};

/// How late a slow backend answers: longer than a page needs to be left, shorter than any wait's
/// deadline.
const SLOW: Duration = Duration::from_millis(400);

/// How late a very slow backend answers: later than clients wait who give up after five seconds.
const VERY_SLOW: Duration = Duration::from_secs(9);

/// How late a question to a widget is answered late: later than what a case waits for meanwhile.
const LATE: Duration = Duration::from_secs(6);

/// What the address that events are redirected to has in its query.
const MOVED: &str = "moved";

/// The accounts of all open cases, by the first label of the host.
pub type Accounts = Arc<RwLock<HashMap<String, (Arc<Account>, Visitor)>>>;

/// The labels of closed cases for which an event request came all the same.
pub type Late = Arc<Mutex<HashSet<String>>>;

/// The account of the case behind a `Host` header.
pub fn account_of(accounts: &Accounts, host: &str) -> Option<(Arc<Account>, Visitor)> {
    let accounts = accounts.read().unwrap_or_else(PoisonError::into_inner);
    accounts.get(host.split('.').next()?).cloned()
}

/// Answers every request that reaches wiremock. Never blocks: it runs under wiremock's only lock.
#[derive(Debug, Clone)]
pub struct Responder {
    pub accounts: Accounts,
    pub late: Late,
    pub profile: Arc<Profile>,
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let header = |name: &str| {
            let value = request.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let path = request.url.path();
        let http = request.method.as_str();
        let is_event = self.profile.wire.takes(http, path);
        let host = header("host").unwrap_or_default();
        let Some((account, visitor)) = account_of(&self.accounts, &host) else {
            if is_event {
                let label = host.split('.').next().unwrap_or_default().to_owned();
                let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
                late.insert(label);
            }
            let answer = ResponseTemplate::new(404);
            return closing(answer.set_body_string("no case is open under this host"));
        };
        let is_of_events = self.profile.wire.takes_at(path);
        let state = if is_of_events {
            account.state()
        } else {
            BackendState::Well
        };
        let text = String::from_utf8_lossy(&request.body);
        let (decision, template) = match (http, is_event) {
            ("OPTIONS", _) => (Decision::Preflight, ResponseTemplate::new(204)),
            (_, true) => match state {
                BackendState::Error500 => (Decision::Refused(500), error(500, "internal error")),
                BackendState::Error403 => (Decision::Refused(403), error(403, "forbidden")),
                BackendState::TooMany => (Decision::Refused(429), error(429, "too many requests")),
                BackendState::Redirects if !is_moved(&request.url) => {
                    let answer = ResponseTemplate::new(308);
                    let answer = answer.insert_header("location", moved(&request.url));
                    (Decision::Refused(308), answer)
                }
                BackendState::Slow => (Decision::Recorded, recorded().set_delay(SLOW)),
                BackendState::VerySlow => (Decision::Recorded, recorded().set_delay(VERY_SLOW)),
                // When the answer arrives, and whether it does, is the gateway's doing.
                BackendState::Well
                | BackendState::Held
                | BackendState::Redirects
                | BackendState::DropsRequest
                | BackendState::DropsResponse
                | BackendState::Refused
                | BackendState::NoCors => (Decision::Recorded, recorded()),
            },
            (_, false) => {
                let mut answers = self.profile.answers.iter();
                match answers.find(|answer| answer.is_for(http, path)) {
                    Some(answer) => {
                        let template = match account.answers() {
                            AnswerState::Late if answer.interaction.is_some() => {
                                canned(answer, &text).set_delay(LATE)
                            }
                            AnswerState::Failing if answer.interaction.is_some() => {
                                error(500, "internal error")
                            }
                            // How an answer is streamed is the gateway's doing.
                            AnswerState::Well
                            | AnswerState::Late
                            | AnswerState::Streamed
                            | AnswerState::Failing => canned(answer, &text),
                        };
                        (Decision::Answered, template)
                    }
                    None => (Decision::Unknown, error(404, "not found")),
                }
            }
        };
        let query = request.url.query().map(|query| format!("?{query}"));
        let arrival = Arrival {
            visitor,
            method: http.to_owned(),
            path: format!("{path}{}", query.unwrap_or_default()),
            content_type: header("content-type"),
            body: text.into_owned(),
        };
        let id = account.commit(arrival, decision);
        let template = closing(template);
        if state == BackendState::NoCors {
            return template;
        }
        let or = |name, other: &str| header(name).unwrap_or_else(|| other.to_owned());
        let origin = or("origin", "*");
        let headers = or("access-control-request-headers", "content-type");
        // The page's own resource timing shows the number, and so the order in which its requests
        // started.
        template
            .insert_header("access-control-allow-origin", origin)
            .insert_header("access-control-allow-credentials", "true")
            .insert_header("access-control-allow-methods", "GET, POST, PUT, OPTIONS")
            .insert_header("access-control-allow-headers", headers)
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

/// Whether somebody has followed a redirect to `url`.
fn is_moved(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == MOVED)
}

/// Where a request to `url` is redirected to.
fn moved(url: &Url) -> String {
    let mut moved = url.clone();
    moved.query_pairs_mut().append_pair(MOVED, "1");
    format!("{}?{}", moved.path(), moved.query().unwrap_or_default())
}

fn canned(answer: &Answer, request: &str) -> ResponseTemplate {
    let template = ResponseTemplate::new(answer.status);
    let template = match &answer.text {
        Some(text) => template.set_body_string(text),
        None => template.set_body_json(answer.body_for(request)),
    };
    let headers = answer.headers.iter();
    headers.fold(template, |template, (name, value)| {
        template.insert_header(name.as_str(), value.as_str())
    })
}

fn recorded() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"status": "ok"}))
}

fn error(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": text}))
}
