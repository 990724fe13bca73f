use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{ConfigArguments, FixturesArguments};
use crate::scenario::{Axis, Load};

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The SDK build, as in `run` [default: the bundled reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    /// The queue snippet, as in `run` [default: that of the profile or API page]
    #[arg(long, value_name = "FILE")]
    pub snippet: Option<PathBuf>,
    /// The profile of the build, as in `run`
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    /// The port of all addresses [default: a free port]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// The address to listen at, such as 0.0.0.0 in a container. What listens there is open to all
    /// who reach it: pages, ledger and controls
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::from(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// The port of the API, which pages send events to [default: a free port]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub api_port: u16,
    /// Save what you do in the shop as a scenario, into this new file, once Ctrl-C ends the session
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// How the pages load the SDK
    #[arg(long, value_name = "WAY", default_value = "blocking", value_parser = loads())]
    pub load: Load,
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// The ways of loading, by the names that scenarios give them.
fn loads() -> impl TypedValueParser<Value = Load> {
    PossibleValuesParser::new(Load::VALUES.iter().map(|load| load.name()))
        .try_map(|name| serde_json::from_value::<Load>(serde_json::Value::String(name)))
}
