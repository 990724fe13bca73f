use std::path::PathBuf;

use crate::render::Format;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The folder that `run --report` wrote. Several folders, or that of a build matrix, are shown
    /// side by side with --format html
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FormatName,
    /// Replace the visitors' fingerprints with fingerprint-1, fingerprint-2, …. If the profile has
    /// other fields for them than the documented ones, only UUIDs and the values of the getters are
    /// replaced: use `run --mask` there
    #[arg(long)]
    pub mask: bool,
    /// Show what changed since this report or baseline (html and markdown only)
    #[arg(long, value_name = "DIR|FILE")]
    pub against: Option<PathBuf>,
    /// Write the report into this file instead of printing it
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
    /// Annotations for GitHub Actions; also appends the Markdown to the step summary
    Github,
    /// For a pull request comment, with a marker that identifies it
    Markdown,
    /// JSON in the Common Test Report Format
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
