//! The fixture shop for a person's own browser, with a live page of what the backend gets.
//!
//! [`View`] reads requests as a person wants to see them, and judges each by the same checks as a
//! run; pure. [`Desk`] is the shop and the backend that are served, and the levers on them.
//! [`Door`] is the one port behind which all of it is found.

mod door;
mod model;
mod session;
#[cfg(test)]
mod tests;
mod updates;
mod view;

pub use door::Door;
pub use session::Desk;
pub use view::View;
