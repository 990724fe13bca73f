//! What became of each generated mutant: each survivor with its change, then the score.

use super::{problem, section};
use crate::prove::{GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals};
use crate::render::document::{
    Badge, Block, Document, Line, Problem, SourceLine, Text, Tone, Verdict,
};
use crate::text::counted;

/// The document of the generated mutants of a build.
pub fn document(report: &GeneratedReport) -> Document {
    let mut problems: Vec<Problem> = report
        .broken_by_itself
        .iter()
        .map(|check| {
            let message = Line::from("the SDK itself breaks ").code(check);
            problem("fail", message, check)
        })
        .collect();
    let of = |status: GeneratedStatus| {
        let mutants = report.mutants.iter();
        mutants.filter(move |mutant| mutant.status == status)
    };
    if let Some(first) = of(GeneratedStatus::Undecided).next() {
        let why = first.error.as_deref().unwrap_or("no reason is known");
        let count = counted(report.totals.undecided, "mutant");
        problems.push(Problem {
            badge: Badge::new(Tone::Careful, "undecided"),
            ..problem(
                "",
                format!("{count} not driven to the end: {why}"),
                &first.id,
            )
        });
    }
    problems.extend(of(GeneratedStatus::Survived).map(survivor));
    let sections = if problems.is_empty() {
        Vec::new()
    } else {
        vec![section("survivors", "What is not proved", problems)]
    };
    let tone = if report.is_proof() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let mut verdict = Verdict::new(tone, words(&report.totals));
    verdict.took = Some(Text::from(format!("{} s", report.duration_ms / 1000)));
    Document::new("generated", "Generated mutants", Some(verdict), sections)
}

fn survivor(mutant: &GeneratedMutantReport) -> Problem {
    let lines = mutant.diff.lines().map(|line| SourceLine {
        number: Text::default(),
        text: Text::from(line),
        is_marked: Some(line.starts_with(['+', '-'])),
    });
    let cases = counted(mutant.cases, "case");
    let message = Line::new().strong(&mutant.id);
    Problem {
        location: Some(Text::from(&mutant.at)),
        body: vec![
            Block::Paragraph(Line::from("operator ").code(&mutant.operator)),
            Block::Source(lines.collect()),
        ],
        ..problem(
            "survived",
            message.plain(format!(", executed by {cases}")),
            &mutant.id,
        )
    }
}

fn words(totals: &GeneratedTotals) -> String {
    let score = totals.score.map_or_else(
        || "no score".to_owned(),
        |score| format!("score {:.1} %", score * 100.0),
    );
    let counts = [
        (totals.generated, "generated"),
        (totals.not_executed, "not executed"),
        (totals.equivalent, "equivalent"),
        (totals.killed, "killed"),
        (totals.survived, "survived"),
        (totals.undecided, "undecided"),
    ];
    let counts = counts.map(|(count, what)| format!("{count} {what}"));
    format!("{} · {score}", counts.join(" · "))
}
