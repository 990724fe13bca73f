//! The list of known failures, and what became of each entry.

use super::View;
use crate::render::document::{
    Badge, Block, Depth, Entry, Line, Problem, Section, Style, Text, Tone,
};
use crate::report::{CheckReport, KnownFailureReport};
use crate::verdict::known::EntryState;

/// More checks than this are counted only.
const SHOWN_CHECKS: usize = 5;

/// The entries that are not true of this run; absent where there is none.
pub fn wrong(view: &View<'_>) -> Option<Section> {
    let problems = view
        .report
        .wrong_entries()
        .map(|own| Block::Problem(problem(view, own)));
    let (anchor, title) = (
        view.section("wrong-known-failures"),
        "Known failures that are not so",
    );
    Section::new(anchor, title, Tone::Bad, problems.collect())
}

/// The other entries; absent where there is none.
pub fn known(view: &View<'_>) -> Option<Section> {
    let entries = view.report.known_failures.iter();
    let entries: Vec<Entry> = entries
        .filter(|own| !own.state.is_wrong())
        .map(entry)
        .collect();
    let depth = entries.iter().map(|own| own.depth).min()?;
    let (anchor, blocks) = (view.section("known-failures"), vec![Block::list(entries)]);
    Some(Section::new(anchor, "Known failures", Tone::Careful, blocks)?.at(depth))
}

fn problem(view: &View<'_>, entry: &KnownFailureReport) -> Problem {
    let mut body = vec![
        Block::paragraph(format!("check = \"{}\"", entry.check)),
        Block::paragraph(format!("reason: {}", entry.reason)),
    ];
    let checks = entry.checks.iter().filter_map(|id| view.report.check(id));
    body.extend(
        checks
            .take(SHOWN_CHECKS)
            .map(|own| Block::paragraph(held(own))),
    );
    let more = entry.checks.len().saturating_sub(SHOWN_CHECKS);
    if more > 0 {
        body.push(Block::paragraph(format!(
            "… {more} more checks, all in the report"
        )));
    }
    body.push(Block::note(match entry.state {
        EntryState::Stale => {
            "remove it: what was fixed must not break again unseen; --update-known-failures does it"
        }
        EntryState::TooWide => "narrow it to the checks that fail; --update-known-failures does it",
        EntryState::Unmatched => {
            "correct or remove it; `alhena-conformance list` shows the checks; \
             --update-known-failures does it"
        }
        EntryState::Expired => "fix it, or say in the list why it may wait longer",
        EntryState::Failing
        | EntryState::Held
        | EntryState::NotApplicable
        | EntryState::NotSelected
        | EntryState::Undecided => "nothing need be done",
    }));
    let badge = Badge::new(Tone::Bad, entry.state.word());
    let message = entry.message.as_deref().unwrap_or_default();
    let location = Some(Text::from(&entry.at));
    Problem {
        location,
        body,
        ..Problem::new(badge, message, &entry.check)
    }
}

fn held(check: &CheckReport) -> Line {
    let held = match (check.attempts, check.broken_attempts) {
        (Some(all), Some(broken)) => format!("held in {} of {all} attempts: ", all - broken),
        _ => format!("{}: ", check.status.word()),
    };
    Line::from(held).code(&check.id)
}

fn entry(entry: &KnownFailureReport) -> Entry {
    let mut origin = Line::new().code(&entry.at);
    if let Some(link) = &entry.link {
        origin = origin.plain(" · ").with(Style::Web, link);
    }
    origin = match (&entry.engine, &entry.expires) {
        (Some(engine), _) => origin.plain(format!(" · a limit of {engine}, not of the SDK")),
        (None, Some(day)) => origin.plain(format!(" · until {day}")),
        (None, None) => origin.plain(" · never expires"),
    };
    if entry.flaky && entry.engine.is_none() {
        origin = origin.plain(" · comes and goes");
    }
    let shown = Entry::new(Line::new().code(&entry.check)).about(&entry.reason);
    let shown = shown.badge(Badge::new(Tone::Careful, entry.state.word()));
    Entry {
        details: entry
            .message
            .iter()
            .map(Line::from)
            .chain([origin])
            .collect(),
        // What was not selected is there to be looked up.
        depth: if entry.state == EntryState::NotSelected {
            Depth::Reference
        } else {
            Depth::Summary
        },
        ..shown
    }
}
