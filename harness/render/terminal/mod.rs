//! The back end for a terminal. Styled; who prints it decides whether the styles stay.
//!
//! A terminal is read from its end: the inventories come first, then what somebody must act on,
//! and the verdict last.

mod problem;
mod table;

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::document::{
    Block, Depth, Document, Entries, Entry, Escape, Fact, Line, Part, Section, Span, Style, Text,
    Tone, Verdict,
};
use crate::text::{cut_to, one_line};

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 140;

/// Sentences that stand by themselves are broken here.
const WIDTH: usize = 110;

/// More entries of a list that is no inventory are counted.
const SHOWN_ENTRIES: usize = 20;

/// More cases are named only.
const SHOWN_CASES: usize = 12;

/// The words of an inventory's verdicts are a column of this width.
const BADGE: usize = 15;

/// All that a terminal shows of a document.
pub fn full(document: &Document) -> String {
    let mut terminal = Terminal::new(Depth::Full);
    let _ = writeln!(terminal.text, "{}", terminal.line(&document.heading));
    let facts = document
        .parts
        .iter()
        .filter_map(|part| part.verdict.as_ref());
    for Fact { name, value } in facts.flat_map(|verdict| &verdict.facts) {
        let (name, value) = (terminal.cut(name), terminal.line(value));
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

/// A text without its styles.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Before the lines of a section, and before those of what is wrong.
const INDENT: &str = "  ";
const BAR: &str = "    | ";

/// One line of at most so many letters, without what moves the cursor.
struct Cut(usize);

impl Escape for Cut {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        if self.0 == usize::MAX {
            one_line(raw)
        } else {
            cut_to(raw, self.0)
        }
    }
}

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
            let title = self.cut(&section.title);
            let count = section.count.as_ref().map(|count| self.cut(count));
            let count = count.map(|count| format!(" ({count})"));
            let title = format!("{title}{}", count.unwrap_or_default());
            let title = match section.tone {
                Tone::Neutral | Tone::Seen => title,
                tone => toned(&title, tone),
            };
            let _ = writeln!(self.text, "{}", title.bold());
        }
        self.blocks(&section.blocks, INDENT);
    }

    fn verdict(&mut self, verdict: &Verdict) {
        self.gap();
        let words = toned(&self.cut(&verdict.words), verdict.tone);
        let mut line = words.bold().to_string();
        if !verdict.subject.is_empty() {
            line = format!("{} {line}", self.whole(&verdict.subject).bold());
        }
        let totals: Vec<String> = verdict
            .totals
            .iter()
            .rev()
            .map(|(count, badge)| format!("{count} {}", self.cut(&badge.words)))
            .collect();
        if !totals.is_empty() {
            let _ = write!(line, " — {}", totals.join(" · "));
        }
        if let Some(took) = &verdict.took {
            let _ = write!(line, " in {}", self.cut(took));
        }
        let _ = writeln!(self.text, "{line}");
        for note in &verdict.notes {
            let _ = writeln!(self.text, "{}", self.line(note).yellow());
        }
    }

    fn blocks(&mut self, blocks: &[Block], before: &str) {
        let mut left_out = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Case(case) if index >= SHOWN_CASES => left_out.push(self.cut(&case.id)),
                block => self.block(block, before),
            }
        }
        if !left_out.is_empty() {
            let (count, names) = (left_out.len(), left_out.join(", "));
            let _ = writeln!(self.text, "and {count} more cases: {names}\n");
        }
    }

    fn block(&mut self, block: &Block, before: &str) {
        match block {
            Block::Heading(line) => {
                self.gap();
                let _ = writeln!(self.text, "{}", self.line(line).bold());
            }
            Block::Paragraph(line) if before == INDENT => self.sentence(line, before),
            Block::Paragraph(line) => self.put(before, &self.line(line)),
            Block::Note(line) => self.note(&self.line(line)),
            // What is left out where room is short, and what a terminal cannot show.
            Block::Aside(_) | Block::Picture(_) => {}
            Block::Facts(facts) => {
                for Fact { name, value } in facts {
                    self.put(before, &self.cut(name).cyan().to_string());
                    self.sentence(value, &format!("{before}  "));
                }
            }
            Block::Entries(entries) => self.entries(entries, before),
            Block::Problem(problem) => self.problem(problem),
            Block::Case(case) => self.case(case),
            Block::Difference(difference) => self.difference(difference),
            Block::Source(lines) => self.source(lines),
            Block::Events(events) => self.events(events),
            Block::Timeline(moments) => self.timeline(moments),
            Block::Command(what, command) => {
                self.note(&format!("{what}: {}", self.whole(command)));
            }
            Block::Table(table) => self.table(table, before),
            Block::Fold(title, blocks) => {
                self.put(before, &self.line(title));
                self.blocks(blocks, &format!("{before}  "));
            }
        }
    }

    fn entries(&mut self, list: &Entries, before: &str) {
        let shown = list.entries.iter().filter(|own| own.depth <= self.depth);
        let shown: Vec<&Entry> = shown.collect();
        if list.is_aligned {
            return self.columns(&shown, before);
        }
        for entry in shown.iter().take(SHOWN_ENTRIES) {
            let mut line = self.line(&entry.name);
            if let Some(badge) = &entry.badge {
                let words = toned(&self.cut(&badge.words), badge.tone);
                line = format!("{words}  {line}");
            }
            if !entry.about.is_empty() {
                line = format!("{line}: {}", self.line(&entry.about));
            }
            self.put(before, &line);
            for detail in &entry.details {
                self.put(&format!("{before}  | "), &self.line(detail));
            }
        }
        if shown.len() > SHOWN_ENTRIES {
            let more = shown.len() - SHOWN_ENTRIES;
            self.put(before, &format!("… and {more} more, all in the report"));
        }
    }

    /// An inventory: each entry is a row.
    fn columns(&mut self, entries: &[&Entry], before: &str) {
        let row = |entry: &&Entry| {
            let (words, tone) = entry
                .badge
                .as_ref()
                .map_or((String::new(), Tone::Neutral), |own| {
                    (self.cut(&own.words), own.tone)
                });
            let words = format!("{words:BADGE$}");
            let count = entry.count.as_ref().map(|count| self.cut(count));
            (
                toned(&words, tone),
                plain(&self.line(&entry.name)),
                count.unwrap_or_default(),
                self.line(&entry.about),
            )
        };
        let rows: Vec<_> = entries.iter().map(row).collect();
        let width = |of: fn(&(String, String, String, String)) -> &str| {
            rows.iter()
                .map(|row| of(row).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (names, counts) = (width(|row| &row.1), width(|row| &row.2));
        for (badge, name, count, about) in &rows {
            let count = format!("{count:>counts$}");
            let line = format!("{badge} {name:names$}  {}  {about}", count.dimmed());
            self.put(before, &line);
        }
    }

    /// A sentence, broken between words unless parts of it have styles.
    fn sentence(&mut self, line: &Line, before: &str) {
        let [
            Span {
                text,
                style: Style::Plain,
                ..
            },
        ] = line.spans()
        else {
            return self.put(before, &self.line(line));
        };
        let mut row = String::new();
        for word in self.whole(text).split_whitespace() {
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

    fn line(&self, line: &Line) -> String {
        line.spans().iter().map(|span| self.span(span)).collect()
    }

    fn span(&self, span: &Span) -> String {
        let text = self.cut(&span.text);
        match span.style {
            Style::Plain | Style::Code | Style::Hash => text,
            Style::Strong => text.bold().to_string(),
            Style::Soft => text.dimmed().to_string(),
            Style::Command => self.whole(&span.text),
            Style::Removed => text.red().to_string(),
            Style::Added => text.green().to_string(),
            Style::Badge(tone) => toned(&text, tone),
            Style::Bar(_) => String::new(),
        }
    }

    fn cut(&self, text: &Text) -> String {
        text.escaped(&Cut(LETTERS))
    }

    fn whole(&self, text: &Text) -> String {
        text.escaped(&Cut(usize::MAX))
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

fn toned(words: &str, tone: Tone) -> String {
    match tone {
        Tone::Bad => words.red().to_string(),
        Tone::Careful => words.yellow().to_string(),
        Tone::Neutral => words.dimmed().to_string(),
        Tone::Seen => words.cyan().to_string(),
        Tone::Good => words.green().to_string(),
    }
}
