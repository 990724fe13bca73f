//! The formats that a report is rendered in, each made from what was stored and from nothing else.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::failures::failures;
use super::known::{known_failures, wrong_known_failures};
use super::stored::Stored;
use super::text::{denied_hosts, requirements, verdict};

/// A way to show a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For a terminal, styled; who prints it decides whether the styles stay.
    Text,
}

impl Stored {
    /// The report in this format.
    #[must_use]
    pub fn rendered(&self, format: Format) -> String {
        match format {
            Format::Text => text(self),
        }
    }
}

fn text(stored: &Stored) -> String {
    let (report, mut text) = (&stored.report, String::new());
    if let Some(browser) = &report.environment {
        let _ = writeln!(text, "alhena-conformance {} · {} {} · {}", report.harness.version, browser.browser, browser.browser_version, browser.driver);
    }
    let _ = writeln!(text, "SDK {} · sha256 {}", report.sdk.source.bold(), report.sdk.sha256);
    let _ = writeln!(text, "profile {} · sha256 {}", report.profile.name.bold(), report.profile.sha256);
    let parts = [requirements(report), known_failures(report), denied_hosts(report), "\n".to_owned(), failures(stored), wrong_known_failures(report)];
    text.extend(parts);
    let _ = writeln!(text, "{}", verdict(report));
    text
}
