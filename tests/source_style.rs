//! Rules for the source text that neither rustfmt nor clippy checks.

use std::fs;
use std::path::{Path, PathBuf};

/// rustfmt's width. It leaves long texts and comments as they are, and reads only Rust.
const COLUMNS: usize = 100;

/// The files below `folder` whose names end in one of these extensions.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .flatten()
        .map(|entry| entry.path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path, extensions)
            } else {
                vec![path]
            }
        })
        .filter(|path| {
            path.extension()
                .is_some_and(|own| extensions.iter().any(|extension| own == *extension))
        })
        .collect()
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn no_source_line_exceeds_100_columns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut long = Vec::new();
    for file in ["harness", "tests"]
        .iter()
        .flat_map(|folder| files(&root.join(folder), &["rs", "js", "css", "toml"]))
    {
        let name = file.strip_prefix(root).expect("it lies in the project");
        for (index, line) in text(&file).lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS {
                long.push(format!("{}:{}: {columns}", name.display(), index + 1));
            }
        }
    }
    long.sort();
    assert!(
        long.is_empty(),
        "lines of more than {COLUMNS} columns:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_test_file_is_a_module() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = text(&folder.join("main.rs"));
    let mut missing = Vec::new();
    for entry in fs::read_dir(&folder).expect("tests/ is there").flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|extension| extension == "rs")
            && name != "main"
            && !main.lines().any(|line| line == format!("mod {name};"))
        {
            missing.push(path.display().to_string());
        }
    }
    assert!(missing.is_empty(), "not compiled: {missing:?}");
}
