//! Whether the tables of the API page accept the data of an event.

use serde_json::Value;

use crate::contract::{Event, Method};

/// The four types of a cart event.
const TYPES: [&str; 4] = [
    "ITEM_ADDED",
    "QUANTITY_INCREASED",
    "QUANTITY_DECREASED",
    "ITEM_REMOVED",
];

/// Why the data of an event is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// A required field is missing or null.
    Missing,
    /// A field has the wrong type.
    WrongType,
    /// The type of a cart event is none of the four.
    UnknownType,
    /// It is one of the four in lower case.
    LowerCaseType,
    /// An item is no object.
    Item,
    /// One item is invalid.
    OneOfTheItems,
}

impl Refusal {
    /// The requirement that says so.
    pub fn requirement(self) -> &'static str {
        match self {
            Self::Missing => "VALIDATION-REQUIRED",
            Self::WrongType => "VALIDATION-TYPE",
            Self::UnknownType => "VALIDATION-CART-TYPE",
            Self::LowerCaseType => "VALIDATION-CART-TYPE-CASE",
            Self::Item => "VALIDATION-ITEM",
            Self::OneOfTheItems => "VALIDATION-WHOLE-ORDER",
        }
    }
}

/// Why the data of `event` is refused; `None`: it is accepted.
pub fn refusal(event: &Event) -> Option<Refusal> {
    let data = &event.args;
    match event.method {
        Method::SendCartEvent => text(data, "type")
            .or_else(|| text(data, "productId"))
            .or_else(|| text(data, "productName"))
            .or_else(|| number(data, "value"))
            .or_else(|| text(data, "currency"))
            .or_else(|| number(data, "quantity"))
            .or_else(|| type_of_cart(data)),
        Method::SendCheckoutEvent => number(data, "value")
            .or_else(|| text(data, "currency"))
            .or_else(|| optional_text(data, "orderId"))
            .or_else(|| items(data)),
    }
}

/// The id of the order that an event reports, if it has one.
pub fn order_id(event: &Event) -> Option<&str> {
    match event.method {
        Method::SendCartEvent => None,
        Method::SendCheckoutEvent => event.args.get("orderId")?.as_str(),
    }
}

fn text(data: &Value, field: &str) -> Option<Refusal> {
    match data.get(field) {
        None | Some(Value::Null) => Some(Refusal::Missing),
        Some(Value::String(_)) => None,
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Some(Refusal::WrongType)
        }
    }
}

fn optional_text(data: &Value, field: &str) -> Option<Refusal> {
    text(data, field).filter(|why| *why != Refusal::Missing)
}

fn number(data: &Value, field: &str) -> Option<Refusal> {
    match data.get(field) {
        None | Some(Value::Null) => Some(Refusal::Missing),
        Some(Value::Number(_)) => None,
        Some(Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            Some(Refusal::WrongType)
        }
    }
}

fn type_of_cart(data: &Value) -> Option<Refusal> {
    let name = data.get("type")?.as_str()?;
    if TYPES.contains(&name) {
        return None;
    }
    let is_lower = TYPES.iter().any(|own| own.to_lowercase() == name);
    Some(if is_lower {
        Refusal::LowerCaseType
    } else {
        Refusal::UnknownType
    })
}

fn items(data: &Value) -> Option<Refusal> {
    match data.get("lineItems") {
        None | Some(Value::Null) => None,
        Some(Value::Array(items)) => items.iter().find_map(item),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            Some(Refusal::WrongType)
        }
    }
}

fn item(item: &Value) -> Option<Refusal> {
    if !item.is_object() {
        return Some(Refusal::Item);
    }
    let flaw = text(item, "productId")
        .or_else(|| text(item, "productName"))
        .or_else(|| number(item, "quantity"))
        .or_else(|| number(item, "value"))
        .or_else(|| text(item, "currency"));
    flaw.map(|_| Refusal::OneOfTheItems)
}
