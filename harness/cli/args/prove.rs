use std::path::PathBuf;

use clap::{Args, value_parser};

use super::values::browsers_at_a_time;
use super::{BrowserArguments, ConfigArguments, FixturesArguments};

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub struct SelfTestArguments {
    /// Generate mutants from the SDK's source text instead; each survivor must be explained. Needs
    /// a build with the feature `generated-mutants`
    #[arg(long, conflicts_with = "full")]
    pub generated: bool,
    /// The SDK to generate mutants from [default: the bundled reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL", requires = "generated")]
    pub sdk: Option<String>,
    /// The profile of that SDK, as in `run`
    #[arg(long, value_name = "NAME|FILE", requires = "generated")]
    pub profile: Option<String>,
    /// Measure how precisely the checks blame: run each mutant of `blame.toml` as `run` does, and
    /// count the requirements that fail beside the one that it breaks. Ends with exit code 1 if the
    /// figures are worse than those of `blame.lock`. Takes an hour or more. With --report DIR, each
    /// mutant is kept with its evidence below DIR/blame, and is not run again while that fits
    #[arg(long, conflicts_with_all = ["full", "generated"])]
    pub blame: bool,
    /// Explore each mutant, and print how many journeys it survives; this takes hours. Ends with
    /// exit code 1 unless nine of ten that journeys can reach are found. With --report DIR, a
    /// mutant in DIR/journeys.json that has not changed is not explored again
    #[arg(long, conflicts_with_all = ["full", "generated", "blame", "update"])]
    pub journeys: bool,
    /// With --journeys: let half of them vary one that ran code which none before it ran, as in
    /// `explore`; every mutant is explored again
    #[arg(long, requires = "journeys")]
    pub by_coverage: bool,
    /// Measure again from the evidence that --blame --report wrote into this folder, without a
    /// browser
    #[arg(long, value_name = "DIR", requires = "blame")]
    pub from: Option<PathBuf>,
    /// Only mutants whose id, check or requirement matches; with --generated, only the id counts
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Drive every mutant through every case; this takes long
    #[arg(long)]
    pub full: bool,
    /// Drive only what differs from the fixtures in this folder, on which the proofs were made: of
    /// the commit that wrote the line `made on` of `proofs.lock`
    #[arg(long, value_name = "DIR")]
    #[arg(conflicts_with_all = ["full", "generated", "blame", "journeys"])]
    pub since: Option<PathBuf>,
    /// Write `proofs.lock`: for each check that no mutant names, a mutant that it catches. With
    /// --blame, write `blame.lock`: what fails for each mutant. With --engine ID, these are
    /// `proofs.ID.lock` and `blame.ID.lock`
    #[arg(long)]
    pub update: bool,
    /// Browsers at a time, as in `run`
    #[arg(long, value_name = "N", value_parser = browsers_at_a_time())]
    pub workers: Option<u16>,
    /// Write kill-matrix.json, generated-mutants.json, blame.json or journeys.json into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub browser: BrowserArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}

#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub struct BenchArguments {
    /// Make every measurement, with some of the cases and in each engine that is installed, and
    /// print one table of ratios; a Grid only with --webdriver. A ratio that got worse since the
    /// release before ends it with 1
    #[arg(
        long,
        group = "with_nodes",
        conflicts_with_all = ["broken", "against_playwright", "journeys", "grid"],
        conflicts_with_all = ["simulated_nodes", "engine"]
    )]
    pub all: bool,
    /// Print the ratios as JSON
    #[arg(long)]
    pub json: bool,
    /// Write the ratios of this version into `bench.lock`, which later ones are compared with
    #[arg(long, requires = "all", conflicts_with_all = ["filter", "rounds", "latency"])]
    pub update: bool,
    /// Only cases with a check whose id, scenario or requirement matches, as in `run`
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// How many times to measure each case; broken builds and nodes are measured once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = value_parser!(u8).range(1..=99)
    )]
    pub rounds: u8,
    /// Measure instead how long broken builds take to their verdict, against the reference SDK;
    /// this takes long
    #[arg(long, conflicts_with = "rounds")]
    pub broken: bool,
    /// Measure instead the same shop journeys as tests of Playwright Test, which is installed from
    /// npm into a folder that goes away, in the same browser: the default engine's alone
    #[arg(long, conflicts_with_all = ["broken", "engine"])]
    pub against_playwright: bool,
    /// Measure instead what a step of a journey costs, against a step of a scenario
    #[arg(long, conflicts_with_all = ["broken", "against_playwright"])]
    pub journeys: bool,
    /// Measure instead what a command, a session and a case cost on the Selenium Grid of
    /// --webdriver, against a driver on this machine
    #[arg(
        long,
        requires = "webdriver",
        conflicts_with_all = ["broken", "against_playwright", "journeys"]
    )]
    pub grid: bool,
    /// Measure instead how the time of a run falls with the nodes of a Grid: with so many nodes
    /// that have no browsers and play one case back, each 160 times, so that 64 have 10,000 cases
    #[arg(
        long,
        value_name = "N,…",
        group = "with_nodes",
        value_delimiter = ',',
        value_parser = browsers_at_a_time(),
        conflicts_with_all = ["broken", "against_playwright", "journeys", "grid"],
        conflicts_with_all = ["rounds", "webdriver", "advertise", "engine"]
    )]
    pub simulated_nodes: Vec<u16>,
    /// Milliseconds that a simulated node takes for a command
    #[arg(long, value_name = "MS", default_value_t = 30, requires = "with_nodes")]
    pub latency: u64,
    #[command(flatten)]
    pub browser: BrowserArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}
