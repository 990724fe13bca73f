//! The report of a run, or several side by side, as a document.

mod case;
mod hosts;
mod known;
mod matrix;
mod requirements;
mod select;
mod timing;
mod verdict;
mod view;

pub use case::{course, problem};
pub use select::{denied, is_told_by_its_entry, wrong_entries};
pub use verdict::verdict;
pub use view::View;

use super::compare;
use super::document::Tone;
use super::document::{Anchor, Badge, Block, Depth, Document, Entry, Line, Part, Section, Text};
use crate::report::{Conclusion, Stored};
use crate::text::{counted, few};

/// More names than these are counted.
const NAMES: usize = 5;

/// The document of one report, or of several.
pub fn document(reports: &[&Stored]) -> Document {
    let views = View::all(reports);
    match views.as_slice() {
        [alone] => Document {
            product: "",
            title: Text::from(format!(
                "{} {} – alhena-conformance",
                alone.short_name(),
                Conclusion::of(alone.report).words()
            )),
            heading: Line::from("Conformance report"),
            parts: vec![part(alone)],
        },
        several => {
            let reports = several.len();
            let mut parts = vec![matrix::part(several)];
            parts.extend(several.iter().map(part));
            Document {
                product: "",
                title: Text::from(format!(
                    "{reports} reports side by side – alhena-conformance"
                )),
                heading: Line::from(format!("{reports} conformance reports, side by side")),
                parts,
            }
        }
    }
}

fn part(view: &View<'_>) -> Part {
    let sections = [
        changes(view),
        case::failures(view),
        known::wrong(view),
        undecided(view),
        Some(requirements::requirements(view)),
        known::known(view),
        case::known(view),
        hosts::hosts(view),
        Some(timing::timing(view)),
        Some(verdict::circumstances(view)),
    ];
    Part {
        anchor: view.section("report"),
        name: Text::from(view.name()),
        verdict: Some(verdict(view)),
        sections: sections.into_iter().flatten().collect(),
    }
}

/// What changed since another release, for a report that was compared with one.
fn changes(view: &View<'_>) -> Option<Section> {
    let comparison = view.stored.comparison.as_ref()?;
    let mut blocks = vec![Block::Facts(compare::sides(comparison))];
    for section in compare::sections(comparison) {
        let title = Line::new().plain(section.title);
        let title = match section.count {
            Some(count) => title.plain(" ").soft(count),
            None => title,
        };
        blocks.push(Block::Fold(title, section.blocks));
    }
    Some(Section {
        anchor: view.section("changes"),
        title: Text::from(format!("What changed since {}", comparison.old.source)),
        count: None,
        tone: compare::tone(comparison),
        depth: Depth::Reference,
        blocks,
    })
}

/// The checks of which nothing is known, by the reason.
fn undecided(view: &View<'_>) -> Option<Section> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for check in view
        .report
        .checks
        .iter()
        .filter(|check| select::is_undecided(check))
    {
        let why = check.message.as_deref().unwrap_or("no reason is known");
        match by_reason.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, checks)) => checks.push(&check.id.0),
            None => by_reason.push((why, vec![&check.id.0])),
        }
    }
    let count: usize = by_reason.iter().map(|(_, checks)| checks.len()).sum();
    let entries = by_reason.into_iter().map(|(why, checks)| {
        Entry::new(why)
            .badge(Badge::new(Tone::Careful, "not decided"))
            .detail(Line::new().plain(few(&checks, NAMES)))
    });
    let entries: Vec<Entry> = entries.collect();
    (!entries.is_empty()).then(|| Section {
        anchor: view.section("not-decided"),
        title: Text::from("Not decided"),
        count: Some(Text::from(counted(count, "check"))),
        tone: Tone::Careful,
        depth: Depth::Summary,
        blocks: vec![Block::list(entries)],
    })
}

impl View<'_> {
    /// The anchor of one of its sections.
    fn section(&self, name: &'static str) -> Anchor {
        Anchor::section(name).within(self.index)
    }
}
