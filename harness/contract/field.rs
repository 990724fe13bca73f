use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Method, Register, RequirementId};
use crate::input::{Files, InputError, Source};

/// The JSON types that the API page's tables use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonType {
    /// A JSON string.
    String,
    /// A JSON number.
    Number,
    /// A JSON array.
    Array,
}

impl JsonType {
    /// Whether `value` is of this type.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Array => value.is_array(),
        }
    }

    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Array => "array",
        }
    }
}

/// One row of a table of the API page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name in the shop's data.
    pub name: String,
    /// What is broken where it arrives otherwise than it was called.
    pub requirement: RequirementId,
    /// Its type.
    pub json: JsonType,
    /// Whether the table says “Yes”.
    pub required: bool,
    /// A value outside the documented ones, where the table lists them.
    pub outside: Option<String>,
}

/// The tables of one event method.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFields {
    /// The method.
    pub method: Method,
    /// Its own fields.
    pub field: Vec<Field>,
    /// The fields of each entry of `lineItems`; empty where there is no such array.
    #[serde(default)]
    pub item_field: Vec<Field>,
}

impl EventFields {
    /// Whether each field that `args` has is of its type, and none that is required is missing.
    pub fn fit(&self, args: &Value) -> bool {
        let items = args.get("lineItems").and_then(Value::as_array);
        let mut items = items.into_iter().flatten();
        all_fit(&self.field, args) && items.all(|item| all_fit(&self.item_field, item))
    }
}

fn all_fit(fields: &[Field], data: &Value) -> bool {
    fields.iter().all(|own| match data.get(&own.name) {
        None => !own.required,
        Some(value) => own.json.fits(value),
    })
}

/// One way in which a shop gets a field wrong, as a JavaScript expression.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flaw {
    /// The name in check ids, for example `null`.
    pub name: String,
    /// The expression that makes the value; absent: the field is left out.
    pub js: Option<String>,
    /// The types for which this is a flaw.
    pub of: Vec<JsonType>,
    /// What a build is judged by where the field is required.
    pub required: RequirementId,
    /// What a build is judged by where the field is optional; absent: no case.
    pub optional: Option<RequirementId>,
}

/// `fields.toml`: the tables of the API page and the flaws that make the validation matrix.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldTables {
    /// One table set a method.
    pub event: Vec<EventFields>,
    /// The flaws, in the order of the matrix.
    pub flaw: Vec<Flaw>,
    /// What the refusal of a `type` outside the documented ones proves.
    pub outside: RequirementId,
    /// What a message that names the field proves.
    pub console: RequirementId,
    /// What a call that throws nothing proves.
    pub throws_nothing: RequirementId,
}

impl FieldTables {
    /// Reads `fields.toml`.
    ///
    /// # Errors
    /// If it cannot be read, a method has no table, or there is no requirement of an id.
    pub fn load(files: &Files, register: &Register) -> Result<Self, InputError> {
        Self::read(&files.fixture("fields.toml")?, register)
    }

    fn read(source: &Source, register: &Register) -> Result<Self, InputError> {
        let tables: Self = source.toml()?;
        let has_none = |method: &Method| tables.event.iter().all(|event| event.method != *method);
        if let Some(missing) = Method::ALL.into_iter().find(has_none) {
            return Err(source
                .error(format!("there is no [[event]] with method = \"{missing}\""))
                .help("add one, with the rows of the API page's table as [[event.field]]"));
        }
        for (id, path) in tables.named() {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            register.demand(id, source, source.line_of_key(&path))?;
        }
        Ok(tables)
    }

    /// Each requirement that it names, with the path of the key that does.
    fn named(&self) -> impl Iterator<Item = (&RequirementId, Vec<String>)> {
        let top = [
            ("outside", &self.outside),
            ("console", &self.console),
            ("throws_nothing", &self.throws_nothing),
        ];
        let top = top.map(|(key, id)| (id, vec![key.to_owned()]));
        let flaws = self.flaw.iter().enumerate().flat_map(|(index, flaw)| {
            let path = move |key: &str| vec!["flaw".to_owned(), index.to_string(), key.to_owned()];
            let optional = flaw.optional.iter().map(move |id| (id, path("optional")));
            std::iter::once((&flaw.required, path("required"))).chain(optional)
        });
        let fields = self.event.iter().enumerate().flat_map(|(index, event)| {
            let rows = [("field", &event.field), ("item_field", &event.item_field)];
            rows.into_iter().flat_map(move |(list, fields)| {
                fields.iter().enumerate().map(move |(row, field)| {
                    let (index, row) = (index.to_string(), row.to_string());
                    let path = ["event", &index, list, &row, "requirement"].map(str::to_owned);
                    (&field.requirement, path.to_vec())
                })
            })
        });
        top.into_iter().chain(flaws).chain(fields)
    }

    /// What is broken where this field of an event of `method` arrives otherwise than it was
    /// called; `None`: no table has it. An item's field is written `lineItems[].value`.
    pub fn requirement_of(&self, method: Method, field: &str) -> Option<&RequirementId> {
        let table = self.of(method);
        let (fields, name) = match field.strip_prefix("lineItems[].") {
            Some(name) => (&table.item_field, name),
            None => (&table.field, field),
        };
        let own = fields.iter().find(|own| own.name == name)?;
        Some(&own.requirement)
    }

    /// The tables of `method`.
    pub fn of(&self, method: Method) -> &EventFields {
        let own = self.event.iter().find(|event| event.method == method);
        own.expect("`load` has seen a table for every method")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::of_the_matrix("console = ")]
    #[case::of_a_flaw("required = \"")]
    #[case::of_an_optional_flaw("optional = ")]
    #[case::of_a_field("requirement = ")]
    fn unknown_requirement_is_refused_at_its_line(#[case] key: &str) {
        let (files, mut line) = (Files::default(), None);
        let source = files.fixture("fields.toml").unwrap();
        let mut lines: Vec<String> = source.text.lines().map(str::to_owned).collect();
        for (index, text) in lines.iter_mut().enumerate().rev() {
            if let Some((before, after)) = text.split_once(key).filter(|_| line.is_none()) {
                let (_, rest) = after.trim_start_matches('"').split_once('"').unwrap();
                let key = key.trim_end_matches('"');
                *text = format!("{before}{key}\"CART-VALEU\"{rest}");
                line = Some(index + 1);
            }
        }
        let text = lines.join("\n");
        let register = Register::load(&files).unwrap();
        let message = FieldTables::read(&Source { text, ..source }, &register);
        let message = message.unwrap_err().to_string();
        let place = format!("fields.toml:{}\n", line.unwrap());
        assert!(
            message.contains("`CART-VALEU` is not a requirement")
                && message.contains("CART-VALUE")
                && message.contains(&place),
            "{message}"
        );
    }
}
