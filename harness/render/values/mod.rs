//! Values, events and moments as blocks of a document.

mod difference;
mod event;
mod json;
pub mod spot;
mod timeline;

pub use difference::difference;
pub use event::events;
pub use timeline::timeline;

use serde_json::Value;

/// A value, or that there is none: a missing field is not `null`, nor the text of any word.
pub fn or_missing(value: Option<&Value>) -> String {
    value.map_or_else(
        || "nothing, the field is missing".to_owned(),
        Value::to_string,
    )
}
