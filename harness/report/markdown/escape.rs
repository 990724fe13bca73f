//! Texts that come from an SDK or a page, for Markdown and the HTML in it.

use std::fmt::Write as _;

use super::super::failures::cut_to;

/// One line of at most so many letters that shows as it is, wherever it stands: no markup, no HTML, no mention, no end of a table's cell.
pub(super) fn text(raw: &str, letters: usize) -> String {
    let mut text = String::new();
    for letter in without_directions(&cut_to(raw, letters)).chars() {
        match letter {
            // What GitHub makes a link of is found in the finished text: only a letter without width keeps it apart.
            '@' | '#' => {
                let _ = write!(text, "&#{};&#8203;", u32::from(letter));
            }
            '&' | '<' | '>' | '"' | '\'' | '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '$' | ':' | '!' => {
                let _ = write!(text, "&#{};", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text
}

/// The same in the letters of code. Not between backticks, which a table's cell and a `<summary>` read otherwise than a paragraph.
pub(super) fn code(raw: &str, letters: usize) -> String {
    format!("<code>{}</code>", text(raw, letters))
}

/// Lines as they are, in a fence that nothing in them can close.
pub(super) fn fence(lines: &str) -> String {
    let longest = lines.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut text = format!("{fence}text\n");
    for line in lines.lines() {
        let _ = writeln!(text, "{}", without_directions(line));
    }
    let _ = writeln!(text, "{fence}");
    text
}

/// Letters that turn the direction of what follows would show another text than the one that is there.
fn without_directions(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(text("a|b `c` <d>\n@e", 99), "a&#124;b &#96;c&#96; &#60;d&#62; &#64;&#8203;e");
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
