//! How a comparison of two releases looks, in each format.

mod format;
mod markdown;
pub mod outline;
pub mod sections;
mod text;

pub use format::ComparisonFormat;
