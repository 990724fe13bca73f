//! The sections of a comment: tables of what is wrong with the explanations folded below, and lists.

use std::fmt::Write as _;

use super::escape::{Code, Words, fence};
use super::{Comment, LETTERS, line};
use crate::render::document::{
    Block, Depth, Entry, Fact, Problem, Row, Section, Table, Text, Tone,
};
use crate::render::terminal::plain_blocks;
use crate::text::counted;

/// Rows of the table of what is wrong; the others are counted.
const ROWS: usize = 50;

/// Entries of a list; the others are counted.
const ENTRIES: usize = 20;

impl Comment {
    pub fn section(&mut self, section: &Section) {
        let title = words(&section.title);
        let count = section
            .count
            .as_ref()
            .map(|count| format!(" ({})", words(count)));
        let title = format!("{title}{}", count.unwrap_or_default());
        match (section.depth, section.tone) {
            (Depth::Full, _) if !has_table(section) => {
                let _ = writeln!(self.text, "**{title}**\n");
            }
            (_, Tone::Bad) | (Depth::Full, _) => {
                let _ = writeln!(self.text, "### {title}\n");
                self.blocks(&section.blocks);
            }
            (Depth::Summary | Depth::Reference, _) => {
                let summary = format!("<details><summary><b>{title}</b></summary>\n");
                let _ = writeln!(self.text, "{summary}");
                self.blocks(&section.blocks);
                let _ = writeln!(self.text, "</details>\n");
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        self.wrong(blocks);
        for block in blocks {
            let _ = match block {
                // What is wrong is in the table, and folded below it.
                Block::Problem(_) | Block::Case(_) | Block::Aside(_) | Block::Picture(_) => true,
                Block::Heading(text) => self.put(&format!("**{}**\n\n", line(text))),
                Block::Paragraph(text) | Block::Note(text) => {
                    self.put(&format!("{}\n\n", line(text)))
                }
                Block::Facts(facts) => self.pieces(facts.iter().map(fact).collect()),
                Block::Entries(list) => {
                    let shown = list
                        .entries
                        .iter()
                        .filter(|own| own.depth < Depth::Reference);
                    self.pieces(shown.map(entry).collect())
                }
                Block::Table(table) => self.table(table),
                Block::Fold(title, blocks) => {
                    let is_in = self.put(&format!("**{}**\n\n", line(title)));
                    self.blocks(blocks);
                    is_in
                }
                Block::Difference(_)
                | Block::Source(_)
                | Block::Events(_)
                | Block::Timeline(_)
                | Block::Command(..) => self.put(&format!("{}\n", fence(&plain_blocks([block])))),
            };
        }
    }

    /// As many entries of a list as there is room for.
    fn pieces(&mut self, pieces: Vec<String>) -> bool {
        let shown = pieces
            .iter()
            .take(ENTRIES)
            .take_while(|piece| self.put(piece))
            .count();
        if shown < pieces.len() {
            let _ = writeln!(self.text, "- … and {} more", pieces.len() - shown);
        }
        self.text.push('\n');
        true
    }

    /// All that is wrong in a table, and folded below it what explains it.
    fn wrong(&mut self, blocks: &[Block]) {
        let rows: Vec<String> = blocks
            .iter()
            .filter_map(Block::wrong)
            .flat_map(|(_, problems)| problems.iter().map(row))
            .collect();
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
                "The details of {more} do not fit into a comment; the report folder holds them \
                 all.\n"
            );
        }
    }

    fn table(&mut self, table: &Table) -> bool {
        let cells = |cells: &[_]| {
            let cells = cells.iter().map(line).collect::<Vec<_>>();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = "| --- ".repeat(table.head.len());
        self.put(&format!("{}{rule}|\n", cells(&table.head)));
        let rows = table.rows.iter().map(|row| match row {
            Row::Group(title) => {
                let rest = " |".repeat(table.head.len().saturating_sub(1));
                format!("| <b>{}</b> |{rest}\n", words(title))
            }
            Row::Cells(own) => cells(own),
        });
        let shown = rows.take_while(|row| self.put(row)).count();
        if shown < table.rows.len() {
            let more = counted(table.rows.len() - shown, "more row");
            let _ = writeln!(self.text, "\n… and {more} in the report.");
        }
        self.text.push('\n');
        true
    }
}

fn has_table(section: &Section) -> bool {
    let is_table = |block: &Block| matches!(block, Block::Table(_));
    section.blocks.iter().any(is_table)
}

fn words(text: &Text) -> String {
    text.escaped(&Words(LETTERS))
}

fn fact(fact: &Fact) -> String {
    format!("- {}: {}\n", words(&fact.name), line(&fact.value))
}

fn entry(entry: &Entry) -> String {
    let mut text = "- ".to_owned();
    if let Some(badge) = &entry.badge {
        let _ = write!(text, "**{}** ", words(&badge.words));
    }
    text.push_str(&line(&entry.name));
    if !entry.about.is_empty() {
        let _ = write!(text, ": {}", line(&entry.about));
    }
    text.push('\n');
    for detail in &entry.details {
        let _ = writeln!(text, "  - {}", line(detail));
    }
    text
}

fn row(problem: &Problem) -> String {
    let promises = problem.promises.iter().map(|promise| {
        let mut text = line(&promise.id);
        if let Some((level, statement)) = &promise.statement {
            let _ = write!(text, " ({}): {}", words(level), words(statement));
        }
        text
    });
    let promises = promises.collect::<Vec<_>>().join("<br>");
    let code = |text: &Text| text.escaped(&Code(LETTERS));
    format!(
        "| {}: {} | {promises} | {} | {} |\n",
        words(&problem.badge.words),
        line(&problem.message),
        code(&problem.id),
        problem.location.as_ref().map(code).unwrap_or_default()
    )
}

fn fold(block: &Block) -> Option<String> {
    let (id, problems) = block.wrong()?;
    if problems.iter().all(|problem| problem.body.is_empty()) {
        return None;
    }
    let badges = problems.iter().map(|problem| words(&problem.badge.words));
    Some(format!(
        "<details><summary>{} {}</summary>\n\n{}\n</details>\n\n",
        badges.collect::<Vec<_>>().join(", "),
        id.escaped(&Code(LETTERS)),
        fence(&plain_blocks([block]))
    ))
}
