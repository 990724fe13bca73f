//! Generated mutants: small syntactic changes of any SDK's source text. Pure: text in, mutants out.
//!
//! [`Generated`] holds what was made of one build: its mutants, each with an id that outlives edits
//! elsewhere in the file, and an instrumented build that prints on the console which
//! [sites](SiteId) it executes. [`Equivalents`] are the mutants that a person has explained.
//!
//! To add an operator: a function from one node to its [changes](change::Change), in the file of
//! its kind, and an entry in `ON_EXPRESSIONS` or `ON_STATEMENTS`. The name is part of the ids of
//! its mutants: it never changes.

mod change;
mod conditions;
mod context;
mod equivalents;
mod expressions;
mod instrument;
mod literals;
mod mutant;
mod objects;
mod operators;
mod site;
mod statements;
#[cfg(test)]
mod tests;
mod walk;

pub use equivalents::Equivalents;
pub use mutant::{Generated, GeneratedMutant};
pub use site::SiteId;
