use std::path::Path;
use std::sync::Arc;

use alhena_conformance::contract::Level;
use alhena_conformance::judge::Status;
use alhena_conformance::known::KnownFailures;
use alhena_conformance::report::{self, Report};
use alhena_conformance::run::{Interrupt, RunOptions, RunResult, Runner, Sessions, Stage};
use alhena_conformance::sdk::{Installation, Profile};
use anyhow::Context;
use owo_colors::OwoColorize;

use super::args::RunArguments;
use super::chosen::{Chosen, again, workers};
use super::exit::Exit;
use super::interrupt::interruptions;
use super::progress::Progress;
use super::{Failure, known, provision, skew, verify, watch};

/// Plans, drives, judges and reports.
pub async fn run(arguments: &RunArguments) -> Result<Exit, Failure> {
    if let Some(times) = arguments.verify {
        return verify::verify(arguments, times).await;
    }
    if arguments.watch {
        return watch::watch(arguments).await;
    }
    let chosen = Chosen::of(arguments)?;
    let known = known::load(arguments)?;
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(Stage::start(Arc::clone(&chosen.profile)).await.map_err(Failure::environment)?);
    let interrupt = interruptions()?;
    let exit = match chosen.installations.as_slice() {
        [installation] => one(arguments, &chosen, installation, known, &sessions, &stage, interrupt).await?,
        _ => skew::skew(arguments, &chosen, &sessions, &stage, interrupt).await?,
    };
    // The driver and its browsers end before the verdict is given: nothing is left behind when the program has ended.
    drop(sessions);
    Ok(exit)
}

async fn one(
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
    known: KnownFailures,
    sessions: &Arc<Sessions>,
    stage: &Arc<Stage>,
    interrupt: Interrupt,
) -> Result<Exit, Failure> {
    let runner = Runner::new(installation.clone(), Arc::clone(stage), Arc::clone(sessions), options(arguments)).knowing(known, known::today());
    let result = drive(&runner, chosen, interrupt).await;
    let knowledge = runner.knowledge(result.environment.as_ref(), &chosen.suite.register);
    let subject = report::Subject { known: known::verdicts(&chosen.suite, &result.outcomes, &knowledge), ..subject(chosen, installation) };
    let report = report::build(&subject, &result);
    print(arguments, &report, &result, &chosen.profile, installation);
    if let Some(folder) = &arguments.report {
        write(folder, &report, &result)?;
    }
    if arguments.update_known_failures {
        known::update(&result, &report, &subject.known, &knowledge)?;
    }
    warn_of_no_session(&result);
    Ok(exit(&report, &result))
}

/// How every run is made.
pub fn options(arguments: &RunArguments) -> RunOptions {
    RunOptions { workers: workers(arguments.workers), retries: usize::from(arguments.retries), fail_fast: arguments.fail_fast }
}

/// Drives the chosen cases, with progress on standard error.
pub async fn drive(runner: &Runner, chosen: &Chosen, interrupt: Interrupt) -> RunResult {
    let mut progress = Progress::new();
    let result = runner.run(chosen.cases.clone(), &chosen.suite.register, interrupt, &mut |event| progress.listen(&event)).await;
    progress.finish();
    result
}

/// What a report is about.
pub fn subject<'a>(chosen: &'a Chosen, installation: &'a Installation) -> report::Subject<'a> {
    let Chosen { suite, profile, mutants, proofs, .. } = chosen;
    report::Subject { register: &suite.register, installation, profile, mutants, proofs, known: Vec::new() }
}

/// Puts a report into a folder, and says where.
pub fn write(folder: &Path, report: &Report, result: &RunResult) -> Result<(), Failure> {
    report::write(folder, report, &result.outcomes)
        .with_context(|| format!("cannot write the report into {}", folder.display()))
        .map_err(Failure::environment)?;
    anstream::eprintln!("report: {}", folder.join("report.json").display());
    Ok(())
}

/// Says why a run ended without a verdict.
pub fn warn_of_no_session(result: &RunResult) {
    if let Some(why) = &result.no_session {
        anstream::eprintln!("{}: no browser session can be had: {why}", "error".red().bold());
    }
}

fn print(arguments: &RunArguments, report: &Report, result: &RunResult, profile: &Profile, installation: &Installation) {
    let again = |case: &str| again(arguments, installation, case);
    if let Some(browser) = &report.environment {
        anstream::println!("alhena-conformance {} · {} {} · {}", report.harness.version, browser.browser, browser.browser_version, browser.driver);
    }
    anstream::println!("SDK {} · sha256 {}", report.sdk.source.bold(), report.sdk.sha256);
    anstream::println!("profile {} · sha256 {}", report.profile.name.bold(), report.profile.sha256);
    anstream::print!("{}", report::requirements(report));
    anstream::print!("{}", report::known_failures(report));
    anstream::print!("{}", report::denied_hosts(report));
    let failures = report::failures(report, &result.outcomes, profile, &again);
    anstream::println!("\n{failures}{}{}", report::wrong_known_failures(report), report::verdict(report));
}

/// How a run ends, by what it found.
pub fn exit(report: &Report, result: &RunResult) -> Exit {
    let any = |status: Status| report.checks.iter().any(|check| check.status == status && check.level > Level::Observe);
    let is_outdated = report.known_failures.iter().any(|entry| entry.state.is_wrong());
    if result.interrupted {
        Exit::Interrupted
    } else if result.bug {
        Exit::Bug
    } else if any(Status::Fail) || any(Status::Flaky) || any(Status::UnexpectedPass) || is_outdated {
        Exit::Fails
    } else if any(Status::Error) || any(Status::NotTestable) {
        Exit::Environment
    } else {
        Exit::Conforms
    }
}
