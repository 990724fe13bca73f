//! Breaks lines between words, at the width of the terminal, with their styles.

use super::line::{cut, styled, whole};
use crate::render::document::{Line, Style};
use crate::text::quoted_words;

/// Parts of one row, or of one word, each in one style.
type Parts = Vec<(Style, String)>;

/// The rows of a line: the first one has `first` letters of room, all others `rest`. What has no
/// space in it is never broken.
pub fn rows(line: &Line, first: usize, rest: usize) -> Vec<String> {
    let mut rows: Vec<Parts> = Vec::new();
    let (mut row, mut used) = (Parts::new(), 0);
    for word in words(line) {
        let width: usize = word.iter().map(|(_, text)| text.chars().count()).sum();
        let room = if rows.is_empty() { first } else { rest };
        if used > 0 && used + 1 + width > room {
            rows.push(std::mem::take(&mut row));
            used = 0;
        }
        if used > 0 {
            space(&mut row, &word);
            used += 1;
        }
        used += width;
        for part in word {
            add(&mut row, part);
        }
    }
    rows.push(row);
    let shown = |row: Parts| {
        row.iter()
            .map(|(style, text)| styled(*style, text))
            .collect()
    };
    rows.into_iter().map(shown).collect()
}

/// The rows of a command, which can be pasted as they are: each but the last ends with a backslash.
pub fn command(command: &str, first: usize, rest: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in options(command) {
        let room = if rows.len() == 1 { first } else { rest };
        let row = rows.last_mut().expect("there is one from the start");
        let used = row.chars().count();
        // The backslash has a space before it.
        if used > 0 && used + 1 + word.chars().count() + 2 > room {
            row.push_str(" \\");
            rows.push(word);
            continue;
        }
        if used > 0 {
            row.push(' ');
        }
        row.push_str(&word);
    }
    rows
}

/// The words of a command, each option with its value.
fn options(command: &str) -> Vec<String> {
    let is_option = |word: &str| word.starts_with('-') && !word.contains(' ');
    let mut words: Vec<String> = Vec::new();
    for word in quoted_words(command) {
        match words.last_mut() {
            Some(option) if is_option(option) && !word.starts_with('-') => {
                option.push(' ');
                option.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
    }
    words
}

/// What stands between spaces, whatever styles it has.
fn words(line: &Line) -> Vec<Parts> {
    let mut words = vec![Parts::new()];
    for span in line.spans() {
        let text = match span.style {
            Style::Command => whole(&span.text),
            style => cut(&span.text, style),
        };
        for (index, piece) in text.split(' ').enumerate() {
            if index > 0 {
                words.push(Parts::new());
            }
            if !piece.is_empty() {
                let last = words.last_mut().expect("there is one from the start");
                last.push((span.style, piece.to_owned()));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A space between two words, in their style where they share one.
fn space(row: &mut Parts, next: &Parts) {
    let before = row.last().map(|(style, _)| *style);
    let after = next.first().map(|(style, _)| *style);
    let style = before.filter(|_| before == after).unwrap_or(Style::Plain);
    add(row, (style, " ".to_owned()));
}

fn add(row: &mut Parts, (style, text): (Style, String)) {
    match row.last_mut() {
        Some((last, own)) if *last == style => own.push_str(&text),
        Some(_) | None => row.push((style, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::plain;
    use super::*;

    fn shown(line: &Line, first: usize, rest: usize) -> Vec<String> {
        let rows = rows(line, first, rest);
        rows.iter().map(|row| plain(row)).collect()
    }

    #[test]
    fn line_is_broken_between_words_only() {
        let line = Line::from("one two ").code("three").plain(", four");
        assert_eq!(shown(&line, 7, 11), ["one two", "three, four"]);
        assert_eq!(shown(&line, 3, 3), ["one", "two", "three,", "four"]);
        assert_eq!(shown(&Line::new(), 3, 3), [""]);
    }

    #[test]
    fn words_of_one_style_share_its_codes() {
        let line = Line::new().strong("one two").plain(" three");
        assert_eq!(rows(&line, 80, 80), ["\u{1b}[1mone two\u{1b}[0m three"]);
    }

    #[test]
    fn broken_command_can_be_pasted() {
        let rows = command("run --yes --sdk 'my build.js' --filter cart/*", 24, 24);
        assert_eq!(
            rows,
            ["run --yes \\", "--sdk 'my build.js' \\", "--filter cart/*"]
        );
        assert_eq!(command("run", 1, 1), ["run"]);
    }
}
