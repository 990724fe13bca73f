//! A place in an event in words, `number | null, sometimes`: how a baseline and the formats write
//! it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::report::model::{FieldWire, JsonKind};

/// `number | string, sometimes`.
pub fn words(field: &FieldWire) -> String {
    let types: Vec<&str> = field.types.iter().map(|kind| kind.word()).collect();
    let sometimes = if field.always { "" } else { ", sometimes" };
    format!("{}{sometimes}", types.join(" | "))
}

/// Reads the places of an event, each written as [`words`] does, by pointer.
pub fn fields_in_words<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, FieldWire>, D::Error> {
    let fields = BTreeMap::<String, InWords>::deserialize(deserializer)?;
    let field = |(pointer, field): (String, InWords)| (pointer, field.0);
    Ok(fields.into_iter().map(field).collect())
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct InWords(FieldWire);

impl TryFrom<String> for InWords {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let types = text.strip_suffix(", sometimes");
        let always = types.is_none();
        let kinds = types.unwrap_or(&text).split(" | ").map(kind);
        let types = kinds.collect::<Result<_, _>>()?;
        Ok(Self(FieldWire { types, always }))
    }
}

fn kind(word: &str) -> Result<JsonKind, String> {
    serde_json::from_value(Value::from(word)).map_err(|_| {
        format!(
            "`{word}` is no JSON type: write null, boolean, number, string, array or object, with \
             ` | ` between them"
        )
    })
}
