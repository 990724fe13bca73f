//! Scenarios: what a shopper does on which page, and what must then hold. Data in
//! `fixtures/scenarios/`.
//!
//! [`format`] is the TOML as written, [`load`](Suite::load) gives it meaning. Pure. May use
//! `contract` and `sdk`.

mod declared;
mod format;
mod load;
mod matrix;
mod step;

pub use declared::{Observed, ProfileCheck};
pub use load::{Expectation, Scenario, Suite};
pub use matrix::{Matrix, Row, RowJudgement};
pub use step::{
    BackendState, CallStyle, Direction, Exit, Interaction, Load, ScriptState, SnippetPlace, Step,
    Storage, StorefrontOptions, Tab,
};
