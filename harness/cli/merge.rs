//! The parts of one run, which several machines shared.

use std::path::{Path, PathBuf};

use super::args::MergeArguments;
use super::exit::Exit;
use super::formats::Formats;
use super::{Failure, folder};
use crate::output::ReportFolder;
use crate::render;
use crate::report::{self, RunPart, Stored};

/// Puts the parts of a run together, and ends as the run would have ended that was not cut.
pub fn merge(arguments: &MergeArguments) -> Result<Exit, Failure> {
    let parts: Vec<&Path> = arguments.folders.iter().map(PathBuf::as_path).collect();
    let out = ReportFolder::claim(&arguments.report, &parts)?;
    let formats = Formats::asked(&arguments.format, true, false, arguments.output.screen())?;
    let part = |folder: &PathBuf| -> Result<RunPart, Failure> {
        Ok(RunPart {
            folder: folder.display().to_string(),
            stored: Stored::load(folder)?,
        })
    };
    let parts = arguments.folders.iter().map(part);
    let parts = parts.collect::<Result<_, _>>()?;
    let merged = report::merge(parts).map_err(Failure::usage)?;
    formats.print(&merged)?;
    folder::write(&out, render::files(&merged, &formats.written, out.path()))?;
    folder::link(&out, false);
    Ok(Exit::of(&merged.report))
}
