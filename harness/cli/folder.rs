//! The folder that a command writes its report into.

use std::io::IsTerminal as _;
use std::path::Path;

use serde::Serialize;

use super::{Failure, notes};
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

/// Puts a report into a folder.
pub fn write(folder: &ReportFolder, files: std::io::Result<ReportFiles>) -> Result<(), Failure> {
    Ok(folder.replace(&files.map_err(Failure::bug)?)?)
}

/// Prints where a report is that was written: last, as a link, to be opened. Opens it, where that
/// was asked for.
pub fn link(folder: &ReportFolder, opens: bool) {
    let html = folder.path_of("report.html");
    // A build matrix has a page for each pairing.
    let file = if html.is_file() {
        html
    } else {
        folder.path_of("report.json")
    };
    anstream::eprintln!("report: {}", linked(&file));
    if !opens {
        return;
    }
    if let Err(error) = open::that_detached(&file) {
        let file = file.display();
        notes::note(format_args!("{file} cannot be opened: {error}"));
    }
}

/// A path that a terminal opens when it is clicked.
fn linked(file: &Path) -> String {
    let path = file.display();
    let absolute = std::path::absolute(file).ok();
    let address = absolute.and_then(|file| url::Url::from_file_path(file).ok());
    match address.filter(|_| std::io::stderr().is_terminal()) {
        Some(address) => format!("\x1b]8;;{address}\x1b\\{path}\x1b]8;;\x1b\\"),
        None => path.to_string(),
    }
}

/// Puts one file into a folder, beside others, and prints where.
pub fn add(folder: &ReportFolder, name: &str, value: &impl Serialize) -> Result<(), Failure> {
    folder.add(name, report::json_file(value).map_err(Failure::bug)?)?;
    anstream::eprintln!("report: {}", folder.path_of(name).display());
    Ok(())
}
