//! What a build calls the fields in its console messages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::Method;

/// The fields of the API page.
const FIELDS: [&str; 8] = [
    "type",
    "productId",
    "productName",
    "value",
    "currency",
    "quantity",
    "orderId",
    "lineItems",
];

/// A call with something wrong in every field.
pub fn flawed(method: Method) -> Value {
    match method {
        Method::SendCartEvent => json!({}),
        Method::SendCheckoutEvent => json!({
            "orderId": 5, "value": "x", "currency": 5, "lineItems": "x",
        }),
    }
}

/// The other word for each field that the messages do not call by its own name.
pub fn names(messages: &[String]) -> BTreeMap<String, String> {
    let says = |word: &str| messages.iter().any(|message| message.contains(word));
    let other = |field: &&str| {
        let snake = snake_case(field);
        (!says(field) && says(&snake)).then(|| ((*field).to_owned(), snake))
    };
    FIELDS.iter().filter_map(other).collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_of_another_name_is_found_in_messages() {
        let messages = ["order refused: order_id must be a text; value is missing".to_owned()];
        let found = names(&messages);
        assert_eq!(
            found,
            [("orderId".to_owned(), "order_id".to_owned())].into()
        );
        assert!(names(&["productId is missing".to_owned()]).is_empty());
        assert!(names(&[]).is_empty());
    }
}
