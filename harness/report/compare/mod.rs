//! What changed between two releases, from their reports alone. Pure.
//!
//! [`compare`] makes one typed value, [`Comparison`]; each format is a rendering of it. A baseline
//! goes the same way as a report.

mod circumstances;
mod fields;
mod format;
mod github;
mod junit;
mod markdown;
mod model;
mod observations;
pub(in crate::report) mod outline;
pub(in crate::report) mod sections;
mod semver;
mod side;
mod summary;
#[cfg(test)]
pub(in crate::report) mod tests;
mod text;
mod timing;
mod verdicts;
mod whole;
mod wire;

pub(in crate::report) use fields::words;
pub use format::ComparisonFormat;
pub use model::{
    Bump, COMPARISON_SCHEMA, CheckChange, Circumstance, Comparison, ObservationChange,
    RegressionKind, RequirementChange, SemverAdvice, SideKind, SideReport, SlowerCase,
    TimingChange, ValueChange, WireChange, WireChangeKind, WireClass, WireComparison,
};
pub use side::{Side, SideCheck};
pub use summary::{EventSummary, WireSummary};
pub use whole::compare;
