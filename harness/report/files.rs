//! A report as files: what `run --report` puts into a folder, before any format is added.

use std::collections::BTreeMap;
use std::io;

use super::build_matrix::BuildMatrix;
use super::stored::{COMPARISON, Stored};

/// Files by their paths from the report's folder.
pub type ReportFiles = BTreeMap<String, Vec<u8>>;

impl Stored {
    /// The report with the evidence and the pictures that were kept.
    ///
    /// # Errors
    /// If something of it is no JSON: a bug of ours.
    pub fn files(&self) -> io::Result<ReportFiles> {
        let mut files = ReportFiles::from([("report.json".to_owned(), json_file(&self.report)?)]);
        for (path, record) in &self.records {
            files.insert(path.clone(), serde_json::to_vec(record)?);
        }
        files.extend(self.screenshots.clone());
        if let Some(comparison) = &self.comparison {
            files.insert(COMPARISON.to_owned(), json_file(comparison)?);
        }
        Ok(files)
    }
}

impl BuildMatrix {
    /// The report of several pairings: the table as `report.json`, and the files of each pairing's
    /// own report in a folder beside it.
    ///
    /// # Errors
    /// As [`Stored::files`].
    pub fn files(&self, pairings: impl Iterator<Item = ReportFiles>) -> io::Result<ReportFiles> {
        let mut all = ReportFiles::from([("report.json".to_owned(), json_file(self)?)]);
        for (own, files) in self.pairings.iter().zip(pairings) {
            let below = |(path, bytes)| (format!("{}/{path}", own.report), bytes);
            all.extend(files.into_iter().map(below));
        }
        Ok(all)
    }
}

/// One JSON file, for people too.
///
/// # Errors
/// As [`Stored::files`].
pub fn json_file(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}
