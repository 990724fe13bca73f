//! Commands as they would be typed.

/// `alhena-conformance` with these words, for a shell.
pub fn typed(words: &[String]) -> String {
    std::iter::once("alhena-conformance".to_owned())
        .chain(words.iter().map(|word| quoted(word)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-:@=,%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_a_shell_would_change_is_quoted() {
        let words = [
            "run",
            "--sdk",
            "my build.js",
            "--filter",
            "cart/*",
            "it's",
            "",
        ]
        .map(str::to_owned);
        assert_eq!(
            typed(&words),
            r"alhena-conformance run --sdk 'my build.js' --filter 'cart/*' 'it'\''s' ''"
        );
    }
}
