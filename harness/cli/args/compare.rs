use std::path::PathBuf;

use crate::render::ComparisonFormat;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The old side: a folder that `run --report` wrote, its report.json, or a baseline
    pub old: PathBuf,
    /// The new side: a folder that `run --report` wrote, or its report.json
    pub new: PathBuf,
    /// The format of the comparison
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ComparisonFormatName,
    /// Write the comparison into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What ends with exit code 1
    #[arg(long, value_name = "WHAT", default_value = "regression")]
    pub fail_on: FailOn,
}

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ComparisonFormatName {
    /// For a terminal
    Text,
    /// For programs: `schema compare` prints its JSON Schema
    Json,
    /// For a pull request comment, with a marker that identifies it
    Markdown,
    /// One file for a browser, which loads nothing
    Html,
    /// JUnit XML, for the test pages of CI systems: each regression is a failed test
    Junit,
    /// Annotations for GitHub Actions
    Github,
    /// The Common Test Report Format, a JSON
    Ctrf,
}

impl From<ComparisonFormatName> for ComparisonFormat {
    fn from(name: ComparisonFormatName) -> Self {
        match name {
            ComparisonFormatName::Text => Self::Text,
            ComparisonFormatName::Json => Self::Json,
            ComparisonFormatName::Markdown => Self::Markdown,
            ComparisonFormatName::Html => Self::Html,
            ComparisonFormatName::Junit => Self::Junit,
            ComparisonFormatName::Github => Self::Github,
            ComparisonFormatName::Ctrf => Self::Ctrf,
        }
    }
}

/// What a comparison fails for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A regression: a check that got worse or vanished
    Regression,
    /// A regression, or a breaking change on the wire
    Breaking,
}
