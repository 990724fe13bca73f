//! The baseline: what the last release does, in one committed file whose diff is the review. It
//! knows neither clocks nor machines, but the engine: each has a file of its own.

mod read;
mod write;

pub use read::{read_baseline, refuse_other_engine};
pub use write::baseline;

/// The version of the file's shape.
const SCHEMA: &str = "alhena-conformance/baseline/1";

/// The engines of the tests.
#[cfg(test)]
const ENGINES: [crate::contract::EngineName; 3] = [
    crate::contract::EngineName {
        id: "chromium",
        name: "Chromium",
    },
    crate::contract::EngineName {
        id: "firefox",
        name: "Firefox",
    },
    crate::contract::EngineName {
        id: "webkit",
        name: "WebKit",
    },
];
