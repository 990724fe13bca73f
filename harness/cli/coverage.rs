use std::path::Path;

use alhena_conformance::input::Files;
use alhena_conformance::scenario::{Case, Floor, Patterns};
use anyhow::{Context, anyhow};

use super::args::CoverageArguments;
use super::exit::Exit;
use super::{Failure, counted, files, suite};

/// Compares the default plan with the committed floor, or writes the floor anew.
pub fn coverage(arguments: &CoverageArguments) -> Result<Exit, Failure> {
    let files = files(arguments.fixtures.as_deref())?;
    let cases = suite(&files)?.plan(&mut Patterns::new(&[]));
    if arguments.update {
        let folder = arguments.fixtures.as_deref().unwrap_or(Path::new("fixtures"));
        let file = folder.join("coverage.lock");
        let written = std::fs::write(&file, Floor::of(&cases).text());
        written.with_context(|| format!("cannot write {} (run it in the project's own folder, or name --fixtures)", file.display())).map_err(Failure::usage)?;
        anstream::println!("{}: {}", file.display(), counted(cases.iter().map(|case| case.checks.len()).sum(), "check"));
        return Ok(Exit::Conforms);
    }
    refuse_less_than_the_floor(&files, &cases)?;
    let new = Floor::load(&files).map_err(Failure::usage)?.map(|floor| floor.unknown(&cases)).unwrap_or_default();
    for check in &new {
        anstream::println!("new: {check}");
    }
    anstream::println!("{} on the floor, {} above it", counted(cases.iter().map(|case| case.checks.len()).sum::<usize>() - new.len(), "check"), new.len());
    Ok(Exit::Conforms)
}

/// A plan that lost a check must not be green by that.
pub fn refuse_less_than_the_floor(files: &Files, cases: &[Case]) -> Result<(), Failure> {
    let Some(floor) = Floor::load(files).map_err(Failure::usage)? else { return Ok(()) };
    let missing = floor.missing(cases);
    if missing.is_empty() {
        return Ok(());
    }
    let error = anyhow!(
        "{} of the coverage floor {} not planned any more\n  --> {}\n   {}\n   = if that is meant: alhena-conformance coverage --update, and review the diff",
        counted(missing.len(), "check"),
        if missing.len() == 1 { "is" } else { "are" },
        floor.file,
        missing.join("\n   ")
    );
    Err(Failure { exit: Exit::Nothing, error })
}
