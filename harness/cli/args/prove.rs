use std::path::PathBuf;

use clap::Args;

use super::BrowserArguments;

#[derive(Debug, Args)]
pub struct CoverageArguments {
    /// Write `coverage.lock` anew
    #[arg(long)]
    pub update: bool,
    /// Write `durations.lock` anew, by which `run --shard` cuts a run into equal parts, from the
    /// report of a whole run in this folder
    #[arg(long, value_name = "DIR")]
    pub durations: Option<PathBuf>,
    /// As in `run`
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SelfTestArguments {
    /// Generate mutants from the SDK's source text instead: no survivor may be left that nobody has
    /// explained
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
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u8).range(1..=99)
    )]
    pub rounds: u8,
    #[command(flatten)]
    pub browser: BrowserArguments,
}
