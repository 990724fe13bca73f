//! The parts of one run, which several machines shared.

use std::path::{Path, PathBuf};

use alhena_conformance::report::{self, RunPart, Stored};
use anyhow::anyhow;

use super::args::MergeArguments;
use super::exit::Exit;
use super::formats::Formats;
use super::{Failure, chosen, run};

/// Puts the parts of a run together, and ends as the run would have ended that was not cut.
pub fn merge(arguments: &MergeArguments) -> Result<Exit, Failure> {
    let out = arguments.report.as_path();
    if let Some(part) = arguments.folders.iter().find(|folder| is_same(folder, out)) {
        return Err(Failure::usage(anyhow!("the report would take the place of a part of it: {}\n   = name another folder with --report", part.display())));
    }
    chosen::refuse_foreign(Some(out))?;
    let formats = Formats::asked(&arguments.format, true, false)?;
    let part = |folder: &PathBuf| {
        let stored = Stored::load(folder).map_err(Failure::usage)?;
        Ok(RunPart { folder: folder.display().to_string(), stored })
    };
    let parts = arguments.folders.iter().map(part).collect::<Result<_, Failure>>()?;
    let merged = report::merge(parts).map_err(Failure::usage)?;
    formats.print(&merged)?;
    run::write(out, &merged, &formats.written)?;
    Ok(Exit::of(&merged.report))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}
