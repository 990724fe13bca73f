//! The cases with a failure: the checks, the events, the timeline, the picture, and the command
//! that repeats it.

use super::View;
use super::select::{is_failed, is_known};
use crate::evidence::Ended;
use crate::render::document::{
    Badge, Block, Case, Depth, Line, Problem, Promise, Section, SourceLine, Text, Tone,
};
use crate::render::values::{difference, events, timeline};
use crate::report::{CaseReport, CheckReport};
use crate::text::counted;
use crate::verdict::Status;

/// The cases that fail; absent where none does.
pub fn failures(view: &View<'_>) -> Option<Section> {
    let is_meant = |check: &CheckReport| is_failed(view.report, check);
    let section = section(view, view.failed(), "failures", "Failures", is_meant)?;
    Some(Section {
        tone: Tone::Bad,
        depth: Depth::Summary,
        ..section
    })
}

/// The cases that fail as is known; absent where none does.
pub fn known(view: &View<'_>) -> Option<Section> {
    let title = "Cases that fail as is known";
    section(view, view.known(), "known-cases", title, is_known)
}

fn section(
    view: &View<'_>,
    cases: &[&CaseReport],
    name: &'static str,
    title: &str,
    is_meant: impl Fn(&CheckReport) -> bool,
) -> Option<Section> {
    let blocks = cases
        .iter()
        .map(|case| Block::Case(one(view, case, &is_meant)));
    (!cases.is_empty()).then(|| Section {
        anchor: view.section(name),
        title: Text::from(title),
        count: Some(Text::from(counted(cases.len(), "case"))),
        tone: Tone::Careful,
        depth: Depth::Reference,
        blocks: blocks.collect(),
    })
}

fn one(view: &View<'_>, case: &CaseReport, is_meant: impl Fn(&CheckReport) -> bool) -> Case {
    let checks = view.checks_of(&case.id);
    let (meant, rest): (Vec<&CheckReport>, Vec<&CheckReport>) =
        checks.iter().partition(|check| is_meant(check));
    let mut body = Vec::new();
    if !rest.is_empty() {
        let passed = rest.iter().filter(|check| check.status == Status::Pass);
        let (all, passed) = (counted(rest.len(), "other check"), passed.count());
        body.push(Block::Aside(Line::from(format!(
            "{all} of this case, of which {passed} passed."
        ))));
    }
    body.extend(course(view, case));
    Case {
        anchor: view.anchor("case", &case.id),
        id: Text::from(&case.id),
        title: Text::from(&case.title),
        problems: meant
            .into_iter()
            .map(|check| problem(view, check))
            .collect(),
        body,
    }
}

/// One check: what is wrong, which promise that breaks, where the scenario asks for it, and what
/// differs. What it shares with the others of its case is said once, beside them.
pub fn problem(view: &View<'_>, check: &CheckReport) -> Problem {
    let number = check.at.rsplit_once(':').map_or("1", |(_, line)| line);
    let mut body = vec![Block::Source(vec![SourceLine {
        number: Text::from(number),
        text: Text::from(&check.line),
        is_marked: None,
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
    let promises = check.requirements.iter().map(|id| {
        let requirement = view.requirement(id);
        let anchor = requirement.map(|_| view.anchor("requirement", &id.0));
        Promise {
            id: Line::new().strong(id).to(anchor),
            statement: requirement.map(|own| (Text::from(own.level), Text::from(&own.statement))),
        }
    });
    Problem {
        anchor: Some(view.anchor("check", &check.id.0)),
        badge: Badge::of(check.status, check.level, &check.verdict()),
        message: Line::from(check.message.as_deref().unwrap_or("no reason is known")),
        id: Text::from(&check.id),
        location: Some(Text::from(&check.at)),
        promises: promises.collect(),
        body,
    }
}

/// What happened in a case, and the command that repeats it.
pub fn course(view: &View<'_>, case: &CaseReport) -> Vec<Block> {
    let mut blocks: Vec<Block> = events(&case.events).into_iter().collect();
    let record = view.stored.record_of(&case.id);
    let told = record.and_then(|record| Some((record, record.told?)));
    if let Some((record, told)) = told {
        if let Some(attempt) = record.attempts.get(told) {
            match &attempt.ended {
                Ended::Whole => {}
                Ended::Hung(why) => blocks.push(Block::Note(
                    Line::from("The page stopped answering: ").plain(why),
                )),
                Ended::Lost(why) => {
                    blocks.push(Block::Note(Line::from("The browser was lost: ").plain(why)))
                }
            }
            blocks.extend(timeline(&attempt.evidence));
        }
        if record.attempts.len() > 1 {
            let (index, all) = (told + 1, record.attempts.len());
            let text = format!("This is attempt {index} of {all}.");
            blocks.push(Block::Aside(Line::from(text)));
        }
    } else {
        let text = "No evidence of this case was kept.";
        blocks.push(Block::Aside(Line::from(text)));
    }
    blocks.extend(view.picture(case));
    if let Some(path) = &case.evidence {
        let line = Line::from("All of it: ").code(path);
        blocks.push(Block::Aside(line.plain(" beside the report.")));
    }
    blocks.extend(case.hint.as_ref().map(|hint| Block::Note(Line::from(hint))));
    blocks.push(Block::Command("again", Text::from(&case.again)));
    blocks
}
