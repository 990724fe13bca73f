//! Generated mutants: small syntactic changes of any SDK's source text. Pure: text in, mutants out.
//!
//! [`Generated`] holds what was made of one build: its mutants, each with an id that outlives edits
//! elsewhere in the file, and an instrumented build that says on the console which [sites](SiteId)
//! it executes. [`Equivalents`] are the mutants that a person has explained.

mod change;
mod equivalents;
mod expressions;
mod instrument;
mod mutant;
mod statements;
#[cfg(test)]
mod tests;
mod walk;

pub use equivalents::Equivalents;
pub use mutant::{Generated, GeneratedMutant, SiteId};
