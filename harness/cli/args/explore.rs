use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, value_parser};

use super::values::{browsers_at_a_time, duration};
use super::{BrowserArguments, ConfigArguments, FixturesArguments, OutputArguments};

#[derive(Debug, Args)]
pub struct ExploreArguments {
    /// The SDK build under test: a file, a folder, or an http(s):// URL [default: the bundled
    /// reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Option<String>,
    /// The queue snippet as a shop pasted it, as in `run`
    #[arg(long, value_name = "FILE")]
    pub snippet: Option<PathBuf>,
    /// The profile of the build, as in `run`
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Make the journeys of an earlier `explore`, which printed this seed; with --by-coverage some
    /// may be others [default: a new one]
    #[arg(long, value_name = "N")]
    pub seed: Option<u32>,
    /// Explore for this time, such as 90s or 5m; what is found is made small in it, too [default:
    /// 60s, or no limit with --journeys]
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub time: Option<Duration>,
    /// Drive so many journeys
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub journeys: Option<u32>,
    /// Let half of the journeys vary one that ran code of the build which none before it ran. An
    /// engine that does not say which code runs is refused
    #[arg(long)]
    pub by_coverage: bool,
    /// About how many steps a journey has
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20,
        value_parser = value_parser!(u16).range(5..=100)
    )]
    pub steps: u16,
    /// Write into this folder what was found: a scenario file for each cause, below journeys/, and
    /// the report of a run of them
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Browsers at a time, as in `run`
    #[arg(long, value_name = "N", value_parser = browsers_at_a_time())]
    pub workers: Option<u16>,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub browser: BrowserArguments,
    #[command(flatten)]
    pub output: OutputArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}
