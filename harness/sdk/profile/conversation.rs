use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a visitor asks a widget something, and how they see that it has answered.
///
/// By real clicks and keys, or by a documented method of the SDK. Nothing of the SDK's own work is
/// done for it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// The element that holds the widget, in the page itself; absent: what is clicked first, or
    /// where the message is typed.
    pub root: Option<Selector>,
    /// What is clicked first, in this order: the launcher, or the question itself.
    #[serde(default)]
    pub clicks: Vec<Selector>,
    /// A JavaScript expression that opens the widget instead of the clicks.
    pub open: Option<String>,
    /// Where the message is typed; absent where a click asks.
    pub input: Option<Selector>,
    /// What is clicked to send it; absent: Enter is pressed.
    pub send: Option<Selector>,
    /// What the visitor types.
    #[serde(default)]
    pub message: String,
    /// A JavaScript expression that asks instead of clicks and keys; `{{message}}` stands for the
    /// message as a JavaScript text.
    pub call: Option<String>,
    /// What is clicked to close the widget.
    pub dismiss: Option<Selector>,
    /// A JavaScript expression that closes it instead. Without either it stays open.
    pub close: Option<String>,
    /// What is there once the answer is.
    pub answer: Option<Selector>,
    /// A JavaScript expression that is true once the answer is there.
    pub answered: Option<String>,
}

impl Conversation {
    /// Whether it says how the widget is closed.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.dismiss.is_some() || self.close.is_some()
    }

    /// What it lacks to be one, in words.
    pub(super) fn lacks(&self) -> Option<&'static str> {
        if self.clicks.is_empty() && self.input.is_none() && self.call.is_none() {
            Some("it asks nothing: it needs `clicks`, an `input` or a `call`")
        } else if self.answer.is_none() && self.answered.is_none() {
            Some("nobody knows when it has answered: it needs `answer` or `answered`")
        } else {
            None
        }
    }
}

/// A CSS selector; ` >>> ` goes into the open shadow root, or into the frame, of what stands before
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Selector(Vec<String>);

impl Selector {
    /// The selectors, from the page inwards; at least one.
    pub fn parts(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parts = text.split(">>>").map(|part| part.trim().to_owned());
        let parts: Vec<String> = parts.collect();
        if parts.iter().any(String::is_empty) {
            return Err(format!(
                "`{text}` is no selector: something must stand on each side of `>>>`"
            ));
        }
        Ok(Self(parts))
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" >>> "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selector_is_split_at_each_arrow() {
        let selector = Selector::try_from("#chat >>> button.send, .go >>> span".to_owned())
            .expect("a selector");
        assert_eq!(selector.parts(), ["#chat", "button.send, .go", "span"]);
    }

    #[test]
    fn selector_with_an_empty_side_is_refused() {
        assert!(Selector::try_from("#chat >>> ".to_owned()).is_err());
        assert!(Selector::try_from(String::new()).is_err());
    }
}
