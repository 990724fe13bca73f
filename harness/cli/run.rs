use std::sync::Arc;

use alhena_conformance::contract::Level;
use alhena_conformance::input::Files;
use alhena_conformance::judge::Status;
use alhena_conformance::report::{self, Report};
use alhena_conformance::run::{RunOptions, RunResult, Runner, Sessions, Stage};
use alhena_conformance::scenario::Patterns;
use alhena_conformance::sdk::{BuildError, Installation, Profile, Proofs};
use anyhow::{Context, anyhow};
use owo_colors::OwoColorize;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::args::RunArguments;
use super::exit::Exit;
use super::progress::Progress;
use super::{Failure, coverage, files, known, provision, suite, verify};

/// The profile that builds are run with.
pub const PROFILE: &str = "alhena";

/// More browsers than this want more memory than most machines have to spare.
const MOST_WORKERS: usize = 4;

/// Plans, drives, judges and reports.
pub async fn run(arguments: &RunArguments) -> Result<Exit, Failure> {
    if let Some(times) = arguments.verify {
        return verify::verify(arguments, times).await;
    }
    let files = files(arguments.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let mut patterns = Patterns::new(&arguments.filter);
    let cases = suite.plan(&mut patterns);
    refuse_unmatched(&patterns)?;
    if arguments.filter.is_empty() {
        coverage::refuse_less_than_the_floor(&files, &cases)?;
    }
    if let Some(folder) = &arguments.report {
        report::refuse_foreign(folder).with_context(|| format!("{} cannot take the report", folder.display())).map_err(Failure::usage)?;
    }
    let profile = Arc::new(Profile::load(PROFILE, &files).map_err(Failure::usage)?);
    let installation = installation(arguments, &files)?;
    let mutants = super::mutants(&files, &suite.register)?;
    let proofs = Proofs::load(&files).map_err(Failure::usage)?;
    let (known, today) = (known::load(arguments)?, known::today());
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(Stage::start(profile).await.map_err(Failure::environment)?);
    let options = RunOptions { workers: workers(arguments.workers), retries: usize::from(arguments.retries), fail_fast: arguments.fail_fast };

    let mut progress = Progress::new();
    let runner = Runner::new(installation.clone(), Arc::clone(&stage), Arc::clone(&sessions), options).knowing(known, today);
    let result = runner.run(cases, &suite.register, interruptions()?, &mut |event| progress.listen(&event)).await;
    progress.finish();

    let knowledge = runner.knowledge(result.environment.as_ref(), &suite.register);
    let subject = report::Subject {
        register: &suite.register,
        installation: &installation,
        profile: &stage.profile.name,
        mutants: &mutants,
        proofs: &proofs,
        known: known::verdicts(&suite, &result.outcomes, &knowledge),
    };
    let report = report::build(&subject, &result);
    print(arguments, &report, &result, &stage.profile);
    if let Some(folder) = &arguments.report {
        report::write(folder, &report, &result.outcomes)
            .with_context(|| format!("cannot write the report into {}", folder.display()))
            .map_err(Failure::environment)?;
        anstream::eprintln!("report: {}", folder.join("report.json").display());
    }
    if arguments.update_known_failures {
        known::update(&result, &report, &subject.known, &knowledge)?;
    }
    end(runner, sessions);
    if let Some(why) = &result.no_session {
        anstream::eprintln!("{}: no browser session can be had: {why}", "error".red().bold());
    }
    Ok(exit(&report, &result))
}

/// What is under test.
pub fn installation(arguments: &RunArguments, files: &Files) -> Result<Installation, Failure> {
    tokio::task::block_in_place(|| Installation::take(arguments.sdk.as_deref(), files)).map_err(|error| match error {
        BuildError::File(_) => Failure::usage(error),
        BuildError::Url { .. } => Failure::environment(error),
    })
}

/// A pattern that selects nothing is a mistake, and a green run of nothing a lie.
pub fn refuse_unmatched(patterns: &Patterns) -> Result<(), Failure> {
    match patterns.unmatched().as_slice() {
        [] => Ok(()),
        none => {
            let none = none.iter().map(|pattern| format!("`{pattern}`")).collect::<Vec<_>>().join(", ");
            let error = anyhow!(
                "nothing matches {none}\n   = a pattern is matched against whole check ids, scenario ids and requirement ids; `alhena-conformance list` shows them"
            );
            Err(Failure { exit: Exit::Nothing, error })
        }
    }
}

/// Kills the driver and its browsers before the verdict is given, so that nothing is left behind when the program has ended.
fn end(runner: Runner, sessions: Arc<Sessions>) {
    drop(runner);
    drop(sessions);
}

pub fn workers(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS), usize::from)
}

fn print(arguments: &RunArguments, report: &Report, result: &RunResult, profile: &Profile) {
    let again = |case: &str| again(arguments, case);
    if let Some(browser) = &report.environment {
        anstream::println!("alhena-conformance {} · {} {} · {}", report.harness.version, browser.browser, browser.browser_version, browser.driver);
    }
    anstream::println!("SDK {} · sha256 {}", report.sdk.source.bold(), report.sdk.sha256);
    anstream::print!("{}", report::requirements(report));
    anstream::print!("{}", report::known_failures(report));
    let failures = report::failures(report, &result.outcomes, profile, &again);
    anstream::println!("\n{failures}{}{}", report::wrong_known_failures(report), report::verdict(report));
}

/// The command that repeats one case, as it would be typed.
pub fn again(arguments: &RunArguments, case: &str) -> String {
    let browser = &arguments.browser;
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let options = [
        ("--sdk", arguments.sdk.clone()),
        ("--fixtures", path(&arguments.fixtures)),
        ("--browser-binary", path(&browser.browser_binary)),
        ("--driver", path(&browser.driver)),
        ("--webdriver", browser.webdriver.clone()),
        ("--filter", Some(case.to_owned())),
    ];
    let given = options.into_iter().filter_map(|(name, value)| Some(format!(" {name} {}", quoted(&value?))));
    format!("alhena-conformance run{}", given.collect::<String>())
}

/// One word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-:@=,%+".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn exit(report: &Report, result: &RunResult) -> Exit {
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

/// Becomes true with the first Ctrl-C or SIGTERM. The second ends the program at once; the guard of the driver cleans up then.
pub fn interruptions() -> Result<watch::Receiver<bool>, Failure> {
    let (tell, interrupt) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::environment)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::environment)?;
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupted.recv() => {}
            }
        };
        next().await;
        anstream::eprintln!("stopping: what was found so far is reported; once more to stop at once");
        tell.send_replace(true);
        next().await;
        std::process::exit(i32::from(Exit::Interrupted as u8));
    });
    Ok(interrupt)
}
