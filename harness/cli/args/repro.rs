use std::path::PathBuf;

use clap::Args;

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
    /// How often to try an unexpected failure again, each time in a fresh session
    #[arg(
        long,
        value_name = "N",
        default_value_t = 2,
        value_parser = clap::value_parser!(u8).range(0..=9)
    )]
    pub retries: u8,
    /// Write report.json and the evidence into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
}
