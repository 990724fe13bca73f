use std::path::Path;

use crate::input::{Files, InputError};
use crate::output::write_file;
use crate::plan::{Case, Durations, Floor, Patterns};
use crate::report::Report;
use anyhow::anyhow;

use super::args::CoverageArguments;
use super::exit::Exit;
use super::{Failure, files, suite};
use crate::text::counted;

/// Compares the default plan with the committed floor, or writes the floor anew.
pub fn coverage(arguments: &CoverageArguments) -> Result<Exit, Failure> {
    let files = files(arguments.fixtures.as_deref())?;
    let cases = suite(&files)?.plan(&mut Patterns::new(&[]));
    let folder = arguments
        .fixtures
        .as_deref()
        .unwrap_or(Path::new("fixtures"));
    if let Some(report) = &arguments.durations {
        let durations = measured(report)?;
        let file = folder.join("durations.lock");
        write_lock(&file, &durations.text())?;
        anstream::println!("{}: {}", file.display(), counted(durations.count(), "case"));
    }
    if arguments.update {
        let file = folder.join("coverage.lock");
        write_lock(&file, &Floor::of(&cases).text())?;
        anstream::println!(
            "{}: {}",
            file.display(),
            counted(cases.iter().map(|case| case.checks.len()).sum(), "check")
        );
    }
    if arguments.update || arguments.durations.is_some() {
        return Ok(Exit::Conforms);
    }
    refuse_less_than_the_floor(&files, &cases)?;
    let new = Floor::load(&files)
        .map_err(Failure::usage)?
        .map(|floor| floor.unknown(&cases))
        .unwrap_or_default();
    for check in &new {
        anstream::println!("new: {check}");
    }
    anstream::println!(
        "{} on the floor, {} above it",
        counted(
            cases.iter().map(|case| case.checks.len()).sum::<usize>() - new.len(),
            "check"
        ),
        new.len()
    );
    Ok(Exit::Conforms)
}

/// How long each case took, by the report of a whole run: a part of one would let all others weigh
/// the same.
fn measured(folder: &Path) -> Result<Durations, Failure> {
    let file = folder.join("report.json");
    let report = Report::load(&file).map_err(Failure::usage)?;
    if report.interrupted || report.shard.is_some() || !report.filter.is_empty() {
        let part = InputError::new(
            file.display().to_string(),
            "this report is of a part of the cases",
        );
        return Err(Failure::usage(part.help(
            "measure all of them: alhena-conformance run --report DIR --keep-evidence none",
        )));
    }
    Ok(Durations::of(
        report
            .cases
            .iter()
            .map(|case| (case.id.as_str(), case.duration_ms)),
    ))
}

/// Writes a lock file into a folder of fixtures, which must be there.
pub fn write_lock(file: &Path, text: &str) -> Result<(), Failure> {
    if !file.parent().is_some_and(Path::is_dir) {
        let error = InputError::new(
            file.display().to_string(),
            "there is no such folder of fixtures",
        );
        return Err(Failure::usage(
            error.help("run it in the project's own folder, or name --fixtures"),
        ));
    }
    Ok(write_file(file, text.as_bytes())?)
}

/// A plan that lost a check must not be green by that.
pub fn refuse_less_than_the_floor(files: &Files, cases: &[Case]) -> Result<(), Failure> {
    let Some(floor) = Floor::load(files).map_err(Failure::usage)? else {
        return Ok(());
    };
    let missing = floor.missing(cases);
    if missing.is_empty() {
        return Ok(());
    }
    let error = anyhow!(
        "{} of the coverage floor {} not planned any more\n  --> {}\n   {}\n   = if that is meant: \
         alhena-conformance coverage --update, and review the diff",
        counted(missing.len(), "check"),
        if missing.len() == 1 { "is" } else { "are" },
        floor.file,
        missing.join("\n   ")
    );
    Err(Failure {
        exit: Exit::Nothing,
        error,
    })
}
