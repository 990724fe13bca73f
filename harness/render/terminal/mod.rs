//! The back end for a terminal. Styled; who prints it decides whether the styles stay.
//!
//! A terminal is read from its end: the inventories come first, then what somebody must act on,
//! and the verdict last.

mod line;
mod problem;

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::document::{Block, Depth, Document, Entry, Fact, Line, Part, Section, Span, Style};
use super::document::{Tone, Verdict};
pub use line::plain;
use line::{cut, line, row, toned, whole};

/// Sentences that stand by themselves are broken here.
const WIDTH: usize = 110;

/// More entries of a list that is no inventory are counted.
const SHOWN_ENTRIES: usize = 20;

/// More cases are named only.
const SHOWN_CASES: usize = 12;

/// All that a terminal shows of a document.
pub fn full(document: &Document) -> String {
    let mut terminal = Terminal::new(Depth::Full);
    // By the program's name a later call knows that it may replace a file that begins so.
    if document.parts.iter().any(|part| part.verdict.is_some()) {
        terminal.text.push_str("alhena-conformance · ");
    }
    let _ = writeln!(terminal.text, "{}", line(&document.heading));
    let facts = document
        .parts
        .iter()
        .filter_map(|part| part.verdict.as_ref());
    for Fact { name, value } in facts.flat_map(|verdict| &verdict.facts) {
        let (name, value) = (cut(name), line(value));
        let _ = writeln!(terminal.text, "{} {value}", name.dimmed());
    }
    terminal.parts(document)
}

/// Only what somebody must act on, and the verdict.
pub fn summary(document: &Document) -> String {
    Terminal::new(Depth::Summary).parts(document)
}

/// Blocks as plain text.
pub fn plain_blocks<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> String {
    let mut terminal = Terminal::new(Depth::Summary);
    blocks
        .into_iter()
        .for_each(|block| terminal.block(block, BAR));
    plain(&terminal.text)
}

/// A verdict as plain text.
pub fn plain_verdict(verdict: &Verdict) -> String {
    let mut terminal = Terminal::new(Depth::Summary);
    terminal.verdict(verdict);
    plain(&terminal.text)
}

/// Before the lines of a section, and before those of what is wrong.
const INDENT: &str = "  ";
const BAR: &str = "    | ";

struct Terminal {
    text: String,
    depth: Depth,
}

impl Terminal {
    fn new(depth: Depth) -> Self {
        let text = String::new();
        Self { text, depth }
    }

    fn parts(mut self, document: &Document) -> String {
        for part in &document.parts {
            self.part(part);
        }
        self.text
    }

    fn part(&mut self, part: &Part) {
        for section in part.inventories_first(self.depth) {
            self.section(section);
        }
        if let Some(verdict) = &part.verdict {
            self.verdict(verdict);
        }
    }

    fn section(&mut self, section: &Section) {
        self.gap();
        // What is wrong needs no heading: its first word says so. Nor does what has headings.
        let is_plain = section.blocks.iter().all(|block| block.wrong().is_some())
            || matches!(section.blocks.first(), Some(Block::Heading(_)))
            || section.title.is_empty();
        if !is_plain {
            let title = cut(&section.title);
            let title = match section.tone {
                Tone::Neutral | Tone::Seen => title,
                Tone::Bad | Tone::Careful | Tone::Good => toned(&title, section.tone),
            };
            let _ = writeln!(self.text, "{}", title.bold());
        }
        self.blocks(&section.blocks, INDENT);
    }

    fn verdict(&mut self, verdict: &Verdict) {
        self.gap();
        let mut text = toned(&cut(&verdict.words), verdict.tone).bold().to_string();
        if !verdict.subject.is_empty() {
            text = format!("{} {text}", whole(&verdict.subject).bold());
        }
        let totals = verdict.totals.iter().rev();
        let totals = totals.map(|(count, badge)| format!("{count} {}", cut(&badge.words)));
        let totals = totals.collect::<Vec<_>>().join(" · ");
        if !totals.is_empty() {
            let _ = write!(text, " — {totals}");
        }
        if !verdict.took.is_empty() {
            let _ = write!(text, " in {}", cut(&verdict.took));
        }
        let _ = writeln!(self.text, "{text}");
        for note in &verdict.notes {
            let _ = writeln!(self.text, "{}", line(note).yellow());
        }
    }

    fn blocks(&mut self, blocks: &[Block], before: &str) {
        let mut left_out = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            match (block, blocks.get(index + 1)) {
                (Block::Case(case), _) if index >= SHOWN_CASES => left_out.push(cut(&case.id)),
                // Nothing stands below the heading.
                (Block::Heading(_), Some(Block::Entries { list, .. }))
                    if list.iter().all(|own| own.depth > self.depth) => {}
                (block, _) => self.block(block, before),
            }
        }
        if !left_out.is_empty() {
            let (count, names) = (left_out.len(), left_out.join(", "));
            let _ = writeln!(self.text, "and {count} more cases: {names}\n");
        }
    }

    fn block(&mut self, block: &Block, before: &str) {
        match block {
            Block::Heading(text) => {
                self.gap();
                let _ = writeln!(self.text, "{}", line(text).bold());
            }
            Block::Paragraph(text) if before == INDENT => self.sentence(text, before),
            Block::Paragraph(text) => self.put(before, &line(text)),
            Block::Note(text) => self.note(&line(text)),
            // What is left out where room is short, and what a terminal cannot show.
            Block::Aside(_) | Block::Picture(..) => {}
            Block::Facts(facts) => {
                for Fact { name, value } in facts {
                    self.put(before, &cut(name).cyan().to_string());
                    self.sentence(value, &format!("{before}  "));
                }
            }
            Block::Entries { list, is_inventory } => self.entries(list, *is_inventory, before),
            Block::Problem(problem) => self.problem(problem),
            Block::Case(case) => self.case(case),
            Block::Difference(difference) => self.difference(difference),
            Block::Source(lines) => self.source(lines),
            Block::Events(events) => self.events(events),
            Block::Timeline(moments) => self.timeline(moments),
            Block::Command(what, command) => {
                self.note(&format!("{what}: {}", whole(command)));
            }
            Block::Table(table) => {
                let cells = |cells: &Vec<Line>| cells.iter().map(line).collect();
                let rows = [&table.head].into_iter().chain(&table.rows);
                self.rows(&rows.map(cells).collect::<Vec<_>>(), before);
            }
            Block::Fold(title, blocks) => {
                self.put(before, &line(title));
                self.blocks(blocks, &format!("{before}  "));
            }
        }
    }

    fn entries(&mut self, list: &[Entry], is_inventory: bool, before: &str) {
        let shown: Vec<&Entry> = list.iter().filter(|own| own.depth <= self.depth).collect();
        if is_inventory {
            return self.rows(&shown.into_iter().map(row).collect::<Vec<_>>(), before);
        }
        for entry in shown.iter().take(SHOWN_ENTRIES) {
            let mut text = line(&entry.name);
            if let Some(badge) = &entry.badge {
                text = format!("{}  {text}", toned(&cut(&badge.words), badge.tone));
            }
            if !entry.about.is_empty() {
                text = format!("{text}: {}", line(&entry.about));
            }
            self.put(before, &text);
            for detail in &entry.details {
                self.put(&format!("{before}  | "), &line(detail));
            }
        }
        if shown.len() > SHOWN_ENTRIES {
            let more = shown.len() - SHOWN_ENTRIES;
            self.put(before, &format!("… and {more} more, all in the report"));
        }
    }

    /// Rows of cells, in columns as wide as what is in them.
    fn rows(&mut self, rows: &[Vec<String>], before: &str) {
        let length = |cell: &String| plain(cell).chars().count();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(length).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let space = width.saturating_sub(length(cell));
                format!("{cell}{}", " ".repeat(space))
            });
            self.put(before, &cells.collect::<Vec<_>>().join("  "));
        }
    }

    /// A sentence, broken between words unless parts of it have styles.
    fn sentence(&mut self, sentence: &Line, before: &str) {
        let [
            Span {
                text,
                style: Style::Plain,
                ..
            },
        ] = sentence.spans()
        else {
            return self.put(before, &line(sentence));
        };
        let mut row = String::new();
        for word in whole(text).split_whitespace() {
            let length = before.len() + row.chars().count() + 1 + word.chars().count();
            if !row.is_empty() && length > WIDTH {
                self.put(before, &row);
                row.clear();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        self.put(before, &row);
    }

    fn put(&mut self, before: &str, line: &str) {
        let before = before.replace('|', &"|".blue().to_string());
        let _ = writeln!(self.text, "{}", format!("{before}{line}").trim_end());
    }

    /// What helps with the lines above.
    fn note(&mut self, line: &str) {
        let _ = writeln!(self.text, "   {} {line}", "=".blue());
    }

    /// An empty line, unless one is there.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}
