//! What the proofs of the harness itself found, as documents.

#[cfg(feature = "generated-mutants")]
mod generated;
mod kill_matrix;
mod stability;

#[cfg(feature = "generated-mutants")]
pub use generated::document as generated;
pub use kill_matrix::document as kill_matrix;
pub use stability::document as stability;

use super::document::{Badge, Block, Line, Problem, Text, Tone};

/// Something that is wrong by its words alone.
fn problem(words: &str, message: impl Into<Line>, id: impl Into<Text>) -> Problem {
    Problem {
        anchor: None,
        badge: Badge::new(Tone::Bad, words),
        message: message.into(),
        id: id.into(),
        location: None,
        promises: Vec::new(),
        body: Vec::new(),
    }
}

/// All that is wrong, as one section.
fn section(name: &'static str, title: &str, problems: Vec<Problem>) -> super::document::Section {
    let blocks = problems.into_iter().map(Block::Problem).collect();
    super::document::Section::new(name, title, Tone::Bad, blocks)
}
