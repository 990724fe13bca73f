//! What a person wrote and the harness reads: fixture files, and errors that point at their lines.
//!
//! [`Files`] is where fixtures come from, [`Source`] one file with its name, [`InputError`] what is
//! wrong with one. Uses no other room.

mod error;
mod files;
mod place;

pub use error::InputError;
pub use files::{Files, Source};
