//! Drives cases on browser sessions and collects what they leave behind. The only room that touches
//! the world.
//!
//! [`Stage`] is the two servers, [`drive`] does one case on one session, [`Runner`] puts cases on
//! sessions, tries again what the machine broke or what failed, and tells a listener what happens.
//! It never prints.

mod attempts;
mod calls;
mod crew;
mod drive;
#[cfg(feature = "generated-mutants")]
mod drives;
#[cfg(feature = "generated-mutants")]
mod generated;
mod hosts;
#[cfg(feature = "generated-mutants")]
mod likely;
mod measure;
mod outcome;
mod repeats;
mod runner;
mod self_test;
mod sessions;
mod stage;
mod steps;
#[cfg(feature = "generated-mutants")]
mod suspects;
mod timing;
mod trial;
mod windows;
mod worker;

pub(crate) use attempts::Attempts;
pub use crew::Crew;
pub use drive::{Driven, drive};
#[cfg(feature = "generated-mutants")]
pub use generated::{Fate, GeneratedEvent, GeneratedResult, GeneratedTest, GeneratedTrial};
pub use hosts::{HostSeen, Hosts};
pub use measure::{Measured, Sample, can_be_measured, measure};
pub use outcome::{CaseOutcome, Seen, missing_prerequisite};
pub use repeats::{Found, Repeated, RepeatedCheck, Repeats};
pub use runner::{Interrupt, RunEvent, RunOptions, RunResult, Runner};
pub use self_test::{SelfTest, Subjects};
pub use sessions::{SessionError, Sessions};
pub use stage::{CaseStage, Stage, StageError};
pub use trial::Trial;
pub use worker::Environment;
