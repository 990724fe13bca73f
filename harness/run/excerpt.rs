use crate::evidence::{ExcerptLine, Spot};
use crate::text::one_line;

/// How many lines are shown before and after the one that is asked for.
const AROUND: usize = 1;

/// Longer lines are cut: a minified build is one line. A terminal of 80 columns has room for this.
const WIDTH: usize = 66;

/// The spot in a file of this text; of a file whose text is not known, without an excerpt.
pub fn spot(file: String, text: Option<&str>, line: usize, column: usize) -> Spot {
    let text = text.unwrap_or_default();
    let asked = text.lines().nth(line.saturating_sub(1));
    let column_of = |line: &str| letters_before(line, column.saturating_sub(1));
    let letters = asked.map_or(0, column_of);
    let is_long = asked.is_some_and(|line| line.chars().count() > WIDTH);
    let from = if is_long {
        letters.saturating_sub(WIDTH / 2)
    } else {
        0
    };
    let shown = line.saturating_sub(AROUND).max(1)..=line + AROUND;
    let lines = (1..).zip(text.lines());
    let lines = lines
        .skip_while(|(number, _)| number < shown.start())
        .take_while(|(number, _)| number <= shown.end());
    let excerpt = lines.map(|(number, text)| ExcerptLine {
        number,
        text: window(text, from),
    });
    Spot {
        file,
        line,
        column,
        caret: letters - from + usize::from(from > 0),
        excerpt: asked.map_or_else(Vec::new, |_| excerpt.collect()),
    }
}

/// How many letters of a line so many UTF-16 code units are.
fn letters_before(line: &str, units: usize) -> usize {
    let mut seen = 0;
    let is_before = |letter: &char| {
        let is_before = seen < units;
        seen += letter.len_utf16();
        is_before
    };
    line.chars().take_while(is_before).count()
}

/// A part of a line that begins after so many letters. Each letter stays one letter.
fn window(line: &str, from: usize) -> String {
    let mut rest = line.chars().skip(from);
    let part: String = rest.by_ref().take(WIDTH).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if rest.next().is_some() { "…" } else { "" };
    one_line(&format!("{before}{part}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letter above the caret.
    fn pointed_at(spot: &Spot) -> Option<char> {
        let mut lines = spot.excerpt.iter();
        let line = lines.find(|line| line.number == spot.line)?;
        line.text.chars().nth(spot.caret)
    }

    #[test]
    fn excerpt_shows_the_lines_around_the_spot() {
        let spot = spot("w.js".into(), Some("one\n\ttwo\nthree\nfour"), 2, 2);
        let lines = spot.excerpt.iter();
        let lines: Vec<_> = lines
            .map(|line| (line.number, line.text.as_str()))
            .collect();
        assert_eq!(lines, [(1, "one"), (2, " two"), (3, "three")]);
        assert_eq!(pointed_at(&spot), Some('t'));
        assert_eq!(spot.location(), "w.js:2:2");
    }

    #[test]
    fn long_line_is_cut_around_the_column() {
        let text = format!("{}X{}", "a".repeat(5_000), "b".repeat(300_000));
        let spot = spot("w.js".into(), Some(&text), 1, 5_001);
        assert_eq!(spot.excerpt.len(), 1);
        assert!(spot.excerpt[0].text.chars().count() <= WIDTH + 2);
        assert_eq!(pointed_at(&spot), Some('X'));
    }

    #[test]
    fn column_counts_utf_16_code_units() {
        let spot = spot("w.js".into(), Some("'😀' + x"), 1, 8);
        assert_eq!(pointed_at(&spot), Some('x'));
    }

    #[test]
    fn line_past_the_end_has_no_excerpt() {
        assert_eq!(spot("w.js".into(), Some("one"), 7, 1).excerpt, []);
        assert_eq!(spot("w.js".into(), None, 7, 1).excerpt, []);
    }

    #[test]
    fn column_past_the_end_points_behind_the_line() {
        assert_eq!(spot("w.js".into(), Some("one"), 1, 99).caret, 3);
    }
}
