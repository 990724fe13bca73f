//! Every promise, by level: what it says, what became of it, and what proves that.

use super::View;
use crate::contract::Level;
use crate::render::document::{Badge, Block, Depth, Entry, Fact, Line, Section, Text, Tone};
use crate::report::{CheckReport, RequirementReport};
use crate::text::counted;
use crate::verdict::{Bearing, Status};

/// All requirements.
pub fn requirements(view: &View<'_>) -> Option<Section> {
    let all = &view.report.requirements;
    let mut blocks = Vec::new();
    for level in [Level::Must, Level::Should, Level::Observe] {
        let own = all.iter().filter(|requirement| requirement.level == level);
        let list: Vec<Entry> = own.map(|requirement| entry(view, requirement)).collect();
        if !list.is_empty() {
            blocks.push(Block::Heading(Line::from(meaning(level))));
            blocks.push(Block::Entries {
                list,
                is_inventory: true,
            });
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
    let title = format!("Requirements ({hold} of {} hold)", asked.len());
    let section = Section::new(view.section("requirements"), title, Tone::Neutral, blocks)?;
    Some(section.at(Depth::Full))
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
    let checks = requirement
        .checks
        .iter()
        .filter_map(|id| view.report.check(id));
    let checks: Vec<&CheckReport> = checks.collect();
    let all = counted(checks.len(), "check");
    let count = match checks.iter().filter(|check| check.fails_the_run()).count() {
        0 => all,
        broken => format!("{broken} of {all}"),
    };
    let mut facts = vec![Fact::new("source", &requirement.source)];
    facts.extend(
        requirement
            .excluded
            .iter()
            .map(|why| Fact::new("not covered", why)),
    );
    let mut more = vec![Block::Facts(facts)];
    more.extend(list(view, checks));
    Entry {
        anchor: Some(view.anchor("requirement", &requirement.id.0)),
        badge: Some(badge(requirement)),
        name: Line::new().strong(&requirement.id),
        count: Text::from(count),
        about: Line::from(&requirement.statement),
        more,
        depth: requirement.status.map_or(Depth::Reference, |_| Depth::Full),
        is_open: requirement.is_broken(),
        ..Entry::default()
    }
}

/// Of several reports only what does not hold is listed, as a file of nine times a thousand checks
/// serves nobody.
fn list(view: &View<'_>, mut checks: Vec<&CheckReport>) -> Vec<Block> {
    let all = checks.len();
    let holds = |check: &CheckReport| check.status == Status::Pass && check.value.is_none();
    checks.retain(|check| view.index.is_none() || !holds(check));
    checks.sort_by_key(|check| check.status);
    let rest = all - checks.len();
    let entries: Vec<Entry> = checks.into_iter().map(|own| check(view, own)).collect();
    let mut blocks = vec![Block::list(entries)];
    if rest > 0 {
        let rest = counted(rest, "check");
        let text = format!("{rest} passed. The report of this run alone lists each.");
        blocks.push(Block::aside(text));
    }
    blocks
}

fn check(view: &View<'_>, check: &CheckReport) -> Entry {
    let holds = check.bearing() == Bearing::Holds;
    let anchor = view.case_anchor(&check.case).filter(|_| !holds);
    let badge = Badge::of(check.status, check.level, &check.verdict());
    let mut entry = Entry::new(Line::new().code(&check.id).to(anchor)).badge(badge);
    entry.details.extend(check.message.iter().map(Line::from));
    let value = check.value.as_ref();
    entry
        .details
        .extend(value.map(|value| Line::from("saw ").code(value)));
    let mut origin = Line::new().code(&check.at);
    if let Some(known) = &check.known {
        origin = origin.plain(" · known at ").code(known);
    }
    if !check.proved_by.is_empty() {
        origin = origin
            .plain(" · proved by ")
            .code(check.proved_by.join(", "));
    }
    entry.detail(origin)
}
