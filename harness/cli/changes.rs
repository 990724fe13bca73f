//! Files that somebody is working on: looked at again and again, until they have changed.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Between two looks at the files.
const LOOK: Duration = Duration::from_millis(50);

/// Every file, when it was written last, and its length.
pub type Snapshot = Vec<(PathBuf, SystemTime, u64)>;

/// Waits until the files differ from what they were, and returns what they are now.
pub async fn changed(paths: &[PathBuf], before: &Snapshot) -> Snapshot {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = look(paths);
        if now != *before {
            return now;
        }
    }
}

/// The files at `paths`, and those in the folders among them.
pub fn look(paths: &[PathBuf]) -> Snapshot {
    fn walk(path: &Path, found: &mut Snapshot) {
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        if metadata.is_dir() {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
            entries.for_each(|entry| walk(&entry.path(), found));
        } else {
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found.push((path.to_owned(), modified, metadata.len()));
        }
    }
    let mut found = Vec::new();
    for path in paths {
        walk(path, &mut found);
    }
    found.sort();
    found
}
