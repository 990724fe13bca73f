use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::file::{BaselineFile, EventFile, SCHEMA, StorageFile, WireFile};
use crate::contract::{CheckId, Method};
use crate::input::{InputError, Source};
use crate::report::compare::{EventSummary, Side, SideCheck, SideKind, SideReport, WireSummary};
use crate::report::model::{FieldWire, JsonKind, ProfileReport, SnippetReport, StorageWire};
use crate::verdict::Status;

/// What to do about a file that cannot be used.
const HELP: &str = "`run --baseline FILE --update-baseline` writes it anew";

/// Reads a baseline.
///
/// # Errors
/// If it is no baseline, or one of another shape than this version's; with the line.
pub fn read_baseline(source: &Source) -> Result<Side, InputError> {
    let file: BaselineFile = source.toml()?;
    let wrong = |found: String, span: Range<usize>| {
        source
            .error(found)
            .at_line(source.line_of(&span))
            .help(HELP)
    };
    if file.schema.get_ref() != SCHEMA {
        return Err(wrong(
            format!(
                "it has the shape {}, and this version reads {SCHEMA}",
                file.schema.get_ref()
            ),
            file.schema.span(),
        ));
    }
    let mut checks: BTreeMap<CheckId, SideCheck> = BTreeMap::new();
    let mut take = |id: String, check: SideCheck, span: Range<usize>| {
        if !id.contains('#') {
            return Err(wrong(
                format!("`{id}` is no check: an id reads scenario#check"),
                span,
            ));
        }
        let names = names(&id);
        match checks.insert(CheckId(id.clone()), SideCheck { names, ..check }) {
            Some(_) => Err(wrong(format!("`{id}` stands here twice"), span)),
            None => Ok(()),
        }
    };
    for (id, status) in file.verdicts {
        let span = status.span();
        take(
            id,
            SideCheck {
                status: Some(status.into_inner()),
                ..SideCheck::default()
            },
            span,
        )?;
    }
    for (id, text) in file.observations {
        let span = text.span();
        let text = text.into_inner();
        let value: Option<Value> = match text.as_str() {
            "" => None,
            json => Some(serde_json::from_str(json).map_err(|error| {
                wrong(
                    format!("the observation of `{id}` is not JSON: {error}"),
                    span.clone(),
                )
            })?),
        };
        take(
            id,
            SideCheck {
                observes: true,
                value,
                ..SideCheck::default()
            },
            span,
        )?;
    }
    for (case, held) in file.holds {
        let span = held.span();
        for name in held.into_inner() {
            take(
                format!("{case}#{name}"),
                SideCheck {
                    status: Some(Status::Pass),
                    ..SideCheck::default()
                },
                span.clone(),
            )?;
        }
    }
    let about = SideReport {
        source: source.name.clone(),
        kind: SideKind::Baseline,
        sdk: None,
        sdk_sha256: file.sdk_sha256,
        snippet: SnippetReport {
            source: String::new(),
            sha256: file.snippet_sha256,
        },
        profile: ProfileReport {
            name: file.profile,
            file: String::new(),
            sha256: file.profile_sha256,
            policies: BTreeMap::new(),
        },
        harness: file.harness,
        browser: None,
        platform: None,
        filter: file.filter,
        began: None,
        interrupted: false,
        checks: checks.len(),
    };
    let wire = file.wire.map(|wire| summary(wire, &wrong)).transpose()?;
    Ok(Side::of_baseline(about, checks, wire))
}

/// The names by which a pattern may mean a check: nothing tells where its scenario ends, so that
/// every part of the id may be one.
fn names(id: &str) -> Vec<String> {
    id.match_indices(['/', '@', '#'])
        .map(|(end, _)| id[..end].to_owned())
        .collect()
}

fn summary(
    file: WireFile,
    wrong: &impl Fn(String, Range<usize>) -> InputError,
) -> Result<WireSummary, InputError> {
    let WireFile {
        hosts,
        preflights,
        other_requests,
        globals,
        storage,
        events,
    } = file;
    let storage = storage.map(
        |StorageFile {
             local,
             session,
             cookies,
         }| StorageWire {
            local: local.into_iter().collect(),
            session: session.into_iter().collect(),
            cookies: cookies.into_iter().collect(),
        },
    );
    let events: Result<BTreeMap<Method, EventSummary>, InputError> = events
        .into_iter()
        .map(|(method, file)| Ok((method, event(file, wrong)?)))
        .collect();
    Ok(WireSummary {
        events: events?,
        other_requests: other_requests.into_iter().collect(),
        preflights: preflights.into_iter().collect(),
        hosts: hosts.into_iter().collect(),
        storage,
        globals: globals.map(|globals| globals.into_iter().collect()),
    })
}

fn event(
    file: EventFile,
    wrong: &impl Fn(String, Range<usize>) -> InputError,
) -> Result<EventSummary, InputError> {
    let field = |(pointer, text): (String, toml::Spanned<String>)| {
        let field = field(text.get_ref()).map_err(|found| wrong(found, text.span()))?;
        Ok((pointer, field))
    };
    Ok(EventSummary {
        requests: file.requests.into_iter().collect(),
        content_types: file.content_types.into_iter().collect(),
        fields: file
            .fields
            .into_iter()
            .map(field)
            .collect::<Result<_, _>>()?,
        requests_a_call: file.requests_a_call,
        bytes: file.bytes,
    })
}

/// `number | null, sometimes`.
fn field(text: &str) -> Result<FieldWire, String> {
    let (types, always) = text
        .strip_suffix(", sometimes")
        .map_or((text, true), |types| (types, false));
    let kind = |word: &str| {
        let known = serde_json::from_value::<JsonKind>(Value::String(word.to_owned()));
        known.map_err(|_| {
            format!(
                "`{word}` is no JSON type: write null, boolean, number, string, array or object, \
                 with ` | ` between them"
            )
        })
    };
    Ok(FieldWire {
        types: types.split(" | ").map(kind).collect::<Result<_, _>>()?,
        always,
    })
}
