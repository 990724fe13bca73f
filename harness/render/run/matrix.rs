//! Promises × reports: which of several reports conforms, and what holds where.

use std::collections::BTreeMap;

use super::requirements::badge;
use super::verdict::{browser, tone};
use super::view::{View, short};
use crate::contract::{Level, RequirementId};
use crate::render::document::{
    Anchor, Badge, Block, Depth, Entry, Line, Part, Row, Section, Table, Text, Tone,
};
use crate::report::{Conclusion, RequirementReport};
use crate::text::counted;
use crate::verdict::Status;

/// First which of the reports conforms, then what differs, then the rest.
pub fn part(views: &[View<'_>]) -> Part {
    let (odd, alike): (Vec<Known<'_>>, Vec<Known<'_>>) =
        rows(views).into_iter().partition(Known::is_odd);
    let mut blocks = vec![Block::list(views.iter().map(summary).collect())];
    if odd.is_empty() {
        let text = "Every requirement holds in all of them, or was asked in none.";
        blocks.push(Block::Paragraph(Line::from(text)));
    } else {
        blocks.push(table(
            views,
            &odd,
            "Requirements that do not hold everywhere",
        ));
    }
    if !alike.is_empty() {
        let caption = "Requirements that hold everywhere, or were asked nowhere";
        let title = Line::from(counted(alike.len(), "requirement"))
            .plain(" that hold everywhere, or were asked nowhere");
        blocks.push(Block::Fold(title, vec![table(views, &alike, caption)]));
    }
    let title = "What works with what";
    let section = Section::new("matrix", title, Tone::Neutral, blocks).at(Depth::Full);
    Part {
        anchor: Anchor::section("overview"),
        name: Text::from(title),
        verdict: None,
        sections: vec![section],
    }
}

/// A requirement that at least one report knows.
struct Known<'a> {
    requirement: &'a RequirementReport,
    /// By the index of the report; absent where it does not know the requirement.
    cells: BTreeMap<usize, &'a RequirementReport>,
}

impl Known<'_> {
    /// Whether a reader of several reports wants to see it at once: it does not hold in one, or not
    /// alike in those that asked.
    fn is_odd(&self) -> bool {
        let mut found = self.cells.values().filter_map(|cell| cell.status);
        let first = found.next();
        found.any(|status| Some(status) != first)
            || self.cells.values().any(|cell| cell.is_broken())
    }
}

/// Each requirement that one of them knows, in the order of the first that does, by level.
fn rows<'a>(views: &'a [View<'a>]) -> Vec<Known<'a>> {
    let (mut rows, mut indices): (Vec<Known<'a>>, BTreeMap<&RequirementId, usize>) =
        (Vec::new(), BTreeMap::new());
    for (index, view) in views.iter().enumerate() {
        for requirement in &view.report.requirements {
            let row = *indices.entry(&requirement.id).or_insert_with(|| {
                rows.push(Known {
                    requirement,
                    cells: BTreeMap::new(),
                });
                rows.len() - 1
            });
            rows[row].cells.insert(index, requirement);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.requirement.level));
    rows
}

fn table(views: &[View<'_>], known: &[Known<'_>], caption: &str) -> Block {
    let mut head = vec![Line::from("Requirement")];
    head.extend(views.iter().map(|view| column(views, view)));
    let mut rows = Vec::new();
    for level in [Level::Must, Level::Should, Level::Observe] {
        let mut own = known
            .iter()
            .filter(|row| row.requirement.level == level)
            .peekable();
        if own.peek().is_some() {
            rows.push(Row::Group(Text::from(level)));
        }
        rows.extend(own.map(|row| cells(views, row)));
    }
    Block::Table(Table {
        caption: Text::from(caption),
        head,
        rows,
    })
}

fn cells(views: &[View<'_>], row: &Known<'_>) -> Row {
    let name = Line::new().strong(&row.requirement.id);
    let mut cells = vec![name.plain(" ").soft(&row.requirement.statement)];
    cells.extend(views.iter().enumerate().map(|(index, view)| {
        row.cells.get(&index).map_or_else(
            || Line::new().soft("unknown"),
            |cell| {
                let anchor = view.anchor("requirement", &cell.id.0);
                Line::new().badge(badge(cell)).to(Some(anchor))
            },
        )
    }));
    Row::Cells(cells)
}

/// The build, and what else distinguishes it from the others.
fn column(views: &[View<'_>], view: &View<'_>) -> Line {
    let looks = |view: &View<'_>| {
        let report = view.report;
        [
            report.sdk.sha256.chars().take(8).collect::<String>(),
            format!("snippet {}", short(&report.snippet.source)),
            browser(report),
            format!("profile {}", report.profile.name),
        ]
    };
    let own = looks(view);
    let mut line = Line::from(view.name()).plain(" ").soft(&own[0]);
    for (index, part) in own.iter().enumerate().skip(1) {
        if views.iter().any(|other| looks(other)[index] != *part) {
            line = line.plain(" ").soft(part);
        }
    }
    let twins = views.iter().filter(|other| looks(other) == own).count();
    if twins > 1 {
        line = line.plain(" ").soft(&view.report.began);
    }
    line
}

/// What to believe of one report.
fn summary(view: &View<'_>) -> Entry {
    let report = view.report;
    let passed = report.totals.get(&Status::Pass).copied().unwrap_or(0);
    let conclusion = Conclusion::of(report);
    let mut entry = Entry::new(
        Line::new()
            .strong(view.name())
            .to(Some(view.section("report"))),
    )
    .badge(Badge::new(tone(conclusion), conclusion.words()))
    .about(Line::from(format!(
        "{passed} of {} passed",
        counted(report.checks.len(), "check")
    )));
    let mut broken = Line::new();
    for requirement in report.requirements.iter().filter(|own| own.is_broken()) {
        let anchor = view.anchor("requirement", &requirement.id.0);
        broken = broken.plain(" ").code(&requirement.id).to(Some(anchor));
    }
    if !broken.is_empty() {
        entry = entry.detail(Line::from("does not hold:").then(broken));
    }
    entry.detail(Line::new().soft(format!(
        "SDK {} · snippet {} · {} · profile {}",
        report.sdk.source,
        report.snippet.source,
        browser(report),
        report.profile.name
    )))
}
