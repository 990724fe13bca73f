//! Whether a profile fits a build, part by part: what was looked for, what was found, and what to
//! write instead.

use serde_json::Value;

use crate::contract::Method;
use crate::evidence::{Decision, Evidence, Severity, StepOutcome};
use crate::reading::{Ledger, Recorded};
use crate::scenario::Interaction;
use crate::sdk::Profile;

/// One part of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its place in the file.
    pub name: String,
    /// Whether it fits the build.
    pub fits: bool,
    /// What was found, a sentence a line.
    pub found: Vec<String>,
}

/// Reads what the build did when it was only loaded, and when a visitor used a widget, was
/// identified, and reported both kinds of event.
#[must_use]
pub fn fit(profile: &Profile, loaded: &Evidence, used: &[(Interaction, Evidence)]) -> Vec<Part> {
    let mut parts = vec![install(profile, loaded), ready(profile, loaded)];
    for (way, evidence) in used {
        parts.push(conversation(*way, evidence));
    }
    // One that came to its end shows more of the rest.
    let Some((_, evidence)) = used
        .iter()
        .find(|(_, evidence)| impossible(evidence).is_none())
        .or(used.first())
    else {
        return parts;
    };
    if profile.identifiers.is_some() {
        parts.push(identifiers(evidence));
    }
    let ledger = Ledger::new(&evidence.requests, profile);
    for method in Method::ALL {
        parts.push(event(profile, evidence, &ledger, method));
    }
    parts.push(automatic(profile, &ledger));
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
    let wanted = profile
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
            vec![format!("the page fetched {wanted}")],
        );
    }
    Part::new(
        "[install]",
        false,
        answers
            .chain([format!(
                "the page is to fetch {wanted} below the API's base URL, and {fetched} came"
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
    match impossible(evidence) {
        None => Part::new(&name, true, vec!["it was used, and it answered".into()]),
        Some(why) => Part::new(
            &name,
            false,
            std::iter::once(why)
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
    let said = if found.is_empty() {
        vec!["the getters were never asked: an earlier step failed".into()]
    } else {
        Vec::new()
    };
    Part::new(
        "[identifiers]",
        fits,
        said.into_iter()
            .chain(
                found
                    .iter()
                    .map(|(name, value)| format!("{name} returned {value}")),
            )
            .collect(),
    )
}

fn event(profile: &Profile, evidence: &Evidence, ledger: &Ledger<'_>, method: Method) -> Part {
    let name = format!("[wire.events.{method}]");
    let wire = profile.wire.event(method);
    let kept_out = ledger
        .kept_out
        .iter()
        .find(|(event, _)| event.method == method);
    if let Some((_, why)) = kept_out {
        return Part::new(
            &name,
            false,
            vec![format!(
                "it was sent, and a server with these policies would not record it: {}",
                why.why()
            )],
        );
    }
    let Some(event) = ledger.recorded.iter().find(|event| event.method == method) else {
        let called = evidence
            .calls
            .iter()
            .any(|call| call.event.method == method);
        let said = if called {
            format!("no {} request to {} came", wire.http, wire.path)
        } else {
            "it was never called: an earlier step failed".to_owned()
        };
        return Part::new(
            &name,
            false,
            std::iter::once(said)
                .chain(carriers(evidence, method))
                .chain(errors(evidence))
                .collect(),
        );
    };
    let called = evidence
        .calls
        .iter()
        .find(|call| call.event.method == method)
        .map(|call| &call.event.args);
    let missing: Vec<String> = wire
        .fields
        .iter()
        .filter(|(field, _)| {
            called.is_some_and(|called| called.get(field).is_some())
                && event.args.get(*field).is_none()
        })
        .map(|(field, place)| format!("{field} is not at {}", place.text()))
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

fn automatic(profile: &Profile, ledger: &Ledger<'_>) -> Part {
    let Some(event) = ledger.recorded.first() else {
        return Part::new(
            "[wire]",
            false,
            vec!["no event came that could carry them".into()],
        );
    };
    let Recorded {
        company_key,
        user_fingerprint,
        user_faq_fingerprint,
        ..
    } = event;
    let places = [
        (&profile.wire.company_key, company_key),
        (&profile.wire.user_fingerprint, user_fingerprint),
        (&profile.wire.user_faq_fingerprint, user_faq_fingerprint),
    ];
    let fits = places.iter().all(|(_, value)| value.is_some());
    let said = places.map(|(place, value)| {
        value.as_ref().map_or_else(
            || format!("nothing lies at {}", place.text()),
            |value| format!("{} is {value}", place.text()),
        )
    });
    Part::new("[wire]", fits, said.into())
}

fn impossible(evidence: &Evidence) -> Option<String> {
    evidence.steps.iter().find_map(|step| match &step.outcome {
        StepOutcome::Impossible(why) => Some(why.clone()),
        StepOutcome::Done | StepOutcome::GaveUp(_) => None,
    })
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
    let ids = evidence
        .calls
        .iter()
        .filter(|call| call.event.method == method);
    let ids: Vec<&str> = ids
        .filter_map(|call| {
            call.event
                .args
                .get("productId")
                .or(call.event.args.get("orderId"))?
                .as_str()
        })
        .collect();
    let id_in = |text: &str| ids.iter().find(|id| text.contains(**id)).copied();
    let carriers = evidence.requests.iter().filter_map(|request| {
        Some((
            request,
            id_in(&request.body).or_else(|| id_in(&request.path))?,
        ))
    });
    carriers
        .map(|(request, id)| {
            format!(
                "{} {} carried {id}: is that its path? {}",
                request.method,
                request.endpoint(),
                request.body
            )
        })
        .collect()
}

fn errors(evidence: &Evidence) -> impl Iterator<Item = String> {
    let said = evidence
        .console
        .iter()
        .filter(|message| matches!(message.severity, Severity::Error | Severity::Uncaught));
    said.map(|message| format!("the console says: {}", message.text))
}
