use serde_json::Value;

/// One leaf in which two values differ: its path, the called value, the recorded one. `None`: it is
/// absent there.
pub type Change = (String, Option<Value>, Option<Value>);

/// The leaves in which two values differ.
pub fn differences(called: &Value, recorded: &Value) -> Vec<Change> {
    let (called, recorded) = (leaves(called), leaves(recorded));
    let value_at = |list: &[(String, &Value)], path: &str| {
        list.iter()
            .find(|(other, _)| other == path)
            .map(|(_, value)| (*value).clone())
    };
    let changed = called.iter().filter_map(|(path, value)| {
        let there = value_at(&recorded, path);
        let same = there.as_ref().is_some_and(|there| same_json(value, there));
        (!same).then(|| (path.clone(), Some((*value).clone()), there))
    });
    let added = recorded
        .iter()
        .filter(|(path, _)| value_at(&called, path).is_none())
        .map(|(path, value)| (path.clone(), None, Some((*value).clone())));
    changed.chain(added).collect()
}

/// Every value that is neither an object nor an array, with its path: `lineItems[0].productId`.
pub fn leaves(value: &Value) -> Vec<(String, &Value)> {
    fn walk<'v>(value: &'v Value, path: &str, leaves: &mut Vec<(String, &'v Value)>) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, field) in fields {
                    walk(
                        field,
                        &if path.is_empty() {
                            name.clone()
                        } else {
                            format!("{path}.{name}")
                        },
                        leaves,
                    );
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    walk(item, &format!("{path}[{index}]"), leaves);
                }
            }
            leaf => leaves.push((path.to_owned(), leaf)),
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// Whether two values are equal as JSON, where `120` and `120.0` are the same number and `120` and
/// `"120"` are not.
pub fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| same_json(a, b)))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn value_equals_itself(
            n in any::<f64>().prop_filter("JSON has no other numbers", |n| n.is_finite()),
            text in ".*"
        ) {
            let value = json!({"value": n, "lineItems": [{"productName": text}]});
            prop_assert!(differences(&value, &value).is_empty());
        }
    }

    #[test]
    fn changed_missing_and_added_leaves_are_distinguished() {
        let (called, recorded) = (
            json!({"value": 1, "currency": "USD", "same": true}),
            json!({"value": "1", "same": true, "more": [null]}),
        );
        let expected = [
            ("value".to_owned(), Some(json!(1)), Some(json!("1"))),
            ("currency".to_owned(), Some(json!("USD")), None),
            ("more[0]".to_owned(), None, Some(json!(null))),
        ];
        assert_eq!(differences(&called, &recorded), expected);
    }

    #[rstest]
    #[case(json!({"lineItems": []}))]
    #[case(json!({"lineItems": {}}))]
    #[case(json!({"lineItems": null}))]
    fn missing_empty_list_is_a_difference(#[case] called: Value) {
        assert_eq!(
            differences(&called, &json!({})).len(),
            2,
            "the field, and that nothing at all came"
        );
        assert_eq!(differences(&called, &json!({"lineItems": [1]})).len(), 2);
    }

    #[rstest]
    #[case(json!(120), json!(120.0))]
    #[case(json!([120, "a"]), json!([120.0, "a"]))]
    #[case(json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": 1}))]
    fn number_format_and_field_order_do_not_matter(#[case] a: Value, #[case] b: Value) {
        assert!(same_json(&a, &b) && same_json(&b, &a));
    }

    #[rstest]
    #[case(json!(120), json!("120"))]
    #[case(json!(120), json!(121))]
    #[case(json!(null), json!(0))]
    #[case(json!("a"), json!("b"))]
    #[case::a_list_is_more_than_its_beginning(json!([1]), json!([1, 2]))]
    #[case(json!([]), json!([1]))]
    #[case(json!([1, 2]), json!([2, 1]))]
    #[case(json!({"a": 1}), json!({"a": 1, "b": 2}))]
    #[case(json!({"a": 1}), json!({"a": 2}))]
    #[case(json!({"a": 1}), json!({"b": 1}))]
    #[case(json!({}), json!([]))]
    fn inequality_is_symmetric(#[case] a: Value, #[case] b: Value) {
        assert!(!same_json(&a, &b) && !same_json(&b, &a));
    }
}
