//! Scenarios: what a shopper does on which page, and what must then hold. Data in
//! `fixtures/scenarios/`.
//!
//! [`format`] is the TOML as it is written, [`load`] gives it meaning, [`Suite`] is all of them.
//! [`Step::facts`] is what everybody else asks of a step, `Axes::combinations` what the planner
//! asks of the axes. Pure. May use `contract` and `input`.
//!
//! # To add a step
//!
//! 1. A variant of [`Step`] in `step.rs`, with a sentence that says what is done. A type of its own
//!    is re-exported below.
//! 2. Its entry in `facts.rs`: what it calls, whether it leaves the page, where its time counts, …
//!    The compiler asks for it; what is unlike a plain action on the page is named there.
//! 3. Its key in `step_file.rs`: a field of `StepFile`, and a line in `StepFile::step`.
//! 4. Its arm, and a function if it needs more than a line, in `run/steps.rs`, and its arm in
//!    `run/measure.rs` (the last list there, unless `bare` in its facts says otherwise). What can
//!    be waited for is waited for on the ledger or by a signal of the page, never by sleeping.
//! 5. What it means for the calls after it, in `verdict/cause/circumstance.rs`.
//! 6. For journeys: what it does to the world, and where it has no meaning, in
//!    `explore/model/step.rs`; its line of a scenario file, in `explore/write.rs`; its simpler
//!    form, in `explore/shrink/simpler.rs`. To be drawn, it needs a kind in
//!    `explore/generate/kind.rs`, with a weight in `weight.rs` beside it.
//! 7. A scenario that uses it, and a line in `fixtures/scenarios/README.md`.
//!
//! # To add an axis
//!
//! 1. Its enum in `axes.rs`, with `#[default]` on the documented value, and its [`Axis`]: the name
//!    in ids, the values.
//! 2. A field of `Axes` and of [`AxisValues`]. The compiler then asks for a line in
//!    `Axes::combinations`. A new axis goes last: ids must not change.
//! 3. What obeys it reads it from `Case::axes`.
//! 4. What a value needs of a build, in `plan/claims.rs`: checks that the build does not claim are
//!    excluded there.
//!
//! # To add a condition of the pages
//!
//! A file in `fixtures/conditions/`, as its README says, and a requirement. The core journey
//! (`fixtures/scenarios/field/`) then runs under it. A part that no condition had so far is a field
//! of [`Condition`]; what obeys it reads it from `Case::axes`.
//!
//! A new value of an axis is a variant and its name. The compiler lists what must obey it.

mod axes;
mod condition;
mod declared;
mod facts;
mod format;
mod line;
mod load;
mod matrix;
mod step;
mod step_file;
mod suite;
mod world;

pub use crate::contract::Interaction;
pub use axes::{Axis, AxisValues, CallStyle, Combination, Load};
pub use condition::{Condition, Domain, PageParts};
pub use declared::{Observed, ProfileCheck};
pub use facts::{AfterDialog, Bare, Complaints, Disturbs, Facts, LeavesBehind, Time, WidgetUse};
pub use line::Line;
pub use load::{Expectation, PlannedCheck, Scenario};
pub use matrix::{Matrix, Row, RowJudgement};
pub use step::{CHAT_PLACE, Direction, Exit, Screen, Step, Tab};
pub use suite::Suite;
pub use world::{
    AnswerState, BackendState, NetworkState, ScriptState, SnippetPlace, Storage, StorefrontOptions,
};
