//! Whether a request is well formed, whatever event it carries.

use serde_json::Value;

use super::{Finding, Subject, name_of};
use crate::contract::FieldTables;
use crate::evidence::Recorded;

impl Subject<'_> {
    pub(super) fn shape(&self) -> Finding {
        if self.ledger.recorded.is_empty() {
            return Finding::broken("no event request arrived whose shape could be seen");
        }
        let wrong: Vec<String> = self.ledger.recorded.iter().flat_map(|recorded| malformations(recorded, &self.case.scenario.tables)).collect();
        Finding::none_of(&wrong)
    }
}

fn malformations(recorded: &Recorded<'_>, tables: &FieldTables) -> Vec<String> {
    let event = name_of(recorded);
    let mut wrong = Vec::new();
    let content_type = recorded.request.content_type.as_deref().unwrap_or("absent");
    if !content_type.starts_with("application/json") {
        wrong.push(format!("{event}: the content type is {content_type}, not application/json"));
    }
    if !recorded.body.is_object() {
        wrong.push(format!("{event}: the body is not a JSON object"));
        return wrong;
    }
    for field in &tables.of(recorded.method).field {
        match recorded.args.get(&field.name) {
            None if field.required => wrong.push(format!("{event}: {} is absent", field.name)),
            Some(value) if !field.json.fits(value) => wrong.push(format!("{event}: {} is {}, not a {}", field.name, type_of(value), field.json.name())),
            _ => {}
        }
    }
    wrong
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
