use clap::builder::PossibleValue;
use serde_json::{Map, Value, json};

use super::settings::{Kind, SETTINGS, Setting};
use crate::cli::args::run_flag;

/// The JSON Schema of `alhena-conformance.toml`, made from the flags themselves.
pub fn json_schema() -> Value {
    let properties = SETTINGS.iter().filter_map(|setting| {
        let schema = property(setting)?;
        Some((setting.name.to_owned(), schema))
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "alhena-conformance.toml",
        "description": "Settings of alhena-conformance. Each key is a flag of `run`. Paths are \
            relative to this file.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties.collect::<Map<String, Value>>(),
    })
}

fn property(setting: &Setting) -> Option<Value> {
    let arg = run_flag(setting.name)?;
    let one = match setting.kind {
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Number => json!({ "type": "integer", "minimum": 0 }),
        Kind::Build | Kind::Profile | Kind::Driver | Kind::Path | Kind::Text => {
            let values = arg.get_possible_values();
            let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            match names.as_slice() {
                [] => json!({ "type": "string" }),
                names => json!({ "enum": names }),
            }
        }
    };
    let mut schema = if setting.takes_several() {
        json!({ "anyOf": [one, { "type": "array", "items": one }] })
    } else {
        one
    };
    schema["description"] = json!(arg.get_help()?.to_string());
    Some(schema)
}
