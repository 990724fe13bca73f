use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::OutputError;

/// Every text that the program writes into a file has this near its beginning.
const NAME: &str = "alhena-conformance";

/// Within so many bytes.
const BEGINNING: usize = 1024;

/// Refuses a file that cannot be written: a folder, or a file in a folder that does not let itself
/// be written. The folders above it are made.
///
/// # Errors
/// If it is refused.
pub fn claim_file(path: &Path) -> Result<(), OutputError> {
    if path.is_dir() {
        return Err(OutputError::refused(path, "it is a folder", "name a file"));
    }
    let parent = parent_of(path).map_err(|reason| OutputError::unwritable(path, reason))?;
    std::fs::create_dir_all(&parent)
        .and_then(|()| tempfile::tempfile_in(&parent))
        .map(drop)
        .map_err(|reason| OutputError::unwritable(path, reason))
}

/// Writes one file, whole or not at all, and the folders above it. A file that is there is replaced
/// only if it begins as `bytes` do, up to the name of this program: then an earlier call wrote it.
///
/// # Errors
/// If the file there is somebody else's, or cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    claim_file(path)?;
    if !is_ours(path, bytes).map_err(|reason| OutputError::unwritable(path, reason))? {
        let found = "it holds something that this program did not write, or another kind of report";
        return Err(OutputError::refused(
            path,
            found,
            "name a file that is not there yet, or remove it yourself",
        ));
    }
    put(path, bytes).map_err(|reason| OutputError::unwritable(path, reason))
}

/// Writes a file that the user keeps, and that was read and understood before: its new text was
/// made from its old one.
///
/// # Errors
/// If it cannot be written.
pub fn replace_read_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    claim_file(path)?;
    put(path, bytes).map_err(|reason| OutputError::unwritable(path, reason))
}

fn is_ours(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let Some(mark) = mark_of(bytes) else {
        return Ok(false);
    };
    let mut there = Vec::new();
    file.take(BEGINNING as u64).read_to_end(&mut there)?;
    Ok(there.is_empty() || there.starts_with(mark))
}

/// What `bytes` begin with, up to the name of this program.
fn mark_of(bytes: &[u8]) -> Option<&[u8]> {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let start = beginning
        .windows(NAME.len())
        .position(|window| window == NAME.as_bytes())?;
    Some(&beginning[..start + NAME.len()])
}

/// Writes one file, whole or not at all.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is its owner's alone; this one is for whom other files of theirs are for, as
    // the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent_of(path)?)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn parent_of(path: &Path) -> io::Result<std::path::PathBuf> {
    let path = std::path::absolute(path)?;
    path.parent()
        .map(Path::to_owned)
        .ok_or_else(|| io::Error::other("the root folder is no file"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const REPORT: &[u8] = b"<!-- alhena-conformance -->\n3 pass\n";

    #[test]
    fn an_earlier_report_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("new/report.md");
        write_file(&file, REPORT).unwrap();
        write_file(&file, b"<!-- alhena-conformance -->\n4 pass\n").unwrap();
        assert_eq!(
            std::fs::read(&file).unwrap(),
            b"<!-- alhena-conformance -->\n4 pass\n"
        );
    }

    #[test]
    fn a_file_of_somebody_else_is_refused_even_where_it_names_this_program() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("README.md");
        std::fs::write(&file, "# SDK\nProved by alhena-conformance.\n").unwrap();
        let error = write_file(&file, REPORT).unwrap_err();
        assert!(error.is_usage(), "{error}");
        assert_eq!(
            std::fs::read(&file).unwrap(),
            b"# SDK\nProved by alhena-conformance.\n"
        );
    }

    #[test]
    fn a_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert!(write_file(home.path(), REPORT).unwrap_err().is_usage());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_mode_that_other_files_have() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let (own, other) = (home.path().join("own"), home.path().join("other"));
        write_file(&own, REPORT).unwrap();
        std::fs::write(&other, b"text").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&own), mode(&other));
    }
}
