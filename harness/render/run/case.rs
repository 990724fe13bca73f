//! The cases with a failure: the checks, the events, the timeline, the picture, and the command
//! that repeats it.

use super::View;
use super::requirements::anchor;
use super::select::{is_failed, is_known};
use crate::evidence::Ended;
use crate::explore::is_journey;
use crate::render::document::{
    Badge, Block, Case, Depth, Line, Mark, Problem, Section, SourceLine, Text, Tone,
};
use crate::render::values::{difference, events, strip, timeline};
use crate::report::{CaseReport, CheckReport};
use crate::text::counted;

/// The cases with a failure that no cause explains; absent where there is none.
pub fn unexplained(view: &View<'_>) -> Option<Section> {
    let cases = &view.unexplained;
    let title = format!("Failures ({})", counted(cases.len(), "case"));
    let blocks = in_full(view, cases, &|check| is_failed(view.report, check));
    Section::new(view.section("failures"), title, Tone::Bad, blocks)
}

/// The cases in which the causes were seen, with all that is wrong in each; absent where there is
/// none.
pub fn failures(view: &View<'_>) -> Option<Section> {
    let cases = &view.explained;
    let title = format!("Failed cases ({})", cases.len());
    let blocks = in_full(view, cases, &|check| is_failed(view.report, check));
    let section = Section::new(view.section("failed-cases"), title, Tone::Bad, blocks)?;
    Some(section.at(Depth::Full))
}

/// The cases that fail as is known; absent where none does.
pub fn known(view: &View<'_>) -> Option<Section> {
    let cases = &view.known;
    let title = format!("Cases that fail as is known ({})", cases.len());
    let blocks = in_full(view, cases, &is_known);
    let section = Section::new(view.section("known-cases"), title, Tone::Careful, blocks)?;
    Some(section.at(Depth::Reference))
}

/// Those of `cases` for which there is room, and how many there are beside them.
fn in_full(
    view: &View<'_>,
    cases: &[&CaseReport],
    is_meant: &dyn Fn(&CheckReport) -> bool,
) -> Vec<Block> {
    let shown = cases.iter().filter(|own| view.is_in_full(&own.id));
    let mut blocks: Vec<Block> = shown.map(|own| case(view, own, is_meant)).collect();
    let rest = cases.len() - blocks.len();
    if rest > 0 {
        let what = if blocks.is_empty() {
            "case"
        } else {
            "more case"
        };
        let line = Line::from(format!("{} not shown: ", counted(rest, what)));
        let line = line.code("report.json").plain(" lists every case.");
        blocks.push(Block::Aside(line));
    }
    blocks
}

/// The cases that were traced and do not fail; absent where there is none.
pub fn traced(view: &View<'_>) -> Option<Section> {
    let others = view.report.cases.iter();
    let fails = |own: &CaseReport| {
        let mut checks = view.checks_of(own).iter();
        checks.any(|check| is_failed(view.report, check) || is_known(check))
    };
    let others = others.filter(|own| !fails(own));
    let traces = others.filter_map(|own| {
        let name = Line::new().strong(&own.id);
        Some(Block::Fold(name, vec![view.trace(own)?]))
    });
    let cases: Vec<Block> = traces.collect();
    let title = format!("Traces ({})", counted(cases.len(), "case"));
    let section = Section::new(view.section("traces"), title, Tone::Neutral, cases)?;
    Some(section.at(Depth::Reference))
}

fn case(view: &View<'_>, case: &CaseReport, is_meant: &dyn Fn(&CheckReport) -> bool) -> Block {
    let checks = view.checks_of(case);
    let meant = checks.iter().filter(|check| is_meant(check));
    let problems: Vec<Problem> = meant.map(|check| problem(view, check)).collect();
    let rest = counted(checks.len() - problems.len(), "other check");
    let mut body = vec![Block::aside(format!("{rest} in this case."))];
    body.extend(course(view, case));
    Block::Case(Case {
        anchor: view.anchor("case", &case.id),
        id: Text::from(&case.id),
        title: Text::from(&case.title),
        problems,
        body,
    })
}

/// One check: what is wrong, which promise that breaks, where the scenario asks for it, and what
/// differs. What it shares with the others of its case is said once, beside them.
pub fn problem(view: &View<'_>, check: &CheckReport) -> Problem {
    let number = check.at.rsplit_once(':').map_or("1", |(_, line)| line);
    let (number, text) = (Text::from(number), Text::from(&check.line));
    let mut body = vec![Block::Source(vec![SourceLine {
        number,
        text,
        mark: Mark::Alone,
    }])];
    body.extend(difference(check.expected.as_ref(), check.actual.as_ref()));
    let mut line = Line::from("check ").code(&check.id);
    if let (Some(attempts @ 2..), Some(broken)) = (check.attempts, check.broken_attempts) {
        line = line.plain(format!(" · broken in {broken} of {attempts} attempts"));
    }
    if let Some(known) = &check.known {
        line = line.plain(" · known at ").code(known);
    }
    body.push(Block::Paragraph(line));
    let broken = check.breaks.as_ref().filter(|own| !own.is_empty());
    let promises = broken.unwrap_or(&check.requirements).iter().map(|id| {
        let Some(own) = view.report.requirement(id) else {
            return Line::new().strong(id);
        };
        let line = Line::new().strong(id).to(anchor(view, id));
        line.plain(format!(" ({}): ", own.level))
            .plain(&own.statement)
    });
    let badge = Badge::of(check.status, check.level, &check.verdict());
    let message = check.message.as_deref().unwrap_or("no reason is known");
    Problem {
        anchor: Some(view.anchor("check", &check.id.0)),
        location: Some(Text::from(&check.at)),
        promises: promises.collect(),
        body,
        ..Problem::new(badge, message, &check.id)
    }
}

/// What happened in a case, and the command that repeats it.
pub fn course(view: &View<'_>, case: &CaseReport) -> Vec<Block> {
    let mut blocks: Vec<Block> = events(&case.events).into_iter().collect();
    let record = view.stored.record(case);
    let attempt = record.and_then(|own| own.attempts.get(own.reported?));
    match attempt.map(|own| &own.ended) {
        None => blocks.push(Block::aside("No evidence of this case was kept.")),
        Some(Ended::Whole) => {}
        Some(Ended::Hung(why)) => {
            blocks.push(Block::note(format!("the page stopped answering: {why}")));
        }
        Some(Ended::Lost(why)) => {
            blocks.push(Block::note(format!("the browser was lost: {why}")));
        }
    }
    if is_journey(&case.scenario) {
        blocks.extend(attempt.and_then(|own| strip(&own.evidence)));
    }
    blocks.extend(attempt.and_then(|own| timeline(&own.evidence)));
    blocks.extend(view.trace(case));
    blocks.extend(view.picture(case));
    if let Some(path) = &case.evidence {
        let line = Line::from("All of it: ")
            .code(path)
            .plain(" beside the report.");
        blocks.push(Block::Aside(line));
    }
    blocks.extend(case.hint.as_ref().map(Block::note));
    blocks.push(Block::Command("again", Text::from(&case.again)));
    blocks
}
