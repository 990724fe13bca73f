//! The parts of one run, which several machines shared.

use std::path::{Path, PathBuf};

use crate::output::ReportFolder;
use crate::render;
use crate::report::{self, RunPart, Stored};

use super::args::MergeArguments;
use super::exit::Exit;
use super::formats::Formats;
use super::{Failure, driving};

/// Puts the parts of a run together, and ends as the run would have ended that was not cut.
pub fn merge(arguments: &MergeArguments) -> Result<Exit, Failure> {
    let parts: Vec<&Path> = arguments.folders.iter().map(PathBuf::as_path).collect();
    let out = ReportFolder::claim(&arguments.report, &parts)?;
    let formats = Formats::asked(&arguments.format, true, false)?;
    let part = |folder: &PathBuf| {
        let stored = Stored::load(folder).map_err(Failure::usage)?;
        Ok(RunPart {
            folder: folder.display().to_string(),
            stored,
        })
    };
    let parts = arguments
        .folders
        .iter()
        .map(part)
        .collect::<Result<_, Failure>>()?;
    let merged = report::merge(parts).map_err(Failure::usage)?;
    formats.print(&merged)?;
    driving::write(&out, render::files(&merged, &formats.written))?;
    Ok(Exit::of(&merged.report))
}
