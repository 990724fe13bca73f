//! The formats that a report is rendered in, each made from what was stored and from nothing else.

use std::path::Path;

use super::rows::{self, Rows};
use super::terminal::{self, Screen};
use super::{html, markdown, run, text};
use crate::report::Stored;

/// A way to show a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub enum Format {
    /// For a terminal, styled; who prints it decides whether the styles stay.
    Text,
    /// One file for a browser, which loads nothing.
    Html,
    /// JUnit XML, for the test pages of CI systems.
    Junit,
    /// JUnit XML as GitLab reads it: with the file of each check, and pictures.
    Gitlab,
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
            Self::Gitlab => Some("junit-gitlab.xml"),
            Self::Github => None,
            Self::Markdown => Some("report.md"),
            Self::Ctrf => Some("ctrf.json"),
        }
    }
}

impl Stored {
    /// The report in this format.
    pub fn rendered(&self, format: Format) -> String {
        self.rendered_in(Path::new(""), format)
    }

    /// The report in this format, where its evidence is in `folder`, as the user would name it.
    fn rendered_in(&self, folder: &Path, format: Format) -> String {
        match format {
            Format::Text => text(self, Screen::default()),
            Format::Html => html(&[self]),
            Format::Junit => rows::junit(&Rows::of_run(self)),
            Format::Gitlab => rows::gitlab(&Rows::of_run(self), folder),
            Format::Github => self.annotations(|_| true),
            Format::Markdown => markdown::markdown(&run::document(&[self])),
            Format::Ctrf => rows::ctrf(&Rows::of_run(self)),
        }
    }

    /// Annotations for GitHub, each at its line where `has_file` knows its file: GitHub shows
    /// only files of the repository.
    pub fn annotations(&self, has_file: impl Fn(&str) -> bool) -> String {
        rows::github(&Rows::of_run(self), has_file)
    }

    /// The report in this format, as it stands in a file: without styles.
    pub fn plain(&self, format: Format) -> String {
        self.plain_in(Path::new(""), format)
    }

    /// As `plain`, where its evidence is in `folder`, as the user would name it.
    pub(super) fn plain_in(&self, folder: &Path, format: Format) -> String {
        let rendered = self.rendered_in(folder, format);
        match format {
            Format::Text => terminal::plain(&rendered),
            Format::Html
            | Format::Junit
            | Format::Gitlab
            | Format::Github
            | Format::Markdown
            | Format::Ctrf => rendered,
        }
    }
}
