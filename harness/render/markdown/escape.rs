//! Texts that come from an SDK or a page, for Markdown and the HTML in it.

use std::fmt::Write as _;

use crate::render::document::Escape;
use crate::text::cut_to;

/// A letter without width.
const APART: &str = "&#8203;";

/// One line of at most so many letters that shows as it is, wherever it stands: no markup, no HTML,
/// no mention, no end of a table's cell.
pub struct Words(pub usize);

/// The same in the letters of code, where GitHub makes no links, and from where each letter can be
/// copied. Not between backticks, which a table's cell and a `<summary>` read otherwise than a
/// paragraph.
pub struct Code(pub usize);

/// One line of at most so many letters as it is, for a fence.
pub struct Raw(pub usize);

impl Escape for Raw {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        cut_to(raw, self.0)
    }
}

/// The first digits of a hash.
pub struct Hash;

impl Escape for Words {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        // What GitHub makes a link of, a person or an issue, is found in the finished text.
        escaped(raw, self.0)
            .replace("&#64;", &format!("&#64;{APART}"))
            .replace("&#35;", &format!("&#35;{APART}"))
    }
}

impl Escape for Code {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        format!("<code>{}</code>", escaped(raw, self.0))
    }
}

impl Escape for Hash {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        Code(12).escape(&raw.chars().take(12).collect::<String>())
    }
}

fn escaped(raw: &str, letters: usize) -> String {
    let mut text = String::new();
    for letter in cut_to(raw, letters).chars() {
        if letter.is_ascii_punctuation() && !"%()+,-./;=?^".contains(letter) {
            let _ = write!(text, "&#{};", u32::from(letter));
        } else {
            text.push(letter);
        }
    }
    text
}

/// Lines as they are, in a fence that nothing in them can close.
pub fn fence(kind: &str, lines: &str) -> String {
    let longest = lines
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut text = format!("{fence}{kind}\n");
    for line in lines.trim_end().lines() {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "{fence}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_holds_no_markup() {
        assert_eq!(
            Words(99).escape("a|b `c` <d>\n@e"),
            "a&#124;b &#96;c&#96; &#60;d&#62; &#64;&#8203;e"
        );
    }

    #[test]
    fn text_is_cut_before_it_is_escaped() {
        assert_eq!(Words(3).escape("|||||"), "&#124;&#124;…");
    }

    #[test]
    fn fence_is_longer_than_any_in_its_text() {
        assert_eq!(
            fence("text", "a\n````\nb"),
            "`````text\na\n````\nb\n`````\n"
        );
        assert_eq!(fence("text", "a"), "```text\na\n```\n");
    }
}
