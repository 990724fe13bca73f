use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Millis, Severity};

/// One console message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsoleMessage {
    /// When, by the browser's clock.
    pub at: Millis,
    /// How serious.
    pub severity: Severity,
    /// Its source: `console-api`, `javascript`, `network`, `security`…
    pub source: String,
    /// The text, as the page gave it.
    pub text: String,
    /// The position that logged it; absent where the browser names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// A position in a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The URL that the page loaded the script from; of an inline script: the page's.
    pub url: String,
    /// The line; the first is 1.
    pub line: usize,
    /// The column in UTF-16 code units; the first is 1.
    pub column: usize,
}

impl ConsoleMessage {
    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        match self.severity {
            Severity::Error | Severity::Uncaught => true,
            Severity::Debug | Severity::Info | Severity::Warning => false,
        }
    }

    /// The message without the hosts of the run: the same in every attempt and every run.
    pub fn message(&self) -> String {
        without_hosts(&self.text)
    }

    /// The message, followed by its position where there is one.
    pub fn quoted(&self) -> String {
        let message = self.message();
        match &self.position {
            Some(position) => format!("{message} ({position})"),
            None => message,
        }
    }
}

impl Position {
    /// The first position in the stack of an exception: `at name (URL:LINE:COLUMN)` or
    /// `name@URL:LINE:COLUMN`, both counted from 1.
    pub fn in_stack(stack: &str) -> Option<Self> {
        stack.lines().find_map(|frame| {
            let start = frame.find("http://").or_else(|| frame.find("https://"))?;
            let frame = frame.get(start..)?.trim_end().trim_end_matches(')');
            let (rest, column) = frame.rsplit_once(':')?;
            let (url, line) = rest.rsplit_once(':')?;
            Some(Self {
                url: url.to_owned(),
                line: line.parse().ok()?,
                column: column.parse().ok()?,
            })
        })
    }

    /// The script's file name, or the path of the page.
    pub fn file(&self) -> &str {
        file_of(&self.url)
    }
}

/// `gleenWidget.js:14:47`
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file(), self.line, self.column)
    }
}

/// A text in which URLs below the harness's own hosts, which differ from attempt to attempt, are
/// replaced by their file.
pub fn without_hosts(text: &str) -> String {
    let (mut done, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("http://") {
        let (before, url) = rest.split_at(start);
        let is_end = |letter: char| letter.is_whitespace() || "\"'`()<>,;\\".contains(letter);
        let (url, after) = url.split_at(url.find(is_end).unwrap_or(url.len()));
        done.push_str(before);
        done.push_str(if is_ours(url) { file_of(url) } else { url });
        rest = after;
    }
    done + rest
}

fn is_ours(url: &str) -> bool {
    let host = url.strip_prefix("http://").unwrap_or_default();
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
    host.ends_with(".localhost")
}

/// The last part of a URL's path where that is a file; else the path.
fn file_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    match path.rsplit_once('/') {
        Some((_, name)) if name.contains('.') => name,
        Some(_) | None => path,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn message(text: &str, position: Option<Position>) -> ConsoleMessage {
        ConsoleMessage {
            at: Millis(0.0),
            severity: Severity::Error,
            source: "console-api".into(),
            text: text.into(),
            position,
        }
    }

    #[rstest]
    #[case::of_a_script("http://c0.api.localhost:1/sdk/w.js", "no (w.js:15:4)")]
    #[case::of_a_page("http://c0.shop.localhost:1/product", "no (/product:15:4)")]
    #[case::of_another_host("http://example.com/a.js", "no (a.js:15:4)")]
    fn position_follows_the_message(#[case] url: &str, #[case] expected: &str) {
        let position = Position {
            url: url.to_owned(),
            line: 15,
            column: 4,
        };
        assert_eq!(message("no", Some(position)).quoted(), expected);
    }

    #[rstest]
    #[case::network(
        "http://c0.shop.localhost:1/a.js?b - Failed to load resource",
        "a.js?b - Failed to load resource"
    )]
    #[case::stack(
        "Error: x\n    at http://c0.localhost:1/w.js:2:3",
        "Error: x\n    at w.js:2:3"
    )]
    #[case::another_host("see http://example.com/a.js", "see http://example.com/a.js")]
    #[case::no_host("just words", "just words")]
    #[case::words_like_a_position(
        "http://example.com/a.js 1:2 no",
        "http://example.com/a.js 1:2 no"
    )]
    fn message_is_quoted_without_hosts(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(message(text, None).quoted(), expected);
    }

    #[rstest]
    #[case::of_v8(
        "TypeError: no\n    at f (http://a.localhost:1/w.js:7:11)\n    at g (http://b/c.js:1:1)"
    )]
    #[case::of_v8_without_a_name("TypeError: no\n    at http://a.localhost:1/w.js:7:11")]
    #[case::of_others("f@http://a.localhost:1/w.js:7:11\n")]
    fn first_frame_is_read_from_the_stack(#[case] stack: &str) {
        let expected = Position {
            url: "http://a.localhost:1/w.js".into(),
            line: 7,
            column: 11,
        };
        assert_eq!(Position::in_stack(stack), Some(expected));
    }

    #[test]
    fn stack_without_positions_has_none() {
        assert_eq!(Position::in_stack("Error: no\n    at <anonymous>"), None);
    }
}
