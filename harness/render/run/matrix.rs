//! Promises × reports: which of several reports conforms, and what holds where.

use std::collections::BTreeMap;

use super::requirements::{anchor, badge};
use super::verdict::{browser, tone};
use super::view::{View, short};
use crate::contract::RequirementId;
use crate::render::document::{
    Anchor, Badge, Block, Entry, Line, Part, Section, Table, Text, Tone,
};
use crate::report::{Conclusion, RequirementReport};
use crate::text::counted;
use crate::verdict::Status;

/// First which of the reports conforms, then what differs, then the rest.
pub fn part(views: &[View<'_>]) -> Part {
    let mut known: BTreeMap<&RequirementId, Row<'_>> = BTreeMap::new();
    for (index, view) in views.iter().enumerate() {
        for own in &view.report.requirements {
            known.entry(&own.id).or_default().insert(index, own);
        }
    }
    let (odd, alike): (Vec<Row<'_>>, Vec<Row<'_>>) = known.into_values().partition(is_odd);
    let rest = "that hold everywhere, or were asked nowhere";
    let title = format!("{} {rest}", counted(alike.len(), "requirement"));
    let blocks = vec![
        Block::list(views.iter().map(summary).collect()),
        table(views, odd, "Requirements that do not hold everywhere"),
        Block::Fold(
            Line::from(title),
            vec![table(views, alike, &format!("Requirements {rest}"))],
        ),
    ];
    let title = "What works with what";
    let section = Section::new("matrix", title, Tone::Neutral, blocks);
    Part {
        anchor: Anchor::section("overview"),
        name: Text::from(title),
        verdict: None,
        sections: section.into_iter().collect(),
    }
}

/// A requirement in each report that knows it, by the index of the report.
type Row<'a> = BTreeMap<usize, &'a RequirementReport>;

/// Whether a reader of several reports wants to see it at once: it does not hold in one, or not
/// alike in those that asked.
fn is_odd(row: &Row<'_>) -> bool {
    let mut found = row.values().filter_map(|cell| cell.status);
    let first = found.next();
    found.any(|status| Some(status) != first) || row.values().any(|cell| cell.is_broken())
}

fn table(views: &[View<'_>], mut rows: Vec<Row<'_>>, caption: &str) -> Block {
    let level = |row: &Row<'_>| row.values().map(|own| own.level).max();
    rows.sort_by_key(|row| std::cmp::Reverse(level(row)));
    let cells = |row: Row<'_>| {
        let name = row.values().next().map(|own| {
            let name = Line::new()
                .strong(&own.id)
                .plain(format!(" ({}) ", own.level));
            name.soft(&own.statement)
        });
        let cell = |(index, view): (usize, &View<'_>)| {
            row.get(&index).map_or_else(
                || Line::new().soft("unknown"),
                |own| Line::new().badge(badge(own)).to(anchor(view, &own.id)),
            )
        };
        name.into_iter()
            .chain(views.iter().enumerate().map(cell))
            .collect()
    };
    let head = views.iter().map(|view| {
        let name = Line::from(view.name()).plain(" ");
        name.soft(view.report.sdk.sha256.chars().take(8).collect::<String>())
    });
    Block::Table(Table {
        caption: Text::from(caption),
        head: [Line::from("Requirement")]
            .into_iter()
            .chain(head)
            .collect(),
        rows: rows.into_iter().map(cells).collect(),
    })
}

/// What to believe of one report.
fn summary(view: &View<'_>) -> Entry {
    let report = view.report;
    let passed = report.totals.get(&Status::Pass).copied().unwrap_or(0);
    let conclusion = Conclusion::of(report);
    let all = counted(report.checks.len(), "check");
    let mut entry = Entry::new(
        Line::new()
            .strong(view.name())
            .to(Some(view.section("report"))),
    )
    .badge(Badge::new(tone(conclusion), conclusion.words()))
    .about(format!("{passed} of {all} passed"));
    let broken = report.requirements.iter().filter(|own| own.is_broken());
    let line = broken.fold(Line::from("does not hold:"), |line, own| {
        line.plain(" ").code(&own.id).to(anchor(view, &own.id))
    });
    if line.spans().len() > 1 {
        entry = entry.detail(line);
    }
    entry.detail(Line::new().soft(format!(
        "SDK {} · snippet {} · {} · profile {} · {}",
        report.sdk.source,
        short(&report.snippet.source),
        browser(report),
        report.profile.name,
        report.began
    )))
}
