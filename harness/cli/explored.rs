//! What a search came to: in one sentence, and for a program.

use serde::Serialize;

use super::exploring::covered;
use crate::explore::{Explored, Find};
use crate::text::counted;

/// The folder of scenario files, in the folder of the report.
pub const FILES: &str = "journeys";

/// What a search came to, in one sentence.
pub fn sentence(explored: &Explored, seed: u32) -> String {
    let seconds = explored.took.as_secs();
    format!(
        "{}, {}, {} pairs of steps{}, {} found, {seconds} s, seed {seed}",
        counted(explored.journeys, "journey"),
        counted(explored.steps, "step"),
        explored.pairs,
        covered(explored.coverage),
        counted(explored.finds.len(), "cause"),
    )
}

/// What a search came to, for a program.
#[derive(Debug, Serialize)]
pub struct Summary {
    seed: u32,
    journeys: usize,
    steps: usize,
    pairs: usize,
    by_coverage: bool,
    /// Absent where no code was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageSummary>,
    lost: Vec<String>,
    seconds: f64,
    found: Vec<FindSummary>,
}

/// Journeys that ran code which none before them ran, those that vary them, and how much ran, from
/// 0 to 1.
#[derive(Debug, Serialize)]
struct CoverageSummary {
    journeys: usize,
    varied: usize,
    share: f64,
}

#[derive(Debug, Serialize)]
struct FindSummary {
    cause: String,
    sentence: String,
    breaks: Vec<String>,
    journey: usize,
    steps_before: usize,
    steps: usize,
    drives: usize,
    also: usize,
    failed: usize,
    of: usize,
    scenario: Option<String>,
}

/// The summary of a search.
pub fn summary(explored: &Explored, seed: u32, by_coverage: bool) -> Summary {
    let find = |find: &Find| FindSummary {
        cause: find.cause.id.0.clone(),
        sentence: find.cause.sentence.clone(),
        breaks: find.breaks().iter().map(|id| id.0.clone()).collect(),
        journey: find.origin.number,
        steps_before: find.steps_before,
        steps: find.journey().steps.len(),
        drives: find.drives(),
        also: find.also,
        failed: find.rate.0,
        of: find.rate.1,
        scenario: find
            .written
            .as_ref()
            .map(|own| format!("{FILES}/{}.toml", own.name)),
    };
    Summary {
        seed,
        journeys: explored.journeys,
        steps: explored.steps,
        pairs: explored.pairs,
        by_coverage,
        coverage: explored.coverage.map(|own| CoverageSummary {
            journeys: own.journeys,
            varied: own.varied,
            share: own.share,
        }),
        lost: explored.lost.clone(),
        seconds: explored.took.as_secs_f64(),
        found: explored.finds.iter().map(find).collect(),
    }
}
