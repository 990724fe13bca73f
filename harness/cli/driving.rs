//! What every command that drives cases has in common: its equipment, the run of one build with one
//! snippet, and what is kept of it.

use std::sync::Arc;

use crate::output::ReportFolder;
use crate::render;
use crate::render::Format;
use crate::report::ReportFiles;
use crate::report::{self, Circumstances, Fingerprints, Mask, Report, Stored};
use crate::run::{Interrupt, RunOptions, Runner, Sessions, Stage};
use crate::sdk::Installation;
use crate::verdict::{CaseOutcome, RunResult};
use owo_colors::OwoColorize;
use serde::Serialize;

use super::args::RunArguments;
use super::chosen::{Chosen, command, workers};
use super::exit::Exit;
use super::formats;
use super::interrupt::interruptions;
use super::progress::Progress;
use super::{Failure, baseline, known, provision};

/// Runs one build with one snippet, prints what was found, writes it where that was asked for, and
/// returns it with how the run ends.
pub async fn one(
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
) -> Result<(Report, Exit), Failure> {
    let known = known::load(arguments)?;
    let old = baseline::load(arguments)?;
    let Equipment {
        sessions,
        stage,
        interrupt,
    } = Equipment::of(arguments, chosen).await?;
    let runner = Runner::new(
        installation.clone(),
        stage,
        Arc::clone(&sessions),
        options(arguments),
    )
    .knowing(known, known::today());
    let mut result = drive(&runner, chosen, interrupt).await;
    let knowledge = runner.knowledge(result.environment.as_ref(), &chosen.suite.register);
    let subject = report::Subject {
        known: known::verdicts(&chosen.suite, &result.outcomes, &knowledge),
        ..subject(chosen)
    };
    let report = report::build(
        &subject,
        circumstances(arguments, chosen, installation, &result),
        &result.outcomes,
    );
    let (mut stored, mask) = stored(arguments, chosen, report, &mut result.outcomes)?;
    stored.comparison = old
        .as_ref()
        .map(|old| baseline::compared(&stored.report, old));
    chosen.formats.print(&stored)?;
    if let Some(folder) = &chosen.folder {
        write(folder, render::files(&stored, &chosen.formats.written))?;
    }
    if arguments.update_known_failures {
        known::update(
            &result,
            &stored.report,
            &subject.known,
            &knowledge,
            mask.as_ref(),
        )?;
    }
    let by_itself = Exit::of(&stored.report);
    let ends = stored.comparison.as_ref().map_or(by_itself, |comparison| {
        baseline::exit(by_itself, &stored.report, comparison)
    });
    if let (Some(old), Some(comparison)) = (&old, &stored.comparison) {
        baseline::print(
            comparison,
            old,
            arguments,
            chosen.formats.printed.contains(&Format::Text),
        );
    }
    if let (Some(file), true) = (&arguments.gate.baseline, arguments.gate.update_baseline) {
        baseline::update(file, &result, &stored.report, old.as_ref())?;
    }
    warn_of_no_session(&result);
    Ok((stored.report, ends))
}

/// What a run is made with. The driver and its browsers end when it is dropped: before the program
/// ends, so that nothing is left behind.
pub struct Equipment {
    /// Where browsers come from.
    pub sessions: Arc<Sessions>,
    /// The servers.
    pub stage: Arc<Stage>,
    /// Becomes true when the run is to stop.
    pub interrupt: Interrupt,
}

impl Equipment {
    /// Starts it.
    pub async fn of(arguments: &RunArguments, chosen: &Chosen) -> Result<Self, Failure> {
        let sessions = Arc::new(provision::sessions(&arguments.browser)?);
        let stage = Arc::new(
            Stage::start(Arc::clone(&chosen.profile))
                .await
                .map_err(Failure::environment)?,
        );
        Ok(Self {
            sessions,
            stage,
            interrupt: interruptions()?,
        })
    }
}

/// How every run is made.
pub fn options(arguments: &RunArguments) -> RunOptions {
    RunOptions {
        workers: workers(arguments.workers),
        retries: usize::from(arguments.retries),
        fail_fast: arguments.fail_fast,
    }
}

/// Drives the chosen cases, with progress on standard error.
pub async fn drive(runner: &Runner, chosen: &Chosen, interrupt: Interrupt) -> RunResult {
    let mut progress = Progress::new(&chosen.suite.register);
    let result = runner
        .run(
            chosen.cases.clone(),
            &chosen.suite.register,
            interrupt,
            &mut |event| progress.listen(&event),
        )
        .await;
    progress.finish();
    result
}

/// What the verdicts of a report are made with; nothing is known of the build.
pub fn subject(chosen: &Chosen) -> report::Subject<'_> {
    let Chosen {
        suite,
        profile,
        mutants,
        proofs,
        ..
    } = chosen;
    report::Subject {
        register: &suite.register,
        profile,
        mutants,
        proofs,
        known: Vec::new(),
    }
}

/// When, where and on what a run was made.
pub fn circumstances(
    arguments: &RunArguments,
    chosen: &Chosen,
    installation: &Installation,
    result: &RunResult,
) -> Circumstances {
    let command = command(
        arguments,
        &installation.build.source,
        &installation.snippet.source,
    );
    Circumstances::of(
        result,
        installation,
        command,
        &arguments.filter,
        chosen.shard.clone(),
    )
}

/// A report with what is kept of its cases, masked where that was asked for.
pub fn stored(
    arguments: &RunArguments,
    chosen: &Chosen,
    report: Report,
    outcomes: &mut [CaseOutcome],
) -> Result<(Stored, Option<Mask>), Failure> {
    // Before anything is dropped: what is kept may name a fingerprint that only the rest tells.
    let mask = arguments.mask.then(|| {
        let mut fingerprints = Fingerprints::of_profile(&chosen.profile);
        for outcome in outcomes.iter() {
            fingerprints.see(&outcome.record);
        }
        fingerprints.mask(&report)
    });
    let stored = Stored::new(report, outcomes, arguments.keep_evidence.into());
    let stored = match &mask {
        Some(mask) => formats::masked(mask, stored)?,
        None => stored,
    };
    Ok((stored, mask))
}

/// Puts a report into a folder, and says where.
pub fn write(folder: &ReportFolder, files: std::io::Result<ReportFiles>) -> Result<(), Failure> {
    folder.replace(&files.map_err(Failure::bug)?)?;
    anstream::eprintln!("report: {}", folder.path_of("report.json").display());
    Ok(())
}

/// Puts one file into a folder, beside others, and says where.
pub fn add(folder: &ReportFolder, name: &str, value: &impl Serialize) -> Result<(), Failure> {
    folder.add(name, report::json_file(value).map_err(Failure::bug)?)?;
    anstream::eprintln!("report: {}", folder.path_of(name).display());
    Ok(())
}

/// Says why a run ended without a verdict.
pub fn warn_of_no_session(result: &RunResult) {
    if let Some(why) = &result.no_session {
        anstream::eprintln!(
            "{}: no browser session can be had: {why}",
            "error".red().bold()
        );
    }
}
