//! Proves the harness itself: mutants that its checks must catch, and checks that must find the
//! same in each drive.
//!
//! - `self_test`: each written mutant of the reference SDK is driven through the check it names.
//!   `kill_matrix` is the result; `fewest_drives` chooses what proves the other checks, `again`
//!   what a change asks for.
//! - `blame`: each mutant of a sample is run as `run` runs a build, to count what fails beside the
//!   promise that it breaks. `blame_sample` and `blame_lock` are its files, `blame_figures` what is
//!   counted; `blame_report` is the result.
//! - `generated`: mutants made from the syntax tree of any build. `scheduler` decides what is
//!   driven next, by `priority`; `drives` drives it; `generated_report` is the result.
//! - `journeys`: each mutant is explored, to count the journeys that it survives.
//! - `stability`: `run --verify`, each case many times. `stability_report` is the result.
//!
//! May use `run`, `explore` and `report`.
//!
//! To add a mutant, see `fixtures/mutants/README.md`.

mod again;
mod attempt;
mod blame;
mod blame_figures;
mod blame_lock;
mod blame_report;
mod blame_sample;
#[cfg(feature = "generated-mutants")]
mod drives;
#[cfg(feature = "generated-mutants")]
mod fate;
mod fewest_drives;
#[cfg(feature = "generated-mutants")]
mod generated;
#[cfg(feature = "generated-mutants")]
mod generated_report;
mod journeys;
mod kill_matrix;
#[cfg(feature = "generated-mutants")]
mod priority;
#[cfg(feature = "generated-mutants")]
mod scheduler;
mod self_test;
mod stability;
mod stability_report;
mod trial;

pub use again::again;
pub use blame::{BlameTest, Equipment, fault};
pub use blame_figures::FEW;
pub use blame_lock::BlameLock;
#[cfg(test)]
pub use blame_report::tests::mutant as blamed_mutant;
pub use blame_report::{BlameReport, MutantBlame};
pub use blame_sample::Sampled;
#[cfg(feature = "generated-mutants")]
pub use fate::{Fate, GeneratedEvent, GeneratedTrial};
#[cfg(feature = "generated-mutants")]
pub use generated::{GeneratedResult, GeneratedTest};
#[cfg(feature = "generated-mutants")]
pub use generated_report::{
    GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals,
};
pub use journeys::{JourneyFate, JourneyTest, JourneyTrial, JourneysReport};
#[cfg(test)]
pub use kill_matrix::CheckProof;
pub use kill_matrix::{KillMatrix, MutantReport, MutantStatus};
pub use self_test::SelfTest;
pub use stability::{Found, Repeated, RepeatedCheck, Repeats};
pub use stability_report::{FoundReport, Instability, StabilityReport, UnstableCheck};
pub use trial::{Subjects, Trial};
