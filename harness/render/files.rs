//! The files of a report, with one for each format that has one.

use std::io;

use crate::render::format::Format;
use crate::report::{BuildMatrix, ReportFiles, Stored};

/// A report with what was kept, and a file for each of `formats` that has one.
///
/// # Errors
/// If something of it is no JSON: a bug of ours.
pub fn files(stored: &Stored, formats: &[Format]) -> io::Result<ReportFiles> {
    let mut files = stored.files()?;
    let rendered = formats.iter().filter_map(|format| {
        let name = format.file_name()?.to_owned();
        Some((name, stored.plain(*format).into_bytes()))
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
) -> io::Result<ReportFiles> {
    let own = pairings.iter().map(|stored| files(stored, formats));
    matrix.files(own.collect::<io::Result<Vec<_>>>()?.into_iter())
}
