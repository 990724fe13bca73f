//! What the proofs of the harness itself found, as documents.

mod blame;
mod engines;
#[cfg(feature = "generated-mutants")]
mod generated;
mod journeys;
mod kill_matrix;
mod stability;

pub use blame::document as blame;
pub use engines::document as engines;
#[cfg(feature = "generated-mutants")]
pub use generated::document as generated;
pub use journeys::document as journeys;
pub use kill_matrix::document as kill_matrix;
pub use stability::document as stability;

use super::document::{Badge, Block, Line, Problem, Section, Text, Tone};

/// Something that fails by its words alone.
fn fail(message: impl Into<Line>, id: impl Into<Text>) -> Problem {
    Problem::new(Badge::new(Tone::Bad, "fail"), message, id)
}

/// All that is wrong, as one section; absent where nothing is.
fn section(title: &str, problems: Vec<Problem>) -> Option<Section> {
    let blocks = problems.into_iter().map(Block::Problem).collect();
    Section::new("problems", title, Tone::Bad, blocks)
}
