use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{BrowserArguments, ConfigArguments};

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Write a commented profile to fill in
    Init(ProfileInitArguments),
    /// Check a profile against a build: print which parts fit, and what was found where one does
    /// not
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
    /// The profile: a bundled profile's name, or a TOML file. May be a setting of
    /// alhena-conformance.toml
    #[arg(value_name = "NAME|FILE", required = true)]
    pub profile: String,
    /// The SDK build, as in `run` [default: the bundled reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    #[command(flatten)]
    pub browser: BrowserArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}
