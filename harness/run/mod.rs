//! Drives cases on browser sessions and collects what they leave behind. The only room that touches
//! the world.
//!
//! [`Stage`] is the two servers, [`drive`] does one case on one session, [`Runner`] puts cases on
//! sessions, tries again what the machine broke or what failed, and tells a listener what happens.
//! It never prints.

mod calls;
mod crew;
mod drive;
mod measure;
mod runner;
mod sessions;
mod stage;
mod steps;
mod timing;
mod widget;
mod windows;
pub mod worker;

pub use crew::Crew;
pub use drive::drive;
pub use measure::{Measured, Sample, can_be_measured, measure};
pub use runner::{Interrupt, RunEvent, RunOptions, Runner};
pub use sessions::Sessions;
pub use stage::{CaseStage, Stage, StageError};
