//! Cutting, counting and quoting text, for messages and for every format.
//!
//! Pure, and uses no other room.

mod cut;
mod nearest;
mod shell;
mod words;

pub use cut::{cut_to, one_line};
pub use nearest::{did_you_mean, near_match};
pub use shell::quoted_words;
pub use words::{counted, few};
