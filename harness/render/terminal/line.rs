//! Lines, with their styles.

use owo_colors::OwoColorize;

use crate::render::document::{Entry, Escape, Line, Span, Style, Text, Tone};
use crate::text::{cut_to, one_line};

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 140;

/// The words of an inventory's verdicts are a column of at least this width.
const BADGE: usize = 14;

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

pub fn cut(text: &Text) -> String {
    text.escaped(&Cut(LETTERS))
}

pub fn whole(text: &Text) -> String {
    text.escaped(&Cut(usize::MAX))
}

/// An entry of an inventory as cells.
pub fn row(entry: &Entry) -> Vec<String> {
    let badge = entry.badge.as_ref().map(|own| {
        let words = format!("{:BADGE$}", cut(&own.words));
        toned(&words, own.tone)
    });
    let count = cut(&entry.count).dimmed().to_string();
    vec![
        badge.unwrap_or_default(),
        plain(&line(&entry.name)),
        count,
        line(&entry.about),
    ]
}

pub fn line(line: &Line) -> String {
    line.spans()
        .iter()
        .map(|own| span(own, cut(&own.text)))
        .collect()
}

/// A line that is not cut: the cause of a failure.
pub fn headline(line: &Line) -> String {
    line.spans()
        .iter()
        .map(|own| span(own, whole(&own.text)))
        .collect()
}

fn span(span: &Span, text: String) -> String {
    match span.style {
        Style::Plain | Style::Code | Style::Hash | Style::Web => text,
        Style::Strong => text.bold().to_string(),
        Style::Soft => text.dimmed().to_string(),
        Style::Command => whole(&span.text),
        Style::Removed => text.red().to_string(),
        Style::Added => text.green().to_string(),
        Style::Badge(tone) => toned(&text, tone),
    }
}

pub fn toned(words: &str, tone: Tone) -> String {
    match tone {
        Tone::Bad => words.red().to_string(),
        Tone::Careful => words.yellow().to_string(),
        Tone::Neutral => words.dimmed().to_string(),
        Tone::Seen => words.cyan().to_string(),
        Tone::Good => words.green().to_string(),
    }
}

/// A text without its styles.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
