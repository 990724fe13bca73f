use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// Where a value lies in a request: a plain name, or a JSON Pointer (RFC 6901) such as
/// `/data/0/product_id`.
///
/// It goes on into texts that hold JSON, as they are or as base64: trackers like to wrap one event
/// into another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(from = "String")]
#[schemars(with = "String")]
pub struct Pointer {
    text: String,
    steps: Vec<String>,
}

impl From<String> for Pointer {
    fn from(text: String) -> Self {
        let steps = match text.strip_prefix('/') {
            Some(rest) => rest
                .split('/')
                .map(|step| step.replace("~1", "/").replace("~0", "~"))
                .collect(),
            None => vec![text.clone()],
        };
        Self { text, steps }
    }
}

impl Pointer {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the field itself.
    pub fn name(&self) -> &str {
        self.steps.last().map_or("", String::as_str)
    }

    /// As a JSON Pointer, also where it was written as a plain name.
    pub fn full(&self) -> String {
        self.steps
            .iter()
            .flat_map(|step| ["/".to_owned(), step.replace('~', "~0").replace('/', "~1")])
            .collect()
    }

    /// The value that lies there in `value`, `null` included; `None` where there is none.
    pub fn find(&self, value: &Value) -> Option<Value> {
        fn walk(value: &Value, steps: &[String]) -> Option<Value> {
            let Some((step, rest)) = steps.split_first() else {
                return Some(value.clone());
            };
            match value {
                Value::Object(fields) => walk(fields.get(step)?, rest),
                Value::Array(items) => walk(items.get(step.parse::<usize>().ok()?)?, rest),
                Value::String(text) => walk(&wrapped(text)?, steps),
                Value::Null | Value::Bool(_) | Value::Number(_) => None,
            }
        }
        walk(value, &self.steps)
    }

    /// As [`Pointer::find`]; and where a text lies there that holds an object or an array, that.
    pub fn open(&self, value: &Value) -> Option<Value> {
        let found = self.find(value)?;
        let held = found.as_str().and_then(wrapped);
        Some(held.unwrap_or(found))
    }
}

/// The object or array that a text holds, as it is or as base64.
pub fn wrapped(text: &str) -> Option<Value> {
    let json = |bytes: &[u8]| {
        let value: Option<Value> = serde_json::from_slice(bytes).ok();
        value.filter(|value| value.is_object() || value.is_array())
    };
    json(text.as_bytes()).or_else(|| {
        let plain = text.trim_end_matches('=');
        let bytes = URL_SAFE_NO_PAD.decode(plain);
        json(&bytes.or_else(|_| STANDARD_NO_PAD.decode(plain)).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(pointer: &str, value: &Value) -> Option<Value> {
        Pointer::from(pointer.to_owned()).find(value)
    }

    #[test]
    fn plain_name_is_the_field_of_that_name() {
        assert_eq!(find("value", &json!({"value": 1})), Some(json!(1)));
        assert_eq!(find("value", &json!({"value": null})), Some(json!(null)));
        assert_eq!(find("value", &json!({})), None);
    }

    #[test]
    fn pointer_walks_objects_arrays_and_escaped_names() {
        let value = json!({"data": [{"a/b": {"~": "here"}}]});
        assert_eq!(find("/data/0/a~1b/~0", &value), Some(json!("here")));
        assert_eq!(find("/data/1/a~1b", &value), None);
        assert_eq!(find("/data/first", &value), None);
    }

    #[test]
    fn pointer_enters_json_inside_a_text() {
        let inner = json!({"data": {"id": "P-1"}}).to_string();
        assert_eq!(
            find("/plain/data/id", &json!({"plain": inner})),
            Some(json!("P-1"))
        );
        assert_eq!(
            find(
                "/packed/data/id",
                &json!({"packed": URL_SAFE_NO_PAD.encode(&inner)})
            ),
            Some(json!("P-1"))
        );
        assert_eq!(find("/text/data", &json!({"text": "no JSON"})), None);
    }

    #[test]
    fn text_that_holds_json_is_opened() {
        let open = |text: &str| Pointer::from("data".to_owned()).open(&json!({"data": text}));
        assert_eq!(open("[1, 2]"), Some(json!([1, 2])));
        assert_eq!(open(&STANDARD_NO_PAD.encode("[1, 2]")), Some(json!([1, 2])));
        assert_eq!(open("no JSON"), Some(json!("no JSON")));
    }
}
