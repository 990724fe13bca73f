//! What the findings of all attempts come to: the status of each check, with what was known of it
//! before (`known/`), and the causes of what fails (`cause/`).
//!
//! Pure. May use `judge`.

mod alike;
mod attempted;
mod attempts;
mod bearing;
mod belief;
mod beside;
mod cause;
pub mod known;
mod outcome;
mod run_result;
mod status;
mod wanted;

pub use alike::Failure;
pub use attempted::{Attempted, Next, Retries};
pub use attempts::Attempts;
pub use bearing::Bearing;
pub use belief::{BELIEVED_AFTER, Belief};
pub use beside::Beside;
pub use cause::{Blame, Cause, CauseId, Diagnosis, diagnose};
pub use outcome::{CaseOutcome, Seen, missing_prerequisite};
pub use run_result::{RunEnd, RunResult};
pub use status::{Expected, Status, Tally};
