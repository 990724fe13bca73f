use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What the tests share, in the target folder: each checkout has its own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder)
        .unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
    folder
}

/// Waits until nobody else holds the lock on that file, and holds it until the answer is dropped.
///
/// It excludes threads and processes alike. The system releases the lock of a process that dies.
pub fn locked(file: &Path) -> File {
    let lock = || {
        let open = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(file)?;
        open.lock()?;
        Ok::<_, std::io::Error>(open)
    };
    lock().unwrap_or_else(|error| panic!("cannot lock {}: {error}", file.display()))
}
