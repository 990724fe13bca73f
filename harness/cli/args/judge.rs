use std::path::PathBuf;

use clap::Args;

use super::report::FormatName;

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
    pub format: Vec<FormatName>,
    /// Write report.json with the new verdicts, and the evidence, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Read this fixtures folder [default: the fixtures that the run recorded]
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}
