//! What the files are called that each engine has of its own.

use crate::browser::{EngineRef, default_engine};

/// The name of a file of this engine; the default one's has none of it.
pub fn engine_file(name: &str, engine: EngineRef, extension: &str) -> String {
    match engine.id() {
        id if id == default_engine().id() => format!("{name}.{extension}"),
        id => format!("{name}.{id}.{extension}"),
    }
}
