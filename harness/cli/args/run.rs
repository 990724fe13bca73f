use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, value_parser};

use super::values::{browsers_at_a_time, duration};
use super::{
    BrowserArguments, ConfigArguments, FixturesArguments, OutputArguments, RetryArguments,
    SelectionArguments,
};
use crate::browser::EngineRef;
use crate::cli::channel::Channel;
use crate::cli::events::STDOUT;
use crate::plan::Shard;
use crate::render::{Format, Screen};
use crate::report::Keep;

// The headings of the help, by what a reader wants to do.
const UNDER_TEST: &str = "What is tested";
const WHICH: &str = "Which checks";
const GATE: &str = "What fails the run";
const REPORT: &str = "The report";
const HOW_LONG: &str = "How long it runs";
const AT_A_DESK: &str = "At a desk";
const STABILITY: &str = "Unstable checks";

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = UNDER_TEST)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub struct RunArguments {
    /// The SDK build under test: a file, a folder, or an http(s):// URL. May be repeated: the
    /// builds run one after the other [default: the bundled reference SDK]
    #[arg(long, value_name = "FILE|DIR|URL")]
    pub sdk: Vec<String>,
    /// For gates: end with exit code 2 if no --sdk is given, instead of judging the reference SDK
    #[arg(long, requires = "sdk")]
    pub require_sdk: bool,
    /// The queue snippet as a shop pasted it, with its `<script>` tags. May be repeated: each
    /// snippet runs with each build [default: the snippet of the profile, or of the API page]
    #[arg(long, value_name = "FILE")]
    pub snippet: Vec<PathBuf>,
    /// Where the parts of the build are: a bundled profile's name, or a TOML file [default: alhena;
    /// for the bundled reference SDK: reference]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Only cases that failed, or were not decided, in the last report in the folder of --report
    #[arg(long, help_heading = WHICH, requires = "report", conflicts_with = "shard")]
    pub last_failed: bool,
    /// Only one part of the run: 2/5 is the second of five parts that take equally long. Each part
    /// includes the prerequisites; `merge` makes one report of all parts
    #[arg(
        long,
        help_heading = WHICH,
        value_name = "N/OF",
        conflicts_with_all = ["verify", "watch", "update_known_failures"]
    )]
    pub shard: Option<Shard>,
    /// Print what would run and about how long that takes, and run nothing
    #[arg(long, help_heading = WHICH, conflicts_with_all = ["verify", "watch"])]
    pub dry_run: bool,
    #[command(flatten)]
    pub gate: BaselineArguments,
    /// A list of known failures. They do not fail the run, but must still fail. Not with --baseline
    #[arg(long, help_heading = GATE, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// Change that list so that this run would pass; it need not exist yet
    #[arg(
        long,
        help_heading = GATE,
        requires = "known_failures",
        conflicts_with_all = ["fail_fast", "max_failures"]
    )]
    pub update_known_failures: bool,
    /// Write report.json, report.html, and the evidence of failed cases, into this folder, which
    /// must be new, empty, or hold only an earlier report
    #[arg(long, help_heading = REPORT, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Open report.html in your browser at the end
    #[arg(
        long,
        help_heading = REPORT,
        requires = "report",
        conflicts_with_all = ["verify", "watch"]
    )]
    pub open: bool,
    /// The format to print instead of text. With --report DIR, it is written beside report.json,
    /// and the option may be repeated
    #[arg(
        long,
        help_heading = REPORT,
        value_name = "FORMAT",
        conflicts_with_all = ["verify", "watch"]
    )]
    pub format: Vec<Format>,
    /// Which evidence to keep beside the report. `judge` needs `all` to rejudge a whole run
    #[arg(
        long,
        help_heading = REPORT,
        value_name = "WHICH",
        default_value = "failed",
        requires = "report"
    )]
    pub keep_evidence: Keep,
    /// Drive every case once more and keep the page after each step, to step through in
    /// report.html. Without it, three failures of different kinds are traced
    #[arg(
        long,
        help_heading = REPORT,
        requires = "report",
        conflicts_with_all = ["verify", "watch", "dry_run"]
    )]
    pub trace: bool,
    /// Write what happens into this file as it happens, one JSON line an event (`schema events`).
    /// With -, on standard output; what a person reads then goes to standard error
    #[arg(
        long,
        help_heading = REPORT,
        value_name = "FILE|-",
        conflicts_with_all = ["verify", "dry_run"]
    )]
    pub events: Option<PathBuf>,
    /// Replace the visitors' fingerprints with fingerprint-1, fingerprint-2, … in all that is
    /// printed and written. Pictures stay as they are: a page shows no fingerprint
    #[arg(long, help_heading = REPORT, conflicts_with_all = ["verify", "watch"])]
    pub mask: bool,
    /// Start nothing else once a case fails: whether that repeats is seen at once. The same as
    /// --max-failures 1
    #[arg(long, help_heading = HOW_LONG, conflicts_with = "max_failures")]
    pub fail_fast: bool,
    /// Start no further case after N cases that speak against the SDK
    #[arg(
        long,
        help_heading = HOW_LONG,
        value_name = "N",
        value_parser = value_parser!(u16).range(1..)
    )]
    pub max_failures: Option<u16>,
    /// Stop after this time, such as 90s or 5m, and report what was found until then
    #[arg(long, help_heading = HOW_LONG, value_name = "DURATION", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Browsers at a time [default: one for each core, at most 4, and twice as many once the build
    /// is known to fail, whose cases wait more than they work; on a Grid, one for each slot]
    #[arg(
        long,
        help_heading = HOW_LONG,
        value_name = "N",
        value_parser = browsers_at_a_time()
    )]
    pub workers: Option<u16>,
    /// Give every case a page of its own. Without it, cases that come to a page in the same way and
    /// then only call events go on one after the other on one page; what does not hold there is
    /// driven again alone before anything is said of it
    #[arg(long, help_heading = HOW_LONG)]
    pub own_pages: bool,
    #[command(flatten, next_help_heading = HOW_LONG)]
    pub retry: RetryArguments,
    /// Keep running: rerun the failed checks each time the SDK's file is saved, and all others once
    /// those hold
    #[arg(
        long,
        help_heading = AT_A_DESK,
        conflicts_with_all = ["verify", "report", "known_failures", "baseline", "timeout"]
    )]
    pub watch: bool,
    /// Drive each selected case N times in shuffled order on a busy machine, and report unstable
    /// checks: those whose results differ
    #[arg(
        long,
        help_heading = STABILITY,
        value_name = "N",
        value_parser = value_parser!(u16).range(2..=1000),
        conflicts_with_all = [
            "known_failures", "baseline", "fail_fast", "max_failures", "timeout", "retries",
        ]
    )]
    pub verify: Option<u16>,
    /// Repeat the order of an earlier --verify, which printed this seed
    #[arg(long, help_heading = STABILITY, value_name = "SEED", requires = "verify")]
    pub seed: Option<u32>,
    #[command(flatten)]
    pub browser: BrowserArguments,
    #[command(flatten)]
    pub output: OutputArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
    /// Print the settings of this command line, each with its origin, and run nothing
    #[arg(long, help_heading = "Configuration")]
    pub show_config: bool,
}

impl RunArguments {
    /// After how many failed cases no further one is begun.
    pub fn max_failures(&self) -> Option<usize> {
        let given = self.max_failures.map(usize::from);
        given.or(self.fail_fast.then_some(1))
    }

    /// Where results go that a person reads.
    pub fn channel(&self) -> Channel {
        let is_taken = self.events.as_deref().is_some_and(|file| file == STDOUT);
        if is_taken {
            Channel::Stderr
        } else {
            Channel::Stdout
        }
    }

    /// The terminal that results go to, and how much it shows.
    pub fn screen(&self) -> Screen {
        self.output.screen_of(self.channel())
    }

    /// Whether several builds, snippets or engines are named.
    pub fn has_pairings(&self) -> bool {
        let engines = &self.browser.engine.engines;
        self.sdk.len() > 1 || self.snippet.len() > 1 || engines.len() > 1
    }

    /// The same, on this engine alone.
    pub fn on(&self, engine: EngineRef) -> Self {
        Self {
            browser: self.browser.on(engine),
            ..self.clone()
        }
    }
}

/// What a run is compared with.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = GATE)]
pub struct BaselineArguments {
    /// Fail only for what got worse since this baseline file, or since the report in this folder
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["fail_fast", "max_failures"])]
    pub baseline: Option<PathBuf>,
    /// Write the baseline file from this run; it need not exist yet
    #[arg(long, requires = "baseline")]
    pub update_baseline: bool,
}
