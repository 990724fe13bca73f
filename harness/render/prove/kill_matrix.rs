//! Which mutant was caught by which check: those that were not, then the totals.

use super::{problem, section};
use crate::prove::{KillMatrix, MutantReport, MutantStatus};
use crate::render::document::{Block, Document, Line, Problem, Text, Tone, Verdict};
use crate::text::few;

/// More checks than these are counted.
const SHOWN: usize = 4;

/// The document of a self-test.
pub fn document(matrix: &KillMatrix) -> Document {
    let mut problems: Vec<Problem> = matrix
        .reference_broken_by
        .iter()
        .map(|check| {
            let message = Line::from("the reference SDK itself breaks ").code(check);
            problem("fail", message, check)
        })
        .collect();
    let mut mutants: Vec<&MutantReport> = matrix.mutants.iter().collect();
    mutants.sort_by_key(|mutant| mutant.status);
    problems.extend(mutants.into_iter().filter_map(mutant));
    let unproved: Vec<&str> = matrix.unproved.iter().map(|id| id.0.as_str()).collect();
    if let [first, ..] = unproved.as_slice() {
        let (count, names) = (unproved.len(), few(&unproved, SHOWN));
        let message = format!("{count} unproved, no mutant makes them fail: {names}");
        problems.push(problem("fail", message, first));
    }
    let killed = matrix
        .mutants
        .iter()
        .filter(|mutant| mutant.status == MutantStatus::Killed);
    let proved = matrix
        .checks
        .iter()
        .filter(|check| !check.proved_by.is_empty());
    let words = format!(
        "{} of {} mutants killed by the check they name; {} of {} checks of a must or should seen \
         to fail",
        killed.count(),
        matrix.mutants.len(),
        proved.count(),
        matrix.checks.len()
    );
    let tone = if matrix.is_proof() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let sections = if problems.is_empty() {
        Vec::new()
    } else {
        vec![section("survivors", "What is not proved", problems)]
    };
    Document::new(
        "self-test",
        "Self-test",
        Some(Verdict::new(tone, words)),
        sections,
    )
}

fn mutant(mutant: &MutantReport) -> Option<Problem> {
    let what = match mutant.status {
        MutantStatus::Survived => "survived: no check caught it".to_owned(),
        MutantStatus::KilledElsewhere => {
            let checks: Vec<&str> = mutant.killed_by.iter().map(|id| id.0.as_str()).collect();
            let checks = few(&checks, SHOWN);
            format!("was caught, but not by the check it names: {checks}")
        }
        MutantStatus::Error => format!(
            "could not be driven: {}",
            mutant.error.as_deref().unwrap_or("no reason is known")
        ),
        MutantStatus::Killed => return None,
    };
    let message = Line::from("mutant ").strong(&mutant.id);
    let fact = |name: &str, text: Text| Block::Paragraph(Line::from(name).code(text));
    Some(Problem {
        location: Some(Text::from(&mutant.at)),
        body: vec![
            Block::Paragraph(Line::from(&mutant.how)),
            fact("breaks    ", Text::from(&mutant.requirement)),
            fact("killed by ", Text::from(&mutant.expected_check)),
        ],
        ..problem("fail", message.plain(" ").plain(what), &mutant.id)
    })
}
