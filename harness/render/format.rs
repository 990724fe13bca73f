//! The formats that a report is rendered in, each made from what was stored and from nothing else.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::failures::failures;
use super::html::html;
use super::known::{known_failures, wrong_known_failures};
use super::markdown::markdown;
use super::plain::plain;
use super::rows::{self, Rows};
use super::text::{denied_hosts, requirements, verdict};
use crate::report::Stored;
use crate::text::one_line;

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
    #[must_use]
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
    #[must_use]
    pub fn rendered(&self, format: Format) -> String {
        match format {
            Format::Text => text(self),
            Format::Html => html(&[self]),
            Format::Junit => rows::junit(&Rows::of_run(self)),
            Format::Github => rows::github(&Rows::of_run(self)),
            Format::Markdown => markdown(self),
            Format::Ctrf => rows::ctrf(&Rows::of_run(self)),
        }
    }

    /// The report in this format, as it stands in a file: without styles.
    #[must_use]
    pub fn plain(&self, format: Format) -> String {
        match format {
            Format::Text => plain(&text(self)),
            other => self.rendered(other),
        }
    }
}

fn text(stored: &Stored) -> String {
    let (report, mut text) = (&stored.report, String::new());
    let browser = report.environment.as_ref().map(|browser| {
        format!(
            " · {} {} · {}",
            browser.browser, browser.browser_version, browser.driver
        )
    });
    let _ = writeln!(
        text,
        "alhena-conformance {}{}",
        report.harness.version,
        browser.unwrap_or_default()
    );
    let _ = writeln!(
        text,
        "SDK {} · sha256 {}",
        one_line(&report.sdk.source).bold(),
        report.sdk.sha256
    );
    let _ = writeln!(
        text,
        "profile {} · sha256 {}",
        report.profile.name.bold(),
        report.profile.sha256
    );
    let parts = [
        requirements(report),
        known_failures(report),
        denied_hosts(report),
        "\n".to_owned(),
        failures(stored),
        wrong_known_failures(report),
    ];
    text.extend(parts);
    let _ = writeln!(text, "{}", verdict(report));
    text
}
