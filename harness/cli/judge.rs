//! Today's checks on an older run's evidence.

use std::collections::BTreeMap;
use std::path::Path;

use crate::input::Files;
use crate::output::ReportFolder;
use crate::plan::{Case, Patterns, exclude_unclaimed, refuse_unmatched_claims};
use crate::render;
use crate::render::Format;
use crate::report::{self, Change, CheckReport, Circumstances, Keep, Rejudged, Report, Stored};
use crate::scenario::Suite;
use crate::sdk::{Profile, Proofs};
use crate::verdict::known::{Knowledge, Target};
use owo_colors::OwoColorize;

use super::args::{JudgeArguments, RunArguments};
use super::exit::Exit;
use super::formats::Formats;
use super::{Failure, chosen, driving, files, known, recorded, suite};
use crate::text::{counted, few};

/// More names than these are counted only.
const SHOWN: usize = 10;

/// Judges a stored run by the checks of today, and says what has changed.
pub fn judge(arguments: &JudgeArguments) -> Result<Exit, Failure> {
    let inputs = [
        Some(arguments.folder.as_path()),
        arguments.fixtures.as_deref(),
        arguments.profile.as_deref().map(Path::new),
    ];
    let folder = arguments
        .report
        .as_deref()
        .map(|folder| {
            ReportFolder::claim(folder, &inputs.into_iter().flatten().collect::<Vec<_>>())
        })
        .transpose()?;
    let stored = Stored::load(&arguments.folder).map_err(Failure::usage)?;
    let then = &stored.report;
    let run = options(arguments, then)?;
    let formats = Formats::asked(&arguments.format, arguments.report.is_some(), false)?;
    let files = files(run.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let profile = profile(&run, &files)?;
    recorded::say_differences(&[(
        "the version of this harness",
        env!("CARGO_PKG_VERSION"),
        &then.harness.version,
    )]);
    recorded::say_other_profile(&profile, then);
    let cases = planned(&suite, then, &profile)?;
    let known = known::load(&run)?;
    let browser = then
        .environment
        .as_ref()
        .map(|browser| (browser.browser.as_str(), browser.browser_version.as_str()));
    let target = Target {
        browser,
        sdk: &then.sdk.source,
        sha256: &then.sdk.sha256,
        today: known::today(),
    };
    let knowledge = Knowledge {
        known: &known,
        register: &suite.register,
        target,
    };
    let Rejudged {
        mut outcomes,
        bug,
        unjudged,
    } = report::rejudge(&stored, cases, &profile, &knowledge);
    say_what_was_not_judged(then, &unjudged, &report::cases_beside(then, &outcomes));
    let mutants = super::mutants(&files, &suite.register)?;
    let proofs = Proofs::load(&files).map_err(Failure::usage)?;
    let verdicts = known::verdicts(&suite, &outcomes, &knowledge);
    let subject = report::Subject {
        register: &suite.register,
        profile: &profile,
        mutants: &mutants,
        known: verdicts,
        proofs: &proofs,
    };
    let command = chosen::command(&run, &then.sdk.source, &then.snippet.source);
    let report = report::build(
        &subject,
        Circumstances::of_report(then, command, bug),
        &outcomes,
    );
    let judged = Stored::new(report, &mut outcomes, Keep::All);
    formats.print(&judged)?;
    let changes: Vec<Change<'_>> = report::changes(then, &judged.report)
        .into_iter()
        .filter(|change| !unjudged.contains_key(&change.after.case))
        .collect();
    let shown = render::terminal::summary(&render::rejudge(&changes));
    if formats.printed.contains(&Format::Text) {
        anstream::print!("\n{shown}");
    } else {
        // Standard output is a document of its own there.
        anstream::eprint!("{shown}");
    }
    say_what_is_not_asked(then, &judged.report);
    if let Some(folder) = &folder {
        driving::write(folder, render::files(&judged, &formats.written))?;
    }
    Ok(Exit::of(&judged.report))
}

/// The recorded options, with those that were given instead.
fn options(arguments: &JudgeArguments, then: &Report) -> Result<RunArguments, Failure> {
    let run = recorded::arguments(then, &arguments.folder, &then.filter)?;
    Ok(RunArguments {
        profile: arguments.profile.clone().or(run.profile),
        fixtures: arguments.fixtures.clone().or(run.fixtures),
        known_failures: arguments.known_failures.clone(),
        ..run
    })
}

fn profile(run: &RunArguments, files: &Files) -> Result<Profile, Failure> {
    let profile = chosen::profile(run.profile.as_deref(), run.sdk.is_empty(), files);
    profile.map_err(|Failure { exit, error }| Failure {
        exit,
        error: error
            .context("the profile of the recorded run cannot be had; --profile names another"),
    })
}

/// What the stored run would plan today.
fn planned(suite: &Suite, then: &Report, profile: &Profile) -> Result<Vec<Case>, Failure> {
    let mut patterns = Patterns::new(&then.filter);
    let mut cases = suite.plan(&mut patterns);
    for pattern in patterns.unmatched() {
        anstream::eprintln!(
            "{}: the run selected `{pattern}`, which matches nothing today",
            "note".yellow().bold()
        );
    }
    refuse_unmatched_claims(&suite.plan(&mut Patterns::new(&[])), profile)
        .map_err(Failure::usage)?;
    exclude_unclaimed(&mut cases, &suite.register, profile);
    if then.shard.is_some() {
        // The others are in other parts, and a new case is in none of them yet.
        cases.retain(|case| then.cases.iter().any(|other| other.id == case.id));
    }
    Ok(cases)
}

fn say_what_was_not_judged(then: &Report, unjudged: &BTreeMap<String, String>, unknown: &[&str]) {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (case, why) in unjudged {
        by_reason.entry(why).or_default().push(case);
    }
    for (why, cases) in by_reason {
        anstream::eprintln!(
            "{}: {} not judged: {why}\n  {}",
            "note".yellow().bold(),
            counted(cases.len(), "case"),
            few(&cases, SHOWN)
        );
    }
    if !unknown.is_empty() {
        let stored = counted(then.cases.len(), "stored case");
        anstream::eprintln!(
            "{}: of {stored} {} not in today's plan, and not judged:\n  {}",
            "note".yellow().bold(),
            are(unknown.len()),
            few(unknown, SHOWN)
        );
    }
}

/// Checks of cases that are still planned, and that nobody asks any more.
fn say_what_is_not_asked(then: &Report, now: &Report) {
    let is_gone = |check: &&CheckReport| {
        now.cases.iter().any(|case| case.id == check.case)
            && !now.checks.iter().any(|other| other.id == check.id)
    };
    let gone: Vec<&str> = then
        .checks
        .iter()
        .filter(is_gone)
        .map(|check| check.id.0.as_str())
        .collect();
    if !gone.is_empty() {
        anstream::eprintln!(
            "{}: not asked any more: {}",
            "note".yellow().bold(),
            few(&gone, SHOWN)
        );
    }
}

fn are(count: usize) -> String {
    if count == 1 {
        "1 is".to_owned()
    } else {
        format!("{count} are")
    }
}
