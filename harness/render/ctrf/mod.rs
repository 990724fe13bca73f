//! The Common Test Report Format, a JSON that many CI tools read: ctrf.io.

mod document;
mod render;

pub use render::ctrf;
