//! Lines, with their styles.

use owo_colors::OwoColorize;

use crate::render::document::{Escape, Line, Style, Text, Tone};
use crate::text::{cut_to, one_line};

/// Longer texts that may be a page's or a build's are cut; the report holds them whole.
const LETTERS: usize = 240;

/// So many digits tell one build from another.
const HASH: usize = 12;

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

/// The first digits of a hash.
struct Hash;

impl Escape for Hash {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        one_line(&raw.chars().take(HASH).collect::<String>())
    }
}

/// A text of at most as many letters as its style lets it have. Ids and commands are never cut.
pub fn cut(text: &Text, style: Style) -> String {
    match style {
        Style::Strong | Style::Command | Style::Prose => whole(text),
        Style::Hash => text.escaped(&Hash),
        Style::Plain
        | Style::Code
        | Style::Soft
        | Style::Web
        | Style::Expected
        | Style::Actual
        | Style::Badge(_) => text.escaped(&Cut(LETTERS)),
    }
}

pub fn whole(text: &Text) -> String {
    text.escaped(&Cut(usize::MAX))
}

/// A line in one row.
pub fn line(line: &Line) -> String {
    let spans = line.spans().iter();
    spans
        .map(|own| styled(own.style, &cut(&own.text, own.style)))
        .collect()
}

/// A text as it is, in its style.
pub fn styled(style: Style, text: &str) -> String {
    match style {
        Style::Plain | Style::Prose | Style::Code | Style::Web | Style::Command => text.to_owned(),
        Style::Strong => text.bold().to_string(),
        Style::Soft | Style::Hash => text.dimmed().to_string(),
        Style::Expected => text.green().to_string(),
        Style::Actual => text.red().to_string(),
        Style::Badge(tone) => toned(text, tone),
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
