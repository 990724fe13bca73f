//! What differed between attempts that should not differ.

use super::section;
use crate::prove::{FoundReport, Instability, StabilityReport, UnstableCheck};
use crate::render::document::{
    Badge, Block, Document, Entry, Line, Problem, Section, Text, Tone, Verdict,
};
use crate::render::values::{events, timeline};
use crate::text::counted;

/// More checks than this are named without their events and timelines.
const SHOWN_CHECKS: usize = 12;

/// The document of a stability report. `again` makes the command that repeats a case.
pub fn document(report: &StabilityReport<'_>, again: &dyn Fn(&str) -> String) -> Document {
    let problems = report.unstable.iter().enumerate();
    let problems = problems.map(|(index, check)| odd(check, index < SHOWN_CHECKS, again));
    let unstable = section("Unstable checks", problems.collect());
    let lost = report
        .lost
        .iter()
        .map(|(case, why)| entry("lost", format!("{case} could not be judged once: {why}")));
    let late = report.late.iter().map(|(case, times)| {
        let what = "attempts a request came after the settle time, and was not judged";
        entry("late", format!("{case}: in {times} {what}"))
    });
    let attempts: Vec<Entry> = lost.chain(late).collect();
    let blocks = if attempts.is_empty() {
        Vec::new()
    } else {
        vec![Block::list(attempts)]
    };
    let attempts = Section::new("attempts", "Attempts", Tone::Careful, blocks);
    let sections = unstable.into_iter().chain(attempts).collect();
    Document::new(
        "verify",
        "Stability report",
        Some(verdict(report)),
        sections,
    )
}

fn entry(word: &str, line: String) -> Entry {
    Entry::new(line).badge(Badge::new(Tone::Careful, word))
}

fn odd(check: &UnstableCheck<'_>, in_full: bool, again: &dyn Fn(&str) -> String) -> Problem {
    let times = |own: &FoundReport<'_>| own.times;
    let broken = check.found.iter().filter(|own| own.finding == "broken");
    let (broken, all): (usize, usize) =
        (broken.map(times).sum(), check.found.iter().map(times).sum());
    let badge = match check.instability {
        Instability::VerdictDiffers => Badge::new(Tone::Bad, format!("flaky ({broken} of {all})")),
        Instability::AlwaysBroken => Badge::new(Tone::Bad, format!("fail ({broken} of {all})")),
        Instability::ValueDiffers => Badge::new(Tone::Careful, "differs"),
        Instability::NeverJudged => Badge::new(Tone::Careful, "error"),
    };
    let found = check.found.iter().map(|own| Block::paragraph(found(own)));
    let mut body: Vec<Block> = found.collect();
    let is_flaky = check.instability == Instability::VerdictDiffers;
    if let Some(evidence) = check.evidence.filter(|_| in_full && is_flaky) {
        body.push(Block::paragraph("one of the rarest attempts:"));
        body.extend(events(&check.events));
        body.extend(timeline(evidence));
    }
    body.push(Block::Command("again", Text::from(again(check.case))));
    let location = Some(Text::from(&check.at));
    Problem {
        location,
        body,
        ..Problem::new(badge, Line::new().code(check.id), check.id)
    }
}

fn found(found: &FoundReport<'_>) -> String {
    let (times, finding) = (found.times, found.finding);
    match (found.value, found.message) {
        (Some(value), _) => format!("{times:>3} × {finding}: {value}"),
        (None, Some(message)) => format!("{times:>3} × {finding}: {message}"),
        (None, None) => format!("{times:>3} × {finding}"),
    }
}

fn verdict(report: &StabilityReport<'_>) -> Verdict {
    let all = [
        (Instability::VerdictDiffers, "differed"),
        (Instability::AlwaysBroken, "always failed"),
        (Instability::NeverJudged, "never judged"),
    ];
    let odd = all
        .into_iter()
        .filter(|(oddity, _)| report.count(*oddity) > 0);
    let odd = odd.map(|(oddity, what)| format!("{} {what}", report.count(oddity)));
    let odd = odd.collect::<Vec<_>>().join(", ");
    let (tone, said) = if odd.is_empty() {
        (Tone::Good, "none differed".to_owned())
    } else {
        (Tone::Bad, odd)
    };
    let (tone, said) = if report.interrupted {
        let (judged, asked) = (report.judged, report.asked);
        let so_far = format!("interrupted after {judged} of {asked} attempts: {said}");
        (tone.min(Tone::Careful), so_far)
    } else {
        (tone, said)
    };
    let values = match report.count(Instability::ValueDiffers) {
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
