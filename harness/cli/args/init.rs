use clap::Args;

use super::BrowserArguments;

#[derive(Debug, Args)]
pub struct InitArguments {
    /// The SDK build: the file that a page loads, or the folder that holds it
    #[arg(long, value_name = "FILE|DIR")]
    pub sdk: String,
    /// Write no baseline: it takes a whole run
    #[arg(long)]
    pub no_baseline: bool,
    #[command(flatten)]
    pub browser: BrowserArguments,
}
