//! What a person wrote and the harness reads: fixture files, and errors that point at their lines.

mod error;
mod files;

pub use error::InputError;
pub use files::{Files, Source};
