//! What differed between attempts that should not differ.

use super::{problem, section};
use crate::prove::{FoundReport, OddCheck, Oddity, Steadiness};
use crate::render::document::{
    Badge, Block, Document, Entry, Line, Problem, Section, Text, Tone, Verdict,
};
use crate::render::values::{events, timeline};
use crate::text::counted;

/// More checks than this are named without their events and timelines.
const SHOWN_CHECKS: usize = 12;

/// The document of a stability report. `again` makes the command that repeats a case.
pub fn document(report: &Steadiness<'_>, again: &dyn Fn(&str) -> String) -> Document {
    let problems = report.odd.iter().enumerate();
    let problems = problems.map(|(index, check)| odd(check, index < SHOWN_CHECKS, again));
    let mut sections = vec![section("unstable", "Unstable checks", problems.collect())];
    let lost = report.lost.iter().map(|(case, why)| {
        let line = Line::new().code(case).plain(" could not be judged once: ");
        entry("lost", line.plain(why))
    });
    let late = report.late.iter().map(|(case, times)| {
        let what = format!(
            ": in {times} attempts a request came after the settle time, and was not judged"
        );
        entry("late", Line::new().code(case).plain(what))
    });
    let attempts: Vec<Entry> = lost.chain(late).collect();
    if !attempts.is_empty() {
        let blocks = vec![Block::list(attempts)];
        sections.push(Section::new("attempts", "Attempts", Tone::Careful, blocks));
    }
    sections.retain(|section| !section.blocks.is_empty());
    Document::new(
        "verify",
        "Stability report",
        Some(verdict(report)),
        sections,
    )
}

fn entry(word: &str, line: Line) -> Entry {
    Entry::new(line).badge(Badge::new(Tone::Careful, word))
}

fn odd(check: &OddCheck<'_>, in_full: bool, again: &dyn Fn(&str) -> String) -> Problem {
    let times = |found: &[&FoundReport<'_>]| found.iter().map(|own| own.times).sum::<usize>();
    let all: Vec<&FoundReport<'_>> = check.found.iter().collect();
    let broken = all.iter().copied().filter(|own| own.finding == "broken");
    let count = format!(
        "({} of {})",
        times(&broken.collect::<Vec<_>>()),
        times(&all)
    );
    let badge = match check.oddity {
        Oddity::VerdictDiffers => Badge::new(Tone::Bad, format!("flaky {count}")),
        Oddity::AlwaysBroken => Badge::new(Tone::Bad, format!("fail {count}")),
        Oddity::ValueDiffers => Badge::new(Tone::Careful, "differs"),
        Oddity::NeverJudged => Badge::new(Tone::Careful, "error"),
    };
    let mut body: Vec<Block> = all.iter().map(|own| Block::Paragraph(found(own))).collect();
    let is_flaky = check.oddity == Oddity::VerdictDiffers;
    if let Some(evidence) = check.evidence.filter(|_| in_full && is_flaky) {
        body.push(Block::Paragraph(Line::from("one of the rarest attempts:")));
        body.extend(events(&check.events));
        body.extend(timeline(evidence));
    }
    body.push(Block::Command("again", Text::from(again(check.case))));
    Problem {
        badge,
        location: Some(Text::from(&check.at)),
        body,
        ..problem("", Line::new().code(check.id), check.id)
    }
}

fn found(found: &FoundReport<'_>) -> Line {
    let line = Line::from(format!("{:>3} × {}", found.times, found.finding));
    match (found.value, found.message) {
        (Some(value), _) => line.plain(": ").code(value),
        (None, Some(message)) => line.plain(": ").plain(message),
        (None, None) => line,
    }
}

fn verdict(report: &Steadiness<'_>) -> Verdict {
    let all = [
        (Oddity::VerdictDiffers, "differed"),
        (Oddity::AlwaysBroken, "always failed"),
        (Oddity::NeverJudged, "never judged"),
    ];
    let odd = all
        .into_iter()
        .filter(|(oddity, _)| report.count(*oddity) > 0);
    let odd = odd.map(|(oddity, what)| format!("{} {what}", report.count(oddity)));
    let odd = odd.collect::<Vec<_>>().join(", ");
    let (tone, said) = match (report.interrupted, odd.is_empty()) {
        (true, _) => (Tone::Careful, "interrupted".to_owned()),
        (false, true) => (Tone::Good, "none differed".to_owned()),
        (false, false) => (Tone::Bad, odd),
    };
    let values = match report.count(Oddity::ValueDiffers) {
        0 => String::new(),
        values => {
            let values = counted(values, "observed value");
            format!("; {values} differed, which fails nothing")
        }
    };
    let (times, checks) = (report.times, counted(report.checks, "check"));
    let mut verdict = Verdict::new(tone, format!("{times} × {checks}, {said}{values}"));
    let workers = counted(report.workers, "browser");
    verdict.notes.push(Line::from(format!(
        "seed {}, {workers} at a time, in {:.1} s",
        report.seed,
        report.duration_ms / 1000.0
    )));
    verdict
}
