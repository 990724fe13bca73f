//! The fixture shop for a person's own browser, with a live page of what the backend gets.
//!
//! [`View`] reads requests as a person wants to see them, and judges each by the same checks as a
//! run, against an expectation of what the person did (`verdicts.rs`); pure. [`ServeSession`] is
//! the shop and the backend that are served, and the controls on them. [`Door`] is the one port
//! behind which all of it is found. With `--record`, a `recorder` watches the pages that a person
//! opens, and `recording` makes a scenario of it.
//!
//! May use all other rooms but `cli`. To judge one more check here, name it in
//! `fixtures/serve.toml`, and say in `verdicts.rs` what it is judged against.

mod door;
mod model;
mod recorder;
mod recording;
mod session;
#[cfg(test)]
mod tests;
mod updates;
mod verdicts;
mod view;

pub use door::Door;
pub use session::ServeSession;
pub use view::View;
