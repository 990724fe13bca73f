use std::path::PathBuf;

use crate::scenario::{Axis, Load};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// As in `run`
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    /// As in `run`
    #[arg(long, value_name = "FILE")]
    pub snippet: Option<PathBuf>,
    /// As in `run`
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    /// The port of all addresses, which are then always the same [default: a free one]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// How the pages load the SDK
    #[arg(long, value_name = "WAY", default_value = "blocking", value_parser = loads())]
    pub load: Load,
}

/// The ways of loading, by the names that scenarios give them.
fn loads() -> impl TypedValueParser<Value = Load> {
    PossibleValuesParser::new(Load::VALUES.iter().map(|load| load.name()))
        .try_map(|name| serde_json::from_value::<Load>(serde_json::Value::String(name)))
}
