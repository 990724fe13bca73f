//! Whether a profile fits a build, part by part: what was looked for, what was there, and what to
//! write instead.

use std::iter::once;

use serde_json::Value;

use crate::contract::{Event, Method};
use crate::evidence::{Decision, Evidence, Request, StepOutcome};
use crate::reading::{Reading, names_it};
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
pub fn fit(loaded: &Reading<'_>, used: &[(Interaction, Reading<'_>)]) -> Vec<Part> {
    let (profile, evidence) = (loaded.profile, loaded.evidence);
    let mut parts = vec![install(profile, evidence), ready(profile, evidence)];
    for (way, reading) in used {
        parts.push(conversation(*way, reading.evidence));
    }
    // One that came to its end shows more of the rest.
    let is_whole = |(_, reading): &&(_, Reading<'_>)| reading.evidence.impossible().is_none();
    let Some((_, reading)) = used.iter().find(is_whole).or(used.first()) else {
        return parts;
    };
    if profile.identifiers.is_some() {
        parts.push(identifiers(reading));
    }
    for method in Method::ALL {
        parts.push(event(reading, method));
    }
    parts.push(automatic(reading));
    parts
}

impl Part {
    fn new(name: &str, fits: bool, found: impl IntoIterator<Item = String>) -> Self {
        Self {
            name: name.to_owned(),
            fits,
            found: found.into_iter().collect(),
        }
    }
}

fn install(profile: &Profile, evidence: &Evidence) -> Part {
    let (install, asked) = (&profile.install, evidence.scripts.iter());
    let came = asked.clone().filter(|script| script.sha256.is_some());
    let came = came.count();
    let expected = install.scripts.iter();
    let expected = expected.map(|script| format!("{}{script}", install.path));
    let expected = expected.collect::<Vec<_>>().join(", ");
    if came >= install.scripts.len() {
        return Part::new("[install]", true, [format!("the page fetched {expected}")]);
    }
    let answers = asked.map(|script| format!("a script was answered with {}", script.status));
    let missing =
        format!("the page is to fetch {expected} below the API's base URL, and {came} came");
    Part::new("[install]", false, answers.chain([missing]))
}

fn ready(profile: &Profile, evidence: &Evidence) -> Part {
    let gave_up = evidence.steps.iter().find_map(|step| match &step.outcome {
        StepOutcome::GaveUp(why) | StepOutcome::Impossible(why) => Some(why.clone()),
        StepOutcome::Done => None,
    });
    match gave_up {
        None => {
            let became = format!("it became true: {}", profile.ready);
            Part::new("ready", true, [became])
        }
        Some(why) => Part::new("ready", false, once(why).chain(errors(evidence))),
    }
}

fn conversation(way: Interaction, evidence: &Evidence) -> Part {
    let name = format!("[{}]", way.table());
    let Some((_, why)) = evidence.impossible() else {
        return Part::new(&name, true, ["it was used, and it answered".to_owned()]);
    };
    let found = once(why.to_owned()).chain(unknown(evidence));
    Part::new(&name, false, found.chain(errors(evidence)))
}

/// What the getters returned. On a build that is sound, events carry the same.
fn identifiers(reading: &Reading<'_>) -> Part {
    let sent = reading.ledger.recorded.first();
    let chat = sent.and_then(|event| event.user_fingerprint.as_ref());
    let faq = sent.and_then(|event| event.user_faq_fingerprint.as_ref());
    let found = reading.evidence.identities.iter().flat_map(|identity| {
        [
            ("user_fingerprint", &identity.user_fingerprint, chat),
            ("user_faq_fingerprint", &identity.user_faq_fingerprint, faq),
        ]
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        let missing = "the getters were never asked: an earlier step failed".to_owned();
        return Part::new("[identifiers]", false, [missing]);
    }
    let is_id = |text: &str| !text.starts_with("threw ") && text != "undefined";
    let agrees = |(_, value, sent): &(_, &Value, Option<&Value>)| {
        value.as_str().is_some_and(is_id) && sent.is_none_or(|sent| sent == *value)
    };
    let fits = found.iter().all(agrees);
    let returned = |own: (&str, &Value, Option<&Value>)| match own {
        (name, value, Some(sent)) if value != sent => {
            format!("{name} returned {value}, and events carry {sent}: is the getter wrong?")
        }
        (name, value, _) => format!("{name} returned {value}"),
    };
    Part::new("[identifiers]", fits, found.into_iter().map(returned))
}

fn event(reading: &Reading<'_>, method: Method) -> Part {
    let name = format!("[wire.events.{method}]");
    let (evidence, wire) = (reading.evidence, reading.profile.wire.event(method));
    let mut rejected = reading.ledger.rejected.iter();
    if let Some((_, why)) = rejected.find(|(event, _)| event.method == method) {
        let reason = why.reason();
        let found =
            format!("it was sent, and a server with these policies would not record it: {reason}");
        return Part::new(&name, false, [found]);
    }
    let mut calls = evidence.calls.iter().map(|call| &call.event);
    let called = calls.find(|event| event.method == method);
    let mut recorded = reading.ledger.recorded.iter();
    let Some(event) = recorded.find(|event| event.method == method) else {
        let missing = match called {
            Some(_) => format!("no {} request to {} came", wire.http, wire.path),
            None => "it was never called: an earlier step failed".to_owned(),
        };
        let found = once(missing).chain(carriers(evidence, method));
        return Part::new(&name, false, found.chain(errors(evidence)));
    };
    let is_missing = |field: &str| {
        called.is_some_and(|called| called.args.get(field).is_some())
            && event.args.get(field).is_none()
    };
    let fields = wire.fields.iter().filter(|(field, _)| is_missing(field));
    let missing = fields.map(|(field, pointer)| format!("{field} is not at {}", pointer.text()));
    let missing: Vec<String> = missing.collect();
    let seen = format!("{} carried {}", asked(event.request), event.body);
    Part::new(&name, missing.is_empty(), missing.into_iter().chain([seen]))
}

fn automatic(reading: &Reading<'_>) -> Part {
    let Some(event) = reading.ledger.recorded.first() else {
        return Part::new(
            "[wire]",
            false,
            ["no event came that could carry them".to_owned()],
        );
    };
    let wire = &reading.profile.wire;
    let values = [
        (&wire.company_key, &event.company_key),
        (&wire.user_fingerprint, &event.user_fingerprint),
        (&wire.user_faq_fingerprint, &event.user_faq_fingerprint),
    ];
    let fits = values.iter().all(|(_, value)| value.is_some());
    let found = values.map(|(pointer, value)| match value {
        Some(value) => format!("{} is {value}", pointer.text()),
        None => format!("nothing lies at {}", pointer.text()),
    });
    Part::new("[wire]", fits, found)
}

/// Requests that nothing in the profile is for.
fn unknown(evidence: &Evidence) -> impl Iterator<Item = String> {
    let is_unknown = |request: &&Request| request.decision == Decision::Unknown;
    evidence.requests.iter().filter(is_unknown).map(|request| {
        let asked = asked(request);
        format!(
            "{asked} was asked for, and no [[answer]] is for it: {}",
            request.body
        )
    })
}

/// Requests that carry a called event somewhere the profile does not look.
fn carriers(evidence: &Evidence, method: Method) -> Vec<String> {
    let calls = evidence.calls.iter().map(|call| &call.event);
    let calls = calls.filter(|event| event.method == method);
    let subjects: Vec<&str> = calls.filter_map(Event::subject).collect();
    let carrier = |request: &Request| {
        let subject = subjects.iter().find(|subject| names_it(request, subject))?;
        let (asked, body) = (asked(request), &request.body);
        Some(format!(
            "{asked} carried {subject}: is that its path? {body}"
        ))
    };
    evidence.requests.iter().filter_map(carrier).collect()
}

fn asked(request: &Request) -> String {
    format!("{} {}", request.method, request.endpoint())
}

fn errors(evidence: &Evidence) -> impl Iterator<Item = String> {
    let errors = evidence.errors();
    errors.map(|message| format!("the console says: {}", message.quoted()))
}
