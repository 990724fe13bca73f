//! What can be typed.

use std::path::PathBuf;

use alhena_conformance::scenario::Load;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::exit::EXIT_CODES;

/// Proves, in real browsers, whether a build of the Alhena website SDK keeps the promises of the Cart & Checkout Event API.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prove one SDK build: plan, drive, judge, report
    #[command(after_help = EXIT_CODES)]
    Run(RunArguments),
    /// The requirements, and the checks that cover each
    List(ListArguments),
    /// Install the browser and its driver with the package manager of this machine
    Install(InstallArguments),
    /// Compare the default plan with the committed floor of checks, or write the floor anew
    Coverage(CoverageArguments),
    /// Prove the checks: each mutant of the reference SDK must be caught by the check it names
    #[command(after_help = EXIT_CODES)]
    SelfTest(SelfTestArguments),
    /// Measure the harness: milliseconds a case and where they go, the ratio to bare `WebDriver` calls, memory
    Bench(BenchArguments),
    /// Open the fixture shop for your own browser, with a live page of what the backend gets and what the checks say of it
    Serve(ServeArguments),
    /// Write a profile for a build, or prove that one fits
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Print the JSON Schema of report.json, or of a profile
    Schema(SchemaArguments),
}

/// Which browser.
#[derive(Debug, Args)]
pub struct BrowserArguments {
    /// The browser's executable, instead of the one found on PATH
    #[arg(long, value_name = "FILE")]
    pub browser_binary: Option<PathBuf>,
    /// The driver's executable, instead of the one found on PATH
    #[arg(long, value_name = "FILE")]
    pub driver: Option<PathBuf>,
    /// Use a driver that runs already, for example `http://localhost:9515`
    #[arg(long, value_name = "URL", conflicts_with = "driver")]
    pub webdriver: Option<String>,
    /// Show the browser's windows
    #[arg(long)]
    pub headed: bool,
    /// Install a missing browser or driver without asking; CI=true agrees too
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    /// The SDK build under test: a file, a folder, or an http(s):// URL [default: the bundled reference SDK]
    /// Several: each of them, one after the other
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Vec<String>,
    /// The queue snippet as a shop has pasted it, `<script>` tags included; several: each with each build [default: the API page's]
    #[arg(long, value_name = "FILE")]
    pub snippet: Vec<PathBuf>,
    /// Where the build's things are: a bundled profile's name, or a TOML file of your own [default: alhena; reference for the bundled SDK]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Only checks whose id, scenario or requirement matches; `*` and `?` as in a shell; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Browsers at a time [default: one a core, at most 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: Option<u16>,
    /// Put report.json, and the evidence of failed cases, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Begin no further case after the first failure
    #[arg(long)]
    pub fail_fast: bool,
    /// How often an unexpected failure is tried again, each time in a fresh session
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=9))]
    pub retries: u8,
    /// A list of failures that are known: they do not fail the run, unless they fail no more
    #[arg(long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// Write that list so that this run would be green; it need not exist yet
    #[arg(long, requires = "known_failures", conflicts_with = "fail_fast")]
    pub update_known_failures: bool,
    /// Instead, drive each chosen case N times on a crowded machine, in shuffled order, and say which checks did not always find the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=1000), conflicts_with_all = ["known_failures", "fail_fast", "retries"])]
    pub verify: Option<u16>,
    /// Stay, and run the failed checks again each time the SDK's file is saved; once they hold, all others too
    #[arg(long, conflicts_with_all = ["verify", "report", "known_failures"])]
    pub watch: bool,
    /// The order of `--verify`, as an earlier one printed it
    #[arg(long, value_name = "SEED", requires = "verify")]
    pub seed: Option<u32>,
    /// Fixtures of your own instead of the bundled ones
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    #[command(flatten)]
    pub browser: BrowserArguments,
}

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
    PossibleValuesParser::new(["blocking", "async", "defer", "injected", "injected-retry"])
        .try_map(|name| serde_json::from_value::<Load>(serde_json::Value::String(name)))
}

#[derive(Debug, Args)]
pub struct ListArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// As in `run`
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InstallArguments {
    /// Install without asking; CI=true agrees too
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct CoverageArguments {
    /// Write `coverage.lock` anew
    #[arg(long)]
    pub update: bool,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SelfTestArguments {
    /// Generate mutants from the SDK's source text instead: no survivor may be left that nobody has explained
    #[arg(long, conflicts_with = "full")]
    pub generated: bool,
    /// The SDK that mutants are generated from [default: the bundled reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL", requires = "generated")]
    pub sdk: Option<String>,
    /// As in `run`
    #[arg(long, value_name = "NAME|FILE", requires = "generated")]
    pub profile: Option<String>,
    /// Only mutants whose id, check or requirement matches; of generated ones, whose id does
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Drive every mutant through every case: the whole matrix, which takes long
    #[arg(long)]
    pub full: bool,
    /// Write `proofs.lock` anew: for each check that no mutant names, one that it was seen to catch
    #[arg(long)]
    pub update: bool,
    /// As in `run`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: Option<u16>,
    /// Put kill-matrix.json, or generated-mutants.json, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    #[command(flatten)]
    pub browser: BrowserArguments,
}

#[derive(Debug, Args)]
pub struct BenchArguments {
    /// As in `run`; the cases that are measured
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// How often each case is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=99))]
    pub rounds: u8,
    #[command(flatten)]
    pub browser: BrowserArguments,
}

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Write a commented profile, to be filled in
    Init(ProfileInitArguments),
    /// Prove a profile against a build before a run: what fits, what does not, and what was found instead
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

#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Of what
    #[arg(default_value = "report")]
    pub of: SchemaOf,
}

/// What has a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// report.json
    Report,
    /// report.json of several snippets or builds
    Skew,
    /// A profile
    Profile,
}

impl SchemaOf {
    pub fn json_schema(self) -> serde_json::Value {
        match self {
            Self::Report => alhena_conformance::report::json_schema(),
            Self::Skew => schemars::schema_for!(alhena_conformance::report::Skew).to_value(),
            Self::Profile => alhena_conformance::sdk::Profile::json_schema(),
        }
    }
}
