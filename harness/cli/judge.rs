//! Today's checks on an older run's evidence.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::{JudgeArguments, RunArguments};
use super::exit::Exit;
use super::formats::Formats;
use super::loading::Loaded;
use super::notes::note;
use super::{Failure, chosen, folder, known, recorded};
use crate::plan::{Case, Patterns, exclude_never_done, exclude_unclaimed, refuse_unmatched_claims};
use crate::render::{self, Format};
use crate::report::{self, Change, CheckReport, Keep, Rejudged, Report, Stored, Subject};
use crate::sdk::Profile;
use crate::text::{counted, few};
use crate::verdict::known::{Knowledge, Target};

/// More names than these are counted only.
const SHOWN: usize = 10;

/// Judges a stored run by the checks of today, and says what has changed.
pub fn judge(arguments: &JudgeArguments) -> Result<Exit, Failure> {
    let inputs = [
        Some(arguments.folder.as_path()),
        arguments.fixtures.as_deref(),
        arguments.profile.as_deref().map(Path::new),
    ];
    let folder = folder::claim(arguments.report.as_deref(), inputs.into_iter().flatten())?;
    let stored = Stored::load(&arguments.folder)?;
    let then = &stored.report;
    let run = options(arguments, then)?;
    let screen = arguments.output.screen();
    let formats = Formats::asked(&arguments.format, arguments.report.is_some(), false, screen)?;
    let loaded = Loaded::of(&run.fixtures)?;
    let register = &loaded.suite.register;
    let profile = chosen::run_profile(&run, &loaded.files).map_err(|failure| {
        failure.context("the profile of the recorded run cannot be had; --profile names another")
    })?;
    let (version, then_version) = (env!("CARGO_PKG_VERSION"), &then.harness.version);
    recorded::note_differences(&[("the version of this harness", version, then_version)]);
    recorded::note_other_profile(&profile, then);
    let mut cases = planned(&loaded, then, &profile)?;
    let engine = run.browser.engine.first();
    exclude_never_done(&mut cases, &engine.never_does());
    let known = known::load(&run, &loaded.files)?;
    let browser = then.environment.as_ref();
    let knowledge = Knowledge {
        known: &known,
        register,
        target: Target {
            browser: browser.map(|own| (own.browser.as_str(), own.browser_version.as_str())),
            sdk: &then.sdk.source,
            sha256: &then.sdk.sha256,
            today: known::today(),
        },
    };
    let Rejudged {
        mut outcomes,
        bug,
        unjudged,
    } = report::rejudge(&stored, cases, &profile, &knowledge);
    note_unjudged(then, &unjudged, &report::cases_beside(then, &outcomes));
    let proved = loaded.proved_in(engine)?;
    let subject = Subject {
        register,
        guides: &loaded.suite.guides,
        spots: None,
        profile: &profile,
        mutants: &proved.mutants,
        proofs: &proved.proofs,
        known: known::verdicts(&loaded.suite, &outcomes, &knowledge),
    };
    let command = chosen::command(&run, &then.sdk.source, &then.snippet.source);
    let base = Report {
        command,
        bug,
        ..then.clone()
    };
    let report = report::build(&subject, base, &outcomes);
    let judged = Stored::new(report, &mut outcomes, Keep::All);
    formats.print(&judged)?;
    let mut changes: Vec<Change<'_>> = report::changes(then, &judged.report);
    changes.retain(|change| !unjudged.contains_key(&change.after.case));
    let shown = render::terminal::body(&render::rejudge(&changes), screen);
    if formats.printed.contains(&Format::Text) {
        anstream::print!("\n{shown}");
    } else {
        // Standard output is a document of its own there.
        anstream::eprint!("{shown}");
    }
    note_unasked(then, &judged.report);
    if let Some(folder) = &folder {
        folder::write(
            folder,
            render::files(&judged, &formats.written, folder.path()),
        )?;
        folder::link(folder, false);
    }
    Ok(Exit::of(&judged.report))
}

/// The recorded options, with those that were given instead.
fn options(arguments: &JudgeArguments, then: &Report) -> Result<RunArguments, Failure> {
    let mut run = recorded::arguments(then, &arguments.folder, &then.filter)?;
    run.profile = arguments.profile.clone().or(run.profile);
    run.fixtures.fixtures = arguments.fixtures.clone().or(run.fixtures.fixtures);
    run.known_failures.clone_from(&arguments.known_failures);
    Ok(run)
}

/// What the stored run would plan today.
fn planned(loaded: &Loaded, then: &Report, profile: &Profile) -> Result<Vec<Case>, Failure> {
    let mut patterns = Patterns::new(&then.filter);
    let mut cases = loaded.suite.plan(&mut patterns);
    for pattern in patterns.unmatched() {
        note(format_args!(
            "the run selected `{pattern}`, which matches nothing today"
        ));
    }
    refuse_unmatched_claims(&loaded.plan(), profile)?;
    exclude_unclaimed(&mut cases, &loaded.suite.register, profile);
    if then.shard.is_some() {
        // The others are in other parts, and a new case is in none of them yet.
        cases.retain(|case| then.cases.iter().any(|other| other.id == case.id));
    }
    Ok(cases)
}

fn note_unjudged(then: &Report, unjudged: &BTreeMap<String, String>, unknown: &[&str]) {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (case, why) in unjudged {
        by_reason.entry(why).or_default().push(case);
    }
    for (why, cases) in by_reason {
        let (count, few) = (counted(cases.len(), "case"), few(&cases, SHOWN));
        note(format_args!("{count} not judged: {why}\n  {few}"));
    }
    if !unknown.is_empty() {
        let stored = counted(then.cases.len(), "stored case");
        let verb = if unknown.len() == 1 { "is" } else { "are" };
        let (count, few) = (unknown.len(), few(unknown, SHOWN));
        note(format_args!(
            "of {stored} {count} {verb} not in today's plan, and not judged:\n  {few}"
        ));
    }
}

/// Prints the checks of cases that are still planned, and that nobody asks any more.
fn note_unasked(then: &Report, now: &Report) {
    let is_gone = |check: &&CheckReport| {
        now.cases.iter().any(|case| case.id == check.case)
            && !now.checks.iter().any(|other| other.id == check.id)
    };
    let gone = then.checks.iter().filter(is_gone);
    let gone: Vec<&str> = gone.map(|check| check.id.0.as_str()).collect();
    if !gone.is_empty() {
        note(format_args!("not asked any more: {}", few(&gone, SHOWN)));
    }
}
