//! The back end for a terminal. Styled; who prints it decides whether the styles stay.
//!
//! The first line is the conclusion, then come the causes, and the verdict is the last line: it
//! is what a person sees at the prompt. No line is wider than the screen, but for a word that is.

mod cause;
mod line;
mod list;
mod problem;
mod screen;
mod wrap;

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::document::{
    Block, Depth, Document, Fact, Line, Part, Section, Style, Text, Tone, Verdict,
};
pub use line::plain;
use line::{cut, toned, whole};
pub use screen::{Detail, Screen};

/// More cases are named only.
const SHOWN_CASES: usize = 12;

/// What a terminal shows of a document.
pub fn text(document: &Document, screen: Screen) -> String {
    let mut terminal = Terminal::new(screen);
    match screen.detail {
        Detail::Verdict => terminal.verdicts(document),
        Detail::Summary | Detail::Full => {
            terminal.heading(document);
            document.parts.iter().for_each(|part| terminal.part(part));
        }
    }
    terminal.text
}

/// The same without its heading, for a document that follows another.
pub fn body(document: &Document, screen: Screen) -> String {
    let mut terminal = Terminal::new(screen);
    document.parts.iter().for_each(|part| terminal.part(part));
    terminal.text
}

/// Blocks as plain text.
pub fn plain_blocks<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> String {
    let mut terminal = Terminal::new(Screen::file());
    blocks
        .into_iter()
        .for_each(|block| terminal.block(block, BAR));
    plain(&terminal.text)
}

/// A verdict as plain text.
pub fn plain_verdict(verdict: &Verdict) -> String {
    let mut terminal = Terminal::new(Screen::file());
    terminal.verdict(verdict);
    plain(&terminal.text)
}

/// Before the lines of a section, and before those of what is wrong.
const INDENT: &str = "  ";
const BAR: &str = "    | ";

struct Terminal {
    text: String,
    screen: Screen,
    depth: Depth,
}

impl Terminal {
    fn new(screen: Screen) -> Self {
        Self {
            text: String::new(),
            screen,
            depth: screen.detail.depth(),
        }
    }

    /// The first line; by the program's name a later call knows that it may replace a file that
    /// begins so.
    fn heading(&mut self, document: &Document) {
        let verdicts = document.parts.iter().filter_map(|own| own.verdict.as_ref());
        let verdicts: Vec<&Verdict> = verdicts.collect();
        let program = match verdicts.first() {
            Some(_) => Line::new().soft("alhena-conformance · "),
            None => Line::new(),
        };
        match verdicts.as_slice() {
            [one] if !one.reason.is_empty() => {
                let line = program.with(Style::Badge(one.tone), one.words.clone());
                self.put("", &line.plain(": ").plain(one.reason.clone()));
            }
            _ => self.put("", &program.concat(document.heading.clone())),
        }
        if let [one] = verdicts.as_slice()
            && (one.brief.is_empty() || self.screen.is_full())
        {
            self.facts(&one.facts);
        }
    }

    /// Only the verdict of each part.
    fn verdicts(&mut self, document: &Document) {
        for verdict in document.parts.iter().filter_map(|own| own.verdict.as_ref()) {
            self.verdict_line(verdict);
        }
    }

    fn part(&mut self, part: &Part) {
        part.shown(self.depth).for_each(|own| self.section(own));
        if let Some(verdict) = &part.verdict {
            if !verdict.brief.is_empty() && !self.screen.is_full() {
                self.gap();
                self.put("", &verdict.brief);
            }
            self.verdict(verdict);
        }
    }

    fn section(&mut self, section: &Section) {
        self.gap();
        // What is wrong needs no heading: its first word says so.
        let is_wrong = |block: &Block| matches!(block, Block::Cause(_)) || block.wrong().is_some();
        let is_plain = section.blocks.iter().all(is_wrong) || section.title.is_empty();
        if !is_plain {
            let style = match section.tone {
                Tone::Neutral | Tone::Seen => Style::Strong,
                tone @ (Tone::Bad | Tone::Careful | Tone::Good) => Style::Badge(tone),
            };
            self.put("", &Line::new().with(style, section.title.clone()));
        }
        self.blocks(&section.blocks, INDENT);
    }

    fn verdict(&mut self, verdict: &Verdict) {
        self.gap();
        self.verdict_line(verdict);
        for note in &verdict.notes {
            for row in wrap::rows(note, self.screen.columns, self.screen.columns) {
                let _ = writeln!(self.text, "{}", row.yellow());
            }
        }
    }

    fn verdict_line(&mut self, verdict: &Verdict) {
        let mut line = Line::new();
        if !verdict.subject.is_empty() {
            line = line.strong(verdict.subject.clone()).plain(" ");
        }
        line = line.with(Style::Badge(verdict.tone), verdict.words.clone());
        let totals = verdict.totals.iter().rev();
        let totals =
            totals.map(|(count, own)| format!("{count} {}", cut(&own.words, Style::Plain)));
        let totals = totals.collect::<Vec<_>>().join(" · ");
        if !totals.is_empty() {
            line = line.plain(format!(" — {totals}"));
        }
        if !verdict.took.is_empty() {
            // A number stays with its unit.
            let took = cut(&verdict.took, Style::Plain).replace(' ', "\u{a0}");
            line = line.plain(" in ").plain(took);
        }
        self.put("", &line);
    }

    fn blocks(&mut self, blocks: &[Block], before: &str) {
        let (mut cases, mut other_causes) = (Vec::new(), Vec::new());
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Case(case) if index >= SHOWN_CASES => cases.push(whole(&case.id)),
                Block::Cause(cause) if index >= self.shown_causes() => other_causes.push(&**cause),
                block => self.block(block, before),
            }
        }
        if !cases.is_empty() {
            let more = format!("and {} more cases: {}", cases.len(), cases.join(", "));
            self.put("", &Line::from(more));
            self.text.push('\n');
        }
        self.other_causes(&other_causes);
    }

    fn block(&mut self, block: &Block, before: &str) {
        match block {
            Block::Paragraph(text) => self.put(before, text),
            Block::Note(text) => self.note(text),
            // What is left out where room is short, and what a terminal cannot show.
            Block::Aside(_) | Block::Picture(..) | Block::Strip(_) | Block::Trace(_) => {}
            Block::Facts(facts) => {
                for Fact { name, value } in facts {
                    let name = cut(name, Style::Plain).cyan().to_string();
                    self.raw(before, &name);
                    self.put(&format!("{before}  "), value);
                }
            }
            Block::Entries { list, is_inventory } => self.entries(list, *is_inventory, before),
            Block::Cause(cause) => self.cause(cause),
            Block::Problem(problem) => self.problem(problem),
            Block::Case(case) => self.case(case),
            Block::Difference(difference) => self.difference(difference),
            Block::Source(lines) => self.source(lines),
            Block::Events(events) => self.events(events),
            Block::Timeline(moments) => self.timeline(moments),
            Block::Command(what, command) => self.command(what, command),
            Block::Table(table) => self.table(table, before),
            Block::Fold(title, blocks) => {
                self.put(before, title);
                self.blocks(blocks, &format!("{before}  "));
            }
        }
    }

    /// Names with their values, a line each.
    fn facts(&mut self, facts: &[Fact]) {
        for Fact { name, value } in facts {
            let line = Line::new().soft(name.clone()).plain(" ");
            self.put_after("", INDENT, &line.concat(value.clone()));
        }
    }

    /// A line, broken between words.
    fn put(&mut self, before: &str, line: &Line) {
        self.put_after(before, before, line);
    }

    /// A line, broken between words, with other letters before its first row than before the rest.
    fn put_after(&mut self, first: &str, rest: &str, line: &Line) {
        let room = |before: &str| self.screen.columns.saturating_sub(width(before));
        let rows = wrap::rows(line, room(first), room(rest));
        for (index, row) in rows.iter().enumerate() {
            self.raw(if index == 0 { first } else { rest }, row);
        }
    }

    /// A row as it is.
    fn raw(&mut self, before: &str, row: &str) {
        let before = before.replace('|', &"|".blue().to_string());
        let _ = writeln!(self.text, "{}", format!("{before}{row}").trim_end());
    }

    /// What helps with the lines above.
    fn note(&mut self, line: &Line) {
        let sign = "=".blue().to_string();
        self.put_after(&format!("   {sign} "), "     ", line);
    }

    /// A command to paste, and what it does.
    fn command(&mut self, what: &str, command: &Text) {
        let first = format!("   {} {}: ", "=".blue(), toned(what, Tone::Neutral));
        self.put_command(&first, "       ", command);
    }

    fn put_command(&mut self, first: &str, rest: &str, command: &Text) {
        let room = |before: &str| self.screen.columns.saturating_sub(width(before));
        let rows = wrap::command(&whole(command), room(first), room(rest));
        for (index, row) in rows.iter().enumerate() {
            self.raw(if index == 0 { first } else { rest }, row);
        }
    }

    /// An empty line, unless one is there.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}

/// The columns that a text takes, whatever its styles.
fn width(text: &str) -> usize {
    plain(text).chars().count()
}
