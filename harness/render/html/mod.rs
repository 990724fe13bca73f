//! The report as one HTML file: it loads nothing, says everything without a script, and takes
//! whatever came from the SDK as text.
//!
//! ```text
//! document   the head, the policy, the contents; one `Section` after the other
//!   verdict        the first screen
//!   changes        what changed since another release
//!   cases          what failed: checks, difference, events, clock, picture
//!   requirements   each promise, by level
//!   known, hosts   what is known to fail; who was asked for
//!   matrix         promises × reports
//!   timing         where the time went
//! ```

mod anchor;
mod cases;
mod changes;
mod check;
mod clock;
mod difference;
mod document;
mod events;
mod hosts;
mod json;
mod known;
mod matrix;
mod parts;
mod requirements;
mod shown;
#[cfg(test)]
mod tests;
mod timing;
mod verdict;
mod visible;

use crate::report::Stored;
use crate::report::compare::Comparison;

/// One file that shows a report, or several side by side.
#[must_use]
pub fn html(reports: &[&Stored]) -> String {
    document::document(&shown::Shown::all(reports))
}

/// One file that shows what changed between two releases.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    document::comparison(comparison)
}
