//! The SDK under test: the bytes of a build, the snippet pasted before it, and the profile that
//! says where its things are.

mod build;
#[cfg(feature = "generated-mutants")]
pub mod generate;
mod installation;
mod mutant;
pub mod profile;
mod proofs;
mod snippet;

pub use build::sha256;

pub use build::{Build, BuildError};
pub use installation::Installation;
pub use mutant::Mutant;
pub use profile::{
    Answer, Conversation, Install, Profile, ScriptKind, Side, WireEvent, WireRecord, wrapped,
};
pub use proofs::Proofs;
pub use snippet::Snippet;
