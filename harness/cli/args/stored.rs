//! What can be typed to the commands that work with stored reports.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArguments, OutputArguments, RetryArguments};
use crate::render::{ComparisonFormat, Format};

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The folder that `run --report` wrote. Several folders, or that of a build matrix, are shown
    /// side by side with --format html
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
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
    #[command(flatten)]
    pub print: OutputArguments,
}

#[derive(Debug, Args)]
pub struct JudgeArguments {
    /// The folder of a run with --report and --keep-evidence all
    pub folder: PathBuf,
    /// A bundled profile's name, or a TOML file [default: the profile that the run recorded]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// The list of known failures, as in `run`
    #[arg(long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// The format of the report, as in `run`
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<Format>,
    /// Write report.json with the new verdicts, and the evidence, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Read this fixtures folder [default: the fixtures that the run recorded]
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}

#[derive(Debug, Args)]
pub struct ReproArguments {
    /// The folder that `run --report` wrote
    pub folder: PathBuf,
    /// The id of the check, as the report prints it
    pub check: String,
    /// The build under test [default: the recorded one, which must still exist]
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    /// Show the browser's window
    #[arg(long)]
    pub headed: bool,
    #[command(flatten)]
    pub retry: RetryArguments,
    /// Write report.json and the evidence into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct MergeArguments {
    #[command(flatten)]
    pub output: OutputArguments,
    /// The report folders of all parts, from `run --shard 1/N` to `run --shard N/N`, in any order
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Write report.json of the whole run, and the evidence of all parts, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: PathBuf,
    /// The format of the report, as in `run`
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<Format>,
}

#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The old side: a folder that `run --report` wrote, its report.json, or a baseline
    pub old: PathBuf,
    /// The new side: a folder that `run --report` wrote, or its report.json
    pub new: PathBuf,
    /// The format of the comparison
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ComparisonFormat,
    /// Write the comparison into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What ends with exit code 1; several are separated by commas
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "regression",
        value_delimiter = ','
    )]
    pub fail_on: Vec<FailOn>,
    #[command(flatten)]
    pub print: OutputArguments,
}

/// What a comparison fails for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A regression: a check that got worse or vanished
    Regression,
    /// A regression, or a breaking change on the wire
    Breaking,
    /// A regression, or an SDK that is ready later
    Slower,
}
