//! What a user can type.

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

// The pages of the source tree that help names.
const PROFILES: &str = "fixtures/profiles/README.md";
const VERDICTS: &str = "harness/verdict/README.md";
const REPORTS: &str = "harness/report/README.md";
const COMPARISONS: &str = "harness/report/compare/README.md";
const FIXTURES: &str = "fixtures/README.md";
const SCENARIOS: &str = "fixtures/scenarios/README.md";
const MUTANTS: &str = "fixtures/mutants/README.md";
const SHOP: &str = "pages/README.md";
const HARNESS: &str = "harness/README.md";

/// The end of a command's long help: its exit codes, and the pages of the source tree about it.
fn below(exit_codes: &str, pages: &[&str]) -> String {
    let pages = format!("Read on, in the source tree: {}", pages.join(", "));
    if exit_codes.is_empty() {
        pages
    } else {
        format!("{exit_codes}\n\n{pages}")
    }
}

/// Proves, in real browsers, whether a build of the Alhena website SDK keeps the promises of the
/// Cart & Checkout Event API.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = EXIT_CODES,
    after_long_help = below(EXIT_CODES, &["README.md"]),
    max_term_width = 100
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge an SDK build: plan, drive, judge, report
    #[command(
        after_help = EXIT_CODES,
        after_long_help = below(EXIT_CODES, &[PROFILES, VERDICTS, REPORTS])
    )]
    Run(RunArguments),
    /// Render the report of an earlier run
    #[command(after_long_help = below("", &[REPORTS]))]
    Report(ReportArguments),
    /// Judge the evidence of an earlier run with today's checks, without a browser
    #[command(after_help = EXIT_CODES, after_long_help = below(EXIT_CODES, &[REPORTS]))]
    Judge(JudgeArguments),
    /// Run one check of an earlier report again, and print whether it gives the same result
    #[command(after_help = EXIT_CODES, after_long_help = below(EXIT_CODES, &[REPORTS]))]
    Repro(ReproArguments),
    /// Merge the parts of one run (`run --shard`) into one report
    #[command(after_help = EXIT_CODES, after_long_help = below(EXIT_CODES, &[REPORTS]))]
    Merge(MergeArguments),
    /// Compare the reports of two releases: what broke, what was fixed, what changed on the wire,
    /// and which version number that asks for
    #[command(
        after_help = COMPARE_EXIT_CODES,
        after_long_help = below(COMPARE_EXIT_CODES, &[COMPARISONS])
    )]
    Compare(CompareArguments),
    /// List the requirements, and the checks that cover each
    #[command(after_long_help = below("", &[FIXTURES]))]
    List(ListArguments),
    /// Explain a requirement, a check or a scenario: what is promised and asked, how such a bug
    /// happens, how to fix it
    #[command(after_long_help = below("", &[FIXTURES, SCENARIOS]))]
    Explain(ExplainArguments),
    /// Install the browser and its driver with the package manager of this machine
    Install(InstallArguments),
    /// Compare the plan with the coverage floor (the checks that it must hold), or write the floor
    #[command(after_long_help = below("", &[FIXTURES]))]
    Coverage(CoverageArguments),
    /// Prove the checks: each mutant of the reference SDK must be caught by the check that it names
    #[command(after_help = EXIT_CODES, after_long_help = below(EXIT_CODES, &[MUTANTS]))]
    SelfTest(SelfTestArguments),
    /// Measure the harness: the time of a case and its parts, the ratio to bare `WebDriver` calls,
    /// memory
    #[command(after_long_help = below("", &[HARNESS]))]
    Bench(BenchArguments),
    /// Open the fixture shop for your own browser, with a live page of the backend's ledger and the
    /// verdicts
    #[command(after_long_help = below("", &[SHOP]))]
    Serve(ServeArguments),
    /// Write a profile for a build, or check that one fits
    #[command(after_long_help = below("", &[PROFILES]))]
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Print the JSON Schema of report.json, or of a profile
    Schema(SchemaArguments),
    /// Print the completions for a shell
    Completions(CompletionsArguments),
    /// Write the man pages, one for each command, into a folder
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

/// The browser and its driver.
#[derive(Debug, Args)]
pub struct BrowserArguments {
    /// The browser's executable [default: the one on PATH]
    #[arg(long, value_name = "FILE")]
    pub browser_binary: Option<PathBuf>,
    /// The driver's executable [default: the one on PATH]
    #[arg(long, value_name = "FILE")]
    pub driver: Option<PathBuf>,
    /// The URL of a driver that already runs, such as `http://localhost:9515`
    #[arg(long, value_name = "URL", conflicts_with = "driver")]
    pub webdriver: Option<String>,
    /// Show the browser's windows
    #[arg(long)]
    pub headed: bool,
    /// Install a missing browser or driver without asking; CI=true does the same
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct ListArguments {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Only checks whose id, scenario or requirement matches, as in `run`
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Read this fixtures folder instead of the bundled fixtures
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InstallArguments {
    /// Install without asking; CI=true does the same
    #[arg(long)]
    pub yes: bool,
}
