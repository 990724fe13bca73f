//! Known failures: what a build is known to break, written down by a person, with a reason and a
//! date. Pure but for reading the file.
//!
//! [`entry`] is the file as written, [`limits`] what an engine cannot keep, [`apply`] says what it
//! makes of a run's verdicts, [`update`] makes the file fit a run.

mod apply;
mod entry;
mod limits;
mod target;
#[cfg(test)]
mod tests;
mod update;

pub use apply::{Checked, Counts, EntryState, EntryVerdict, Knowledge};
pub use entry::{Entry, KnownFailures, Standing};
pub use limits::{exclude_limits, limits};
pub use target::Target;
pub use update::{NewFailure, Update, updated};
