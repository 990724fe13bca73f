//! What a run drives: scenarios × axes → cases, and which of them are selected, claimed, and in
//! which part of a run.
//!
//! Pure: the same fixtures always give the same plan. May use `scenario` and `sdk`.

mod cases;
mod claims;
mod durations;
mod floor;
mod pattern;
mod shard;

pub use cases::{Case, CaseCheck};
pub use claims::{exclude_unclaimed, refuse_unmatched_claims};
pub use durations::Durations;
pub use floor::Floor;
pub use pattern::{Pattern, Patterns};
pub use shard::{Division, Shard, plan_sha256};
