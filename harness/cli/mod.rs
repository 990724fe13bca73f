//! The command line: what was typed, what it means, and the only place that prints.
//!
//! Progress goes to standard error, results to standard output; colours only to a terminal.

mod areas;
mod args;
mod baseline;
mod bench;
mod blame;
mod build_matrix;
mod changes;
mod channel;
mod chosen;
mod compare;
mod config;
mod coverage;
mod driving;
mod dry_run;
mod engine_files;
mod environment;
mod events;
mod exit;
mod explain;
mod explore;
mod explored;
mod exploring;
mod failure;
mod folder;
mod formats;
#[cfg(feature = "generated-mutants")]
mod generated;
#[cfg(not(feature = "generated-mutants"))]
#[path = "not_generated.rs"]
mod generated;
mod in_engine;
mod init;
mod install;
mod interrupt;
mod journeys;
mod judge;
mod known;
mod last_failed;
mod list;
mod loading;
mod manual;
mod merge;
mod notes;
mod profile;
mod progress;
mod provision;
mod recorded;
mod report;
mod repro;
mod run;
mod self_test;
mod serve;
#[cfg(test)]
mod tests;
mod tracing;
mod usage;
mod verify;
mod watch;
mod workers;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use config::{Configured, Unusable};
use exit::Exit;
use failure::Failure;

/// Does what the command line says, and cleans up whatever happens.
#[must_use]
pub fn main() -> ExitCode {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = match builder.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            anstream::eprintln!("error: cannot start: {error}");
            return Exit::Environment.into();
        }
    };
    // In a task of its own, so that a panic of ours unwinds, cleans up, and differs from a failing
    // SDK by its exit code.
    let exit = runtime
        .block_on(async { tokio::spawn(command()).await })
        .unwrap_or_else(|panic| {
            anstream::eprintln!(
                "error: this is a bug of alhena-conformance, not of the SDK: {panic}"
            );
            Exit::Bug
        });
    exit.into()
}

/// What is wrong with a command line, which is not run; `None`: nothing. For tests of the pages
/// that show some.
pub fn usage_error<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let error = Arguments::try_parse_from(words).err()?;
    error.use_stderr().then(|| error.to_string())
}

/// Prints what is wrong.
fn ended(Failure { exit, error }: Failure) -> Exit {
    notes::error(format_args!("{error:#}"));
    exit
}

/// Does what the command line says. An error carries the exit code of whoever is at fault.
async fn command() -> Exit {
    let Configured {
        arguments,
        settings,
    } = match config::configured(std::env::args_os()) {
        Ok(configured) => configured,
        Err(Unusable::Set(failure)) => return ended(failure),
        Err(Unusable::Typed(error)) => {
            // Printing fails only if nobody can read it.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Conforms
            };
        }
    };
    if let Some(output) = arguments.command.output() {
        output.apply_color();
    }
    let is_quiet = arguments
        .command
        .output()
        .is_some_and(|output| output.quiet);
    if let Some(note) = settings.note().filter(|_| !is_quiet) {
        anstream::eprintln!("{note}");
    }
    let done = match arguments.command {
        Command::Run(run) if run.show_config => {
            anstream::print!("{}", settings.shown());
            Ok(Exit::Conforms)
        }
        Command::Run(run) => run::run(&run).await,
        Command::Report(report) => report::report(&report),
        Command::Judge(judge) => judge::judge(&judge),
        Command::Merge(merge) => merge::merge(&merge),
        Command::Repro(repro) => repro::repro(&repro).await,
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::List(list) => list::list(&list),
        Command::Explain(explain) => explain::explain(&explain),
        Command::Init(arguments) => init::init(&arguments).await,
        Command::Install(install) => install::install(&install),
        Command::Coverage(coverage) => coverage::coverage(&coverage),
        Command::SelfTest(test) if test.generated => generated::generated(&test).await,
        Command::SelfTest(test) if test.blame => blame::blame(&test).await,
        Command::SelfTest(test) if test.journeys => journeys::journeys(&test).await,
        Command::SelfTest(test) => self_test::self_test(&test).await,
        Command::Explore(arguments) => explore::explore(&arguments).await,
        Command::Bench(bench) => bench::bench(&bench).await,
        Command::Serve(serve) => serve::serve(&serve).await,
        Command::Profile(command) => profile::profile(&command).await,
        Command::Schema(schema) => {
            anstream::println!("{:#}", schema.of.json_schema());
            Ok(Exit::Conforms)
        }
        Command::Completions(completions) => manual::completions(&completions),
        Command::Man(man) => manual::man(&man),
    };
    done.unwrap_or_else(ended)
}
