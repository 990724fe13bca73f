//! One check of an earlier run, made again as it was recorded.

use crate::report::{CheckReport, Report};
use crate::verdict::Status;
use anyhow::anyhow;
use owo_colors::OwoColorize;

use super::args::{KeepEvidence, ReproArguments, RunArguments};
use super::chosen::Chosen;
use super::exit::Exit;
use super::{Failure, driving, recorded};
use crate::text::did_you_mean;

/// Drives the case of one recorded check again, and says whether it finds the same.
pub async fn repro(arguments: &ReproArguments) -> Result<Exit, Failure> {
    let then = Report::load(&arguments.folder.join("report.json")).map_err(Failure::usage)?;
    let check = find(&then, arguments)?;
    let options = options(&then, check, arguments)?;
    let chosen = Chosen::of(&options).map_err(|failure| explained(failure, &options, arguments))?;
    let [installation] = chosen.installations.as_slice() else {
        return Err(Failure::usage(anyhow!(
            "the recorded run was of one build with one snippet, and its options name more"
        )));
    };
    if !chosen
        .cases
        .iter()
        .any(|case| case.checks.iter().any(|planned| planned.id == check.id))
    {
        return Err(Failure::usage(anyhow!(
            "the check {} was recorded, and is not asked any more: the scenarios or the \
             profile have changed",
            check.id
        )));
    }
    recorded::say_differences(&[
        (
            "the version of this harness",
            env!("CARGO_PKG_VERSION"),
            &then.harness.version,
        ),
        (
            "the SDK's sha256",
            &installation.build.sha256,
            &then.sdk.sha256,
        ),
        (
            "the snippet's sha256",
            &installation.snippet.sha256,
            &then.snippet.sha256,
        ),
    ]);
    recorded::say_other_profile(&chosen.profile, &then);
    let (now, _) = driving::one(&options, &chosen, installation).await?;
    let browser = |report: &Report| {
        report
            .environment
            .as_ref()
            .map(|browser| format!("{} {}", browser.browser, browser.browser_version))
    };
    if let (Some(now), Some(then)) = (browser(&now), browser(&then)) {
        recorded::say_differences(&[("the browser", &now, &then)]);
    }
    let found = now.checks.iter().find(|found| found.id == check.id);
    anstream::println!(
        "{}",
        found.map_or_else(
            || "it was not made".to_owned(),
            |found| compared(check, found)
        )
    );
    Ok(Exit::of(&now))
}

fn find<'r>(then: &'r Report, arguments: &ReproArguments) -> Result<&'r CheckReport, Failure> {
    let (wanted, folder) = (&arguments.check, arguments.folder.display());
    then.checks
        .iter()
        .find(|check| check.id.0 == *wanted)
        .ok_or_else(|| {
            let like = did_you_mean(wanted, then.checks.iter().map(|check| check.id.0.as_str()));
            Failure::usage(anyhow!(
                "the report in {folder} has no check {wanted}{like}"
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
        run.profile = run
            .profile
            .or_else(|| run.sdk.is_empty().then(|| then.profile.name.clone()));
        run.sdk = vec![sdk.clone()];
    }
    run.browser.headed |= arguments.headed;
    run.retries = arguments.retries;
    run.workers = Some(1);
    run.report.clone_from(&arguments.report);
    run.keep_evidence = KeepEvidence::All;
    Ok(run)
}

fn explained(failure: Failure, options: &RunArguments, arguments: &ReproArguments) -> Failure {
    let is_recorded = |path: &String| {
        arguments.sdk.is_none() && !path.contains("://") && !std::path::Path::new(path).exists()
    };
    match options.sdk.iter().find(|path| is_recorded(path)) {
        Some(path) => {
            let error = failure.error.context(format!(
                "the recorded build is no longer at {path}; --sdk FILE names where it is now"
            ));
            Failure {
                exit: failure.exit,
                error,
            }
        }
        None => failure,
    }
}

/// Whether a check found the same again. What a list of known failures excused was found all the
/// same.
fn compared(then: &CheckReport, now: &CheckReport) -> String {
    if now.found_the_same_as(then) {
        format!("{}: {} as recorded", "repeats".bold(), now.verdict())
    } else {
        format!(
            "{}: {}, recorded {}",
            "does not repeat".bold(),
            in_words(now),
            then.verdict()
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
        Status::NotApplicable => "is not asked now".to_owned(),
    }
}
