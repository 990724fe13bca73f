//! Letters that would hide, reorder or break what stands around them. The whole file goes through
//! here, so that none is forgotten.

use std::fmt::Write as _;

/// The text with each such letter as its code point: `‹U+202E›`.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_sly(letter) {
            let _ = write!(seen, "‹{}›", code_point(letter));
        } else {
            seen.push(letter);
        }
    }
    seen
}

/// `U+202E`.
pub fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// The first letters, and how many are left out.
pub fn cut(text: &str, letters: usize) -> (&str, usize) {
    match text.char_indices().nth(letters) {
        Some((end, _)) => (&text[..end], text[end..].chars().count()),
        None => (text, 0),
    }
}

fn is_sly(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        // The marks, overrides and isolates of both directions.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // What takes no place, or breaks lines. The joiners of zero width stay: letters and emoji
        // are made of them.
        | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        letter => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_reorder_or_hide_text_is_shown() {
        assert_eq!(visible("gpj.\u{202e}exe"), "gpj.‹U+202E›exe");
        assert_eq!(visible("\u{1b}[2J\0\u{9b}"), "‹U+001B›[2J‹U+0000›‹U+009B›");
        assert_eq!(visible("a\u{200b}b\u{feff}"), "a‹U+200B›b‹U+FEFF›");
    }

    #[test]
    fn letters_of_every_script_stay() {
        let text = "שלום, Überläufer 👨‍👩‍👧 e\u{301}\n\tline";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn a_cut_says_how_much_is_missing() {
        assert_eq!(cut("Überläufer", 4), ("Über", 6));
        assert_eq!(cut("kurz", 4), ("kurz", 0));
    }
}
