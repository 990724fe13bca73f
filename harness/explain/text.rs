//! A page of text for a terminal. Styled; who prints it decides whether the styles stay.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

/// Longer lines are broken between words.
const WIDTH: usize = 110;

/// A page, written from its top.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// A page with this title, and what it is the title of.
    pub fn new(title: &str, what: &str) -> Self {
        Self(format!("{}  {}\n", title.bold(), what.dimmed()))
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.0
    }

    /// Begins a part.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.0, "\n{}", text.bold());
    }

    /// Sentences.
    pub fn say(&mut self, text: &str) {
        self.lines("  ", "  ", text);
    }

    /// A name, and what is to be said of it.
    pub fn item(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "  {}", name.cyan());
        self.lines("    ", "    ", text);
    }

    /// A name, and a line that is shown as it is.
    pub fn item_as_is(&mut self, name: &str, line: &str) {
        let _ = writeln!(self.0, "  {}\n    {line}", name.cyan());
    }

    /// A line that is not broken.
    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.0, "  {text}");
    }

    /// What is of less weight.
    pub fn aside(&mut self, text: &str) {
        let _ = writeln!(self.0, "    {}", text.dimmed());
    }

    /// A file from its first line, those in `marked` made plain.
    pub fn source(&mut self, text: &str, marked: Option<usize>) {
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if marked == Some(number) {
                let _ = writeln!(
                    self.0,
                    "{} {number:>3} {} {}",
                    ">".red().bold(),
                    "|".blue(),
                    line.bold()
                );
            } else {
                let space = if line.is_empty() { "" } else { " " };
                let _ = writeln!(self.0, "  {:>3} {}{space}{line}", number.blue(), "|".blue());
            }
        }
    }

    fn lines(&mut self, first: &str, others: &str, text: &str) {
        let (mut line, mut is_empty) = (first.to_owned(), true);
        for word in text.split_whitespace() {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                let _ = writeln!(self.0, "{line}");
                (line, is_empty) = (others.to_owned(), true);
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        let _ = writeln!(self.0, "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(page: Page) -> String {
        anstream::adapter::strip_str(&page.finish()).to_string()
    }

    #[test]
    fn long_sentences_are_broken_between_words() {
        let mut page = Page::new("A", "thing");
        page.say(&"word ".repeat(40));
        let text = plain(page);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines.iter().all(|line| line.chars().count() <= WIDTH)
                && lines[1..].iter().all(|line| line.starts_with("  word")),
            "{text}"
        );
    }

    #[test]
    fn the_line_that_asks_is_marked() {
        let mut page = Page::new("A", "thing");
        page.source("one\ntwo\n", Some(2));
        assert_eq!(plain(page), "A  thing\n    1 | one\n>   2 | two\n");
    }
}
