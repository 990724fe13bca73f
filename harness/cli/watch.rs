//! `run --watch`: the failed checks again, each time the SDK is saved, on sessions that stay open.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::args::RunArguments;
use super::changes::{Snapshot, changed, look};
use super::chosen::{self, Chosen};
use super::events::Events;
use super::exit::Exit;
use super::in_engine::Proved;
use super::interrupt::interruptions;
use super::loading::files;
use super::progress::Progress;
use super::workers::workers;
use super::{Failure, driving, environment, known, notes, provision};
use crate::plan::Case;
use crate::render;
use crate::report::{self, Keep, Stored};
use crate::run::{Crew, Interrupt, RunEvent, RunOptions, Runner, Sessions, Stage};
use crate::sdk::{Build, Installation, Profile};
use crate::verdict::RunResult;
use crate::verdict::known::KnownFailures;

/// An event that is lost is waited for in vain on each save: no longer than this.
const RECORDED_MS: u64 = 1000;

/// Runs the chosen cases, and then, after each change of the SDK, those that failed; once they
/// hold, all others too.
pub async fn watch(arguments: &RunArguments, events: &mut Events) -> Result<Exit, Failure> {
    if arguments.sdk.iter().any(|source| Build::is_url(source)) {
        return Err(Failure::usage(anyhow!(
            "--watch looks at files, and a URL is none: download the build, or name the \
             file it is built to"
        )));
    }
    let files = files(&arguments.fixtures)?;
    let mut chosen = Chosen::of(arguments)?;
    if arguments.has_pairings() {
        let error = anyhow!(
            "--watch runs one build with one snippet on one engine\n   = give --sdk, --snippet \
             and --engine once each"
        );
        return Err(Failure::usage(error));
    }
    let mut profile = Profile::clone(&chosen.profile);
    profile.waits.recorded_ms = profile.waits.recorded_ms.min(RECORDED_MS);
    chosen.profile = Arc::new(profile);
    let engine = arguments.browser.engine.first();
    let limits = known::load(arguments, &chosen.files)?;
    let (sessions, stage) = provision::equipment(&arguments.browser, &chosen.profile).await?;
    let interrupt = interruptions()?;
    let mut watched = Watched::new(arguments);
    let mut changed = watched.change(&interrupt);
    let workers = workers(arguments.workers, &sessions);
    let crew = Crew::start(&stage, &sessions, workers, &interrupt).await;
    let mut crew = crew.map_err(|error| environment::no_session(&error, &arguments.browser))?;
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut installation = chosen.installations[0].clone();
    let proved = chosen.proved_in(engine)?;
    while !*interrupt.borrow() {
        let saved = Instant::now();
        let round = Round {
            arguments,
            chosen: &chosen,
            proved: &proved,
            stage: &stage,
            sessions: &sessions,
            installation: &installation,
            limits: &limits,
        };
        let is_first = |case: &Case| failed.is_empty() || failed.contains(&case.id);
        let (first, rest) = chosen.cases_on(engine).into_iter().partition(is_first);
        let halves: [Vec<Case>; 2] = [first, rest];
        for cases in halves.into_iter().filter(|cases| !cases.is_empty()) {
            let until = changed.signal.clone();
            let mut result = round.run(&mut crew, cases, until, events).await;
            failed = round.print(&mut result, saved, failed, events);
            if !failed.is_empty() || result.is_interrupted() {
                break;
            }
        }
        anstream::eprintln!("waiting for the next save");
        loop {
            // The task only looks at files, and ends with what it saw.
            watched.seen = changed.seen.await.unwrap_or(watched.seen);
            changed = watched.change(&interrupt);
            match chosen::run_installation(arguments, &chosen.profile, &files) {
                Ok(changed) => installation = changed,
                Err(_) if *interrupt.borrow() => {}
                // Half written, perhaps: the next look shows it.
                Err(Failure { error, .. }) => {
                    notes::error(format_args!("{error:#}"));
                    continue;
                }
            }
            break;
        }
    }
    crew.end().await;
    Ok(Exit::Interrupted)
}

/// What one save is tried with.
struct Round<'a> {
    arguments: &'a RunArguments,
    chosen: &'a Chosen,
    proved: &'a Proved,
    stage: &'a Arc<Stage>,
    sessions: &'a Arc<Sessions>,
    installation: &'a Installation,
    /// What the engine cannot keep.
    limits: &'a KnownFailures,
}

impl Round<'_> {
    async fn run(
        &self,
        crew: &mut Crew,
        cases: Vec<Case>,
        until: Interrupt,
        events: &mut Events,
    ) -> RunResult {
        // A person who just saved sees a failure at once; whether it repeats is for a run to find.
        let usual = driving::options(self.arguments, self.sessions);
        let options = RunOptions {
            retries: 0,
            // They would stay for the next round, of a build that may be sound.
            most_workers: usual.workers,
            ..usual
        };
        let (stage, sessions) = (Arc::clone(self.stage), Arc::clone(self.sessions));
        let runner = Runner::new(self.installation.clone(), stage, sessions, options)
            .knowing(self.limits.clone(), known::today());
        let register = &self.chosen.suite.register;
        let detail = self.arguments.screen().detail;
        let mut progress = Progress::new(register, &self.chosen.durations, &cases, detail);
        let context = driving::context(self.arguments, self.chosen, self.installation);
        let mut listener = |event: RunEvent<'_>| {
            progress.listen(&event);
            events.listen(&event, context);
        };
        let result = runner.round(crew, cases, register, until, &mut listener);
        let result = result.await;
        progress.finish();
        result
    }

    /// Prints what broke, and returns the cases that did; those not driven to their end stay as
    /// they were.
    fn print(
        &self,
        result: &mut RunResult,
        saved: Instant,
        before: BTreeSet<String>,
        events: &mut Events,
    ) -> BTreeSet<String> {
        let (arguments, chosen) = (self.arguments, self.chosen);
        let circumstances = driving::circumstances(arguments, chosen, self.installation, result);
        let subject = driving::subject(chosen, self.proved);
        let report = report::build(&subject, circumstances, &result.outcomes);
        let stored = Stored::new(report, &mut result.outcomes, Keep::Failed);
        let channel = arguments.channel();
        channel.print(&render::brief(&stored, arguments.screen()));
        events.run_finished(&stored.report);
        if result.is_interrupted() {
            return before;
        }
        let seconds = saved.elapsed().as_secs_f64();
        channel.print(&format!("{seconds:.1} s after the save\n"));
        let register = &chosen.suite.register;
        let outcomes = result.outcomes.iter();
        let failed = outcomes.filter(|outcome| outcome.bearing(register).fails_the_run());
        failed.map(|outcome| outcome.case.id.clone()).collect()
    }
}

/// The files whose change asks for another round.
struct Watched {
    paths: Vec<PathBuf>,
    seen: Snapshot,
}

/// A change that is waited for.
struct Change {
    /// Becomes true when it has come.
    signal: Interrupt,
    seen: JoinHandle<Snapshot>,
}

impl Watched {
    fn new(arguments: &RunArguments) -> Self {
        let sdks = arguments.sdk.iter().map(PathBuf::from);
        let mut paths: Vec<PathBuf> = sdks.chain(arguments.snippet.iter().cloned()).collect();
        if paths.is_empty() {
            // The bundled SDK, in the source tree, where there is one.
            paths.push(PathBuf::from("fixtures/sdk/reference"));
        }
        let seen = look(&paths);
        Self { paths, seen }
    }

    /// The next change of the files, or the interruption.
    fn change(&self, interrupt: &Interrupt) -> Change {
        let (sender, signal) = watch::channel(false);
        let (paths, before, interrupt) = (self.paths.clone(), self.seen.clone(), interrupt.clone());
        let seen = tokio::spawn(async move {
            let mut interrupt = interrupt;
            let seen = tokio::select! {
                now = changed(&paths, &before) => now,
                _ = interrupt.wait_for(|stop| *stop) => before,
            };
            sender.send_replace(true);
            seen
        });
        Change { signal, seen }
    }
}
