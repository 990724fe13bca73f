//! Rules for the source text that neither rustfmt nor clippy checks.

use std::collections::BTreeSet;
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

/// Words that only `harness/browser` knows, in lower case.
const OF_ENGINES: [&str; 11] = [
    "chromedriver",
    "chromium",
    "firefox",
    "geckodriver",
    "goog:",
    "marionette",
    "minibrowser",
    "moz:",
    "safari",
    "webkit",
    "xvfb",
];

/// Lines elsewhere that name an engine all the same: the file, a part of the line, and why it may.
const MAY_NAME_AN_ENGINE: [(&str, &str, &str); 3] = [
    (
        "harness/cli/environment.rs",
        "xvfb-run",
        "a person types it, whatever the browser",
    ),
    (
        "harness/render/html/page.css",
        "-webkit-text-size-adjust",
        "a property of CSS: a report is read in any browser",
    ),
    (
        "harness/render/html/parts.css",
        "::-webkit-details-marker",
        "a pseudo-element of CSS: a report is read in any browser",
    ),
];

/// The lines of a source file, with their numbers, that are neither comments nor tests.
fn program(source: &str) -> Vec<(usize, &str)> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let (mut program, mut skipped) = (Vec::new(), None);
    for (index, line) in source.lines().enumerate() {
        let text = line.trim();
        if let Some(depth) = skipped {
            let is_last = text.ends_with(';') || text.starts_with(['}', ']']);
            if is_last && indentation(line) == depth {
                skipped = None;
            }
        } else if text == "#[cfg(test)]" {
            skipped = Some(indentation(line));
        } else if !text.starts_with("//") {
            program.push((index + 1, line));
        }
    }
    program
}

/// Whether a file below `harness/` is there for tests alone.
fn is_of_tests(name: &str) -> bool {
    name.contains("/tests/") || name.ends_with("/tests.rs") || name.ends_with("/sample.rs")
}

#[test]
fn only_the_room_browser_names_an_engine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut wrong, mut excused) = (Vec::new(), BTreeSet::new());
    for file in files(&root.join("harness"), &["rs", "js", "css"]) {
        let name = file.strip_prefix(root).expect("it lies in the project");
        let name = name.display().to_string();
        if name.starts_with("harness/browser/") || is_of_tests(&name) {
            continue;
        }
        for (number, line) in program(&text(&file)) {
            let lower = line.to_lowercase();
            if !OF_ENGINES.iter().any(|word| lower.contains(word)) {
                continue;
            }
            let mut may = MAY_NAME_AN_ENGINE.iter();
            match may.find(|(own, part, _)| *own == name && line.contains(part)) {
                Some(excuse) => drop(excused.insert(*excuse)),
                None => wrong.push(format!("{name}:{number}: {}", line.trim())),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "what differs between engines is a method of `Engine`:\n{}",
        wrong.join("\n")
    );
    assert_eq!(excused.into_iter().collect::<Vec<_>>(), MAY_NAME_AN_ENGINE);
}

#[test]
fn program_is_what_is_no_comment_and_no_test() {
    let source = "a\n// b\n#[cfg(test)]\nmod c;\nd\n#[cfg(test)]\n#[expect(e)]\nmod f {\n    \
                  g;\n}\nh";
    let lines: Vec<&str> = program(source).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["a", "d", "h"]);
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
