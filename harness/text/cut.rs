/// One line, without control characters and without those that turn the direction of what follows:
/// it comes from the page.
pub fn one_line(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|letter| {
            if letter.is_control() || turns(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

/// One line of at most so many letters.
pub fn cut_to(text: &str, letters: usize) -> String {
    let clean = one_line(text);
    if clean.chars().count() <= letters {
        clean
    } else {
        format!(
            "{}…",
            clean
                .chars()
                .take(letters.saturating_sub(1))
                .collect::<String>()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_text_cannot_move_the_cursor_or_break_the_line() {
        assert_eq!(one_line("\u{1b}[2Jgreen\nnext\u{202e}"), " [2Jgreen next ");
    }

    #[test]
    fn long_text_is_cut_between_letters() {
        assert_eq!(cut_to("Überläufer", 4), "Übe…");
    }
}
