/// The words of a command, each with its quotes: a space between quotes ends no word.
pub fn quoted_words(command: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let words = command.split(move |letter| {
        is_quoted ^= letter == '\'' && !is_escaped;
        // Between quotes a backslash stands for itself.
        is_escaped = letter == '\\' && !is_quoted && !is_escaped;
        letter == ' ' && !is_quoted
    });
    words.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_space_ends_no_word() {
        let words: Vec<&str> = quoted_words("run 'my build.js'  it'\\''s").collect();
        assert_eq!(words, ["run", "'my build.js'", "it'\\''s"]);
        let words: Vec<&str> = quoted_words("'a build'\\''s name.js' run").collect();
        assert_eq!(words, ["'a build'\\''s name.js'", "run"]);
    }
}
