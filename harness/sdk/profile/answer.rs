use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use wildmatch::WildMatch;

use super::Pointer;
use crate::contract::Interaction;

/// One canned answer of the backend, so that the widgets work.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The HTTP method; absent: any.
    pub http: Option<String>,
    /// The path, without the query; `*` and `?` as in a shell.
    pub path: String,
    /// The HTTP status.
    #[serde(default = "ok")]
    pub status: u16,
    /// Headers beside those that the backend always sends.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body. A text `{{/pointer}}` in it stands for the value that lies there in the request's
    /// JSON body.
    #[serde(default)]
    pub body: Value,
    /// A body that is no JSON; its media type is in `headers`.
    pub text: Option<String>,
    /// A request here is an interaction of this kind: with `gate = "server"` it opens the gate.
    /// Scenarios in which the answers of the widgets are late or fail mean these requests.
    pub interaction: Option<Interaction>,
    /// Where the visitor's fingerprint of that kind lies in such a request.
    pub fingerprint: Option<Pointer>,
}

impl Answer {
    /// Whether it answers a request of this HTTP method to this path, its query aside.
    pub fn is_for(&self, http: &str, path: &str) -> bool {
        let own = self.http.as_ref();
        own.is_none_or(|own| own.eq_ignore_ascii_case(http))
            && (self.path == path || WildMatch::new(&self.path).matches(path))
    }

    /// Which widget a request of this HTTP method to this path asks, where this answers it.
    pub fn asks(&self, http: &str, path: &str) -> Option<Interaction> {
        let is_question = http != "OPTIONS" && self.is_for(http, path);
        self.interaction.filter(|_| is_question)
    }

    /// The body for a request with this one; JSON unless `text` is given.
    pub fn body_for(&self, request: &str) -> Value {
        let request = serde_json::from_str(request).unwrap_or(Value::Null);
        filled(&self.body, &request)
    }
}

/// `template` with each text `{{/pointer}}` replaced: by the value itself where it is all of the
/// text, else by its words.
fn filled(template: &Value, request: &Value) -> Value {
    match template {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), filled(field, request)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| filled(item, request)).collect(),
        Value::String(text) => filled_text(text, request),
        other => other.clone(),
    }
}

fn filled_text(text: &str, request: &Value) -> Value {
    let value_at = |place: &str| {
        let found = Pointer::from(place.trim().to_owned()).find(request);
        found.unwrap_or(Value::Null)
    };
    let whole = text
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .filter(|place| !place.contains("{{"));
    if let Some(place) = whole {
        return value_at(place);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("{{")
        && let Some((place, after)) = from.split_once("}}")
    {
        out.push_str(before);
        match value_at(place) {
            Value::String(words) => out.push_str(&words),
            value => out.push_str(&value.to_string()),
        }
        rest = after;
    }
    (out + rest).into()
}

fn ok() -> u16 {
    200
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answer_repeats_values_of_the_request() {
        let template = json!({
            "echo": "{{/message}}",
            "said": "You said {{/message}} ({{/n}} times).",
            "id": "{{/n}}",
            "fixed": [true],
        });
        let expected =
            json!({"echo": "hi", "said": "You said hi (2 times).", "id": 2, "fixed": [true]});
        assert_eq!(
            filled(&template, &json!({"message": "hi", "n": 2})),
            expected
        );
    }

    #[test]
    fn missing_request_value_is_null() {
        assert_eq!(filled(&json!("{{/none}}"), &json!({})), json!(null));
        assert_eq!(filled(&json!("open {{"), &json!({})), json!("open {{"));
    }
}
