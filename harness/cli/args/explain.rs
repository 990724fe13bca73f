use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The id of a requirement, a check, a case or a scenario, as reports and `list` tell it
    pub id: String,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}
