use clap::Args;

/// Where settings come from that are not typed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArguments {
    /// Take the settings of this file; `none`: of no file [default: alhena-conformance.toml in the
    /// working directory, or in the nearest folder above it up to the repository's own]
    #[arg(long, value_name = "FILE|none")]
    pub config: Option<String>,
}
