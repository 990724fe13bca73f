//! Values, events and moments as blocks of a document.

mod difference;
mod event;
mod json;
mod spot;
mod strip;
mod timeline;
mod trace;

pub use difference::difference;
pub use event::events;
pub use spot::spot;
pub use strip::strip;
pub use timeline::timeline;
pub use trace::trace;

use serde_json::Value;

/// An expected value, or that there should be none.
pub fn or_nothing(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

/// A value, or that there is none: a missing field is not `null`, nor the text of any word.
pub fn or_missing(value: Option<&Value>) -> String {
    value.map_or_else(
        || "nothing, the field is missing".to_owned(),
        Value::to_string,
    )
}
