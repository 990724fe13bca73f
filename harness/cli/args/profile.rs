use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::BrowserArguments;

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Write a commented profile, to be filled in
    Init(ProfileInitArguments),
    /// Prove a profile against a build before a run: what fits, what does not, and what was found
    /// instead
    Check(ProfileCheckArguments),
}

#[derive(Debug, Args)]
pub struct ProfileInitArguments {
    /// The file to write
    #[arg(default_value = "alhena-profile.toml")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct ProfileCheckArguments {
    /// The profile: a bundled one's name, or a TOML file
    #[arg(value_name = "NAME|FILE")]
    pub profile: String,
    /// As in `run`
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    #[command(flatten)]
    pub browser: BrowserArguments,
}
