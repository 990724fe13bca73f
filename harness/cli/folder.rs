//! The folder that a command writes its report into.

use std::path::Path;

use serde::Serialize;

use super::Failure;
use crate::output::ReportFolder;
use crate::report::{self, ReportFiles};

/// Claims the folder before the first case is driven: a folder that cannot be written is better
/// reported before a run than after it.
pub fn claim<'p>(
    folder: Option<&Path>,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<Option<ReportFolder>, Failure> {
    let inputs: Vec<&Path> = inputs.into_iter().collect();
    let claimed = folder.map(|folder| ReportFolder::claim(folder, &inputs));
    Ok(claimed.transpose()?)
}

/// Puts a report into a folder, and prints where.
pub fn write(folder: &ReportFolder, files: std::io::Result<ReportFiles>) -> Result<(), Failure> {
    folder.replace(&files.map_err(Failure::bug)?)?;
    anstream::eprintln!("report: {}", folder.path_of("report.json").display());
    Ok(())
}

/// Puts one file into a folder, beside others, and prints where.
pub fn add(folder: &ReportFolder, name: &str, value: &impl Serialize) -> Result<(), Failure> {
    folder.add(name, report::json_file(value).map_err(Failure::bug)?)?;
    anstream::eprintln!("report: {}", folder.path_of(name).display());
    Ok(())
}
