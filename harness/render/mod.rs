//! How a report, a comparison and the other results look, in each format.
//!
//! Pure. May use `report`.

pub mod compare;
mod failures;
mod files;
mod format;
mod html;
mod known;
mod markdown;
mod plain;
mod rows;
mod side_by_side;
mod text;

pub use compare::ComparisonFormat;
pub use failures::{failures, write_time_line};
pub use files::{ReportFiles, build_matrix_files, files, json_file};
pub use format::Format;
pub use html::html;
pub use side_by_side::side_by_side;
pub use text::verdict;
