//! Looks at a build that nobody has described, in a real browser, and writes down what it saw: the
//! profile that `init` begins with.
//!
//! `sources` reads the scripts; `probe` visits a page with them, whose configuration and whose
//! backend answer every name with a value of its own; `talking` uses what a shopper would use;
//! `traffic` finds in the requests what was called; `describe` writes the profile. Only `probe`,
//! `talking` and `page` touch the world. What is written is marked: found, assumed or unknown.
//! `profile check` proves it.
//!
//! May use `run` and what `run` may use.

mod config;
mod describe;
mod error;
mod globals;
mod messages;
mod observed;
mod page;
mod probe;
mod sources;
mod talking;
mod traffic;

pub use describe::{Tally, describe};
pub use probe::look;
pub use sources::Sources;
