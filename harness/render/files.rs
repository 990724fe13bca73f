//! The files of a report, with one for each format that has one.

use std::io;
use std::path::Path;

use crate::render::format::Format;
use crate::report::{BuildMatrix, ReportFiles, Stored};

/// A report with what was kept, and a file for each of `formats` that has one, for `folder`, as the
/// user would name it.
///
/// # Errors
/// If something of it is no JSON: a bug of ours.
pub fn files(stored: &Stored, formats: &[Format], folder: &Path) -> io::Result<ReportFiles> {
    let mut files = stored.files()?;
    let rendered = formats.iter().filter_map(|format| {
        let name = format.file_name()?.to_owned();
        Some((name, stored.plain_in(folder, *format).into_bytes()))
    });
    files.extend(rendered);
    Ok(files)
}

/// The report of several pairings, and each pairing's own report in a folder beside it.
///
/// # Errors
/// As [`files`].
pub fn build_matrix_files(
    matrix: &BuildMatrix,
    pairings: &[Stored],
    formats: &[Format],
    folder: &Path,
) -> io::Result<ReportFiles> {
    let own = pairings.iter().map(|stored| files(stored, formats, folder));
    matrix.files(own.collect::<io::Result<Vec<_>>>()?.into_iter())
}
