use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::mask::Mask;
use crate::report::model::{FieldWire, JsonKind};

/// The places in one event, gathered.
#[derive(Debug, Default)]
pub struct Places {
    /// By pointer: the types seen, and how often it was there.
    seen: BTreeMap<String, (BTreeSet<JsonKind>, usize)>,
    /// By pointer: how many objects lay there.
    objects: BTreeMap<String, usize>,
}

/// How far a walk goes.
#[derive(Debug)]
pub struct Walk<'a> {
    /// Puts names in the place of ids in keys.
    pub mask: &'a Mask,
    /// Texts at these places hold JSON, and are opened.
    pub opened: &'a BTreeSet<String>,
    /// What lies here is read elsewhere.
    pub stop: Option<&'a str>,
}

impl Places {
    /// Takes in `value`, which lies at `pointer`, and all in it.
    pub fn take(&mut self, value: &Value, pointer: &str, walk: &Walk<'_>) {
        let (types, times) = self.seen.entry(pointer.to_owned()).or_default();
        types.insert(JsonKind::of(value));
        *times += 1;
        if walk.stop == Some(pointer) {
            return;
        }
        match value {
            Value::Object(fields) => {
                *self.objects.entry(pointer.to_owned()).or_default() += 1;
                for (name, field) in fields {
                    let name = escaped(&walk.mask.masked(name));
                    self.take(field, &format!("{pointer}/{name}"), walk);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.take(item, &format!("{pointer}/*"), walk);
                }
            }
            Value::String(text) if walk.opened.contains(pointer) => {
                if let Some(held) = crate::sdk::wrapped(text) {
                    self.inside(&held, pointer, walk);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn inside(&mut self, held: &Value, pointer: &str, walk: &Walk<'_>) {
        self.take(held, pointer, walk);
        // The text and what it holds lie at one place, and are there once.
        if let Some((_, times)) = self.seen.get_mut(pointer) {
            *times -= 1;
        }
    }

    /// The places, with what was seen there.
    pub fn fields(&self) -> BTreeMap<String, FieldWire> {
        let always = |pointer: &str, times: usize| {
            let Some((around, name)) = pointer.rsplit_once('/') else {
                return true;
            };
            // A list may be empty: what lies in it is neither always there nor sometimes.
            let objects = self.objects.get(around);
            name == "*" || objects.is_none_or(|objects| times >= *objects)
        };
        let field = |(pointer, (types, times)): (&String, &(BTreeSet<JsonKind>, usize))| {
            let (types, always) = (types.clone(), always(pointer, *times));
            (pointer.clone(), FieldWire { types, always })
        };
        self.seen.iter().map(field).collect()
    }
}

/// One step of a JSON Pointer. `*` stands for the places of a list, so that a field of that name is
/// written otherwise.
fn escaped(name: &str) -> String {
    if name == "*" {
        "%2A".to_owned()
    } else {
        name.replace('~', "~0").replace('/', "~1")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: &Value, opened: &[&str]) -> Vec<String> {
        let (mask, opened) = (
            Mask::default(),
            opened.iter().map(|place| (*place).to_owned()).collect(),
        );
        let mut places = Places::default();
        places.take(
            value,
            "",
            &Walk {
                mask: &mask,
                opened: &opened,
                stop: None,
            },
        );
        let word = |field: &FieldWire| {
            field
                .types
                .iter()
                .map(|kind| kind.word())
                .collect::<Vec<_>>()
                .join("|")
                + if field.always { "" } else { " sometimes" }
        };
        places
            .fields()
            .iter()
            .map(|(pointer, field)| format!("{pointer} {}", word(field)))
            .collect()
    }

    #[test]
    fn the_items_of_a_list_are_one_place_and_what_only_some_of_them_have_is_there_sometimes() {
        let order =
            json!({"id": "1", "items": [{"sku": "A", "value": 1}, {"sku": null}], "a/b": true});
        let expected = [
            " object",
            "/a~1b boolean",
            "/id string",
            "/items array",
            "/items/* object",
            "/items/*/sku null|string",
            "/items/*/value number sometimes",
        ];
        assert_eq!(fields(&order, &[]), expected);
    }

    #[test]
    fn what_could_not_be_read_is_a_null_event() {
        assert_eq!(fields(&Value::Null, &[]), [" null"]);
    }

    #[test]
    fn a_text_is_opened_only_where_the_profile_looks_into_it() {
        let event = json!({"plain": "{\"a\":1}", "other": "{\"a\":1}"});
        assert_eq!(
            fields(&event, &["/plain"]),
            [
                " object",
                "/other string",
                "/plain string|object",
                "/plain/a number"
            ]
        );
    }

    #[test]
    fn a_key_that_is_an_id_is_masked() {
        assert_eq!(
            fields(
                &json!({"8cab8e1c-c5bf-4b25-ba98-38569094c21e": 1, "*": 2}),
                &[]
            ),
            [" object", "/%2A number", "/{uuid} number"]
        );
    }
}
