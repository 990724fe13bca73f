//! What one attempt's evidence says, read once: the ledger, the called events and their matching,
//! and the timeline.
//!
//! Pure. May use `evidence`, `plan` and `sdk`.

mod difference;
mod ledger;
mod timeline;

pub use difference::{differences, same_json};
pub use ledger::{Ledger, Match, Recorded};
pub use timeline::time_line;
