//! Every promise, by its theme: what it says, what became of it, and what proves that.

use super::View;
use super::select::is_unmade;
use crate::contract::{Level, RequirementId};
use crate::render::document::{
    Anchor, Badge, Block, Depth, Entry, Fact, Line, Section, Text, Tone,
};
use crate::report::{CheckReport, Report, RequirementReport};
use crate::text::counted;
use crate::verdict::{Bearing, Status};

/// Every requirement, below its theme. Absent where most checks were not made: the list would say
/// nothing else.
pub fn requirements(view: &View<'_>) -> Option<Section> {
    let all = &view.report.requirements;
    if is_mostly_unmade(view.report) {
        return None;
    }
    let mut themes: Vec<(&str, Vec<&RequirementReport>)> = Vec::new();
    for own in all {
        let name = theme(&own.id);
        match themes.iter_mut().find(|(theme, _)| *theme == name) {
            Some((_, list)) => list.push(own),
            None => themes.push((name, vec![own])),
        }
    }
    let list: Vec<Entry> = themes
        .into_iter()
        .map(|(name, list)| folded(view, name, list))
        .collect();
    let is_inventory = true;
    let blocks = match list.len() {
        0 => Vec::new(),
        _ => vec![Block::Entries { list, is_inventory }],
    };
    let count = Count::of(all);
    let title = format!("Requirements ({})", count.words());
    Section::new(view.section("requirements"), title, Tone::Neutral, blocks)
}

/// Whether most checks were not made: what they would have shown is not known.
pub fn is_mostly_unmade(report: &Report) -> bool {
    let unmade = report.checks.iter().filter(|own| is_unmade(own)).count();
    unmade * 2 > report.checks.len()
}

/// The theme of a requirement: its id up to the first dash.
fn theme(id: &RequirementId) -> &str {
    id.0.split_once('-')
        .map_or(id.0.as_str(), |(theme, _)| theme)
}

/// What became of several requirements.
#[derive(Default)]
struct Count {
    /// Of those that bind and were asked.
    asked: usize,
    hold: usize,
    /// Observations that were made.
    seen: usize,
}

impl Count {
    fn of<'r>(all: impl IntoIterator<Item = &'r RequirementReport>) -> Self {
        let mut count = Self::default();
        for own in all {
            let Some(bearing) = own.bearing() else {
                continue;
            };
            let holds = usize::from(bearing == Bearing::Holds);
            if own.level == Level::Observe {
                count.seen += holds;
            } else {
                count.asked += 1;
                count.hold += holds;
            }
        }
        count
    }

    fn words(&self) -> String {
        match (self.asked, self.seen) {
            (0, 0) => "not selected".to_owned(),
            (0, seen) => format!("{seen} seen"),
            (asked, _) => format!("{} of {asked} hold", self.hold),
        }
    }
}

/// The requirements of a theme, closed: how many hold, and which do not.
fn folded(view: &View<'_>, theme: &str, list: Vec<&RequirementReport>) -> Entry {
    let count = Count::of(list.iter().copied());
    let bearings = list.iter().filter_map(|own| own.bearing());
    let worst = bearings.min();
    let tone = match worst {
        Some(Bearing::SdkFault) => Tone::Bad,
        Some(Bearing::MachineFault | Bearing::Undecided) => Tone::Careful,
        Some(Bearing::Holds | Bearing::Excused) if count.asked > 0 => Tone::Good,
        Some(Bearing::Holds | Bearing::Excused) => Tone::Seen,
        None => Tone::Neutral,
    };
    let about = Line::new().badge(Badge::new(tone, count.words()));
    let is = |bearing: fn(Bearing) -> bool| {
        let own = list
            .iter()
            .filter(move |own| own.bearing().is_some_and(bearing));
        own.collect::<Vec<_>>()
    };
    let broken = is(Bearing::is_fault);
    let about = broken.iter().enumerate().fold(about, |line, (index, own)| {
        let line = line.plain(if index == 0 { " — not " } else { ", " });
        line.code(&own.id).to(anchor(view, &own.id))
    });
    let about = match is(|bearing| bearing == Bearing::Undecided).len() {
        0 => about,
        count => {
            let sign = if broken.is_empty() { " —" } else { "," };
            about.plain(format!("{sign} {count} not judged"))
        }
    };
    let depth = worst.map_or(Depth::Full, |_| Depth::Summary);
    let list = list.into_iter().map(|own| entry(view, own)).collect();
    let is_inventory = true;
    Entry {
        name: Line::new().strong(theme),
        about,
        more: vec![Block::Entries { list, is_inventory }],
        depth,
        ..Entry::default()
    }
}

/// What a link to a requirement leads to, where it is shown.
pub fn anchor(view: &View<'_>, id: &RequirementId) -> Option<Anchor> {
    let is_shown = !is_mostly_unmade(view.report) && view.report.requirement(id).is_some();
    is_shown.then(|| view.anchor("requirement", &id.0))
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

/// How many checks are about a requirement, and how many of them speak against it.
fn count(requirement: &RequirementReport, checks: &[&CheckReport]) -> String {
    let all = counted(checks.len(), "check");
    let bearing = |check: &&CheckReport| {
        let status = check.status_for(&requirement.id)?;
        Some(Bearing::of(status, check.level))
    };
    let bearings: Vec<Bearing> = checks.iter().filter_map(bearing).collect();
    let is = |own: fn(Bearing) -> bool| bearings.iter().filter(|bearing| own(**bearing)).count();
    match (is(Bearing::is_fault), is(Bearing::is_undecided)) {
        (0, 0) => all,
        (0, undecided) => format!("{undecided} of {all} not judged"),
        (1, _) => format!("1 of {all} fails"),
        (broken, _) => format!("{broken} of {all} fail"),
    }
}

fn entry(view: &View<'_>, requirement: &RequirementReport) -> Entry {
    let checks = requirement.checks.iter().filter_map(|id| view.check(id));
    let checks: Vec<&CheckReport> = checks.collect();
    let count = count(requirement, &checks);
    let level = meaning(requirement.level);
    let mut facts = vec![
        Fact::new("level", level),
        Fact::new("source", &requirement.source),
    ];
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
