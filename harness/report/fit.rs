//! Whether a profile fits a build, part by part: what was looked for, what was there, and what to
//! write instead.

use serde_json::Value;

use crate::contract::{Event, Method};
use crate::evidence::{Decision, Evidence, Request, Severity, StepOutcome};
use crate::reading::{Reading, SentEvent, names_it};
use crate::scenario::Interaction;
use crate::sdk::Profile;

/// One part of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name in the file.
    pub name: String,
    /// Whether it fits the build.
    pub fits: bool,
    /// What was found, a sentence a line.
    pub found: Vec<String>,
}

/// Reads what the build did when it was only loaded, and when a visitor used a widget, was
/// identified, and reported both kinds of event.
#[must_use]
pub fn fit(loaded: &Reading<'_>, used: &[(Interaction, Reading<'_>)]) -> Vec<Part> {
    let profile = loaded.profile;
    let mut parts = vec![
        install(profile, loaded.evidence),
        ready(profile, loaded.evidence),
    ];
    for (way, reading) in used {
        parts.push(conversation(*way, reading.evidence));
    }
    // One that came to its end shows more of the rest.
    let Some((_, reading)) = used
        .iter()
        .find(|(_, reading)| reading.evidence.impossible().is_none())
        .or(used.first())
    else {
        return parts;
    };
    if profile.identifiers.is_some() {
        parts.push(identifiers(reading.evidence));
    }
    for method in Method::ALL {
        parts.push(event(reading, method));
    }
    parts.push(automatic(reading));
    parts
}

impl Part {
    fn new(name: &str, fits: bool, found: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            fits,
            found,
        }
    }
}

fn install(profile: &Profile, evidence: &Evidence) -> Part {
    let fetched = evidence
        .scripts
        .iter()
        .filter(|fetch| fetch.sha256.is_some())
        .count();
    let answers = evidence
        .scripts
        .iter()
        .map(|fetch| format!("a script was answered with {}", fetch.status));
    let expected = profile
        .install
        .scripts
        .iter()
        .map(|script| format!("{}{script}", profile.install.path))
        .collect::<Vec<_>>()
        .join(", ");
    if fetched >= profile.install.scripts.len() {
        return Part::new(
            "[install]",
            true,
            vec![format!("the page fetched {expected}")],
        );
    }
    Part::new(
        "[install]",
        false,
        answers
            .chain([format!(
                "the page is to fetch {expected} below the API's base URL, and {fetched} came"
            )])
            .collect(),
    )
}

fn ready(profile: &Profile, evidence: &Evidence) -> Part {
    let gave_up = evidence.steps.iter().find_map(|step| match &step.outcome {
        StepOutcome::GaveUp(why) | StepOutcome::Impossible(why) => Some(why.clone()),
        StepOutcome::Done => None,
    });
    match gave_up {
        None => Part::new(
            "ready",
            true,
            vec![format!("it became true: {}", profile.ready)],
        ),
        Some(why) => Part::new(
            "ready",
            false,
            std::iter::once(why).chain(errors(evidence)).collect(),
        ),
    }
}

fn conversation(way: Interaction, evidence: &Evidence) -> Part {
    let name = format!("[{}]", way.table());
    match evidence.impossible() {
        None => Part::new(&name, true, vec!["it was used, and it answered".into()]),
        Some((_, why)) => Part::new(
            &name,
            false,
            std::iter::once(why.to_owned())
                .chain(unknown(evidence))
                .chain(errors(evidence))
                .collect(),
        ),
    }
}

fn identifiers(evidence: &Evidence) -> Part {
    let found = evidence.identities.iter().flat_map(|identity| {
        [
            ("user_fingerprint", &identity.user_fingerprint),
            ("user_faq_fingerprint", &identity.user_faq_fingerprint),
        ]
        .map(|(name, value)| (name, value.clone()))
    });
    let found: Vec<(&str, Value)> = found.collect();
    let fits = !found.is_empty()
        && found.iter().all(|(_, value)| {
            value
                .as_str()
                .is_some_and(|text| !text.starts_with("threw ") && text != "undefined")
        });
    let missing = if found.is_empty() {
        vec!["the getters were never asked: an earlier step failed".into()]
    } else {
        Vec::new()
    };
    Part::new(
        "[identifiers]",
        fits,
        missing
            .into_iter()
            .chain(
                found
                    .iter()
                    .map(|(name, value)| format!("{name} returned {value}")),
            )
            .collect(),
    )
}

fn event(reading: &Reading<'_>, method: Method) -> Part {
    let name = format!("[wire.events.{method}]");
    let wire = reading.profile.wire.event(method);
    let mut rejected = reading.ledger.rejected.iter();
    if let Some((_, why)) = rejected.find(|(event, _)| event.method == method) {
        let reason = why.reason();
        return Part::new(
            &name,
            false,
            vec![format!(
                "it was sent, and a server with these policies would not record it: {reason}"
            )],
        );
    }
    let mut calls = reading.evidence.calls.iter().map(|call| &call.event);
    let called = calls.find(|event| event.method == method);
    let mut recorded = reading.ledger.recorded.iter();
    let Some(event) = recorded.find(|event| event.method == method) else {
        let missing = match called {
            Some(_) => format!("no {} request to {} came", wire.http, wire.path),
            None => "it was never called: an earlier step failed".to_owned(),
        };
        return Part::new(
            &name,
            false,
            std::iter::once(missing)
                .chain(carriers(reading.evidence, method))
                .chain(errors(reading.evidence))
                .collect(),
        );
    };
    let is_missing = |field: &str| {
        called.is_some_and(|called| called.args.get(field).is_some())
            && event.args.get(field).is_none()
    };
    let missing: Vec<String> = wire
        .fields
        .iter()
        .filter(|(field, _)| is_missing(field))
        .map(|(field, pointer)| format!("{field} is not at {}", pointer.text()))
        .collect();
    let seen = format!(
        "{} {} carried {}",
        event.request.method,
        event.request.endpoint(),
        event.body
    );
    Part::new(
        &name,
        missing.is_empty(),
        missing.into_iter().chain([seen]).collect(),
    )
}

fn automatic(reading: &Reading<'_>) -> Part {
    let Some(event) = reading.ledger.recorded.first() else {
        return Part::new(
            "[wire]",
            false,
            vec!["no event came that could carry them".into()],
        );
    };
    let SentEvent {
        company_key,
        user_fingerprint,
        user_faq_fingerprint,
        ..
    } = event;
    let wire = &reading.profile.wire;
    let values = [
        (&wire.company_key, company_key),
        (&wire.user_fingerprint, user_fingerprint),
        (&wire.user_faq_fingerprint, user_faq_fingerprint),
    ];
    let fits = values.iter().all(|(_, value)| value.is_some());
    let found = values.map(|(pointer, value)| {
        value.as_ref().map_or_else(
            || format!("nothing lies at {}", pointer.text()),
            |value| format!("{} is {value}", pointer.text()),
        )
    });
    Part::new("[wire]", fits, found.into())
}

/// Requests that nothing in the profile is for.
fn unknown(evidence: &Evidence) -> impl Iterator<Item = String> {
    let unknown = evidence
        .requests
        .iter()
        .filter(|request| request.decision == Decision::Unknown);
    unknown.map(|request| {
        format!(
            "{} {} was asked for, and no [[answer]] is for it: {}",
            request.method,
            request.endpoint(),
            request.body
        )
    })
}

/// Requests that carry a called event somewhere the profile does not look.
fn carriers(evidence: &Evidence, method: Method) -> Vec<String> {
    let calls = evidence.calls.iter().map(|call| &call.event);
    let subjects: Vec<&str> = calls
        .filter(|event| event.method == method)
        .filter_map(Event::subject)
        .collect();
    let carrier = |request: &Request| {
        let subject = subjects.iter().find(|subject| names_it(request, subject))?;
        Some(format!(
            "{} {} carried {subject}: is that its path? {}",
            request.method,
            request.endpoint(),
            request.body
        ))
    };
    evidence.requests.iter().filter_map(carrier).collect()
}

fn errors(evidence: &Evidence) -> impl Iterator<Item = String> {
    let messages = evidence
        .console
        .iter()
        .filter(|message| matches!(message.severity, Severity::Error | Severity::Uncaught));
    messages.map(|message| format!("the console says: {}", message.text))
}
