use std::path::PathBuf;

use clap::Args;

use super::report::FormatName;

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The report folders of all parts, from `run --shard 1/N` to `run --shard N/N`, in any order
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Write report.json of the whole run, and the evidence of all parts, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: PathBuf,
    /// The format of the report, as in `run`
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<FormatName>,
}
