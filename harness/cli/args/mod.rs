//! What a user can type.

mod browser;
mod config;
mod explore;
mod fixtures;
mod init;
mod output;
mod profile;
mod program;
mod prove;
mod run;
mod selection;
mod serve;
mod stored;
#[cfg(test)]
mod tests;
mod values;

use clap::{Arg, Args, CommandFactory, Parser, Subcommand, value_parser};

pub use browser::{BrowserArguments, EngineArguments};
pub use config::ConfigArguments;
pub use explore::ExploreArguments;
pub use fixtures::{CoverageArguments, ExplainArguments, FixturesArguments, ListArguments};
pub use init::InitArguments;
pub use output::{OutputArguments, screen};
pub use profile::{ProfileCheckArguments, ProfileCommand, ProfileInitArguments};
pub use program::{CompletionsArguments, InstallArguments, ManArguments, SchemaArguments};
pub use prove::{BenchArguments, SelfTestArguments};
pub use run::RunArguments;
pub use selection::SelectionArguments;
pub use serve::ServeArguments;
pub use stored::{
    CompareArguments, FailOn, JudgeArguments, MergeArguments, ReportArguments, ReproArguments,
};

use super::exit::{
    BENCH_EXIT_CODES, COMPARE_EXIT_CODES, COVERAGE_EXIT_CODES, EXIT_CODES, EXPLORE_EXIT_CODES,
    INIT_EXIT_CODES, SELF_TEST_EXIT_CODES,
};

// The pages of the source tree that help names.
const PROFILES: &str = "fixtures/profiles/README.md";
const VERDICTS: &str = "harness/verdict/README.md";
const REPORTS: &str = "harness/report/README.md";
const COMPARISONS: &str = "harness/report/compare/README.md";
const FIXTURES: &str = "fixtures/README.md";
const SCENARIOS: &str = "fixtures/scenarios/README.md";
const MUTANTS: &str = "fixtures/mutants/README.md";
const SHOP: &str = "pages/README.md";
const JOURNEYS: &str = "harness/explore/README.md";
const HARNESS: &str = "harness/README.md";

/// A flag of `run`, by its name without `--`.
pub fn run_flag(name: &str) -> Option<Arg> {
    let program = Arguments::command();
    let run = program.find_subcommand("run")?;
    let mut flags = run.get_arguments();
    flags.find(|arg| arg.get_long() == Some(name)).cloned()
}

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
    Run(Box<RunArguments>),
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
    /// Set up an SDK's repository: look at its build in a browser, and write settings, a profile,
    /// CI workflows and a first baseline. Never overwrites a file
    #[command(after_help = INIT_EXIT_CODES, after_long_help = below(INIT_EXIT_CODES, &[PROFILES]))]
    Init(InitArguments),
    /// Install a browser and its driver, with the package manager of this machine where that has
    /// them
    Install(InstallArguments),
    /// Compare the plan with the coverage floor (the checks that it must hold), or write the floor
    #[command(
        after_help = COVERAGE_EXIT_CODES,
        after_long_help = below(COVERAGE_EXIT_CODES, &[FIXTURES])
    )]
    Coverage(CoverageArguments),
    /// Prove the checks: each mutant of the reference SDK must be caught by the check that it names
    #[command(
        after_help = SELF_TEST_EXIT_CODES,
        after_long_help = below(SELF_TEST_EXIT_CODES, &[MUTANTS])
    )]
    SelfTest(SelfTestArguments),
    /// Find failing journeys: drive random sequences of the steps of scenarios, judge them against
    /// a model of the contract, and write what fails as small scenario files
    #[command(
        after_help = EXPLORE_EXIT_CODES,
        after_long_help = below(EXPLORE_EXIT_CODES, &[JOURNEYS])
    )]
    Explore(Box<ExploreArguments>),
    /// Measure what the harness costs, each time against something else that runs in turn with it
    #[command(
        after_help = BENCH_EXIT_CODES,
        after_long_help = below(BENCH_EXIT_CODES, &[HARNESS])
    )]
    Bench(BenchArguments),
    /// Open the fixture shop for your own browser, with a live page of the backend's ledger and the
    /// verdicts
    #[command(after_long_help = below("", &[SHOP]))]
    Serve(ServeArguments),
    /// Write a profile for a build, or check that one fits
    #[command(after_long_help = below("", &[PROFILES]))]
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Print the JSON Schema of a file that the program reads or writes
    Schema(SchemaArguments),
    /// Print the completions for a shell
    Completions(CompletionsArguments),
    /// Write the man pages, one for each command, into a folder
    Man(ManArguments),
}

impl Command {
    /// How much is printed and how it looks, where the command lets the user choose.
    pub fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::Run(own) => Some(&own.output),
            Self::Report(own) => Some(&own.print),
            Self::Judge(own) => Some(&own.output),
            Self::Merge(own) => Some(&own.output),
            Self::Compare(own) => Some(&own.print),
            Self::Explore(own) => Some(&own.output),
            Self::Repro(_)
            | Self::List(_)
            | Self::Explain(_)
            | Self::Init(_)
            | Self::Install(_)
            | Self::Coverage(_)
            | Self::SelfTest(_)
            | Self::Bench(_)
            | Self::Serve(_)
            | Self::Profile(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => None,
        }
    }

    /// The browser of a command that drives one.
    pub fn browser(&self) -> Option<&BrowserArguments> {
        match self {
            Self::Run(own) => Some(&own.browser),
            Self::Init(own) => Some(&own.browser),
            Self::SelfTest(own) => Some(&own.browser),
            Self::Explore(own) => Some(&own.browser),
            Self::Bench(own) => Some(&own.browser),
            Self::Profile(ProfileCommand::Check(own)) => Some(&own.browser),
            Self::Profile(ProfileCommand::Init(_))
            | Self::Report(_)
            | Self::Judge(_)
            | Self::Merge(_)
            | Self::Repro(_)
            | Self::Compare(_)
            | Self::List(_)
            | Self::Explain(_)
            | Self::Install(_)
            | Self::Coverage(_)
            | Self::Serve(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => None,
        }
    }
}

/// How a failure is repeated.
#[derive(Debug, Clone, Args)]
pub struct RetryArguments {
    /// How often to try an unexpected failure again, each time in a fresh session
    #[arg(
        long,
        value_name = "N",
        default_value_t = 2,
        value_parser = value_parser!(u8).range(0..=9)
    )]
    pub retries: u8,
}
