//! In which fields a recorded event differs from its call, and how.

use std::fmt;

use serde_json::Value;

use super::called::Called;
use super::difference::{differences, same_json};
use super::sent_event::SentEvent;
use crate::contract::Method;

/// A field that arrived otherwise than it was called. Equal ones have the same cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldChange {
    /// The method of the event.
    pub method: Method,
    /// Its name in the tables; an item's is written `lineItems[].value`.
    pub field: String,
    /// How it changed.
    pub edit: Edit,
}

/// How a value changed on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// It is not in the request.
    Missing,
    /// It is in the request, and was not in the call.
    Added,
    /// It has another JSON type: this one.
    Retyped(&'static str),
    /// Items are missing.
    FewerItems,
    /// There are more items than were called.
    MoreItems,
    /// The same items, in another order.
    Reordered,
    /// A number, a hundred times as large: in cents.
    TimesHundred,
    /// A number without its decimals, or with fewer of them.
    Rounded,
    /// A text in lower case.
    LowerCase,
    /// A text in upper case.
    UpperCase,
    /// A text without the spaces around it.
    Trimmed,
    /// A text of which only the beginning arrived.
    Cut,
    /// A text with characters escaped.
    Escaped,
    /// A value of the same type, changed in another way.
    Other,
}

impl Edit {
    /// How `called` became `sent`; the two differ.
    pub fn of(called: Option<&Value>, sent: Option<&Value>) -> Self {
        let (Some(called), Some(sent)) = (called, sent) else {
            return if sent.is_none() {
                Self::Missing
            } else {
                Self::Added
            };
        };
        match (called, sent) {
            (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => Self::of_numbers(a, b),
                _ => Self::Other,
            },
            (Value::String(a), Value::String(b)) => Self::of_texts(a, b),
            (Value::Array(a), Value::Array(b)) => Self::of_items(a, b),
            _ if type_of(called) == type_of(sent) => Self::Other,
            _ => Self::Retyped(type_of(sent)),
        }
    }

    fn of_numbers(called: f64, sent: f64) -> Self {
        let is_close = |a: f64, b: f64| (a - b).abs() <= b.abs() * 1e-9;
        if is_close(sent, called * 100.0) {
            Self::TimesHundred
        } else if (sent - called).abs() < 1.0 && digits(sent) < digits(called) {
            Self::Rounded
        } else {
            Self::Other
        }
    }

    fn of_texts(called: &str, sent: &str) -> Self {
        if sent == called.to_lowercase() {
            Self::LowerCase
        } else if sent == called.to_uppercase() {
            Self::UpperCase
        } else if sent == called.trim() {
            Self::Trimmed
        } else if !sent.is_empty() && called.starts_with(sent) {
            Self::Cut
        } else if sent.len() > called.len() && sent.contains(['&', '%', '\\']) {
            Self::Escaped
        } else {
            Self::Other
        }
    }

    fn of_items(called: &[Value], sent: &[Value]) -> Self {
        match (called.len(), sent.len()) {
            (a, b) if b < a => Self::FewerItems,
            (a, b) if b > a => Self::MoreItems,
            _ if called
                .iter()
                .all(|own| sent.iter().any(|there| same_json(own, there))) =>
            {
                Self::Reordered
            }
            _ => Self::Other,
        }
    }

    /// What became of the field, to follow its name: “is missing”.
    pub fn words(self) -> String {
        match self {
            Self::Missing => "is missing".to_owned(),
            Self::Added => "was added".to_owned(),
            Self::Retyped(to) => format!("arrives as {to}"),
            Self::FewerItems => "has lost items".to_owned(),
            Self::MoreItems => "has items that were not called".to_owned(),
            Self::Reordered => "has its items in another order".to_owned(),
            Self::TimesHundred => "arrives times 100".to_owned(),
            Self::Rounded => "arrives rounded".to_owned(),
            Self::LowerCase => "arrives in lower case".to_owned(),
            Self::UpperCase => "arrives in upper case".to_owned(),
            Self::Trimmed => "arrives without the spaces around it".to_owned(),
            Self::Cut => "arrives cut off".to_owned(),
            Self::Escaped => "arrives escaped".to_owned(),
            Self::Other => "arrives with another value".to_owned(),
        }
    }
}

impl FieldChange {
    /// The name of the field alone: `value`, also of an item.
    pub fn leaf(&self) -> &str {
        self.field.rsplit('.').next().unwrap_or(&self.field)
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.field, self.method, self.edit.words())
    }
}

/// The fields of `recorded` that differ from the call, each once.
pub(super) fn field_changes(called: &Called<'_>, recorded: &SentEvent<'_>) -> Vec<FieldChange> {
    let (own, there) = (&called.event.args, &recorded.args);
    let items = (own.get("lineItems"), there.get("lineItems"));
    let whole = match items {
        (Some(own @ Value::Array(items)), Some(there @ Value::Array(others))) => {
            let is_whole =
                items.len() != others.len() || Edit::of_items(items, others) == Edit::Reordered;
            (is_whole && !same_json(own, there)).then(|| Edit::of_items(items, others))
        }
        (None, None) => None,
        (own, there) => Some(Edit::of(own, there)),
    };
    let mut changes: Vec<FieldChange> = Vec::new();
    for (path, own, there) in differences(own, there) {
        let of_items = path.starts_with("lineItems");
        let (field, edit) = match whole {
            Some(edit) if of_items => ("lineItems".to_owned(), edit),
            _ => (
                without_indexes(&path),
                Edit::of(own.as_ref(), there.as_ref()),
            ),
        };
        let change = FieldChange {
            method: called.event.method,
            field,
            edit,
        };
        if !changes.contains(&change) {
            changes.push(change);
        }
    }
    changes
}

/// `lineItems[3].value` → `lineItems[].value`.
fn without_indexes(path: &str) -> String {
    path.chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}

/// The JSON type of a value, with its article.
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn digits(number: f64) -> usize {
    number.to_string().len()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!("a"), Value::Null, Edit::Retyped("null"))]
    #[case(json!(12), json!("12"), Edit::Retyped("a string"))]
    #[case(json!(19.99), json!(1999), Edit::TimesHundred)]
    #[case(json!(19.999), json!(20), Edit::Rounded)]
    #[case(json!(19.99), json!(5), Edit::Other)]
    #[case(json!("USD"), json!("usd"), Edit::LowerCase)]
    #[case(json!(" a "), json!("a"), Edit::Trimmed)]
    #[case(json!("Trail runner"), json!("Trail"), Edit::Cut)]
    #[case(json!("a & b"), json!("a &amp; b"), Edit::Escaped)]
    #[case(json!("a"), json!("b"), Edit::Other)]
    #[case(json!([1, 2]), json!([2, 1]), Edit::Reordered)]
    #[case(json!([1, 2]), json!([1]), Edit::FewerItems)]
    fn change_of_a_value_is_classified(
        #[case] called: Value,
        #[case] sent: Value,
        #[case] edit: Edit,
    ) {
        assert_eq!(Edit::of(Some(&called), Some(&sent)), edit);
    }

    #[test]
    fn absent_value_is_missing_and_null_is_not() {
        assert_eq!(Edit::of(Some(&json!(1)), None), Edit::Missing);
        assert_eq!(Edit::of(None, Some(&Value::Null)), Edit::Added);
    }
}
