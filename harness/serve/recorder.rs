//! Watches the pages that a person opens: their requests, and a script on them that reports clicks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::recording::{Click, Deed, Recording};
use crate::contract::Visitor;
use crate::evidence::{Clock, Millis};
use crate::input::Files;
use crate::storefront::file_of;

/// The script, and where it reports to: no page of the shop has such a name.
const SCRIPT: &str = "/-recorder.js";
const REPORTS: &str = "/-record";
const TAG: &str = "<head><script src=\"/-recorder.js\"></script>";

/// Pages are small; so is a report.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Watches what a person does.
#[derive(Debug, Default)]
pub struct Recorder {
    recording: Mutex<Recording>,
}

/// A report of the script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    /// When, by the browser's clock.
    at: f64,
    click: Click,
}

/// A request for a page, as far as it says what a person did.
#[derive(Debug)]
pub struct PageRequest {
    at: Millis,
    visitor: Visitor,
    deed: Deed,
}

impl Recorder {
    /// What was done so far.
    pub fn recording(&self) -> MutexGuard<'_, Recording> {
        self.recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers what is the recorder's own; gives back any other request.
    pub async fn take(&self, request: Request, clock: Clock) -> Result<Response, Request> {
        let visitor = visitor_of(request.headers());
        match (request.method(), request.uri().path()) {
            (&Method::GET, SCRIPT) => {
                let script = Files::page("ledger/recorder.js");
                let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
                Ok((kind, script.unwrap_or_default()).into_response())
            }
            (&Method::POST, REPORTS) => Ok(self.report(request, visitor, clock).await),
            (_, _) => Err(request),
        }
    }

    async fn report(&self, request: Request, visitor: Visitor, clock: Clock) -> Response {
        let host = text(request.headers(), "host").to_owned();
        if text(request.headers(), "origin") != format!("http://{host}") {
            return StatusCode::FORBIDDEN.into_response();
        }
        let body = to_bytes(request.into_body(), MOST_BYTES)
            .await
            .unwrap_or_default();
        let Ok(report) = serde_json::from_slice::<Report>(&body) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let at = clock.at_epoch_ms(report.at);
        self.recording().add(at, visitor, Deed::Click(report.click));
        StatusCode::NO_CONTENT.into_response()
    }

    /// Notes that a page was opened, once it is known that there is one.
    pub fn opened(&self, PageRequest { at, visitor, deed }: PageRequest) {
        self.recording().add(at, visitor, deed);
    }
}

impl PageRequest {
    /// What a request says, where it is a person's for a page.
    pub fn of(request: &Request, now: Millis) -> Option<Self> {
        let (headers, path) = (request.headers(), request.uri().path());
        let is_page = request.method() == Method::GET && file_of(path).1.starts_with("text/html");
        let is_ahead = headers.contains_key("sec-purpose");
        let is_framed = text(headers, "sec-fetch-dest") == "iframe";
        if !is_page || is_ahead || is_framed {
            return None;
        }
        let name = match path.trim_start_matches('/') {
            "" => "index",
            name => name,
        };
        let query = request.uri().query().filter(|query| !query.is_empty());
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let deed = Deed::Page {
            page: format!("{name}{query}"),
            is_followed: text(headers, "sec-fetch-site") == "same-origin",
        };
        Some(Self {
            at: now,
            visitor: visitor_of(headers),
            deed,
        })
    }
}

/// A page with the script that reports clicks.
pub async fn with_script(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = String::from_utf8_lossy(&bytes).replacen("<head>", TAG, 1);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}

/// Whose a request is, by the first label of its host.
fn visitor_of(headers: &HeaderMap) -> Visitor {
    let label = text(headers, "host").split('.').next().unwrap_or_default();
    if label.ends_with("-2") {
        Visitor::Second
    } else {
        Visitor::First
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
