//! Which engine catches which mutant.

use crate::prove::{KillMatrix, MutantStatus};
use crate::render::document::{Block, Document, Line, Section, Table, Text, Tone, Verdict};

/// The document of a self-test on several engines: the mutants that not all of them treat alike.
pub fn document(matrices: &[KillMatrix]) -> Document {
    let engines = matrices.iter().map(|matrix| matrix.engine.as_str());
    let head: Vec<&str> = std::iter::once("mutant").chain(engines.clone()).collect();
    let of_first = matrices.first().map_or(&[][..], |matrix| &matrix.mutants);
    let rows = of_first.iter().filter_map(|mutant| {
        let statuses = matrices.iter().map(|matrix| status_in(matrix, &mutant.id));
        let statuses: Vec<Option<MutantStatus>> = statuses.collect();
        let differs = statuses.iter().any(|status| *status != statuses[0]);
        let cells = statuses.into_iter().map(|status| Line::from(word(status)));
        differs.then(|| std::iter::once(Line::from(mutant.id.as_str())).chain(cells))
    });
    let rows: Vec<Vec<Line>> = rows.map(Iterator::collect).collect();
    let killed = matrices.iter().map(|matrix| {
        let mutants = matrix.mutants.iter();
        let killed = mutants.filter(|own| own.status == MutantStatus::Killed);
        format!("{} {}", matrix.engine, killed.count())
    });
    let killed: Vec<String> = killed.collect();
    let words = format!(
        "killed by the check they name: {}; {} of {} mutants differ between engines",
        killed.join(", "),
        rows.len(),
        of_first.len()
    );
    let tone = if matrices.iter().all(KillMatrix::is_proof) {
        Tone::Good
    } else {
        Tone::Bad
    };
    let table = Table {
        caption: Text::from("Mutants that the engines do not treat alike"),
        head: head.into_iter().map(Line::from).collect(),
        rows,
    };
    let blocks = if table.rows.is_empty() {
        Vec::new()
    } else {
        vec![Block::Table(table)]
    };
    let section = Section::new("engines", "Engines", Tone::Neutral, blocks);
    Document::new(
        "self-test",
        "Self-test on several engines",
        Some(Verdict::new(tone, words)),
        section.into_iter().collect(),
    )
}

fn status_in(matrix: &KillMatrix, id: &str) -> Option<MutantStatus> {
    let mut mutants = matrix.mutants.iter();
    mutants.find(|own| own.id == id).map(|own| own.status)
}

fn word(status: Option<MutantStatus>) -> &'static str {
    match status {
        Some(MutantStatus::Killed | MutantStatus::ShownHereToo) => "caught",
        Some(MutantStatus::KilledElsewhere) => "caught by another check",
        Some(MutantStatus::Survived) => "survived",
        Some(MutantStatus::OfAnotherEngine) => "not seen",
        Some(MutantStatus::NotApplicable) => "not applicable",
        Some(MutantStatus::Error) | None => "not driven",
    }
}
