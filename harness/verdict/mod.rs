//! What the findings of all attempts come to: the status of each check, with what was known of it
//! before.
//!
//! Pure. May use `judge`.

mod attempts;
mod bearing;
pub mod known;
mod outcome;
mod run_result;
mod status;

pub use attempts::{Attempted, Attempts, Next, Retries};
pub use bearing::Bearing;
pub use outcome::{CaseOutcome, Seen, missing_prerequisite};
pub use run_result::RunResult;
pub use status::{Expected, Status, Tally};
