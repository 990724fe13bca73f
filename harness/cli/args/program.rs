//! What can be typed to the commands that are about the program itself.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use schemars::schema_for;

use super::EngineArguments;
use crate::cli::{config, events};

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManArguments {
    /// The folder, such as ~/.local/share/man/man1
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct InstallArguments {
    #[command(flatten)]
    pub engine: EngineArguments,
    /// Install without asking; CI=true does the same
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// What the schema describes
    #[arg(default_value = "report")]
    pub of: SchemaOf,
}

/// What has a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// report.json
    Report,
    /// report.json of a build matrix: several snippets, builds or engines
    #[value(alias = "skew")]
    BuildMatrix,
    /// What `compare --format json` writes
    Compare,
    /// A profile
    Profile,
    /// alhena-conformance.toml
    Config,
    /// A line of `run --events`
    Events,
}

impl SchemaOf {
    pub fn json_schema(self) -> serde_json::Value {
        match self {
            Self::Report => crate::report::json_schema(),
            Self::BuildMatrix => schema_for!(crate::report::BuildMatrix).to_value(),
            Self::Compare => schema_for!(crate::report::compare::Comparison).to_value(),
            Self::Profile => crate::sdk::Profile::json_schema(),
            Self::Config => config::json_schema(),
            Self::Events => events::json_schema(),
        }
    }
}
