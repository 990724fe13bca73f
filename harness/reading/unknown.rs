//! Events in requests to paths that take none.

use std::fmt;

use super::sent_event::SentEvent;
use crate::contract::{Event, FieldTables, Method};
use crate::evidence::{Decision, Request};
use crate::sdk::Profile;

/// Shorter names stand in other texts by chance.
const SHORTEST_NAME: usize = 3;

/// A request that carries a called event past the event endpoints.
#[derive(Debug)]
pub struct Bypass<'a> {
    /// The request.
    pub request: &'a Request,
    /// The product or the order that it names.
    pub name: &'a str,
}

impl fmt::Display for Bypass<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, name } = self;
        let (method, path) = (&request.method, &request.path);
        write!(f, "{method} {path} carried {name} past the event endpoints")
    }
}

/// The unknown requests that name the product or the order of a called event.
pub(super) fn bypasses<'a>(requests: &'a [Request], called: &[&'a Event]) -> Vec<Bypass<'a>> {
    let names: Vec<&str> = called
        .iter()
        .filter_map(|event| event.subject())
        .filter(|name| name.len() >= SHORTEST_NAME)
        .collect();
    let unknown = requests
        .iter()
        .filter(|request| request.decision == Decision::Unknown);
    let bypass = |request: &'a Request| {
        let name = names.iter().find(|name| names_it(request, name))?;
        Some(Bypass { request, name })
    };
    unknown.filter_map(bypass).collect()
}

/// Whether a product or an order stands in the body of a request, or in its path.
pub fn names_it(request: &Request, name: &str) -> bool {
    request.body.contains(name) || request.path.contains(name)
}

/// What an unknown request holds that reads like an event, as if it had come to an event endpoint.
///
/// Half of the required fields are enough: an SDK that sends elsewhere may spell a field in its own
/// way there.
pub fn lookalikes<'a>(
    request: &'a Request,
    profile: &Profile,
    tables: &FieldTables,
) -> Vec<SentEvent<'a>> {
    if request.decision != Decision::Unknown {
        return Vec::new();
    }
    let query = request
        .path
        .split_once('?')
        .map(|(_, query)| format!("?{query}"))
        .unwrap_or_default();
    let of_method = |method: Method| {
        let wire = profile.wire.event(method);
        let path = format!("{}{query}", wire.path);
        let records = profile.wire.read(&wire.http, &path, &request.body);
        let events = records
            .into_iter()
            .enumerate()
            .map(|(index, record)| SentEvent::new(request, index, record));
        events.filter(move |event| event.method == method && has_half_of_its_fields(event, tables))
    };
    Method::ALL.into_iter().flat_map(of_method).collect()
}

fn has_half_of_its_fields(event: &SentEvent<'_>, tables: &FieldTables) -> bool {
    let fields = &tables.of(event.method).field;
    let required: Vec<_> = fields.iter().filter(|field| field.required).collect();
    let present = required
        .iter()
        .filter(|field| event.args.get(&field.name).is_some())
        .count();
    present * 2 >= required.len()
}
