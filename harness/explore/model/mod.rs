//! The contract as a model: what must become of each call of a journey.
//!
//! Pure. It knows the API page and the policies of a profile, and nothing of any SDK's code.
//!
//! - [`Rule`]: why the contract says of a call what it says; each cites a requirement.
//! - [`Claims`]: what a profile claims of a build.
//! - `world.rs`: the state of the world: windows, pages, the script, the backend, orders, calls.
//! - `step.rs`: what each step does to it, and which steps have a meaning in it; `pages.rs`,
//!   `surroundings.rs`, `visitors.rs` and `widgets.rs` are its parts.
//! - `call.rs`: which rules hold for a call.
//! - `data.rs`: whether the tables of the API page accept its data.
//! - `expected.rs`: the lists of the expectation and the checks, once all steps are done.
//!
//! The model is sound, not complete: where a step could race with another, or the API page is
//! silent, a call is open, and the checks only ask that it is recorded once at most.
//!
//! # To add a rule
//!
//! A variant of [`Rule`] with its verdict and its requirement, and the line in `call.rs` or
//! `step.rs` that applies it. A test in `tests.rs` names a journey for it. The generator needs no
//! change where no step is new.

mod call;
mod claims;
mod data;
mod expected;
mod pages;
mod rule;
mod step;
mod surroundings;
#[cfg(test)]
mod tests;
mod visitors;
mod widgets;
mod world;

#[cfg(test)]
pub use {data::refusal, rule::Verdict};

pub use claims::Claims;
pub use data::order_id;
pub use expected::Expected;
pub use step::NoMeaning;
pub use world::{Call, Reached, Sdk, World};
