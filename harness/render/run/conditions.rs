//! Under which conditions of pages a build works.

use std::collections::BTreeMap;

use super::View;
use super::requirements::is_mostly_unmade;
use crate::render::document::{Badge, Block, Depth, Line, Section, Table, Text, Tone};
use crate::report::{CheckReport, ConditionReport};
use crate::verdict::Bearing;

/// Each condition, and whether everything holds that was asked under it. Absent where there is
/// nothing to compare.
pub fn conditions(view: &View<'_>) -> Option<Section> {
    let mut checks: BTreeMap<&ConditionReport, Vec<&CheckReport>> = BTreeMap::new();
    for case in &view.report.cases {
        let Some(condition) = &case.condition else {
            continue;
        };
        let own = checks.entry(condition).or_default();
        own.extend(view.checks_of(case));
    }
    if checks.len() < 2 || is_mostly_unmade(view.report) {
        return None;
    }
    let works = |own: &&Vec<&CheckReport>| own.iter().all(|own| own.bearing() == Bearing::Holds);
    let title = format!(
        "Conditions ({} of {} work)",
        checks.values().filter(works).count(),
        checks.len()
    );
    let rows = checks.iter().map(|(condition, own)| {
        let badge = match own.iter().min_by_key(|own| own.bearing()) {
            Some(worst) if worst.bearing() != Bearing::Holds => {
                Badge::of(worst.status, worst.level, &worst.verdict())
            }
            Some(_) | None => Badge::new(Tone::Good, "works"),
        };
        vec![
            Line::new().code(&condition.id),
            Line::from(&condition.on),
            Line::new().badge(badge),
        ]
    });
    let table = Table {
        caption: Text::from("Under which conditions of its pages the build works"),
        head: ["Condition", "What it is like", "Verdict"]
            .map(Line::from)
            .to_vec(),
        rows: rows.collect(),
    };
    let blocks = vec![Block::Table(table)];
    let section = Section::new(view.section("conditions"), title, Tone::Neutral, blocks)?;
    Some(section.at(Depth::Reference))
}
