//! What every command that drives cases has in common: its equipment, the run of one build with one
//! snippet, and what is kept of it.

use std::sync::Arc;

use super::args::RunArguments;
use super::chosen::{Chosen, command};
use super::events::{Context, Events};
use super::exit::Exit;
use super::in_engine::Proved;
use super::interrupt::interruptions;
use super::progress::Progress;
use super::workers::{most_workers, workers};
use super::{Failure, baseline, environment, folder, formats, known, notes, provision, tracing};
use crate::render::{self, Format};
use crate::report::{self, Fingerprints, Keep, Mask, Report, Stored, Subject};
use crate::run::{self, Interrupt, RunEvent, RunOptions, Runner, Sessions, Stage};
use crate::sdk::Installation;
use crate::verdict::{CaseOutcome, RunResult};

/// Runs one build with one snippet, prints what was found, writes it where that was asked for, and
/// returns it with how the run ends.
pub async fn one(
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
    events: &mut Events,
) -> Result<(Report, Exit), Failure> {
    let known = known::load(arguments, &chosen.files)?;
    let proved = chosen.proved_in(arguments.browser.engine.first())?;
    let old = baseline::load(arguments, &chosen.selection)?;
    let equipment = provision::equipment(&arguments.browser, &chosen.profile).await;
    let equipment = equipment.map_err(|failure| reported(failure, arguments, chosen, installation));
    let (sessions, stage) = equipment?;
    let servers = Arc::clone(&stage);
    let interrupt = interruptions()?;
    let options = options(arguments, &sessions);
    let runner = Runner::new(installation.clone(), stage, sessions, options)
        .knowing(known, known::today())
        .longest_first(&chosen.durations);
    let driven = drive(&runner, arguments, chosen, interrupt, events).await;
    let mut result =
        driven.map_err(|failure| reported(failure, arguments, chosen, installation))?;
    tracing::trace(&runner, arguments, chosen, &mut result).await;
    let knowledge = runner.knowledge(result.environment.as_ref(), &chosen.suite.register);
    let subject = Subject {
        known: known::verdicts(&chosen.suite, &result.outcomes, &knowledge),
        spots: Some((installation, run::spot)),
        ..subject(chosen, &proved)
    };
    let circumstances = circumstances(arguments, chosen, installation, &result);
    let report = report::build(&subject, circumstances, &result.outcomes);
    let (mut stored, mask) = stored(arguments, chosen, report, &mut result.outcomes)?;
    let compared = |old| baseline::compared(&stored.report, old);
    stored.comparison = old.as_ref().map(compared);
    chosen.formats.print(&stored)?;
    events.run_finished(&stored.report);
    if let Some(folder) = &chosen.folder {
        folder::write(
            folder,
            render::files(&stored, &chosen.formats.written, folder.path()),
        )?;
    }
    let engine = &arguments.browser.engine;
    if arguments.update_known_failures {
        let (report, mask) = (&stored.report, mask.as_ref());
        known::update(&result, report, &subject.known, &knowledge, engine, mask)?;
    }
    let mut ends = Exit::of(&stored.report);
    if let (Some(old), Some(comparison)) = (&old, &stored.comparison) {
        ends = baseline::exit(ends, &stored.report, comparison);
        let beside_text = chosen.formats.printed.contains(&Format::Text);
        baseline::print(comparison, old, arguments, beside_text);
    }
    if let (Some(file), true) = (&arguments.gate.baseline, arguments.gate.update_baseline) {
        let (report, engine) = (&stored.report, engine.first());
        baseline::update(file, &result, report, old.as_ref(), engine)?;
    }
    warn_of_no_session(&result);
    note_strangers(&servers);
    if let Some(folder) = &chosen.folder {
        folder::link(folder, arguments.open);
    }
    Ok((stored.report, ends))
}

/// A fault of the machine by which nothing could be tried, once it stands in the report that was
/// asked for: who only keeps that learns why there are no verdicts.
fn reported(
    failure: Failure,
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
) -> Failure {
    let Some(folder) = chosen
        .folder
        .as_ref()
        .filter(|_| failure.exit == Exit::Environment)
    else {
        return failure;
    };
    let untried = untried(&failure, arguments, chosen, installation);
    let written = untried.and_then(|stored| {
        folder::write(
            folder,
            render::files(&stored, &chosen.formats.written, folder.path()),
        )
    });
    match written {
        Ok(()) => failure,
        Err(unwritten) => failure.context(unwritten.error),
    }
}

/// The report of an installation of which nothing could be tried by this fault of the machine.
pub fn untried(
    failure: &Failure,
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
) -> Result<Stored, Failure> {
    let message = failure.error.to_string();
    // What to do about it stands below, and is for who runs this.
    let why = message.lines().next().unwrap_or_default();
    let engine = arguments.browser.engine.first();
    let (cases, proved) = (chosen.cases_on(engine), chosen.proved_in(engine)?);
    let mut result = run::untried(cases, why);
    let circumstances = circumstances(arguments, chosen, installation, &result);
    let report = report::build(&subject(chosen, &proved), circumstances, &result.outcomes);
    let (stored, _) = stored(arguments, chosen, report, &mut result.outcomes)?;
    Ok(stored)
}

/// How every run on these sessions is made.
pub fn options(arguments: &RunArguments, sessions: &Sessions) -> RunOptions {
    RunOptions {
        workers: workers(arguments.workers, sessions),
        most_workers: most_workers(arguments.workers, sessions),
        retries: usize::from(arguments.retry.retries),
        max_failures: arguments.max_failures(),
        timeout: arguments.timeout,
        shares_pages: !arguments.own_pages,
        // Only a report shows them.
        pictures: arguments.report.is_some(),
    }
}

/// Drives the chosen cases, with progress on standard error, and with the lines of `--events`.
pub async fn drive(
    runner: &Runner,
    arguments: &RunArguments,
    chosen: &Chosen,
    interrupt: Interrupt,
    events: &mut Events,
) -> Result<RunResult, Failure> {
    let cases = chosen.cases_on(arguments.browser.engine.first());
    let register = &chosen.suite.register;
    let mut progress = Progress::new(
        register,
        &chosen.durations,
        &cases,
        chosen.formats.screen.detail,
    );
    let context = context(arguments, chosen, runner.installation());
    let mut listener = |event: RunEvent<'_>| {
        progress.listen(&event);
        events.listen(&event, context);
    };
    let result = runner.run(cases, register, interrupt, &mut listener).await;
    progress.finish();
    result.map_err(|error| environment::no_session(&error, &arguments.browser))
}

/// What the lines of `--events` are made with.
pub fn context<'a>(
    arguments: &RunArguments,
    chosen: &'a Chosen,
    installation: &'a Installation,
) -> Context<'a> {
    Context {
        register: &chosen.suite.register,
        profile: &chosen.profile,
        installation,
        masks: arguments.mask,
    }
}

/// What the verdicts of a report are made with, where the checks are proved by this; nothing is
/// known of the build.
pub fn subject<'a>(chosen: &'a Chosen, proved: &'a Proved) -> Subject<'a> {
    Subject {
        spots: None,
        register: &chosen.suite.register,
        guides: &chosen.suite.guides,
        profile: &chosen.profile,
        mutants: &proved.mutants,
        proofs: &proved.proofs,
        known: Vec::new(),
    }
}

/// When, where and on what a run was made.
pub fn circumstances(
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
    result: &RunResult,
) -> Report {
    let (build, snippet) = (&installation.build, &installation.snippet);
    let command = command(arguments, &build.source, &snippet.source);
    let (filter, shard) = (&chosen.selection, chosen.shard.clone());
    Report::without_verdicts(result, installation, command, filter, shard)
}

/// A report with what is kept of its cases, masked where that was asked for.
pub fn stored(
    arguments: &RunArguments,
    chosen: &Chosen,
    report: Report,
    outcomes: &mut [CaseOutcome],
) -> Result<(Stored, Option<Mask>), Failure> {
    // Before anything is dropped: what is kept may name a fingerprint that only the rest shows.
    let mask = arguments.mask.then(|| {
        let mut fingerprints = Fingerprints::of_profile(&chosen.profile);
        for outcome in outcomes.iter() {
            fingerprints.see(&outcome.record);
        }
        fingerprints.mask(&report)
    });
    let keep = if arguments.trace {
        Keep::All
    } else {
        arguments.keep_evidence
    };
    let mut stored = Stored::new(report, outcomes, keep);
    if let Some(mask) = &mask {
        stored = formats::masked(mask, stored)?;
    }
    Ok((stored, mask))
}

/// Says who else came to the proxies that other machines reach.
pub fn note_strangers(stage: &Stage) {
    for (address, count) in stage.strangers() {
        notes::note(format_args!(
            "the proxies refused {count} requests from {address}, where no browser of this run is"
        ));
    }
}

/// Prints why a run ended without a verdict.
pub fn warn_of_no_session(result: &RunResult) {
    if let Some(why) = &result.no_session {
        notes::error(format_args!("no browser session can be had: {why}"));
    }
}
