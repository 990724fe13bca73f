//! Every promise, by level: what it says, what became of it, and what proves that.

use super::View;
use crate::contract::Level;
use crate::render::document::{
    Badge, Block, Depth, Entries, Entry, Fact, Line, Section, Text, Tone,
};
use crate::report::{CheckReport, RequirementReport};
use crate::text::counted;
use crate::verdict::{Bearing, Status};

/// All requirements.
pub fn requirements(view: &View<'_>) -> Section {
    let all = &view.report.requirements;
    let mut blocks = Vec::new();
    for level in [Level::Must, Level::Should, Level::Observe] {
        let own = all.iter().filter(|requirement| requirement.level == level);
        let entries: Vec<Entry> = own.map(|requirement| entry(view, requirement)).collect();
        if !entries.is_empty() {
            blocks.push(Block::Heading(Line::from(meaning(level))));
            blocks.push(Block::Entries(Entries {
                entries,
                is_aligned: true,
            }));
        }
    }
    let binding = all
        .iter()
        .filter(|requirement| requirement.level > Level::Observe);
    let asked: Vec<Bearing> = binding.filter_map(RequirementReport::bearing).collect();
    let hold = asked
        .iter()
        .filter(|bearing| **bearing == Bearing::Holds)
        .count();
    Section {
        anchor: view.section("requirements"),
        title: Text::from("Requirements"),
        count: Some(Text::from(format!("{hold} of {} hold", asked.len()))),
        tone: Tone::Neutral,
        depth: Depth::Full,
        blocks,
    }
}

/// How binding the requirements of a level are.
fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "must: the API page says so",
        Level::Should => "should: its promises imply it",
        Level::Observe => "observe: the API page is silent; seen and compared, never a failure",
    }
}

/// The verdict on a requirement, or why there is none.
pub fn badge(requirement: &RequirementReport) -> Badge {
    match (requirement.status, &requirement.excluded) {
        (Some(status), _) => Badge::of(status, requirement.level, status.word()),
        (None, Some(_)) => Badge::new(Tone::Neutral, "excluded"),
        (None, None) => Badge::new(Tone::Neutral, "not selected"),
    }
}

fn entry(view: &View<'_>, requirement: &RequirementReport) -> Entry {
    let checks = requirement.checks.iter();
    let checks: Vec<&CheckReport> = checks.filter_map(|id| view.check(id)).collect();
    let broken = checks.iter().filter(|check| check.fails_the_run()).count();
    let count = match broken {
        0 => counted(checks.len(), "check"),
        broken => format!("{broken} of {}", counted(checks.len(), "check")),
    };
    let mut facts = vec![Fact::new("Source", &requirement.source)];
    facts.extend(
        requirement
            .excluded
            .iter()
            .map(|why| Fact::new("Not covered", why)),
    );
    let mut more = vec![Block::Facts(facts)];
    more.extend(list(view, checks));
    Entry {
        anchor: Some(view.anchor("requirement", &requirement.id.0)),
        badge: Some(badge(requirement)),
        name: Line::new().strong(&requirement.id),
        count: Some(Text::from(count)),
        about: Line::from(&requirement.statement),
        details: Vec::new(),
        more,
        depth: match requirement.status {
            Some(_) => Depth::Full,
            None => Depth::Reference,
        },
        is_open: requirement.is_broken(),
    }
}

/// Of several reports only what does not hold is listed, as a file of nine times a thousand checks
/// serves nobody.
fn list(view: &View<'_>, mut checks: Vec<&CheckReport>) -> Vec<Block> {
    let all = checks.len();
    checks.retain(|check| {
        view.index.is_none() || check.status != Status::Pass || check.value.is_some()
    });
    checks.sort_by_key(|check| check.status);
    let rest = all - checks.len();
    let mut blocks = Vec::new();
    if !checks.is_empty() {
        blocks.push(Block::list(
            checks.into_iter().map(|own| check(view, own)).collect(),
        ));
    }
    if rest > 0 {
        blocks.push(Block::Aside(Line::from(format!(
            "{} passed. The report of this run alone lists each.",
            counted(rest, "check")
        ))));
    }
    blocks
}

fn check(view: &View<'_>, check: &CheckReport) -> Entry {
    let anchor = view
        .case_anchor(&check.case)
        .filter(|_| check.bearing() != Bearing::Holds);
    let mut entry = Entry::new(Line::new().code(&check.id).to(anchor)).badge(Badge::of(
        check.status,
        check.level,
        &check.verdict(),
    ));
    entry.details.extend(check.message.iter().map(Line::from));
    if let Some(value) = &check.value {
        entry.details.push(Line::from("saw ").code(value));
    }
    let mut origin = Line::new().code(&check.at);
    if let Some(known) = &check.known {
        origin = origin.plain(" · known at ").code(known);
    }
    match check.proved_by.as_slice() {
        [] => {}
        [one] => origin = origin.plain(" · proved by the mutant ").code(one),
        several => {
            origin = origin.plain(" · proved by the mutants ");
            origin = origin.code(several.join(", "));
        }
    }
    entry.detail(origin)
}
