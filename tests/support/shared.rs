use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use super::locks::{folder, locked};
use super::{Alhena, Ended, FAILS, alhena, prices_as_text};

/// How long the shared files of a test run are kept at least.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder that `make` has filled, once in a test run, for all tests that ask for this name. They
/// read it and change nothing in it.
pub fn shared(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    static TEST_RUN: LazyLock<PathBuf> = LazyLock::new(folder_of_this_test_run);
    let home = TEST_RUN.join(name);
    let _alone = locked(&home.with_extension("lock"));
    let complete = home.with_extension("complete");
    if !complete.exists() {
        // A test that failed half way has left a part.
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).expect("a folder can be made");
        make(&home);
        fs::write(complete, "").expect("a file can be written");
    }
    home
}

/// A run with a report that `make` has made, once in a test run, for all tests that ask for this
/// name.
pub fn shared_run(name: &str, make: impl FnOnce(Alhena) -> Ended) -> Ended {
    let home = shared(name, |home| {
        make(alhena("run").kept_in(home).with_report());
    });
    Ended::kept_in(&home)
}

/// A shared run of a build that sends prices as text, over `cart/item-added` and its prerequisites,
/// which keeps the evidence of these cases: `failed` or `all`.
pub fn shared_run_of_prices_as_text(keep: &str) -> Ended {
    shared_run(&format!("prices-as-text-{keep}"), |run| {
        run.sdk(&prices_as_text())
            .option("--profile", "reference")
            .option("--filter", "cart/item-added")
            .option("--retries", "0")
            .option("--keep-evidence", keep)
            .in_browsers(1)
            .ends_with(FAILS)
    })
}

/// nextest names the test run that its processes belong to. Under `cargo test` this process is all
/// of it.
fn folder_of_this_test_run() -> PathBuf {
    let all = folder("shared-runs");
    remove_old(&all);
    if let Ok(id) = std::env::var("NEXTEST_RUN_ID") {
        let folder = all.join(id);
        fs::create_dir_all(&folder).expect("a folder can be made");
        folder
    } else {
        tempfile::Builder::new()
            .prefix("process-")
            .tempdir_in(&all)
            .expect("a folder can be made")
            .keep()
    }
}

/// Test processes do not know which of them is the last, so a later test run removes the files.
fn remove_old(all: &Path) {
    for entry in fs::read_dir(all).expect("the folder is there").flatten() {
        let modified = entry.metadata().and_then(|about| about.modified()).ok();
        let age = modified.and_then(|modified| modified.elapsed().ok());
        if age.is_some_and(|age| age > KEPT) {
            // Another process may remove it at the same time.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
