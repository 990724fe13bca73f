use std::collections::{BTreeMap, BTreeSet};

use super::model::WireChangeKind;
use super::wire_changes::Changes;
use crate::contract::Method;
use crate::report::model::{FieldWire, JsonKind};

/// What the event itself is called, whose pointer is empty.
const EVENT: &str = "(the event)";

/// Compares the places in one kind of event.
pub fn fields(
    method: Method,
    before: &BTreeMap<String, FieldWire>,
    now: &BTreeMap<String, FieldWire>,
    changes: &mut Changes,
) {
    let places: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    for pointer in places {
        let mut say = |kind: WireChangeKind, old: Option<&FieldWire>, new: Option<&FieldWire>| {
            let subject = if pointer.is_empty() { EVENT } else { pointer };
            changes.say(
                kind,
                Some(method),
                subject,
                old.map(words).as_deref(),
                new.map(words).as_deref(),
            );
        };
        match (before.get(pointer), now.get(pointer)) {
            (None, Some(field)) if !is_told(pointer, now, before) => {
                say(WireChangeKind::FieldAdded, None, Some(field));
            }
            (Some(field), None) if !is_told(pointer, before, now) => {
                say(WireChangeKind::FieldRemoved, Some(field), None);
            }
            (Some(old), Some(new)) => {
                let added: BTreeSet<&JsonKind> = new.types.difference(&old.types).collect();
                if added.contains(&JsonKind::Null) {
                    say(WireChangeKind::FieldNewlyNull, Some(old), Some(new));
                }
                if added.iter().any(|kind| **kind != JsonKind::Null) {
                    say(WireChangeKind::FieldRetyped, Some(old), Some(new));
                } else if added.is_empty() && old.types != new.types {
                    say(WireChangeKind::FieldNarrowed, Some(old), Some(new));
                }
                match (old.always, new.always) {
                    (true, false) => say(WireChangeKind::FieldSometimes, Some(old), Some(new)),
                    (false, true) => say(WireChangeKind::FieldAlways, Some(old), Some(new)),
                    (true, true) | (false, false) => {}
                }
            }
            (None, None | Some(_)) | (Some(_), None) => {}
        }
    }
}

/// Whether the change of what lies around `pointer` tells of it already: all that is in a new
/// object is new.
fn is_told(
    pointer: &str,
    here: &BTreeMap<String, FieldWire>,
    there: &BTreeMap<String, FieldWire>,
) -> bool {
    pointer
        .rsplit_once('/')
        .is_some_and(|(around, _)| here.contains_key(around) && !there.contains_key(around))
}

/// `number | string, sometimes`.
pub fn words(field: &FieldWire) -> String {
    let types = field
        .types
        .iter()
        .map(|kind| kind.word())
        .collect::<Vec<_>>()
        .join(" | ");
    if field.always {
        types
    } else {
        format!("{types}, sometimes")
    }
}
