//! The formats that a report is rendered in, each made from what was stored and from nothing else.

use super::rows::{self, Rows};
use super::terminal::{self, Screen};
use super::{html, markdown, run, text};
use crate::report::Stored;

/// A way to show a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For a terminal, styled; who prints it decides whether the styles stay.
    Text,
    /// One file for a browser, which loads nothing.
    Html,
    /// JUnit XML, for the test pages of CI systems.
    Junit,
    /// Workflow commands of GitHub Actions: annotations at the lines of the scenarios.
    Github,
    /// A comment on a pull request.
    Markdown,
    /// The Common Test Report Format, a JSON: ctrf.io.
    Ctrf,
}

impl Format {
    /// The name of its file beside `report.json`; absent where it is made for standard output
    /// alone.
    pub fn file_name(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("report.txt"),
            Self::Html => Some("report.html"),
            Self::Junit => Some("junit.xml"),
            Self::Github => None,
            Self::Markdown => Some("report.md"),
            Self::Ctrf => Some("ctrf.json"),
        }
    }
}

impl Stored {
    /// The report in this format.
    pub fn rendered(&self, format: Format) -> String {
        match format {
            Format::Text => text(self, Screen::default()),
            Format::Html => html(&[self]),
            Format::Junit => rows::junit(&Rows::of_run(self)),
            Format::Github => rows::github(&Rows::of_run(self)),
            Format::Markdown => markdown::markdown(&run::document(&[self])),
            Format::Ctrf => rows::ctrf(&Rows::of_run(self)),
        }
    }

    /// The report in this format, as it stands in a file: without styles.
    pub fn plain(&self, format: Format) -> String {
        match format {
            Format::Text => terminal::plain(&self.rendered(format)),
            other => self.rendered(other),
        }
    }
}
