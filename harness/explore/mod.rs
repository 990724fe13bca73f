//! Journeys: random sequences of the steps of scenarios, judged against a model of the contract.
//!
//! - `model/` says what must become of each call, by the API page and the policies of a profile.
//! - `generate/` makes journeys: the same ones for the same seed.
//! - `write.rs` writes a journey as a scenario file, `journey.rs` makes a case of it: what is
//!   driven is what the file says.
//! - `search.rs` drives journeys with the workers of a run, and judges them by the checks of a run;
//!   `searching/` is a search under way, `corpus.rs` the journeys that others vary.
//!   What fails becomes a find (`find/`), one for each cause of `verdict`.
//! - `reach.rs` says why no journey asks what a check of a scenario asks.
//! - `shrink/` makes the journey of a find small, for the same cause.
//!
//! Generating and shrinking are pure. May use every room up to `run`.
//!
//! To add a step, see `scenario`; to add a rule, see `model/mod.rs`.

mod corpus;
mod explored;
mod find;
mod generate;
mod journey;
mod judged;
mod model;
mod reach;
mod search;
mod searching;
mod shrink;
mod write;

pub use explored::{Coverage, Event, Explored, Limits, SearchError};
pub use find::Find;
pub use generate::Pool;
pub use journey::{Workshop, is_journey};
pub use reach::{is_within_reach, out_of_reach};
pub use search::{Search, identity_of_journeys, journeys};
