//! Writing what a user asked for: whole or not at all, and only over what an earlier run wrote.
//!
//! [`write_file`] is for a file that the user names, [`ReportFolder`] for a folder. Both know
//! before a run whether they can write, and both refuse what is not ours. Every other room hands
//! bytes over and never writes by itself.

mod error;
mod file;
mod folder;
mod manifest;

pub use error::OutputError;
pub use file::{claim_file, replace_read_file, write_file};
pub use folder::ReportFolder;
