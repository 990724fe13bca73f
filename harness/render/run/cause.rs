//! The causes of what fails, each in one block: what is wrong, what shows it, what it breaks, and
//! what to run next.

use std::collections::HashSet;

use super::View;
use crate::contract::{CheckId, RequirementId};
use crate::render::document::{Badge, Block, Cause, Depth, Line, Section, Text, Tone};
use crate::render::values::{difference, spot};
use crate::report::{CauseReport, CheckReport, Report, RequirementReport};
use crate::text::counted;
use crate::verdict::Bearing;

/// More requirements that are not judged are only counted.
const HIDDEN: usize = 4;

/// Letters of what a cause usually means; `explain` has it whole.
const MEANS: usize = 240;

/// The causes that fail the run; absent where there is none.
pub fn causes(view: &View<'_>) -> Option<Section> {
    let causes = shown(view.report);
    let blocks = causes
        .iter()
        .map(|own| Block::Cause(Box::new(cause(view, own))));
    let (count, blocks) = (causes.len(), blocks.collect());
    let title = match count {
        1 => "The cause".to_owned(),
        _ => format!("Causes ({count})"),
    };
    Section::new(view.section("causes"), title, Tone::Bad, blocks)
}

/// The causes of what fails only as the list of known failures says; absent where there is none.
pub fn known(view: &View<'_>) -> Option<Section> {
    let causes = view.report.causes.iter();
    let known = causes.filter(|own| own.bearing() == Bearing::Excused);
    let blocks: Vec<Block> = known
        .map(|own| Block::Cause(Box::new(cause(view, own))))
        .collect();
    let title = format!("Causes that are known ({})", blocks.len());
    let section = Section::new(view.section("known-causes"), title, Tone::Careful, blocks)?;
    Some(section.at(Depth::Full))
}

/// The causes that fail the run, the most important first.
pub fn shown(report: &Report) -> Vec<&CauseReport> {
    let causes = report.causes.iter();
    causes.filter(|own| own.bearing().fails_the_run()).collect()
}

/// The checks that a cause explains which is shown.
pub fn explained(report: &Report) -> HashSet<&CheckId> {
    let checks = shown(report).into_iter().flat_map(|own| &own.checks);
    checks.collect()
}

/// One cause.
pub fn cause(view: &View<'_>, cause: &CauseReport) -> Cause {
    let (report, spot) = (view.report, cause.spot.as_ref());
    let link = |line: Line, (index, id): (usize, &RequirementId)| {
        let line = if index == 0 { line } else { line.plain(", ") };
        let anchor = super::requirements::anchor(view, id);
        line.code(id).to(anchor)
    };
    let ids = |ids: &[RequirementId]| ids.iter().enumerate().fold(Line::new(), link);
    let first = cause.breaks.first().and_then(|id| report.requirement(id));
    let console = cause.console.iter().flat_map(|text| text.lines());
    Cause {
        anchor: view.anchor("cause", &cause.id.0),
        badge: Badge::of(cause.status, cause.level, &verdict(report, cause)),
        sentence: Text::from(&cause.sentence),
        location: spot.map_or_else(Text::default, |own| Text::from(own.location())),
        breaks: ids(&cause.breaks),
        promise: first.map_or_else(Text::default, promise),
        console: console.map(Text::from).collect(),
        shown: evidence(cause),
        seen: seen(view, cause),
        means: cause.means.as_deref().map_or_else(Text::default, means),
        hides: hides(cause, &ids),
        again: Text::from(&cause.again),
    }
}

/// The verdict on a cause, with how often its example was seen where that varied.
fn verdict(report: &Report, cause: &CauseReport) -> String {
    let example = report.check(&cause.example);
    let alike = example.filter(|check| check.status == cause.status);
    alike.map_or_else(|| cause.status.word().to_owned(), CheckReport::verdict)
}

/// How many requirements are not judged because of a cause, and the first of them.
fn hides(cause: &CauseReport, ids: &dyn Fn(&[RequirementId]) -> Line) -> Line {
    let shown = cause.hides.len().min(HIDDEN);
    let line = match cause.hides.len() {
        0 => return Line::new(),
        count => Line::from(format!("{}: ", counted(count, "requirement"))),
    };
    let line = line.concat(ids(&cause.hides[..shown]));
    match cause.hides.len() - shown {
        0 => line,
        _ => line.plain(", …"),
    }
}

/// What shows a cause: the lines around its place in the user's files, and what differs.
fn evidence(cause: &CauseReport) -> Vec<Block> {
    let lines = cause.spot.as_ref().and_then(spot);
    let differs = difference(cause.expected.as_ref(), cause.actual.as_ref());
    lines.into_iter().chain(differs).collect()
}

fn promise(requirement: &RequirementReport) -> Text {
    Text::from(&requirement.statement)
}

/// How often a cause was seen, and the check that shows it most simply.
fn seen(view: &View<'_>, cause: &CauseReport) -> Line {
    let (checks, cases) = (cause.checks.len(), cause.cases.len());
    let line = Line::from(format!(
        "{} ({})",
        counted(cases, "case"),
        counted(checks, "check")
    ));
    let Some(check) = view.check(&cause.example) else {
        return line;
    };
    let such = if cases == 1 { ": " } else { ", such as " };
    let line = line.plain(such).code(&check.case);
    let line = line.to(view.case_anchor(&check.case));
    line.plain(" at ").code(&check.at)
}

/// The first sentences, as many as there is room for; at least one.
fn means(text: &str) -> Text {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = text.match_indices(". ").map(|(at, _)| at + 1);
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    let fits = ends
        .iter()
        .rfind(|end| text[..**end].chars().count() <= MEANS);
    let end = fits.or(ends.first()).copied().unwrap_or_default();
    Text::from(&text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::document::Escape;

    struct Raw;

    impl Escape for Raw {
        type Output = String;
        fn escape(&self, raw: &str) -> String {
            raw.to_owned()
        }
    }

    #[test]
    fn long_meaning_ends_with_a_whole_sentence() {
        let shown = |text: &str| means(text).escaped(&Raw);
        assert_eq!(shown("One.\nTwo."), "One. Two.");
        let long = "x".repeat(MEANS);
        assert_eq!(shown(&format!("One. {long}.")), "One.");
        assert_eq!(shown(&format!("{long}x. Two.")), format!("{long}x."));
    }
}
