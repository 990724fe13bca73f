//! The SDK under test: the bytes of a build, the snippet pasted before it, and the profile that says where its things are.

mod build;
mod installation;
mod mutant;
mod profile;
mod proofs;
mod snippet;

pub use build::{Build, BuildError};
pub use installation::Installation;
pub use mutant::Mutant;
pub use profile::{Answer, ChatPlace, FaqPlace, Identifiers, Profile, Waits, Wire, WireEvent};
pub use proofs::Proofs;
pub use snippet::Snippet;
