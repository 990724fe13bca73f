//! The HTTP wire format of a build: where its events go, and how one is read from a request.

mod encoding;
mod envelope;
mod event;
mod format;
#[cfg(test)]
mod tests;

pub use event::WireEvent;
pub use format::{Wire, WireRecord};
