//! What became of each generated mutant: each survivor with its change, then the score.

use super::{fail, section};
use crate::prove::{GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals};
use crate::render::document::{
    Badge, Block, Document, Line, Mark, Problem, SourceLine, Text, Tone, Verdict,
};
use crate::text::counted;

/// The document of the generated mutants of a build.
pub fn document(report: &GeneratedReport) -> Document {
    let broken = report.broken_by_itself.iter();
    let broken = broken.map(|id| fail(format!("the SDK itself breaks {id}"), id));
    let of = |status: GeneratedStatus| {
        let mutants = report.mutants.iter();
        mutants.filter(move |mutant| mutant.status == status)
    };
    let undecided = of(GeneratedStatus::Undecided).next().map(|first| {
        let why = first.error.as_deref().unwrap_or("no reason is known");
        let count = counted(report.totals.undecided, "mutant");
        let message = format!("{count} not driven to the end: {why}");
        Problem::new(Badge::new(Tone::Careful, "undecided"), message, &first.id)
    });
    let survivors = of(GeneratedStatus::Survived).map(survivor);
    let problems = broken.chain(undecided).chain(survivors).collect();
    let tone = if report.is_proof() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let mut verdict = Verdict::new(tone, words(&report.totals));
    verdict.took = Text::from(format!("{} s", report.duration_ms / 1000));
    let sections = section("What is not proved", problems)
        .into_iter()
        .collect();
    Document::new("generated", "Generated mutants", Some(verdict), sections)
}

fn survivor(mutant: &GeneratedMutantReport) -> Problem {
    let lines = mutant.diff.lines().map(|line| SourceLine {
        number: Text::default(),
        text: Text::from(line),
        mark: match line.chars().next() {
            Some('-') => Mark::Removed,
            Some('+') => Mark::Added,
            _ => Mark::Alone,
        },
    });
    let cases = format!(", executed by {}", counted(mutant.cases, "case"));
    let message = Line::new().strong(&mutant.id).plain(cases);
    Problem {
        location: Some(Text::from(&mutant.at)),
        body: vec![
            Block::paragraph(&mutant.operator),
            Block::Source(lines.collect()),
        ],
        ..Problem::new(Badge::new(Tone::Bad, "survived"), message, &mutant.id)
    }
}

fn words(totals: &GeneratedTotals) -> String {
    let score = totals
        .score
        .map(|score| format!("score {:.1} %", score * 100.0));
    format!(
        "{} generated · {} not executed · {} equivalent · {} killed · {} survived · {} undecided · \
         {}",
        totals.generated,
        totals.not_executed,
        totals.equivalent,
        totals.killed,
        totals.survived,
        totals.undecided,
        score.unwrap_or("no score".to_owned())
    )
}
