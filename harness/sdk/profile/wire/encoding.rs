use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// How an event is written into a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// The body is JSON.
    #[default]
    Json,
    /// The body is `application/x-www-form-urlencoded`.
    Form,
    /// The query of the URL, as a tracking pixel has it.
    Query,
}

impl Encoding {
    /// What a request holds, by its query and its body.
    pub(super) fn read(self, query: &str, body: &str) -> Value {
        let form = |text: &str| {
            Value::Object(
                url::form_urlencoded::parse(text.as_bytes())
                    .map(|(name, value)| (name.into_owned(), value.into()))
                    .collect(),
            )
        };
        match self {
            Self::Json => serde_json::from_str(body).unwrap_or(Value::Null),
            Self::Form => form(body),
            Self::Query => form(query),
        }
    }

    /// Whether every value is a text.
    pub(super) fn is_text(self) -> bool {
        match self {
            Self::Json => false,
            Self::Form | Self::Query => true,
        }
    }

    /// The usual media type.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Query => "",
        }
    }
}
