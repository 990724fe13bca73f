//! How a report, a comparison and the other results look, in each format.
//!
//! Pure. May use `report` and `prove`.
//!
//! What a person reads is a document: a tree of sections, lists, failures, tables, timelines and
//! commands. Each product has one builder, each format one back end, and neither knows the others:
//!
//! ```text
//! run/, compare/, prove/, bench, build_matrix, profile_check, rejudge   builders: data → Document
//! document/                                                         the tree, and its texts
//! terminal/, markdown/, html/                                       back ends: Document → text
//! values/                                                           values, events and moments
//! ```
//!
//! To add a product, write one builder: a function from its data to a [`document::Document`]. To
//! add a format for people, write one back end: a function from a `Document` to its text, with an
//! [`document::Escape`] that says how a text is shown. Only an `Escape` can read the content of a
//! `Text`. A new kind of block is a variant of [`document::Block`]; the compiler then names every
//! back end that must show it. A format is also a variant of [`Format`], and from there on like one
//! for machines: `rows/` lists what else knows it.
//!
//! What machines read (JUnit, GitHub's annotations, CTRF) is made from one row model: `rows/`.

mod bench;
mod build_matrix;
pub mod compare;
pub mod document;
mod files;
mod format;
mod html;
pub mod markdown;
mod plain;
mod profile_check;
mod prove;
mod rejudge;
mod rows;
mod run;
pub mod terminal;
#[cfg(test)]
mod tests;
mod values;

pub use bench::document as bench;
pub use build_matrix::document as build_matrix;
pub use compare::ComparisonFormat;
pub use files::{build_matrix_files, files};
pub use format::Format;
pub use profile_check::document as profile_check;
#[cfg(feature = "generated-mutants")]
pub use prove::generated;
pub use prove::{blame, engines, journeys, kill_matrix, stability};
pub use rejudge::document as rejudge;
pub use terminal::{Detail, Screen};

#[cfg(test)]
pub use tests::body as html_body;

use crate::report::Stored;

/// One file that shows a report, or several side by side.
pub fn html(reports: &[&Stored]) -> String {
    html::html(&run::document(reports))
}

/// The causes of what fails and the verdict, and nothing else, for a terminal.
pub fn brief(stored: &Stored, screen: Screen) -> String {
    terminal::text(&run::brief(stored), screen)
}

/// The causes of what fails, what else was asked, and the verdict, for a terminal.
pub fn text(stored: &Stored, screen: Screen) -> String {
    terminal::text(&run::document(&[stored]), screen)
}
