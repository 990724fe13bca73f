//! The list of known failures, and what became of each entry.

use super::View;
use super::select::wrong_entries;
use crate::render::document::{Badge, Block, Depth, Entry, Line, Problem, Section, Text, Tone};
use crate::report::{CheckReport, KnownFailureReport};
use crate::text::counted;
use crate::verdict::known::EntryState;

/// More checks than this are counted only.
const SHOWN_CHECKS: usize = 5;

/// The entries that are not true of this run; absent where there is none.
pub fn wrong(view: &View<'_>) -> Option<Section> {
    let entries = wrong_entries(view.report);
    let blocks: Vec<Block> = entries
        .map(|entry| Block::Problem(problem(view, entry)))
        .collect();
    (!blocks.is_empty()).then(|| Section {
        anchor: view.section("wrong-known-failures"),
        title: Text::from("Known failures that are not so"),
        count: Some(Text::from(blocks.len())),
        tone: Tone::Bad,
        depth: Depth::Summary,
        blocks,
    })
}

/// The other entries; absent where there is none.
pub fn known(view: &View<'_>) -> Option<Section> {
    let entries = view.report.known_failures.iter();
    let entries: Vec<&KnownFailureReport> =
        entries.filter(|entry| !entry.state.is_wrong()).collect();
    let shown = entries.iter().map(|entry| self::entry(view, entry));
    let selected = entries
        .iter()
        .filter(|entry| depth(entry) == Depth::Summary)
        .count();
    (!entries.is_empty()).then(|| Section {
        anchor: view.section("known-failures"),
        title: Text::from("Known failures"),
        count: Some(Text::from(format!("{selected} selected"))),
        tone: Tone::Careful,
        // A list of which nothing was selected is there to be looked up.
        depth: entries
            .iter()
            .map(|entry| depth(entry))
            .min()
            .unwrap_or(Depth::Reference),
        blocks: vec![Block::list(shown.collect())],
    })
}

fn problem(view: &View<'_>, entry: &KnownFailureReport) -> Problem {
    let mut body = vec![
        Block::Paragraph(Line::from("check = ").code(format!("\"{}\"", entry.check))),
        Block::Paragraph(Line::from("reason: ").plain(&entry.reason)),
    ];
    let checks: Vec<&CheckReport> = checks(view, entry);
    for check in checks.iter().take(SHOWN_CHECKS) {
        let held = match (check.attempts, check.broken_attempts) {
            (Some(attempts), Some(broken)) => {
                format!("held in {} of {attempts} attempts", attempts - broken)
            }
            _ => check.status.word().to_owned(),
        };
        let line = Line::from(format!("{held}: ")).code(&check.id);
        body.push(Block::Paragraph(line));
    }
    if checks.len() > SHOWN_CHECKS {
        let more = checks.len() - SHOWN_CHECKS;
        let text = format!("… {more} more checks, all in the report");
        body.push(Block::Paragraph(Line::from(text)));
    }
    body.push(Block::Note(Line::from(match entry.state {
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
    })));
    Problem {
        anchor: None,
        badge: Badge::new(Tone::Bad, entry.state.word()),
        message: Line::from(entry.message.as_deref().unwrap_or_default()),
        id: Text::from(&entry.check),
        location: Some(Text::from(&entry.at)),
        promises: Vec::new(),
        body,
    }
}

fn entry(view: &View<'_>, entry: &KnownFailureReport) -> Entry {
    let mut origin = Line::new().code(&entry.at);
    if let Some(link) = &entry.link {
        origin = origin.plain(" · ").web(link);
    }
    origin = match &entry.expires {
        Some(day) => origin.plain(format!(" · until {day}")),
        None => origin.plain(" · never expires"),
    };
    if entry.flaky {
        origin = origin.plain(" · comes and goes");
    }
    let checks: Vec<Entry> = checks(view, entry)
        .into_iter()
        .map(|check| {
            Entry::new(
                Line::new()
                    .code(&check.id)
                    .to(view.case_anchor(&check.case)),
            )
            .badge(Badge::of(check.status, check.level, &check.verdict()))
        })
        .collect();
    let mut shown = Entry::new(Line::new().code(&entry.check))
        .badge(Badge::new(Tone::Careful, entry.state.word()))
        .about(Line::from(&entry.reason));
    shown.details = entry.message.iter().map(Line::from).collect();
    shown.depth = depth(entry);
    if !checks.is_empty() {
        let title = Line::from(counted(checks.len(), "check"));
        shown.more = vec![Block::Fold(title, vec![Block::list(checks)])];
    }
    shown.detail(origin)
}

/// An entry that was not selected is there to be looked up.
fn depth(entry: &KnownFailureReport) -> Depth {
    match entry.state {
        EntryState::NotSelected => Depth::Reference,
        EntryState::Failing
        | EntryState::Held
        | EntryState::Stale
        | EntryState::TooWide
        | EntryState::Unmatched
        | EntryState::Expired
        | EntryState::NotApplicable
        | EntryState::Undecided => Depth::Summary,
    }
}

fn checks<'v>(view: &View<'v>, entry: &KnownFailureReport) -> Vec<&'v CheckReport> {
    let ids = entry.checks.iter();
    ids.filter_map(|id| view.check(id)).collect()
}
