use std::path::PathBuf;

use crate::plan::Shard;
use crate::report::Keep;
use clap::{Args, ValueEnum};

use super::{BrowserArguments, FormatName};

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub struct RunArguments {
    /// The SDK build under test: a file, a folder, or an http(s):// URL
    /// [default: the bundled reference SDK]
    /// Several: each of them, one after the other
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Vec<String>,
    /// End with exit code 2 where no --sdk is named, instead of judging the bundled reference SDK:
    /// for gates
    #[arg(long, requires = "sdk")]
    pub require_sdk: bool,
    /// The queue snippet as a shop has pasted it, `<script>` tags included; several: each with each
    /// build [default: the API page's]
    #[arg(long, value_name = "FILE")]
    pub snippet: Vec<PathBuf>,
    /// Where the build's things are: a bundled profile's name, or a TOML file of your own
    /// [default: alhena; reference for the bundled SDK]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Only checks whose id, scenario or requirement matches; `*` and `?` as in a shell; may be
    /// given several times
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Only one part of the run, such as 2/5, the second of five: each prerequisite, and every
    /// fifth part of the time; `merge` puts them together
    #[arg(
        long,
        value_name = "N/OF",
        conflicts_with_all = ["verify", "watch", "update_known_failures"]
    )]
    pub shard: Option<Shard>,
    /// Browsers at a time [default: one a core, at most 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: Option<u16>,
    /// Put report.json, and the evidence of failed cases, into this folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// How to show the report: printed instead of the text; with --report DIR a file beside
    /// report.json, and may be given several times
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["verify", "watch"])]
    pub format: Vec<FormatName>,
    /// Say fingerprint-1, fingerprint-2, … for the visitors' fingerprints in all that is printed
    /// and written. Pictures stay as they are: a page shows no fingerprint
    #[arg(long, conflicts_with_all = ["verify", "watch"])]
    pub mask: bool,
    /// Whose evidence to keep beside the report; `all` is enough for `judge` to judge the whole run
    /// again
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "failed",
        requires = "report"
    )]
    pub keep_evidence: KeepEvidence,
    /// Begin no further case after the first failure
    #[arg(long)]
    pub fail_fast: bool,
    /// How often an unexpected failure is tried again, each time in a fresh session
    #[arg(
        long,
        value_name = "N",
        default_value_t = 2,
        value_parser = clap::value_parser!(u8).range(0..=9)
    )]
    pub retries: u8,
    /// A list of failures that are known: they do not fail the run, unless they fail no more
    #[arg(long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// Write that list so that this run would be green; it need not exist yet
    #[arg(long, requires = "known_failures", conflicts_with = "fail_fast")]
    pub update_known_failures: bool,
    #[command(flatten)]
    pub gate: BaselineArguments,
    /// Instead, drive each chosen case N times on a crowded machine, in shuffled order, and say
    /// which checks did not always find the same
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(2..=1000),
        conflicts_with_all = ["known_failures", "baseline", "fail_fast", "retries"]
    )]
    pub verify: Option<u16>,
    /// Stay, and run the failed checks again each time the SDK's file is saved; once they hold, all
    /// others too
    #[arg(long, conflicts_with_all = ["verify", "report", "known_failures", "baseline"])]
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

/// What a run is compared with.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// Fail only for what got worse since this: a baseline file, or a folder that `run --report`
    /// wrote
    #[arg(long, value_name = "FILE|DIR", conflicts_with = "fail_fast")]
    pub baseline: Option<PathBuf>,
    /// Write the baseline file as this run is; it need not exist yet
    #[arg(long, requires = "baseline")]
    pub update_baseline: bool,
}

/// Whose evidence is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepEvidence {
    /// Nobody's
    None,
    /// That of cases with a check that went wrong
    Failed,
    /// Every case's
    All,
}

impl From<KeepEvidence> for Keep {
    fn from(which: KeepEvidence) -> Self {
        match which {
            KeepEvidence::None => Self::Nothing,
            KeepEvidence::Failed => Self::Failed,
            KeepEvidence::All => Self::All,
        }
    }
}
