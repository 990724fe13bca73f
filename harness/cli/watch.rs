//! `run --watch`: the failed checks again, each time the SDK is saved, on sessions that stay open.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::plan::Case;
use crate::render;
use crate::report::{self, Keep, Stored};
use crate::run::{Crew, Interrupt, RunOptions, Runner, Sessions, Stage};
use crate::sdk::{Installation, Profile};
use crate::verdict::RunResult;
use anyhow::anyhow;
use owo_colors::OwoColorize;
use tokio::sync::watch;

use super::args::RunArguments;
use super::chosen::{self, Chosen, workers};
use super::exit::Exit;
use super::interrupt::interruptions;
use super::progress::Progress;
use super::{Failure, driving, files, provision};

/// Between two looks at the files.
const LOOK: Duration = Duration::from_millis(50);

/// An event that is lost is waited for in vain on each save: no longer than this.
const RECORDED_MS: u64 = 1000;

/// Runs the chosen cases, and then, after each change of the SDK, those that failed; once they
/// hold, all others too.
pub async fn watch(arguments: &RunArguments) -> Result<Exit, Failure> {
    if arguments
        .sdk
        .iter()
        .any(|source| source.starts_with("http://") || source.starts_with("https://"))
    {
        return Err(Failure::usage(anyhow!(
            "--watch looks at files, and a URL is none: download the build, or name the \
             file it is built to"
        )));
    }
    let files = files(arguments.fixtures.as_deref())?;
    let mut chosen = Chosen::of(arguments)?;
    if chosen.installations.len() > 1 {
        return Err(Failure::usage(anyhow!(
            "--watch runs one build with one snippet"
        )));
    }
    let mut profile = Profile::clone(&chosen.profile);
    profile.waits.recorded_ms = profile.waits.recorded_ms.min(RECORDED_MS);
    chosen.profile = Arc::new(profile);
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(
        Stage::start(Arc::clone(&chosen.profile))
            .await
            .map_err(Failure::environment)?,
    );
    let interrupt = interruptions()?;
    let mut watched = Watched::new(arguments);
    let mut crew = Crew::start(&stage, &sessions, workers(arguments.workers), &interrupt);
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut installation = chosen.installations[0].clone();
    while !*interrupt.borrow() {
        let saved = Instant::now();
        let round = Round {
            arguments,
            chosen: &chosen,
            stage: &stage,
            sessions: &sessions,
            installation: &installation,
        };
        let (first, rest): (Vec<Case>, Vec<Case>) = chosen
            .cases
            .iter()
            .cloned()
            .partition(|case| failed.is_empty() || failed.contains(&case.id));
        let mut changed = watched.change(&interrupt);
        for cases in [first, rest].into_iter().filter(|cases| !cases.is_empty()) {
            let mut result = round.run(&mut crew, cases, changed.until()).await;
            failed = round.say(&mut result, saved, failed);
            if !failed.is_empty() || result.interrupted {
                break;
            }
        }
        anstream::eprintln!("waiting for the next save");
        installation = loop {
            changed.wait().await;
            watched.note(changed);
            match reread(arguments, &chosen.profile, &files) {
                Ok(installation) => break installation,
                // Half written, perhaps: the next look tells.
                Err(Failure { error, .. }) if !*interrupt.borrow() => {
                    anstream::eprintln!("{}: {error:#}", "error".red().bold());
                }
                Err(_) => break installation,
            }
            changed = watched.change(&interrupt);
        };
    }
    crew.end().await;
    Ok(Exit::Interrupted)
}

fn reread(
    arguments: &RunArguments,
    profile: &Profile,
    files: &crate::input::Files,
) -> Result<Installation, Failure> {
    chosen::installations(&arguments.sdk, &arguments.snippet, profile, files)
        .map(|mut all| all.remove(0))
}

/// What one save is tried with.
struct Round<'a> {
    arguments: &'a RunArguments,
    chosen: &'a Chosen,
    stage: &'a Arc<Stage>,
    sessions: &'a Arc<Sessions>,
    installation: &'a Installation,
}

impl Round<'_> {
    async fn run(&self, crew: &mut Crew, cases: Vec<Case>, until: Interrupt) -> RunResult {
        // A person who just saved sees a failure at once; whether it repeats is for a run to tell.
        let options = RunOptions {
            retries: 0,
            ..driving::options(self.arguments)
        };
        let runner = Runner::new(
            self.installation.clone(),
            Arc::clone(self.stage),
            Arc::clone(self.sessions),
            options,
        );
        let mut progress = Progress::new(&self.chosen.suite.register);
        let result = runner
            .round(
                crew,
                cases,
                &self.chosen.suite.register,
                until,
                &mut |event| progress.listen(&event),
            )
            .await;
        progress.finish();
        result
    }

    /// Prints what broke, and returns the cases that did; those not driven to their end stay as
    /// they were.
    fn say(
        &self,
        result: &mut RunResult,
        saved: Instant,
        before: BTreeSet<String>,
    ) -> BTreeSet<String> {
        let report = report::build(
            &driving::subject(self.chosen),
            driving::circumstances(self.arguments, self.chosen, self.installation, result),
            &result.outcomes,
        );
        let stored = Stored::new(report, &mut result.outcomes, Keep::Failed);
        anstream::print!("{}", render::summary(&stored));
        if result.interrupted {
            return before;
        }
        anstream::println!("{:.1} s after the save", saved.elapsed().as_secs_f64());
        let register = &self.chosen.suite.register;
        result
            .outcomes
            .iter()
            .filter(|outcome| outcome.bearing(register).fails_the_run())
            .map(|outcome| outcome.case.id.clone())
            .collect()
    }
}

/// The files whose change asks for another round.
struct Watched {
    paths: Vec<PathBuf>,
    seen: Vec<(PathBuf, SystemTime, u64)>,
}

/// A change that is waited for.
struct Change {
    signal: watch::Receiver<bool>,
    seen: tokio::task::JoinHandle<Vec<(PathBuf, SystemTime, u64)>>,
    state: Option<Vec<(PathBuf, SystemTime, u64)>>,
}

impl Watched {
    fn new(arguments: &RunArguments) -> Self {
        let paths: Vec<PathBuf> = arguments
            .sdk
            .iter()
            .map(PathBuf::from)
            .chain(arguments.snippet.iter().cloned())
            .collect();
        // The bundled SDK, in the source tree, where there is one.
        let paths = if paths.is_empty() {
            vec![PathBuf::from("fixtures/sdk/reference")]
        } else {
            paths
        };
        let seen = look(&paths);
        Self { paths, seen }
    }

    /// The next change of the files, or the interruption.
    fn change(&self, interrupt: &Interrupt) -> Change {
        let (sender, signal) = watch::channel(false);
        let (paths, before, interrupt) = (self.paths.clone(), self.seen.clone(), interrupt.clone());
        let seen = tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let now = look(&paths);
                if *interrupt.borrow() || now != before {
                    sender.send_replace(true);
                    return now;
                }
            }
        });
        Change {
            signal,
            seen,
            state: None,
        }
    }

    fn note(&mut self, change: Change) {
        if let Some(state) = change.state {
            self.seen = state;
        }
    }
}

impl Change {
    /// Becomes true when it has come.
    fn until(&self) -> Interrupt {
        self.signal.clone()
    }

    async fn wait(&mut self) {
        if self.state.is_none() {
            // The task only looks at files, and ends with what it saw.
            self.state = (&mut self.seen).await.ok();
        }
    }
}

/// Every file, when it was written last, and its length.
fn look(paths: &[PathBuf]) -> Vec<(PathBuf, SystemTime, u64)> {
    fn walk(path: &Path, found: &mut Vec<(PathBuf, SystemTime, u64)>) {
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        if metadata.is_dir() {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
            entries.for_each(|entry| walk(&entry.path(), found));
        } else {
            found.push((
                path.to_owned(),
                metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                metadata.len(),
            ));
        }
    }
    let mut found = Vec::new();
    for path in paths {
        walk(path, &mut found);
    }
    found.sort();
    found
}
