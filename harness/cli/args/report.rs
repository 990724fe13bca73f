use std::path::PathBuf;

use crate::render::Format;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The folder that `run --report` wrote; several, or that of a run with several snippets or
    /// builds: side by side, in html
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FormatName,
    /// Say fingerprint-1, fingerprint-2, … for the visitors' fingerprints. In a report of a profile
    /// with other fields for them than the documented ones, only UUIDs and what the getters
    /// returned are found: there, better mask the run
    #[arg(long)]
    pub mask: bool,
    /// Compare it with this report or baseline, and say in html and markdown what changed
    #[arg(long, value_name = "DIR|FILE")]
    pub against: Option<PathBuf>,
    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// For a terminal
    Text,
    /// One file for a browser, which loads nothing
    Html,
    /// JUnit XML, for the test pages of CI systems
    Junit,
    /// Annotations for GitHub Actions; appends the Markdown to its step summary too
    Github,
    /// A comment for a pull request
    Markdown,
    /// The Common Test Report Format, a JSON
    Ctrf,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Text => Self::Text,
            FormatName::Html => Self::Html,
            FormatName::Junit => Self::Junit,
            FormatName::Github => Self::Github,
            FormatName::Markdown => Self::Markdown,
            FormatName::Ctrf => Self::Ctrf,
        }
    }
}
