use std::io::{self, Write};
use std::path::Path;

use super::format::Format;
use super::skew::Skew;
use super::stored::{COMPARISON, Stored};

/// Writes a report into `folder`, and beside it the evidence and the pictures that were kept, and a file for each of `formats` that has one.
///
/// Whole or not at all: everything is written elsewhere first, and then put in the place of what was there. A folder that holds
/// something other than a report is left alone.
///
/// # Errors
/// If the folder cannot be written, or is not a report's.
pub fn write(folder: &Path, stored: &Stored, formats: &[Format]) -> io::Result<()> {
    in_place_of(folder, |fresh| put_report(fresh, stored, formats))
}

/// Writes the report of several pairings into `folder`: the table as `report.json`, and each pairing's own report in a folder beside it.
///
/// # Errors
/// As `write`.
pub fn write_skew(folder: &Path, skew: &Skew, pairings: &[Stored], formats: &[Format]) -> io::Result<()> {
    in_place_of(folder, |fresh| {
        put(&fresh.join("report.json"), &pretty(skew)?)?;
        for (own, stored) in skew.pairings.iter().zip(pairings) {
            let own = fresh.join(&own.report);
            std::fs::create_dir(&own)?;
            put_report(&own, stored, formats)?;
        }
        Ok(())
    })
}

fn put_report(folder: &Path, stored: &Stored, formats: &[Format]) -> io::Result<()> {
    put(&folder.join("report.json"), &pretty(&stored.report)?)?;
    if !stored.records.is_empty() {
        std::fs::create_dir(folder.join("evidence"))?;
    }
    for (path, record) in &stored.records {
        put(&folder.join(path), &serde_json::to_vec(record)?)?;
    }
    for (path, png) in &stored.screenshots {
        put(&folder.join(path), png)?;
    }
    if let Some(comparison) = &stored.comparison {
        put(&folder.join(COMPARISON), &pretty(comparison)?)?;
    }
    for format in formats {
        if let Some(name) = format.file_name() {
            put(&folder.join(name), stored.plain(*format).as_bytes())?;
        }
    }
    Ok(())
}

/// Lets `fill` fill a fresh folder, and then puts that in the place of `folder`.
fn in_place_of(folder: &Path, fill: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    refuse_foreign(folder)?;
    let folder = std::path::absolute(folder)?;
    let parent = folder.parent().ok_or_else(|| io::Error::other("the root folder cannot be a report"))?;
    std::fs::create_dir_all(parent)?;
    let fresh = tempfile::Builder::new().prefix(".alhena-report-").tempdir_in(parent)?;
    fill(fresh.path())?;
    let old = tempfile::Builder::new().prefix(".alhena-report-old-").tempdir_in(parent)?;
    let (aside, replaces) = (old.path().join("old"), folder.exists());
    if replaces {
        std::fs::rename(&folder, &aside)?;
    }
    // A temporary folder is its owner's alone; a report is for everybody who may read its parent.
    #[cfg(unix)]
    std::fs::set_permissions(fresh.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    if let Err(error) = std::fs::rename(fresh.path(), &folder) {
        if replaces {
            std::fs::rename(&aside, &folder)?;
        }
        return Err(error);
    }
    // It has moved; there is nothing left to remove.
    let _ = fresh.keep();
    Ok(())
}

/// Refuses a folder that holds something other than a report: it is the user's, and would be lost.
///
/// # Errors
/// If it does.
pub fn refuse_foreign(folder: &Path) -> io::Result<()> {
    let is_foreign = folder.is_dir() && !folder.join("report.json").is_file() && folder.read_dir()?.next().is_some();
    if is_foreign || folder.is_file() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it holds something other than a report; name a new folder"));
    }
    Ok(())
}

/// Writes one JSON file, whole or not at all, and the folders above it.
///
/// # Errors
/// If it cannot be written.
pub fn write_file(path: &Path, value: &impl serde::Serialize) -> io::Result<()> {
    write_whole(path, &pretty(value)?)
}

/// Writes one file, whole or not at all, and the folders above it.
///
/// # Errors
/// If it cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let parent = path.parent().ok_or_else(|| io::Error::other("the root folder is no file"))?;
    std::fs::create_dir_all(parent)?;
    let mut builder = tempfile::Builder::new();
    // A temporary file is its owner's alone; this one is for whom other files of theirs are for, as the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

fn pretty(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_was_written_may_be_read_by_whoever_reads_others() {
        let home = tempfile::tempdir().unwrap();
        let (own, other) = (home.path().join("own"), home.path().join("other"));
        write_whole(&own, b"text").unwrap();
        std::fs::write(&other, b"text").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&own), mode(&other));
    }
}
