//! What a person reads first, for builds with one defect each: a file of `tests/transcripts` says
//! what it changes in the reference, and the snapshot beside it holds the first 24 lines. A reader
//! of these lines alone must be able to say what to fix.

use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde::Deserialize;

use crate::support::{alhena, reference};

/// The lines of a small terminal.
const LINES: usize = 24;

/// A few cases of each theme in which one of these builds fails.
const SELECTION: &[&str] = &[
    "cart/value-*",
    "checkout/full-order*",
    "queue/held-events-arrive-once-ready*",
    "gate/no-interaction*",
    "dedup/twice-in-a-row*",
    "dedup/again-a*",
];

/// What differs from run to run, and what stands for it.
const MASKS: &[(&str, &str)] = &[
    (r"SDK [0-9a-f]{12} · (?s:.*?)( began \S+|\z)", "SDK …"),
    (r"after \d\.\d\ss", "after … s"),
    (r"slowest \d\.\d\ss", "slowest … s"),
    (r"in\s\d+\.\d\ss", "in … s"),
];

/// A build with one defect.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    find: String,
    replace: String,
}

impl Broken {
    fn sdk(&self) -> String {
        self.edit
            .iter()
            .fold(reference(), |sdk, Edit { find, replace }| {
                assert!(sdk.contains(find), "not in the reference: {find}");
                sdk.replacen(find, replace, 1)
            })
    }
}

fn first_lines(text: &str) -> String {
    text.lines().take(LINES).collect::<Vec<_>>().join("\n")
}

/// Snapshots beside the builds.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("transcripts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, mask) in MASKS {
        settings.add_filter(pattern, *mask);
    }
    settings
}

#[rstest]
fn first_lines_say_what_to_fix(#[files("tests/transcripts/*.toml")] path: PathBuf) {
    let text = fs::read_to_string(&path).expect("the file can be read");
    let broken: Broken = toml::from_str(&text).expect("the file says what is broken");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sdk = Path::new("dist/gleenWidget.js");
    fs::create_dir(folder.path().join("dist")).expect("a folder can be made");
    fs::write(folder.path().join(sdk), broken.sdk()).expect("the SDK can be written");
    let command = alhena("run").in_folder(folder.path()).option("--sdk", sdk);
    let command = SELECTION
        .iter()
        .fold(command, |command, part| command.option("--filter", part));
    let ended = command.in_browsers(2).ends();
    let name = path.file_stem().expect("a file has a name");
    settings().bind(|| {
        insta::assert_snapshot!(&*name.to_string_lossy(), first_lines(&ended.stdout()));
    });
}
