use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The id of a requirement, a check, a case or a scenario, as `list` and reports print it
    pub id: String,
    /// Read this fixtures folder instead of the bundled fixtures
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}
