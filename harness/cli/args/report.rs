use std::path::PathBuf;

use alhena_conformance::report::Format;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The folder that `run --report` wrote
    pub folder: PathBuf,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FormatName,
    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// For a terminal
    Text,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Text => Self::Text,
        }
    }
}
