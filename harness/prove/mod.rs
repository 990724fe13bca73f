//! Whether the harness itself can be trusted: mutants that its checks must catch, and checks that
//! must always find the same.
//!
//! May use `run` and `report`.

#[cfg(feature = "generated-mutants")]
mod drives;
#[cfg(feature = "generated-mutants")]
mod generated;
#[cfg(feature = "generated-mutants")]
mod generated_report;
mod kill_matrix;
#[cfg(feature = "generated-mutants")]
mod priority;
#[cfg(feature = "generated-mutants")]
mod scheduler;
mod self_test;
mod stability;
mod stability_report;
mod trial;

#[cfg(feature = "generated-mutants")]
pub use generated::{Fate, GeneratedEvent, GeneratedResult, GeneratedTest, GeneratedTrial};
#[cfg(feature = "generated-mutants")]
pub use generated_report::{
    GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals,
};
#[cfg(test)]
pub use kill_matrix::CheckProof;
pub use kill_matrix::{KillMatrix, MutantReport, MutantStatus};
pub use self_test::{SelfTest, Subjects};
pub use stability::{Found, Repeated, RepeatedCheck, Repeats};
pub use stability_report::{FoundReport, OddCheck, Oddity, Steadiness};
pub use trial::Trial;
