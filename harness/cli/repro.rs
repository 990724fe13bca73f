//! One check of an earlier run, made again as it was recorded.

use std::path::Path;

use anyhow::anyhow;
use owo_colors::OwoColorize;

use super::args::{ReproArguments, RunArguments};
use super::chosen::Chosen;
use super::events::Events;
use super::exit::Exit;
use super::{Failure, driving, recorded};
use crate::report::{CheckReport, Keep, Report};
use crate::text::did_you_mean;
use crate::verdict::Status;

/// Drives the case of one recorded check again, and says whether it finds the same.
pub async fn repro(arguments: &ReproArguments) -> Result<Exit, Failure> {
    let then = Report::load(&arguments.folder.join("report.json"))?;
    let check = find(&then, arguments)?;
    let options = options(&then, check, arguments)?;
    let chosen = Chosen::of(&options).map_err(|failure| explained(failure, &options, arguments))?;
    let [installation] = chosen.installations.as_slice() else {
        return Err(Failure::usage(anyhow!(
            "the recorded run was of one build with one snippet, and its options name more\n   = \
             make the case again with: alhena-conformance run --sdk FILE --filter {}",
            check.case
        )));
    };
    let mut planned = chosen.cases.iter().flat_map(|case| &case.checks);
    if !planned.any(|planned| planned.id == check.id) {
        return Err(Failure::usage(anyhow!(
            "the check {} was recorded, and is not asked any more: the scenarios or the \
             profile have changed\n   = `alhena-conformance list` prints the checks of today; \
             version {} of the harness recorded this one",
            check.id,
            then.harness.version
        )));
    }
    let (version, then_version) = (env!("CARGO_PKG_VERSION"), &then.harness.version);
    let (build, snippet) = (&installation.build.sha256, &installation.snippet.sha256);
    recorded::note_differences(&[
        ("the version of this harness", version, then_version),
        ("the SDK's sha256", build, &then.sdk.sha256),
        ("the snippet's sha256", snippet, &then.snippet.sha256),
    ]);
    recorded::note_other_profile(&chosen.profile, &then);
    let (now, _) = driving::one(&options, &chosen, installation, &mut Events::none()).await?;
    let browser = |report: &Report| {
        let browser = report.environment.as_ref()?;
        Some(format!("{} {}", browser.browser, browser.browser_version))
    };
    if let (Some(now), Some(then)) = (browser(&now), browser(&then)) {
        recorded::note_differences(&[("the browser", &now, &then)]);
    }
    match now.checks.iter().find(|found| found.id == check.id) {
        Some(found) => anstream::println!("{}", compared(check, found)),
        None => anstream::println!("it was not made"),
    }
    Ok(Exit::of(&now))
}

fn find<'r>(then: &'r Report, arguments: &ReproArguments) -> Result<&'r CheckReport, Failure> {
    let (id, folder) = (&arguments.check, arguments.folder.display());
    let found = then.checks.iter().find(|check| check.id.0 == *id);
    found.ok_or_else(|| {
        let like = did_you_mean(id, then.checks.iter().map(|check| check.id.0.as_str()));
        Failure::usage(anyhow!(
            "the report in {folder} has no check {id}{like}\n   = its checks are in \
             {folder}/report.json"
        ))
    })
}

/// The recorded options, for the one case.
fn options(
    then: &Report,
    check: &CheckReport,
    arguments: &ReproArguments,
) -> Result<RunArguments, Failure> {
    let mut run = recorded::arguments(then, &arguments.folder, std::slice::from_ref(&check.case))?;
    if let Some(sdk) = &arguments.sdk {
        // The bundled SDK is run with another profile than all others.
        let recorded = run.sdk.is_empty().then(|| then.profile.name.clone());
        run.profile = run.profile.or(recorded);
        run.sdk = vec![sdk.clone()];
    }
    run.browser.headed |= arguments.headed;
    run.retry.retries = arguments.retry.retries;
    run.workers = Some(1);
    run.report.clone_from(&arguments.report);
    run.keep_evidence = Keep::All;
    Ok(run)
}

fn explained(failure: Failure, options: &RunArguments, arguments: &ReproArguments) -> Failure {
    let is_recorded = |path: &&String| {
        arguments.sdk.is_none() && !path.contains("://") && !Path::new(path).exists()
    };
    match options.sdk.iter().find(is_recorded) {
        Some(path) => failure.context(format!(
            "the recorded build is no longer at {path}; --sdk FILE names where it is now"
        )),
        None => failure,
    }
}

/// Whether a check found the same again. What a list of known failures excused was found all the
/// same.
fn compared(then: &CheckReport, now: &CheckReport) -> String {
    let then_verdict = then.verdict();
    if now.found_the_same_as(then) {
        let now = now.verdict();
        format!("{}: {now} as recorded", "repeats".bold())
    } else {
        let now = in_words(now);
        format!(
            "{}: {now}, recorded {then_verdict}",
            "does not repeat".bold()
        )
    }
}

fn in_words(now: &CheckReport) -> String {
    match now.status {
        Status::Pass | Status::UnexpectedPass => "passes now".to_owned(),
        Status::Fail | Status::KnownFailure => "fails now".to_owned(),
        Status::Flaky => format!("is {} now", now.verdict()),
        Status::Error => "could not be judged now".to_owned(),
        Status::NotTestable => "cannot be tested now".to_owned(),
        Status::NotRun => "was not run".to_owned(),
        Status::NotApplicable => "is not asked now".to_owned(),
    }
}
