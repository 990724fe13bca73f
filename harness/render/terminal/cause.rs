//! A cause in one block: what a person needs to fix it.

use owo_colors::OwoColorize;

use super::Terminal;
use super::line::{toned, whole};
use crate::render::document::{Block, Cause, Line, Style, Text};

/// The names of what is said of a cause are a column of this width.
const NAME: usize = 12;

/// More causes are named only.
const SHOWN_CAUSES: usize = 8;

impl Terminal {
    pub fn cause(&mut self, cause: &Cause) {
        self.gap();
        let badge = toned(&whole(&cause.badge.words), cause.badge.tone);
        let first = format!("{}: ", badge.bold());
        self.put_after(&first, "  ", &Line::new().strong(cause.sentence.clone()));
        if !cause.location.is_empty() {
            self.raw(
                "",
                &format!("  {} {}", "-->".blue(), whole(&cause.location)),
            );
        }
        let (lines, rest): (Vec<&Block>, Vec<&Block>) = cause
            .shown
            .iter()
            .partition(|block| matches!(block, Block::Source(_)));
        for block in lines {
            self.block(block, "  ");
        }
        self.said("breaks", &cause.breaks);
        if !cause.promise.is_empty() {
            self.said("", &Line::new().soft(cause.promise.clone()));
        }
        for (index, text) in cause.console.iter().enumerate() {
            let name = if index == 0 { "console" } else { "" };
            // Never cut: it is what the build itself says of its error.
            self.said(name, &Line::new().with(Style::Command, text.clone()));
        }
        for block in rest {
            self.block(block, "  ");
        }
        self.said("seen in", &cause.seen);
        self.said("usually", &text(&cause.means));
        self.said("not judged", &cause.hides);
        self.put_command(&label("run next"), &" ".repeat(NAME + 4), &cause.again);
    }

    /// Those for which there is no room, a line each.
    pub fn other_causes(&mut self, causes: &[&Cause]) {
        if causes.is_empty() {
            return;
        }
        self.gap();
        let more = format!("and {} more causes (-v shows each):", causes.len());
        self.put("", &Line::from(more));
        for cause in causes {
            let line = Line::new().badge(cause.badge.clone()).plain(": ");
            self.put_after("  ", "    ", &line.plain(cause.sentence.clone()));
        }
    }

    /// One thing that is said of a cause; nothing where there is nothing to say.
    pub fn said(&mut self, name: &str, line: &Line) {
        if !line.is_empty() {
            self.put_after(&label(name), &" ".repeat(NAME + 2), line);
        }
    }

    /// How many causes are shown whole.
    pub fn shown_causes(&self) -> usize {
        if self.screen.is_full() {
            usize::MAX
        } else {
            SHOWN_CAUSES
        }
    }
}

fn text(text: &Text) -> Line {
    if text.is_empty() {
        return Line::new();
    }
    Line::new().plain(text.clone())
}

/// The name of what is said, as a column.
fn label(name: &str) -> String {
    let space = " ".repeat(NAME - name.len());
    match name {
        "" => format!("  {space}"),
        name => format!("  {}{space}", name.cyan()),
    }
}
