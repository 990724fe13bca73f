//! Groups failures by their cause: the one defect that explains them.
//!
//! A pure function of findings and evidence: `diagnose.rs`. May use `judge` and what it rests on.
//!
//! 1. `symptom.rs`: each failing check becomes symptoms, one for each [`Defect`] that it found.
//!    Where the SDK's script threw, or the console said something that is a reason
//!    (`consoles.rs`), that is the defect (`page_report.rs`).
//!    A known failure and a new one have no cause in common.
//! 2. `condition.rs`: what fails under a condition and holds on the ordinary page is a cause of
//!    its own.
//! 3. `rule.rs`: lost, duplicated or forbidden events, and flawed calls that were sent, are split
//!    by the circumstances that they share and that others do not have (`group.rs`,
//!    `circumstance.rs`, `population.rs`): “called before the SDK is ready”.
//! 4. `absorb.rs`: what only follows from a wider loss goes into the cause of that loss.
//! 5. `shown.rs`, `blame.rs`: a cause breaks the requirement that is about its circumstance (`when`
//!    in `requirements.toml`), else those that rest on no other of them; of the others nothing is
//!    known.
//! 6. `sentence.rs`, `field_sentence.rs`, `console.rs`: what a person reads.
//!
//! To name a cause better, give its defect more words in `sentence.rs`; to separate two causes,
//! give [`Defect`] a variant, or `circumstance.rs` and `feature.rs` a circumstance.
//! `self-test --blame` measures what that does to 64 broken builds.
//!
//! [`Defect`]: crate::judge::Defect

mod absorb;
mod blame;
mod circumstance;
mod condition;
mod console;
mod consoles;
mod diagnose;
mod feature;
mod field_sentence;
mod group;
mod model;
mod page_report;
mod population;
mod rule;
mod sentence;
mod shown;
mod symptom;
#[cfg(test)]
mod tests;

pub use diagnose::diagnose;
pub use model::{Blame, Cause, CauseId, Diagnosis};
