use std::path::PathBuf;

use crate::render::ComparisonFormat;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// What to compare with: a folder that `run --report` wrote, its report.json, or a baseline
    pub old: PathBuf,
    /// What is compared: a folder that `run --report` wrote, or its report.json
    pub new: PathBuf,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ComparisonFormatName,
    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What ends with 1
    #[arg(long, value_name = "WHAT", default_value = "regression")]
    pub fail_on: FailOn,
}

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ComparisonFormatName {
    /// For a terminal
    Text,
    /// All of it, typed: alhena-conformance/compare/1
    Json,
    /// For a comment in a review, with a marker by which it is found again
    Markdown,
    /// One page that needs nothing beside it
    Html,
    /// XML for CI systems that show tests: each regression is a failed one
    Junit,
    /// Workflow commands of GitHub Actions
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
    /// A check that got worse, or vanished
    Regression,
    /// That, and a change on the wire that breaks whoever reads it
    Breaking,
}
