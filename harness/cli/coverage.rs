use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::Failure;
use super::args::{CoverageArguments, FixturesArguments};
use super::exit::Exit;
use super::loading::Loaded;
use crate::input::{Files, InputError};
use crate::output::write_file;
use crate::plan::{Case, Durations, Floor};
use crate::report::Report;
use crate::text::counted;
use crate::verdict::Status;

/// Compares the default plan with the committed floor, or writes the floor anew.
pub fn coverage(arguments: &CoverageArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&arguments.fixtures)?;
    let cases = loaded.plan();
    let checks: usize = cases.iter().map(|case| case.checks.len()).sum();
    if let Some(report) = &arguments.durations {
        let durations = measured(report)?;
        let file = lock_file(&arguments.fixtures, "durations.lock");
        write_lock(&file, &durations.text())?;
        anstream::println!("{}: {}", file.display(), counted(durations.count(), "case"));
    }
    if arguments.update {
        let file = lock_file(&arguments.fixtures, "coverage.lock");
        write_lock(&file, &Floor::of(&cases).text())?;
        anstream::println!("{}: {}", file.display(), counted(checks, "check"));
    }
    if arguments.update || arguments.durations.is_some() {
        return Ok(Exit::Conforms);
    }
    refuse_less_than_the_floor(&loaded.files, &cases)?;
    let floor = Floor::load(&loaded.files)?;
    let new = floor.map(|floor| floor.unknown(&cases)).unwrap_or_default();
    for check in &new {
        anstream::println!("new: {check}");
    }
    let (on_floor, above) = (counted(checks - new.len(), "check"), new.len());
    anstream::println!("{on_floor} on the floor, {above} above it");
    Ok(Exit::Conforms)
}

/// How long each case took, by the report of a whole run: a part of one would let all others weigh
/// the same.
fn measured(folder: &Path) -> Result<Durations, Failure> {
    let file = folder.join("report.json");
    let report = Report::load(&file)?;
    let is_cut = report
        .totals
        .get(&Status::NotRun)
        .is_some_and(|count| *count > 0);
    if is_cut || report.interrupted || report.shard.is_some() || !report.filter.is_empty() {
        let part = InputError::new(
            file.display().to_string(),
            "this report is of a part of the cases",
        );
        let help = "measure all of them: alhena-conformance run --report DIR --keep-evidence none";
        return Err(part.help(help).into());
    }
    let cases = report.cases.iter();
    let durations = cases.map(|case| (case.id.as_str(), case.duration_ms));
    Ok(Durations::of(durations))
}

/// A lock file among the fixtures that were named, or in those of the project's own folder.
pub fn lock_file(arguments: &FixturesArguments, name: &str) -> PathBuf {
    let folder = arguments.fixtures.as_deref();
    folder.unwrap_or(Path::new("fixtures")).join(name)
}

/// Writes a lock file into a folder of fixtures, which must be there.
pub fn write_lock(file: &Path, text: &str) -> Result<(), Failure> {
    if !file.parent().is_some_and(Path::is_dir) {
        let error = InputError::new(
            file.display().to_string(),
            "there is no such folder of fixtures",
        );
        let help = "run it in the project's own folder, or name --fixtures";
        return Err(error.help(help).into());
    }
    Ok(write_file(file, text.as_bytes())?)
}

/// A plan that lost a check must not be green by that.
pub fn refuse_less_than_the_floor(files: &Files, cases: &[Case]) -> Result<(), Failure> {
    let Some(floor) = Floor::load(files)? else {
        return Ok(());
    };
    let missing = floor.missing(cases);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::nothing(anyhow!(
        "{} of the coverage floor {} not planned any more\n  --> {}\n   {}\n   = if that is meant: \
         alhena-conformance coverage --update, and review the diff",
        counted(missing.len(), "check"),
        if missing.len() == 1 { "is" } else { "are" },
        floor.file,
        missing.join("\n   ")
    )))
}
