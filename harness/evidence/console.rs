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
    /// The text, with the position that the browser puts before it.
    pub text: String,
    /// That position; absent where the browser names none, as in evidence that is older than this
    /// field.
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

    /// The message without the position before it and without the hosts of the run: the same in
    /// every attempt and every run.
    pub fn message(&self) -> String {
        message_of(&self.text)
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
    /// The position that chromedriver puts before a message: `URL LINE:COLUMN message`, both
    /// counted from 0.
    pub fn before_message(text: &str) -> Option<Self> {
        let (source, (line, column), _) = split(text)?;
        source.contains("://").then(|| Self {
            url: source.to_owned(),
            line: line + 1,
            column: column + 1,
        })
    }

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

/// A text of the console as [`ConsoleMessage::message`] returns it.
pub fn message_of(text: &str) -> String {
    without_hosts(split(text).map_or(text, |(_, _, message)| message))
}

/// What chromedriver puts before a message where code has no URL: the source of the message.
const NO_URL: [&str; 2] = ["console-api", "javascript"];

/// What stands before a message, its line and column, and the message.
fn split(text: &str) -> Option<(&str, (usize, usize), &str)> {
    let (source, rest) = text.split_once(' ')?;
    if !source.contains("://") && !NO_URL.contains(&source) {
        return None;
    }
    let (position, message) = rest.split_once(' ')?;
    let (line, column) = position.split_once(':')?;
    Some((source, (line.parse().ok()?, column.parse().ok()?), message))
}

/// A text in which URLs below the harness's own hosts, which differ from attempt to attempt, are
/// replaced by their file.
fn without_hosts(text: &str) -> String {
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

    fn message(text: &str) -> ConsoleMessage {
        ConsoleMessage {
            at: Millis(0.0),
            severity: Severity::Error,
            source: "console-api".into(),
            text: text.into(),
            position: Position::before_message(text),
        }
    }

    #[rstest]
    #[case::uncaught(
        "http://c0.api.localhost:1/sdk/w.js 14:3 Uncaught TypeError: no",
        "Uncaught TypeError: no (w.js:15:4)"
    )]
    #[case::logged("http://c0.api.localhost:1/sdk/w.js 0:8 \"e\"", "\"e\" (w.js:1:9)")]
    #[case::page(
        "http://c0.shop.localhost:1/product 9:0 \"e\"",
        "\"e\" (/product:10:1)"
    )]
    #[case::code_without_url("console-api 0:8 \"e\"", "\"e\"")]
    #[case::network(
        "http://c0.shop.localhost:1/a.js?b - Failed to load resource",
        "a.js?b - Failed to load resource"
    )]
    #[case::stack_in_message(
        "http://c0.api.localhost:1/sdk/w.js 1:2 Error: x\n    at http://c0.localhost:1/w.js:2:3",
        "Error: x\n    at w.js:2:3 (w.js:2:3)"
    )]
    #[case::another_host("http://example.com/a.js 1:2 no", "no (a.js:2:3)")]
    #[case::no_position("just words", "just words")]
    #[case::words_like_a_position("won 1:2 again", "won 1:2 again")]
    fn message_is_quoted_without_hosts(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(message(text).quoted(), expected);
    }

    #[test]
    fn old_message_loses_its_position_in_the_text() {
        let old = ConsoleMessage {
            position: None,
            ..message("http://c0.api.localhost:1/sdk/w.js 1:2 no")
        };
        assert_eq!(old.quoted(), "no");
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
