//! What can be typed.

mod compare;
mod explain;
mod judge;
mod merge;
mod profile;
mod prove;
mod report;
mod repro;
mod run;
mod schema;
mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use compare::{CompareArguments, FailOn};
pub use explain::ExplainArguments;
pub use judge::JudgeArguments;
pub use merge::MergeArguments;
pub use profile::{ProfileCheckArguments, ProfileCommand, ProfileInitArguments};
pub use prove::{BenchArguments, CoverageArguments, SelfTestArguments};
pub use report::{FormatName, ReportArguments};
pub use repro::ReproArguments;
pub use run::{KeepEvidence, RunArguments};
pub use schema::SchemaArguments;
pub use serve::ServeArguments;

use super::exit::{COMPARE_EXIT_CODES, EXIT_CODES};

/// Proves, in real browsers, whether a build of the Alhena website SDK keeps the promises of the
/// Cart & Checkout Event API.
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
    /// Render the report of an earlier run again
    Report(ReportArguments),
    /// Judge the evidence of an earlier run by the checks of today, without a browser
    #[command(after_help = EXIT_CODES)]
    Judge(JudgeArguments),
    /// Make one check of an earlier run again as it was recorded, and say whether it finds the same
    #[command(after_help = EXIT_CODES)]
    Repro(ReproArguments),
    /// Put the parts of one run (`run --shard`) together into one report
    #[command(after_help = EXIT_CODES)]
    Merge(MergeArguments),
    /// Compare two releases by their reports: what broke, what was fixed, what changed on the wire,
    /// and which version number that asks for
    #[command(after_help = COMPARE_EXIT_CODES)]
    Compare(CompareArguments),
    /// The requirements, and the checks that cover each
    List(ListArguments),
    /// What a requirement, a check or a scenario is: what is promised and asked, how such a bug
    /// happens, how to mend it
    Explain(ExplainArguments),
    /// Install the browser and its driver with the package manager of this machine
    Install(InstallArguments),
    /// Compare the default plan with the committed floor of checks, or write the floor anew
    Coverage(CoverageArguments),
    /// Prove the checks: each mutant of the reference SDK must be caught by the check it names
    #[command(after_help = EXIT_CODES)]
    SelfTest(SelfTestArguments),
    /// Measure the harness: milliseconds a case and where they go, the ratio to bare `WebDriver`
    /// calls, memory
    Bench(BenchArguments),
    /// Open the fixture shop for your own browser, with a live page of what the backend gets and
    /// what the checks say of it
    Serve(ServeArguments),
    /// Write a profile for a build, or prove that one fits
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Print the JSON Schema of report.json, or of a profile
    Schema(SchemaArguments),
    /// Print the completions of a shell: bash, zsh, fish, elvish or powershell
    Completions(CompletionsArguments),
    /// Write the man pages, one a command, into a folder
    Man(ManArguments),
}

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
