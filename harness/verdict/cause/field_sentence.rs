//! The words for a field that arrives otherwise than it was called.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::group::Group;
use super::symptom::JudgedCase;
use crate::contract::Method;
use crate::judge::{Defect, Finding};
use crate::reading::{Edit, FieldChange, Reading, SentEvent};
use crate::sdk::profile::Pointer;

/// `product_name` is missing from every sendCartEvent; `product_title` is new.
pub fn field_sentence(
    group: &Group,
    (field, edit): (&str, Edit),
    seats: &[JudgedCase<'_>],
) -> String {
    let mut changes = BTreeSet::new();
    for symptom in &group.symptoms {
        let seen = &seats[symptom.case].outcome.seen[symptom.check];
        if let Some(Finding::Broken(broken)) = &seen.finding {
            changes.extend(
                broken
                    .defects
                    .iter()
                    .filter_map(Defect::field_change)
                    .cloned(),
            );
        }
    }
    changes.retain(|own: &FieldChange| own.edit == edit && own.leaf() == field);
    let readings: Vec<&Reading<'_>> = seats
        .iter()
        .filter_map(|own| own.reading.as_ref())
        .collect();
    let (mut names, mut places, mut news) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for change in &changes {
        let is_item = change.field.starts_with("lineItems[].");
        let Some(wire) = readings
            .first()
            .map(|own| own.profile.wire.event(change.method))
        else {
            continue;
        };
        let pointers = if is_item {
            &wire.item_fields
        } else {
            &wire.fields
        };
        let pointer = pointers.get(field);
        names.insert(pointer.map_or(field, |own| own.name()).to_owned());
        let item = if is_item { "the items of " } else { "" };
        let is_every = is_in_every(change.method, &change.field, edit, &readings);
        let every = if is_every { "every" } else { "some" };
        places.push(format!("{item}{every} {}", change.method));
        if edit == Edit::Missing {
            news.extend(new_names(change.method, is_item, &readings));
        }
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (in_words, from) = if edit == Edit::Missing {
        ("is missing".to_owned(), "from")
    } else {
        (edit.words(), "in")
    };
    let mut sentence = format!(
        "{} {in_words} {from} {}",
        names.join(" and "),
        places.join(" and ")
    );
    if !news.is_empty() {
        let news: Vec<String> = news.iter().map(|name| format!("`{name}`")).collect();
        let is = if news.len() == 1 { "is" } else { "are" };
        let _ = write!(sentence, "; {} {is} new", news.join(", "));
    }
    sentence
}

/// Whether each recorded event of a method has the change, of those called with the field.
fn is_in_every(method: Method, field: &str, edit: Edit, readings: &[&Reading<'_>]) -> bool {
    let called = readings.iter().flat_map(|reading| {
        let own = reading.called.iter();
        own.filter(move |own| own.event.method == method && !own.recorded.is_empty())
            .map(move |own| (*reading, own))
    });
    let leaf = field.rsplit('.').next().unwrap_or(field);
    let has = |value: &Value| match field.strip_prefix("lineItems[].") {
        None => value.get(leaf).is_some(),
        Some(_) => value
            .get("lineItems")
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().any(|item| item.get(leaf).is_some())),
    };
    let mut concerned = called.filter(|(_, own)| has(&own.event.args));
    concerned.all(|(reading, own)| {
        let mut changes = reading.field_changes(own).into_iter();
        changes.any(|own| own.field == field && own.edit == edit)
    })
}

/// The names in requests of a method that the profile does not know, where a field is missing.
fn new_names(method: Method, is_item: bool, readings: &[&Reading<'_>]) -> BTreeSet<String> {
    let mut news = BTreeSet::new();
    for reading in readings {
        let wire = reading.profile.wire.event(method);
        let recorded = reading.ledger.recorded.iter();
        for sent in recorded.filter(|own| own.method == method) {
            let pointers = if is_item {
                &wire.item_fields
            } else {
                &wire.fields
            };
            let known: BTreeSet<&str> = pointers.values().map(Pointer::name).collect();
            let automatic = &reading.profile.wire;
            let automatic = [
                automatic.company_key.name(),
                automatic.user_fingerprint.name(),
                automatic.user_faq_fingerprint.name(),
            ];
            let names = names(sent, is_item, wire.fields.get("lineItems"));
            news.extend(names.into_iter().filter(|name| {
                !known.contains(name.as_str()) && !automatic.contains(&name.as_str())
            }));
        }
    }
    news
}

/// The names in an event, or in its first item.
fn names(sent: &SentEvent<'_>, is_item: bool, items: Option<&Pointer>) -> Vec<String> {
    let names = |value: &Value| match value {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Vec::new()
        }
    };
    if !is_item {
        return names(&sent.body);
    }
    let items = items.and_then(|items| items.find(&sent.body));
    let first = items.as_ref().and_then(|items| items.get(0));
    first.map(names).unwrap_or_default()
}
