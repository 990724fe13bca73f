use serde_json::{Map, Value};

use crate::contract::{Level, RequirementId};
use crate::render::values::{or_missing, or_nothing};
use crate::verdict::Bearing;

/// A report or a comparison, as machines read it.
#[derive(Debug)]
pub struct Rows {
    /// The program, and its command where that is not `run`.
    pub title: &'static str,
    /// The version of the harness.
    pub version: String,
    /// The build under test.
    pub subject: String,
    /// The browser and its version; absent where none was had.
    pub browser: Option<String>,
    /// The operating system; absent likewise.
    pub system: Option<String>,
    /// When the run began, in UTC: RFC 3339; absent where nobody knows.
    pub began: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
    /// What it was made on and with, by name.
    pub facts: Vec<(String, String)>,
    /// The rows.
    pub suites: Vec<Suite>,
    /// What explains the failures of several rows, the most important first.
    pub causes: Vec<Row>,
    /// What no row reports.
    pub notes: Vec<Note>,
    /// The verdict on the whole.
    pub conclusion: String,
    /// What else a program may want to know.
    pub extra: Value,
}

/// Rows that belong together: a folder of scenarios.
#[derive(Debug)]
pub struct Suite {
    pub name: String,
    /// What its rows prove, by name.
    pub facts: Vec<(String, String)>,
    pub rows: Vec<Row>,
}

/// One check, one entry of the list of known failures, or one change.
#[derive(Debug)]
pub struct Row {
    /// Its stable id.
    pub id: String,
    /// The names of what it is in, from the suite to the case.
    pub within: Vec<String>,
    /// Its name in the case.
    pub name: String,
    /// Whether it matters, and to whom.
    pub bearing: Bearing,
    /// The kind of verdict, as one word.
    pub kind: &'static str,
    /// The verdict in words: `flaky (1 of 3)`.
    pub verdict: String,
    /// The defect that explains it, in one sentence; absent where none is known.
    pub cause: Option<String>,
    /// Why, in one sentence; absent where there is nothing to explain.
    pub reason: Option<String>,
    /// It holds in one attempt and not in another.
    pub is_flaky: bool,
    /// Another row reports its cause.
    pub is_reported_elsewhere: bool,
    /// The user's file and line; absent where nobody knows them.
    pub location: Option<Location>,
    /// What is in that line, where something failed.
    pub source: Option<String>,
    /// The promises that it is about, a sentence each.
    pub promises: Vec<String>,
    /// What explains it, by name: the values that differ, the command that repeats it.
    pub values: Map<String, Value>,
    /// All that explains a failure, as plain text.
    pub details: String,
    /// What happened in its case, or what was observed, as plain text.
    pub output: String,
    /// Its share of the duration of its case.
    pub milliseconds: u64,
    /// In how many attempts it was judged; absent where it never was.
    pub attempts: Option<usize>,
    /// Requirements and their level.
    pub tags: Vec<String>,
    /// Files beside the report.
    pub attachments: Vec<Attachment>,
}

/// A line of a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
}

/// A file beside the report.
#[derive(Debug)]
pub struct Attachment {
    pub name: &'static str,
    pub media_type: &'static str,
    pub path: String,
}

/// Something that no row reports.
#[derive(Debug)]
pub struct Note {
    pub level: NoteLevel,
    pub title: String,
    pub text: String,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteLevel {
    /// It puts the verdicts, or who reads the wire, in doubt.
    Warning,
    /// It is worth knowing.
    Notice,
}

impl Rows {
    /// Every row, in order.
    pub fn all(&self) -> impl Iterator<Item = &Row> {
        self.suites.iter().flat_map(|suite| &suite.rows)
    }

    /// The causes and the rows for which the whole ends badly, each cause once, the worst first: of
    /// one bearing what always fails comes before what fails sometimes.
    pub fn failures(&self) -> Vec<&Row> {
        let mut failures: Vec<&Row> = self
            .causes
            .iter()
            .chain(self.all())
            .filter(|row| row.bearing.fails_the_run() && !row.is_reported_elsewhere)
            .collect();
        failures.sort_by_key(|row| (row.bearing, row.is_flaky));
        failures
    }
}

impl Row {
    /// A row with this verdict, of which nothing else is known.
    pub fn new(within: Vec<String>, name: &str, bearing: Bearing, kind: &'static str) -> Self {
        Self {
            id: name.to_owned(),
            within,
            name: name.to_owned(),
            bearing,
            kind,
            verdict: kind.to_owned(),
            cause: None,
            reason: None,
            is_flaky: false,
            is_reported_elsewhere: false,
            location: None,
            source: None,
            promises: Vec::new(),
            values: Map::new(),
            details: String::new(),
            output: String::new(),
            milliseconds: 0,
            attempts: None,
            tags: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// Its promises and values, a line each. A text is a line as it is; where values differ, their
    /// types show.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let value = |(name, value): (&String, &Value)| match value {
            Value::String(text) if name != "expected" && name != "actual" => {
                format!("{name}: {text}")
            }
            other => format!("{name}: {other}"),
        };
        let is_there = |name: &str| self.values.contains_key(name);
        let missing = match ["expected", "actual"].map(is_there) {
            [true, false] => Some(format!("actual: {}", or_missing(None))),
            [false, true] => Some(format!("expected: {}", or_nothing(None))),
            [true, true] | [false, false] => None,
        };
        self.promises
            .iter()
            .cloned()
            .chain(missing)
            .chain(self.values.iter().map(value))
    }

    /// The verdict, the cause and the reason, in one line.
    pub fn headline(&self) -> String {
        match self.message() {
            Some(message) => format!("{}: {message}", self.verdict),
            None => self.verdict.clone(),
        }
    }

    /// The cause and the reason, in one line.
    pub fn message(&self) -> Option<String> {
        match (&self.cause, &self.reason) {
            (Some(cause), Some(reason)) => Some(format!("{cause} · {reason}")),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}

/// The values that there are, by name.
pub fn named<const N: usize>(values: [(&str, Option<Value>); N]) -> Map<String, Value> {
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// Requirements and their level, as tags.
pub fn tags(requirements: &[RequirementId], level: Option<Level>) -> Vec<String> {
    requirements
        .iter()
        .map(ToString::to_string)
        .chain(level.map(|level| level.to_string()))
        .collect()
}

impl Location {
    /// Reads `file:line`.
    pub fn of(text: &str) -> Self {
        let parts = text
            .rsplit_once(':')
            .and_then(|(file, line)| Some((file, line.parse().ok()?)));
        match parts {
            Some((file, line)) => Self {
                file: file.to_owned(),
                line: Some(line),
            },
            None => Self {
                file: text.to_owned(),
                line: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_is_read_from_file_and_line() {
        let location = |file: &str, line| Location {
            file: file.to_owned(),
            line,
        };
        assert_eq!(
            Location::of("fixtures/a.toml:12"),
            location("fixtures/a.toml", Some(12))
        );
        assert_eq!(Location::of("C:\\fixtures"), location("C:\\fixtures", None));
    }
}
