//! A cause in a comment: what a person needs to fix it, in a few lines.

use std::fmt::Write as _;

use super::escape::{Code, Raw, Words, fence};
use super::{COMMAND, Comment, LETTERS, line};
use crate::render::document::{Block, Cause, Difference, Text};
use crate::render::terminal::plain_blocks;
use crate::text::counted;

/// What the build itself says of its error is not cut before.
const CONSOLE: usize = 2_000;

impl Comment {
    /// As many causes as there is room for.
    pub fn causes(&mut self, blocks: &[Block]) {
        let causes = blocks.iter().filter_map(|block| match block {
            Block::Cause(own) => Some(cause(own)),
            Block::Paragraph(_)
            | Block::Note(_)
            | Block::Aside(_)
            | Block::Facts(_)
            | Block::Entries { .. }
            | Block::Problem(_)
            | Block::Case(_)
            | Block::Difference(_)
            | Block::Source(_)
            | Block::Events(_)
            | Block::Timeline(_)
            | Block::Strip(_)
            | Block::Trace(_)
            | Block::Picture(..)
            | Block::Command(..)
            | Block::Table(_)
            | Block::Fold(..) => None,
        });
        let left_out = causes.filter(|cause| !self.put(cause)).count();
        if left_out > 0 {
            let more = counted(left_out, "more cause");
            let _ = writeln!(self.text, "… and {more} in the report.\n");
        }
    }
}

fn cause(cause: &Cause) -> String {
    let sentence = cause.sentence.escaped(&Words(COMMAND));
    let badge = cause.badge.words.escaped(&Words(LETTERS));
    let mut text = format!("#### {badge}: {sentence}\n\n");
    if !cause.location.is_empty() {
        let _ = writeln!(text, "at {}\n", cause.location.escaped(&Code(COMMAND)));
    }
    if !cause.breaks.is_empty() {
        let promise = Some(&cause.promise).filter(|promise| !promise.is_empty());
        let promise = promise.map(|promise| format!(": {}", words(promise)));
        let breaks = line(&cause.breaks);
        let _ = writeln!(text, "breaks {breaks}{}\n", promise.unwrap_or_default());
    }
    let console = cause.console.iter();
    let console: Vec<String> = console.map(|own| own.escaped(&Raw(CONSOLE))).collect();
    if !console.is_empty() {
        let _ = writeln!(text, "{}", fence("text", &console.join("\n")));
    }
    for block in &cause.shown {
        let _ = match block {
            Block::Difference(own) => writeln!(text, "{}", difference(own)),
            Block::Paragraph(_)
            | Block::Note(_)
            | Block::Aside(_)
            | Block::Facts(_)
            | Block::Entries { .. }
            | Block::Cause(_)
            | Block::Problem(_)
            | Block::Case(_)
            | Block::Source(_)
            | Block::Events(_)
            | Block::Timeline(_)
            | Block::Strip(_)
            | Block::Trace(_)
            | Block::Picture(..)
            | Block::Command(..)
            | Block::Table(_)
            | Block::Fold(..) => {
                writeln!(text, "{}", fence("text", &plain_blocks([block])))
            }
        };
    }
    let _ = writeln!(text, "- seen in {}", line(&cause.seen));
    if !cause.means.is_empty() {
        let _ = writeln!(text, "- usually: {}", cause.means.escaped(&Words(COMMAND)));
    }
    if !cause.hides.is_empty() {
        let _ = writeln!(text, "- not judged because of this: {}", line(&cause.hides));
    }
    let again = cause.again.escaped(&Code(COMMAND));
    let _ = writeln!(text, "- run next: {again}\n");
    text
}

/// In the colours of a patch: what is expected is green, and what is there is red.
fn difference(difference: &Difference) -> String {
    let sides = [
        ("+ expected:", &difference.expected),
        ("- actual:  ", &difference.actual),
    ];
    let lines = sides.map(|(name, side)| format!("{name} {}", side.short.escaped(&Raw(LETTERS))));
    fence("diff", &lines.join("\n"))
}

fn words(text: &Text) -> String {
    text.escaped(&Words(LETTERS))
}
