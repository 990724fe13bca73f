//! The sections of a comment: tables of what is wrong, with explanations folded below, and lists.

use std::fmt::Write as _;

use super::escape::{Code, fence};
use super::{Comment, LETTERS, line, words};
use crate::render::document::{Block, Depth, Entry, Problem, Section, Tone};
use crate::render::terminal::plain_blocks;
use crate::text::counted;

/// Rows of the table of what is wrong; the others are counted.
const ROWS: usize = 50;

/// Entries of a list; the others are counted.
const ENTRIES: usize = 20;

impl Comment {
    /// What everybody must see is open where it is bad or a table, and all else one click away.
    pub fn section(&mut self, section: &Section) {
        let title = words(&section.title);
        let is_table = |own: &Block| matches!(own, Block::Table(_));
        let is_open = section.tone == Tone::Bad || section.blocks.iter().any(is_table);
        if section.depth == Depth::Summary && is_open {
            let _ = writeln!(self.text, "### {title}\n");
            self.blocks(&section.blocks);
        } else {
            let _ = writeln!(self.text, "<details><summary><b>{title}</b></summary>\n");
            self.blocks(&section.blocks);
            let _ = writeln!(self.text, "</details>\n");
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        self.causes(blocks);
        self.wrong(blocks);
        for block in blocks {
            match block {
                // Causes come first. What is wrong is in the table, and folded below it.
                Block::Cause(_)
                | Block::Problem(_)
                | Block::Case(_)
                | Block::Aside(_)
                | Block::Strip(_)
                | Block::Trace(_)
                | Block::Picture(..) => {}
                Block::Paragraph(text) | Block::Note(text) => {
                    self.put(&format!("{}\n\n", line(text)));
                }
                Block::Entries { list, .. } => self.list(list),
                // Laid out as in a terminal.
                Block::Facts(_)
                | Block::Table(_)
                | Block::Fold(..)
                | Block::Difference(_)
                | Block::Source(_)
                | Block::Events(_)
                | Block::Timeline(_)
                | Block::Command(..) => {
                    self.put(&format!("{}\n", fence("text", &plain_blocks([block]))));
                }
            }
        }
    }

    /// As many entries as there is room for.
    fn list(&mut self, list: &[Entry]) {
        let shown = list.iter().filter(|own| own.depth < Depth::Reference);
        let entries: Vec<String> = shown.map(entry).collect();
        let shown = entries.iter().take(ENTRIES);
        let shown = shown.take_while(|entry| self.put(entry)).count();
        if shown < entries.len() {
            let _ = writeln!(self.text, "- … and {} more", entries.len() - shown);
        }
        self.text.push('\n');
    }

    /// All that is wrong in a table, and folded below it what explains it.
    fn wrong(&mut self, blocks: &[Block]) {
        let wrong = blocks.iter().filter_map(Block::wrong);
        let rows: Vec<String> = wrong.flat_map(|(_, own)| own.iter().map(row)).collect();
        if rows.is_empty() {
            return;
        }
        self.text
            .push_str("| what | promise | id | where |\n| --- | --- | --- | --- |\n");
        let shown = rows
            .iter()
            .take(ROWS)
            .take_while(|row| self.put(row))
            .count();
        if shown < rows.len() {
            let more = counted(rows.len() - shown, "more row");
            let _ = writeln!(self.text, "\n… and {more} in the report.");
        }
        self.text.push('\n');
        // A short one may follow a long one that had no room.
        let folds = blocks.iter().filter_map(fold);
        let left_out = folds.filter(|fold| !self.put(fold)).count();
        if left_out > 0 {
            let more = counted(left_out, "more failure");
            let _ = writeln!(
                self.text,
                "The details of {more} do not fit: the report has them.\n"
            );
        }
    }
}

fn entry(entry: &Entry) -> String {
    let badge = entry
        .badge
        .as_ref()
        .map(|own| format!("**{}** ", words(&own.words)));
    let mut text = format!("- {}{}", badge.unwrap_or_default(), line(&entry.name));
    if !entry.about.is_empty() {
        let _ = write!(text, ": {}", line(&entry.about));
    }
    let details = entry
        .details
        .iter()
        .map(|detail| format!("\n  - {}", line(detail)));
    text.extend(details);
    text + "\n"
}

fn row(problem: &Problem) -> String {
    let (badge, message) = (words(&problem.badge.words), line(&problem.message));
    let promises = problem
        .promises
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("<br>");
    let id = problem.id.escaped(&Code(LETTERS));
    let location = problem
        .location
        .as_ref()
        .map(|own| own.escaped(&Code(LETTERS)));
    let location = location.unwrap_or_default();
    format!("| {badge}: {message} | {promises} | {id} | {location} |\n")
}

fn fold(block: &Block) -> Option<String> {
    let (id, problems) = block.wrong()?;
    if problems.iter().all(|problem| problem.body.is_empty()) {
        return None;
    }
    let badges = problems.iter().map(|problem| words(&problem.badge.words));
    let (badges, id) = (
        badges.collect::<Vec<_>>().join(", "),
        id.escaped(&Code(LETTERS)),
    );
    let text = fence("text", &plain_blocks([block]));
    Some(format!(
        "<details><summary>{badges} {id}</summary>\n\n{text}\n</details>\n\n"
    ))
}
