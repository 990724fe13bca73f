//! The report of a run, or several side by side, as a document.

mod case;
mod cause;
mod conditions;
mod inventory;
mod known;
mod matrix;
mod requirements;
mod select;
mod verdict;
mod view;

pub use case::{course, problem};
pub use cause::{explained, shown as shown_causes};
pub use select::is_unmade;
pub use verdict::verdict;
pub use view::View;

use super::compare;
use super::document::{Block, Depth, Document, Line, Part, Section, Text};
use crate::report::Stored;

/// The document of one report, or of several.
pub fn document(reports: &[&Stored]) -> Document {
    let views = View::all(reports);
    let (mut parts, mut heading) = (Vec::new(), "Conformance report".to_owned());
    if views.len() > 1 {
        heading = format!("{} conformance reports, side by side", views.len());
        parts.push(matrix::part(&views));
    }
    parts.extend(views.iter().map(part));
    let (product, heading) = ("", Line::from(heading));
    Document {
        product,
        heading,
        parts,
    }
}

/// The document of what one report says is wrong, and its verdict.
pub fn brief(stored: &Stored) -> Document {
    let view = View::of(stored);
    let sections = wrong(&view).into_iter().flatten().collect();
    Document::new("", "Conformance report", Some(verdict(&view)), sections)
}

/// What somebody must act on, the most important first.
fn wrong(view: &View<'_>) -> [Option<Section>; 4] {
    [
        cause::causes(view),
        case::unexplained(view),
        known::wrong(view),
        inventory::undecided(view),
    ]
}

fn part(view: &View<'_>) -> Part {
    let rest = [
        changes(view),
        requirements::requirements(view),
        conditions::conditions(view),
        known::known(view),
        inventory::hosts(view),
        case::failures(view),
        cause::known(view),
        case::known(view),
        case::traced(view),
        inventory::timing(view),
        verdict::circumstances(view),
    ];
    Part {
        anchor: view.section("report"),
        name: Text::from(view.name()),
        verdict: Some(verdict(view)),
        sections: wrong(view).into_iter().chain(rest).flatten().collect(),
    }
}

/// What changed since another release, for a report that was compared with one.
fn changes(view: &View<'_>) -> Option<Section> {
    let comparison = view.stored.comparison.as_ref()?;
    let mut blocks = vec![Block::Facts(compare::sides(comparison))];
    let sections = compare::sections(comparison).into_iter();
    blocks.extend(sections.map(|own| Block::Fold(Line::new().plain(own.title), own.blocks)));
    let title = format!("What changed since {}", comparison.old.source);
    let tone = compare::tone(comparison);
    Some(Section::new(view.section("changes"), title, tone, blocks)?.at(Depth::Reference))
}
