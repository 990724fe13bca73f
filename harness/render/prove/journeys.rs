//! How many journeys each mutant survives.

use std::collections::BTreeMap;

use crate::prove::{JourneyFate, JourneyTrial, JourneysReport};
use crate::render::document::{Block, Document, Entry, Line, Section, Table, Text, Tone, Verdict};

/// The document of a proof of exploration.
pub fn document(report: &JourneysReport) -> Document {
    let head = [
        "mutant", "journeys", "steps", "drives", "seconds", "found as",
    ];
    let table = Table {
        caption: Text::from("How many journeys each mutant survives"),
        head: head.into_iter().map(Line::from).collect(),
        rows: report.reached().map(row).collect(),
    };
    let table = Section::new(
        "mutants",
        "Mutants",
        Tone::Neutral,
        vec![Block::Table(table)],
    );
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for trial in &report.trials {
        match &trial.fate {
            JourneyFate::OutOfReach(why) | JourneyFate::Error(why) => {
                *reasons.entry(why).or_default() += 1;
            }
            JourneyFate::Found { .. } | JourneyFate::Survived => {}
        }
    }
    let reasons = reasons
        .into_iter()
        .map(|(why, count)| Entry::new(format!("{count} × {why}")));
    let reasons: Vec<Entry> = reasons.collect();
    let reasons = (!reasons.is_empty()).then(|| Block::list(reasons));
    let title = "Out of reach of journeys";
    let reasons = Section::new(
        "out-of-reach",
        title,
        Tone::Neutral,
        reasons.into_iter().collect(),
    );
    let reached = report.reached().count();
    let words = format!(
        "{} of {reached} mutants found within {} journeys, {} within 20; {} steps in the median \
         of the least journeys",
        report.found_within(usize::MAX),
        report.journeys,
        report.found_within(20),
        report.median_steps().unwrap_or_default(),
    );
    let tone = if report.is_proof() {
        Tone::Good
    } else {
        Tone::Bad
    };
    Document::new(
        "journeys",
        "Journeys against mutants",
        Some(Verdict::new(tone, words)),
        table.into_iter().chain(reasons).collect(),
    )
}

fn row(trial: &JourneyTrial) -> Vec<Line> {
    let took = format!("{:.0}", trial.took);
    let cells = match &trial.fate {
        JourneyFate::Found {
            journey,
            steps,
            drives,
            breaks,
            cause: _,
        } => {
            let breaks: Vec<&str> = breaks.iter().map(|id| id.0.as_str()).collect();
            [
                trial.mutant.clone(),
                journey.to_string(),
                steps.to_string(),
                drives.to_string(),
                took,
                breaks.join(", "),
            ]
        }
        JourneyFate::Survived | JourneyFate::OutOfReach(_) | JourneyFate::Error(_) => [
            trial.mutant.clone(),
            "survived".to_owned(),
            String::new(),
            String::new(),
            took,
            String::new(),
        ],
    };
    cells.into_iter().map(Line::from).collect()
}
