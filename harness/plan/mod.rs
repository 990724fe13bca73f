//! What a run drives: scenarios × axes → cases, and which of them are selected, claimed, and in
//! which part of a run.
//!
//! [`Suite::plan`](crate::scenario::Suite::plan) makes the cases, [`exclude_unclaimed`] takes out
//! what a profile does not claim, [`Division`] cuts the rest into parts. Pure: the same fixtures
//! always give the same plan. May use `scenario` and `sdk`.
//!
//! To add something that a build may lack: its reason in `claims.rs`, so that its checks are
//! `not_applicable` and every report shows why. After a new check: `alhena-conformance coverage
//! --update` adds it to the floor, and the diff is the review.

mod cases;
mod claims;
mod durations;
mod floor;
mod pattern;
mod shard;
mod shared_page;
mod suites;

pub use cases::{Case, CaseCheck, cases_of};
pub use claims::{exclude_never_done, exclude_unclaimed, refuse_unmatched_claims, unclaimed};
pub use durations::Durations;
pub use floor::Floor;
pub use pattern::{Pattern, Patterns, level_word, requirement_word};
pub use shard::{Division, Shard, plan_sha256};
pub use shared_page::MOST_ON_A_PAGE;
pub use suites::{NamedSuite, Suites};
