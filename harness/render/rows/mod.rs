//! What machines read of a report or of a comparison: rows, each with its bearing.
//!
//! [`Rows::of_run`] and [`Rows::of_comparison`] make the rows, once; each format is a small
//! rendering of them and asks no status. Pure. May use `report` and the plain texts of `render`.
//!
//! To add a format: a file here with a function from `&Rows` to its text, and a variant of
//! [`Format`](super::Format) and of [`ComparisonFormat`](super::ComparisonFormat).

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
pub use junit::junit;
pub use model::Rows;
