//! What changed between two releases, from their reports alone. Pure.
//!
//! [`compare`] makes one typed value, [`Comparison`]; each format is a rendering of it. A baseline
//! goes the same way as a report.

mod causes;
mod circumstances;
mod fields;
mod model;
mod observations;
mod semver;
mod side;
mod summary;
#[cfg(test)]
pub mod tests;
mod timing;
mod verdicts;
mod whole;
mod wire;
mod wire_changes;
mod words;

pub use model::{
    CauseChanges, CheckChange, Comparison, ObservationChange, ReadyChange, RequirementChange,
    SideKind, SideReport, SlowerCase, WireChange, WireClass,
};
pub use side::{Side, SideCheck, State};
pub use summary::WireSummary;
pub use whole::compare;
pub use words::words;
