//! What machines read of a report or of a comparison: rows, each with its bearing.
//!
//! [`Rows::of_run`] and [`Rows::of_comparison`] make the rows, once; each format is a small
//! rendering of them and asks no status. Pure. May use `report` and the plain texts of `render`.
//!
//! # To add a format
//!
//! 1. A file here with a function from `&Rows` to its text. The text begins with fixed bytes up to
//!    the word `alhena-conformance`: by them `output` knows later that it may replace the file.
//! 2. A variant of [`Format`](super::Format), with the name of its file, and of
//!    [`ComparisonFormat`](super::ComparisonFormat).
//! 3. Its name and help text in `cli/args/values.rs`, and itself in the list of `value_variants`
//!    there: a test counts them.
//! 4. `alhena-conformance schema config > fixtures/config.schema.json`: the format is a setting.
//! 5. Its snapshots in `tests.rs`, accepted with
//!    `INSTA_UPDATE=always cargo test --lib render::rows`.
//! 6. A case in `tests/report_formats.rs`, and a row in the table of `harness/report/README.md`.

mod comparison;
mod ctrf;
mod facts;
mod github;
mod junit;
mod model;
mod run;
#[cfg(test)]
mod tests;

pub use ctrf::ctrf;
pub use github::github;
pub use junit::{gitlab, junit};
pub use model::Rows;
