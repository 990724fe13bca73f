//! The SDK under test: the bytes of a build, and the profile that says where its things are.

mod build;
mod mutant;
mod profile;

pub(crate) use build::sha256;
pub use build::{Build, BuildError};
pub use mutant::Mutant;
pub use profile::{Answer, ChatPlace, FaqPlace, Identifiers, Profile, Waits, Wire, WireEvent};
