use std::path::PathBuf;

use clap::Args;

use super::report::FormatName;

#[derive(Debug, Args)]
pub struct JudgeArguments {
    /// The folder that `run --report --keep-evidence all` wrote
    pub folder: PathBuf,
    /// Where the build's things are, instead of by the profile that the run recorded
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// As in `run`
    #[arg(long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// As in `run`
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<FormatName>,
    /// Put report.json of today's verdicts, with the evidence, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// As in `run` [default: those that the run recorded]
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}
