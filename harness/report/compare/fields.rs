use std::collections::{BTreeMap, BTreeSet};

use super::model::WireChangeKind as Kind;
use super::wire_changes::Changes;
use super::words::words;
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
        let mut say = |kind: Kind, old: Option<&FieldWire>, new: Option<&FieldWire>| {
            let subject = if pointer.is_empty() { EVENT } else { pointer };
            let (old, new) = (old.map(words), new.map(words));
            changes.say(kind, Some(method), subject, old.as_deref(), new.as_deref());
        };
        match (before.get(pointer), now.get(pointer)) {
            (None, Some(field)) if !is_told(pointer, now, before) => {
                say(Kind::FieldAdded, None, Some(field));
            }
            (Some(field), None) if !is_told(pointer, before, now) => {
                say(Kind::FieldRemoved, Some(field), None);
            }
            (Some(old), Some(new)) => {
                let added: BTreeSet<&JsonKind> = new.types.difference(&old.types).collect();
                if added.contains(&JsonKind::Null) {
                    say(Kind::FieldNewlyNull, Some(old), Some(new));
                }
                if added.iter().any(|kind| **kind != JsonKind::Null) {
                    say(Kind::FieldRetyped, Some(old), Some(new));
                } else if added.is_empty() && old.types != new.types {
                    say(Kind::FieldNarrowed, Some(old), Some(new));
                }
                match (old.always, new.always) {
                    (true, false) => say(Kind::FieldSometimes, Some(old), Some(new)),
                    (false, true) => say(Kind::FieldAlways, Some(old), Some(new)),
                    (true, true) | (false, false) => {}
                }
            }
            (None, None | Some(_)) | (Some(_), None) => {}
        }
    }
}

/// Whether the change of what lies around `pointer` describes it already: all that is in a new
/// object is new.
fn is_told(
    pointer: &str,
    here: &BTreeMap<String, FieldWire>,
    there: &BTreeMap<String, FieldWire>,
) -> bool {
    let around = pointer.rsplit_once('/').map(|(around, _)| around);
    around.is_some_and(|around| here.contains_key(around) && !there.contains_key(around))
}
