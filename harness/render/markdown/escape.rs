//! Texts that come from an SDK or a page, for Markdown and the HTML in it.

use std::fmt::Write as _;

use crate::text::cut_to;

/// A letter without width.
const APART: &str = "&#8203;";

/// One line of at most so many letters that shows as it is, wherever it stands: no markup, no HTML,
/// no mention, no end of a table's cell.
pub fn text(raw: &str, letters: usize) -> String {
    // What GitHub makes a link of, a person or an issue, is found in the finished text.
    escaped(raw, letters)
        .replace("&#64;", &format!("&#64;{APART}"))
        .replace("&#35;", &format!("&#35;{APART}"))
}

/// The same in the letters of code, where GitHub makes no links, and from where each letter can be
/// copied. Not between backticks, which a table's cell and a `<summary>` read otherwise than a
/// paragraph.
pub fn code(raw: &str, letters: usize) -> String {
    format!("<code>{}</code>", escaped(raw, letters))
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
pub fn fence(lines: &str) -> String {
    let longest = lines
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut text = format!("{fence}text\n");
    for line in lines.lines() {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "{fence}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            text("a|b `c` <d>\n@e", 99),
            "a&#124;b &#96;c&#96; &#60;d&#62; &#64;&#8203;e"
        );
    }

    #[test]
    fn a_text_is_cut_before_it_is_escaped() {
        assert_eq!(text("|||||", 3), "&#124;&#124;…");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_its_text() {
        assert_eq!(fence("a\n````\nb"), "`````text\na\n````\nb\n`````\n");
        assert_eq!(fence("a"), "```text\na\n```\n");
    }
}
