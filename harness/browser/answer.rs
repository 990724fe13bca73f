//! What scripts answer that look for something on a page.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::BrowserError;

/// What a script of ours returns that looks for something.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer<T> {
    /// It is there.
    Ok(T),
    /// It is not; holds what is there instead.
    Missing(String),
}

/// What a script of ours has answered.
pub fn parsed<T: DeserializeOwned>(script: &str, answer: Value) -> Result<Answer<T>, BrowserError> {
    serde_json::from_value(answer).map_err(|error| BrowserError::unexpected_answer(script, error))
}
