//! Which mutant was caught by which check: those that were not, then the totals.

use super::{fail, section};
use crate::contract::CheckId;
use crate::prove::{KillMatrix, MutantReport, MutantStatus};
use crate::render::document::{Block, Document, Line, Problem, Text, Tone, Verdict};
use crate::text::few;

/// More checks than these are counted.
const SHOWN: usize = 4;

/// The document of a self-test.
pub fn document(matrix: &KillMatrix) -> Document {
    let broken = matrix.reference_broken_by.iter();
    let broken = broken.map(|id| fail(format!("the reference SDK itself breaks {id}"), id));
    let mut mutants: Vec<&MutantReport> = matrix.mutants.iter().collect();
    mutants.sort_by_key(|mutant| mutant.status);
    let unproved = matrix.unproved.first().map(|first| {
        let (count, names) = (matrix.unproved.len(), names(&matrix.unproved));
        fail(
            format!("{count} unproved, no mutant makes them fail: {names}"),
            first,
        )
    });
    let problems = broken
        .chain(mutants.into_iter().filter_map(mutant))
        .chain(unproved);
    let problems: Vec<Problem> = problems.collect();
    let count = |status: MutantStatus| {
        let mutants = matrix.mutants.iter();
        mutants.filter(|own| own.status == status).count()
    };
    let (elsewhere, not_applicable) = (
        count(MutantStatus::OfAnotherEngine),
        count(MutantStatus::NotApplicable),
    );
    let proved = matrix
        .checks
        .iter()
        .filter(|check| !check.proved_by.is_empty());
    let others = [
        (elsewhere, "of another engine, not seen here"),
        (not_applicable, "not applicable"),
    ];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    let others = others.fold(String::new(), |all, (count, what)| {
        format!("{all}; {count} {what}")
    });
    let words = format!(
        "{} of {} mutants killed by the check they name; {} of {} checks of a must or should seen \
         to fail{others}",
        count(MutantStatus::Killed),
        matrix.mutants.len() - elsewhere - not_applicable,
        proved.count(),
        matrix.checks.len()
    );
    let tone = if matrix.is_proof() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let sections = section("What is not proved", problems)
        .into_iter()
        .collect();
    Document::new(
        "self-test",
        "Self-test",
        Some(Verdict::new(tone, words)),
        sections,
    )
}

fn mutant(mutant: &MutantReport) -> Option<Problem> {
    let what = match (mutant.status, &mutant.error) {
        (MutantStatus::Killed | MutantStatus::OfAnotherEngine | MutantStatus::NotApplicable, _) => {
            return None;
        }
        (MutantStatus::ShownHereToo, _) => {
            let checks = names(&mutant.killed_by);
            format!("is said to be of another engine, but was caught here, too: {checks}")
        }
        (MutantStatus::Survived, _) => "survived: no check caught it".to_owned(),
        (MutantStatus::KilledElsewhere, _) => {
            let checks = names(&mutant.killed_by);
            format!("was caught, but not by the check it names: {checks}")
        }
        (MutantStatus::Error, Some(why)) => format!("could not be driven: {why}"),
        (MutantStatus::Error, None) => "could not be driven: no reason is known".to_owned(),
    };
    let message = Line::from("mutant ")
        .strong(&mutant.id)
        .plain(format!(" {what}"));
    Some(Problem {
        location: Some(Text::from(&mutant.at)),
        body: vec![
            Block::paragraph(&mutant.how),
            Block::paragraph(format!("breaks    {}", mutant.requirement)),
            Block::paragraph(format!("killed by {}", mutant.expected_check)),
        ],
        ..fail(message, &mutant.id)
    })
}

fn names(checks: &[CheckId]) -> String {
    let names: Vec<&str> = checks.iter().map(|id| id.0.as_str()).collect();
    few(&names, SHOWN)
}
