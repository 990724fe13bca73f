//! What a build does on the wire, read from the evidence, so that two releases can be compared
//! without it.

mod fields;
mod mask;
mod observe;
mod total;

pub use observe::{together, wire};
pub use total::total;
