use clap::{Args, ValueEnum};

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
    /// report.json of a build matrix: several snippets or builds
    #[value(alias = "skew")]
    BuildMatrix,
    /// What `compare --format json` writes
    Compare,
    /// A profile
    Profile,
}

impl SchemaOf {
    pub fn json_schema(self) -> serde_json::Value {
        match self {
            Self::Report => crate::report::json_schema(),
            Self::BuildMatrix => schemars::schema_for!(crate::report::BuildMatrix).to_value(),
            Self::Compare => schemars::schema_for!(crate::report::compare::Comparison).to_value(),
            Self::Profile => crate::sdk::Profile::json_schema(),
        }
    }
}
