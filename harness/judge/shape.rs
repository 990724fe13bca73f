//! Whether a request is well formed, whatever event it carries.

use serde_json::Value;

use super::Finding;
use super::words::name_of;
use crate::contract::{Field, FieldTables};
use crate::reading::{Reading, SentEvent};
use crate::sdk::WireEvent;

pub(super) fn shape(reading: &Reading<'_>) -> Finding {
    if reading.ledger.recorded.is_empty() {
        return Finding::nothing_to_judge("no event request arrived whose shape could be seen");
    }
    let wrong: Vec<String> = reading
        .ledger
        .recorded
        .iter()
        .flat_map(|recorded| {
            malformations(
                recorded,
                reading.profile.wire.event(recorded.method),
                &reading.scenario.tables,
            )
        })
        .collect();
    Finding::none_of(&wrong)
}

fn malformations(recorded: &SentEvent<'_>, wire: &WireEvent, tables: &FieldTables) -> Vec<String> {
    let event = name_of(recorded);
    let mut wrong = Vec::new();
    let content_type = recorded.request.content_type.as_deref().unwrap_or("absent");
    if !wire.allows(content_type) {
        wrong.push(format!(
            "{event}: the content type is {content_type}, not {}",
            wire.content_types()
        ));
    }
    if !recorded.body.is_object() {
        wrong.push(format!("{event}: the body is not a JSON object"));
        return wrong;
    }
    let table = tables.of(recorded.method);
    let own = misfits(&recorded.args, &table.field, "");
    let items = recorded
        .args
        .get("lineItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate();
    let of_items = items.flat_map(|(index, item)| {
        misfits(item, &table.item_field, &format!("lineItems[{index}]."))
    });
    wrong.extend(
        own.into_iter()
            .chain(of_items)
            .map(|misfit| format!("{event}: {misfit}")),
    );
    wrong
}

/// The documented fields that are absent or of another type; `prefix` stands before their names.
fn misfits(data: &Value, fields: &[Field], prefix: &str) -> Vec<String> {
    let misfit = |field: &Field| match data.get(&field.name) {
        None if field.required => Some(format!("{prefix}{} is absent", field.name)),
        Some(value) if !field.json.fits(value) => Some(format!(
            "{prefix}{} is {}, not a {}",
            field.name,
            type_of(value),
            field.json.name()
        )),
        _ => None,
    };
    fields.iter().filter_map(misfit).collect()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
