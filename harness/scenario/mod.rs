//! Scenarios: what a shopper does on which page, and what must then hold. Data in
//! `fixtures/scenarios/`.
//!
//! [`format`] is the TOML as written, [`load`](Suite::load) gives it meaning, [`plan`](Suite::plan)
//! multiplies it by its axes into cases. Pure: the same fixtures always give the same plan.

mod claims;
mod durations;
mod floor;
mod format;
mod load;
mod matrix;
mod pattern;
mod plan;
mod shard;
mod step;

pub use claims::{refuse_unmatched_claims, withhold};
pub use durations::Durations;
pub use floor::Floor;
pub use load::{Expectation, PlannedCheck, Scenario, Suite};
pub use matrix::{Matrix, Row, RowJudgement};
pub use pattern::{Pattern, Patterns};
pub use plan::{Case, CaseCheck};
pub use shard::{Division, Shard, plan_sha256};
pub use step::{
    BackendState, CallStyle, Direction, Exit, Interaction, Load, ScriptState, SnippetPlace, Step,
    Storage, StorefrontOptions, Tab,
};
