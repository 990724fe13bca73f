use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The bundled fixtures, in the source tree.
pub fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// All bundled fixtures, to be broken.
pub fn copy_of_the_fixtures() -> TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_all(&bundled(), copy.path());
    copy
}

/// The bundled fixtures without their scenarios, for a few of the test's own.
pub fn empty_suite() -> TempDir {
    let suite = copy_of_the_fixtures();
    fs::remove_dir_all(suite.path().join("scenarios")).expect("the scenarios can be removed");
    fs::create_dir(suite.path().join("scenarios")).expect("a folder can be made");
    suite
}

/// The text of the reference SDK.
pub fn reference() -> String {
    fs::read_to_string(bundled().join("sdk/reference/gleenWidget.js"))
        .expect("the reference SDK is there")
}

/// The reference SDK with one place of its text replaced.
pub fn reference_with(original: &str, replacement: &str) -> String {
    let text = reference();
    assert_eq!(
        text.matches(original).count(),
        1,
        "the reference SDK has this exactly once: {original}"
    );
    text.replace(original, replacement)
}

/// The reference SDK, sending prices as text.
pub fn prices_as_text() -> String {
    reference_with("value: event.value,", "value: String(event.value),")
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder is there").flatten() {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&there).expect("a folder can be made");
            copy_all(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).expect("a file can be copied");
        }
    }
}
