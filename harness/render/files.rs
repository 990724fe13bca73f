//! A report as files: what `run --report` puts into a folder.

use std::collections::BTreeMap;
use std::io;

use crate::render::format::Format;
use crate::report::BuildMatrix;
use crate::report::{COMPARISON, Stored};

/// Files by their paths from the report's folder.
pub type ReportFiles = BTreeMap<String, Vec<u8>>;

/// A report with the evidence and the pictures that were kept, and a file for each of `formats`
/// that has one.
///
/// # Errors
/// If something of it is no JSON: a bug of ours.
pub fn files(stored: &Stored, formats: &[Format]) -> io::Result<ReportFiles> {
    let mut files = ReportFiles::from([("report.json".to_owned(), json_file(&stored.report)?)]);
    for (path, record) in &stored.records {
        files.insert(path.clone(), serde_json::to_vec(record)?);
    }
    files.extend(stored.screenshots.clone());
    if let Some(comparison) = &stored.comparison {
        files.insert(COMPARISON.to_owned(), json_file(comparison)?);
    }
    let rendered = formats.iter().filter_map(|format| {
        Some((
            format.file_name()?.to_owned(),
            stored.plain(*format).into_bytes(),
        ))
    });
    files.extend(rendered);
    Ok(files)
}

/// The report of several pairings: the table as `report.json`, and each pairing's own report in a
/// folder beside it.
///
/// # Errors
/// As `files`.
pub fn build_matrix_files(
    matrix: &BuildMatrix,
    pairings: &[Stored],
    formats: &[Format],
) -> io::Result<ReportFiles> {
    let mut all = ReportFiles::from([("report.json".to_owned(), json_file(matrix)?)]);
    for (own, stored) in matrix.pairings.iter().zip(pairings) {
        all.extend(
            files(stored, formats)?
                .into_iter()
                .map(|(path, bytes)| (format!("{}/{path}", own.report), bytes)),
        );
    }
    Ok(all)
}

/// One JSON file, for people too.
///
/// # Errors
/// As `files`.
pub fn json_file(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}
