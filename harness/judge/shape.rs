//! Whether a request is well formed, whatever event it carries.

use serde_json::Value;

use super::words::name_of;
use super::{Defect, Finding};
use crate::contract::{Field, FieldTables};
use crate::reading::{Edit, FieldChange, Reading, SentEvent, type_of};
use crate::sdk::WireEvent;

pub(super) fn shape(reading: &Reading<'_>) -> Finding {
    if reading.ledger.recorded.is_empty() {
        return Finding::nothing_to_judge("no event request arrived whose shape could be seen");
    }
    let wrong = reading.ledger.recorded.iter().flat_map(|recorded| {
        let wire = reading.profile.wire.event(recorded.method);
        malformations(recorded, wire, &reading.scenario.tables)
    });
    Finding::none_of(wrong)
}

fn malformations(
    recorded: &SentEvent<'_>,
    wire: &WireEvent,
    tables: &FieldTables,
) -> Vec<(Defect, String)> {
    let event = name_of(recorded);
    let mut wrong = Vec::new();
    let content_type = recorded.request.content_type.as_deref().unwrap_or("absent");
    if !wire.allows(content_type) {
        let allowed = wire.content_types();
        let message = format!("{event}: the content type is {content_type}, not {allowed}");
        wrong.push((Defect::ContentType(content_type.to_owned()), message));
    }
    if !recorded.body.is_object() {
        let message = format!("{event}: the body is not a JSON object");
        wrong.push((Defect::NoObject, message));
        return wrong;
    }
    let table = tables.of(recorded.method);
    let own = misfits(&recorded.args, &table.field);
    let own = own.map(|misfit| (String::new(), misfit));
    let items = recorded
        .args
        .get("lineItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate();
    let of_items = items.flat_map(|(index, item)| {
        let misfits = misfits(item, &table.item_field);
        misfits.map(move |misfit| (format!("lineItems[{index}]."), misfit))
    });
    wrong.extend(own.chain(of_items).map(|(prefix, (field, edit, misfit))| {
        let parent = if prefix.is_empty() {
            ""
        } else {
            "lineItems[]."
        };
        let change = FieldChange {
            method: recorded.method,
            field: format!("{parent}{field}"),
            edit,
        };
        (Defect::Field(change), format!("{event}: {prefix}{misfit}"))
    }));
    wrong
}

/// The documented fields that are missing or of another type, and how messages say it.
fn misfits<'f>(
    data: &'f Value,
    fields: &'f [Field],
) -> impl Iterator<Item = (&'f str, Edit, String)> {
    let misfit = |field: &'f Field| {
        let name = field.name.as_str();
        match data.get(name) {
            None if field.required => Some((name, Edit::Missing, format!("{name} is missing"))),
            Some(value) if !field.json.fits(value) => {
                let (is, json) = (type_of(value), field.json.name());
                let message = format!("{name} is {is}, not a {json}");
                Some((name, Edit::Retyped(is), message))
            }
            Some(_) | None => None,
        }
    };
    fields.iter().filter_map(misfit)
}
