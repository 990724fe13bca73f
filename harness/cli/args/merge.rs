use std::path::PathBuf;

use clap::Args;

use super::report::FormatName;

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The folders that `run --shard 1/N --report DIR` to `run --shard N/N --report DIR` wrote, in
    /// any order
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Put report.json of the whole run, and the evidence of all parts, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: PathBuf,
    /// As in `run`
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<FormatName>,
}
