use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::{Files, InputError};

/// The two event methods of the API page.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Method {
    /// “Report when the user adds, removes, or updates items in their cart.”
    #[serde(rename = "sendCartEvent")]
    SendCartEvent,
    /// “Report when the user completes an order.”
    #[serde(rename = "sendCheckoutEvent")]
    SendCheckoutEvent,
}

impl Method {
    /// Both, in the order of the API page.
    pub const ALL: [Self; 2] = [Self::SendCartEvent, Self::SendCheckoutEvent];

    /// The name by which a shop calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SendCartEvent => "sendCartEvent",
            Self::SendCheckoutEvent => "sendCheckoutEvent",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One event as a shop reports it: the entry that the snippet queues, with the label by which
/// scenarios and reports name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// For example `cart/trail-runner-added`, or `cart/numbered#3`.
    pub label: String,
    /// The method called.
    pub method: Method,
    /// The data object, as the shop passes it.
    pub args: Value,
}

impl Event {
    /// The product or the order that it is about.
    pub fn subject(&self) -> Option<&str> {
        let product = self.args.get("productId");
        product.or_else(|| self.args.get("orderId"))?.as_str()
    }
}

/// The id of the order that the data of an event reports, where it has one.
pub fn order_id(args: &Value) -> Option<&Value> {
    args.get("orderId").filter(|id| !id.is_null())
}

/// Stands for the number of an event, inside the texts of a series.
const NUMBER: &str = "{n}";

/// More events than any shop reports in a visit: each is held in memory.
const LONGEST_SERIES: usize = 10_000;

/// How a scenario names events: `cart/added`, `cart/numbered#3` (the third of a series) or
/// `cart/numbered*100` (all of a series).
///
/// In an event of a series each `{n}` inside a text stands for its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventReference {
    name: String,
    numbers: Numbers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    None,
    One(usize),
    UpTo(usize),
}

/// The event files, each of which is read once however often it is named.
#[derive(Debug)]
pub struct EventFiles<'a> {
    files: &'a Files,
    read: RefCell<BTreeMap<String, Rc<EventFile>>>,
}

impl<'a> EventFiles<'a> {
    /// Those of `files`; none is read yet.
    #[must_use]
    pub fn of(files: &'a Files) -> Self {
        Self {
            files,
            read: RefCell::default(),
        }
    }

    fn named(&self, name: &str) -> Result<Rc<EventFile>, InputError> {
        if let Some(file) = self.read.borrow().get(name) {
            return Ok(Rc::clone(file));
        }
        let source = self.files.fixture(&format!("events/{name}.json"))?;
        let file: Rc<EventFile> = Rc::new(source.json()?);
        let mut read = self.read.borrow_mut();
        read.insert(name.to_owned(), Rc::clone(&file));
        Ok(file)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    method: Method,
    args: Value,
}

impl EventReference {
    /// Reads a reference.
    ///
    /// # Errors
    /// The sentence to show, if the part after `#` or `*` is not a number that a series can have.
    pub fn parse(text: &str) -> Result<Self, String> {
        let number = |digits: &str| {
            let number = digits.parse::<usize>().ok();
            let number = number.filter(|number| (1..=LONGEST_SERIES).contains(number));
            number.ok_or_else(|| {
                format!("`{text}`: `{digits}` is not a whole number from 1 to {LONGEST_SERIES}")
            })
        };
        let (name, numbers) = match text.split_once(['#', '*']) {
            None => (text, Numbers::None),
            Some((name, digits)) if text.contains('#') => (name, Numbers::One(number(digits)?)),
            Some((name, digits)) => (name, Numbers::UpTo(number(digits)?)),
        };
        Ok(Self {
            name: name.to_owned(),
            numbers,
        })
    }

    /// Reads the event file it names and makes the events.
    ///
    /// # Errors
    /// If there is no such event file, or it is not an entry of one of the two methods.
    pub fn resolve(&self, events: &EventFiles<'_>) -> Result<Vec<Event>, InputError> {
        let file = events.named(&self.name)?;
        let numbered = |n: usize| Event {
            label: format!("{}#{n}", self.name),
            method: file.method,
            args: with_number(&file.args, n),
        };
        Ok(match self.numbers {
            Numbers::None => vec![Event {
                label: self.name.clone(),
                method: file.method,
                args: file.args.clone(),
            }],
            Numbers::One(n) => vec![numbered(n)],
            Numbers::UpTo(last) => (1..=last).map(numbered).collect(),
        })
    }
}

fn with_number(value: &Value, n: usize) -> Value {
    let mut numbered = value.clone();
    put_number(&mut numbered, &n.to_string());
    numbered
}

fn put_number(value: &mut Value, number: &str) {
    match value {
        Value::String(text) if text.contains(NUMBER) => *text = text.replace(NUMBER, number),
        Value::Array(items) => items.iter_mut().for_each(|item| put_number(item, number)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| put_number(field, number)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn series_numbers_its_events() {
        assert_eq!(
            with_number(&json!({"id": "P-{n}", "items": ["{n}"], "value": 1}), 7),
            json!({"id": "P-7", "items": ["7"], "value": 1})
        );
        assert_eq!(
            EventReference::parse("cart/x*100").unwrap().numbers,
            Numbers::UpTo(100)
        );
        assert_eq!(
            EventReference::parse("cart/x#3").unwrap().numbers,
            Numbers::One(3)
        );
    }

    #[rstest]
    #[case::no_number("cart/x*many", "many")]
    #[case::no_event("cart/x*0", "0")]
    #[case::number_of_no_event("cart/x#0", "0")]
    #[case::more_than_memory_holds("cart/x*4000000000", "4000000000")]
    #[case::one_too_many("cart/x*10001", "10001")]
    fn series_without_a_number_that_it_can_have_is_refused(
        #[case] text: &str,
        #[case] number: &str,
    ) {
        assert_eq!(
            EventReference::parse(text).unwrap_err(),
            format!("`{text}`: `{number}` is not a whole number from 1 to 10000")
        );
    }

    #[test]
    fn longest_series_is_allowed() {
        let longest = EventReference::parse("cart/x*10000").unwrap();
        assert_eq!(longest.numbers, Numbers::UpTo(10_000));
    }
}
