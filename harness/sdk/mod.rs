//! The SDK under test: the bytes of a build, the snippet pasted before it, and the profile that
//! describes where its things are.
//!
//! [`Mutant`] is a written breakage of the bundled reference, `generate` makes breakages of any
//! build, [`Proofs`] names the mutant that each check was seen to catch. May use `contract` and
//! `input`; reads fixtures, and a build from a file, a folder or a URL.
//!
//! To add a mutant, see `fixtures/mutants/README.md`; to add a profile key, see [`profile`].

mod build;
mod changes;
#[cfg(feature = "generated-mutants")]
pub mod generate;
mod installation;
mod mutant;
pub mod profile;
mod proofs;
mod snippet;
mod source_map;

pub use build::{Build, BuildError, resolved, sha256};
pub use changes::{Changes, Mutated};
pub use installation::Installation;
pub use mutant::Mutant;
pub use profile::{
    Answer, Conversation, Install, Likeness, Profile, ProfileHash, ScriptKind, Side, Waits,
    WireEvent, WireRecord, wrapped,
};
pub use proofs::Proofs;
pub use snippet::Snippet;
