#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::file::ConfigFile;
use super::layers::{Given, Layers};
use super::settings::{SETTINGS, TYPED_ONLY};
use super::words::Words;
use super::{json_schema, variables};
use crate::cli::args::Arguments;
use crate::input::Files;

fn program() -> Command {
    Arguments::command()
}

fn words<'c>(program: &'c Command, line: &str) -> Words<'c> {
    Words::of(program, line.split(' ').map(OsString::from))
}

fn of_file(text: &str) -> Result<Vec<Given>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, text).unwrap();
    let settings = ConfigFile::read(&path).unwrap().settings();
    let here = format!("{}/", folder.path().display());
    settings
        .map(|mut given| {
            for value in given.iter_mut().flat_map(|given| &mut given.values) {
                *value = value.replace(&here, "HERE/");
            }
            given
        })
        .map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            errors.join("\n").replace(&here, "")
        })
}

fn of_variables(variables: &[(&str, &str)]) -> Result<Vec<Given>, String> {
    let owned = variables.iter();
    let owned = owned.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    variables::settings(owned.collect::<Vec<_>>()).map_err(|errors| errors[0].to_string())
}

/// The command line as it is parsed, and what is left out of it.
fn completed(line: &str, variables: &[(&str, &str)], file: &str) -> (String, Vec<String>) {
    let program = program();
    let words = words(&program, line);
    let layers = vec![of_variables(variables).unwrap(), of_file(file).unwrap()];
    let layers = Layers::of(layers, &words);
    let completed = words.completed(&layers.given).into_iter();
    let completed = completed.map(|word| word.into_string().unwrap());
    let left_out = layers.given.iter();
    let left_out = left_out.filter_map(|given| given.left_out.clone());
    (completed.collect::<Vec<_>>().join(" "), left_out.collect())
}

#[test]
fn every_flag_of_run_is_a_setting_or_typed_only() {
    let program = program();
    let run = program.find_subcommand("run").unwrap();
    let flags: BTreeSet<&str> = run
        .get_arguments()
        .filter_map(|arg| arg.get_long())
        .collect();
    let settings = SETTINGS.iter().map(|setting| setting.name);
    let known: BTreeSet<&str> = settings.chain(TYPED_ONLY.iter().copied()).collect();
    assert_eq!(flags, known);
}

#[test]
fn committed_schema_matches_the_settings() {
    let committed = Files::default().fixture("config.schema.json").unwrap();
    let committed = committed.json::<serde_json::Value>().unwrap();
    assert_eq!(
        committed,
        json_schema(),
        "alhena-conformance schema config > fixtures/config.schema.json"
    );
}

#[test]
fn typed_flag_overrides_variable_and_variable_overrides_file() {
    let variables = [
        ("ALHENA_CONFORMANCE_WORKERS", "3"),
        ("ALHENA_CONFORMANCE_TIMEOUT", "5m"),
    ];
    let file = "workers = 2\nretries = 1\ntimeout = \"9m\"\nsdk = \"dist\"\n";
    let (line, _) = completed("x run --workers 4", &variables, file);
    assert_eq!(
        line,
        "x run --timeout=5m --retries=1 --sdk=HERE/dist --workers 4"
    );
}

#[test]
fn path_is_relative_to_the_file_but_a_url_or_a_name_is_none() {
    let file = "sdk = [\"https://x/y.js\", \"dist/y.js\"]\nprofile = \"alhena\"\n";
    let (line, _) = completed("x run", &[], file);
    assert_eq!(
        line,
        "x run --profile=alhena --sdk=https://x/y.js --sdk=HERE/dist/y.js"
    );
    let (line, _) = completed("x run", &[], "profile = \"own.toml\"\n");
    assert_eq!(line, "x run --profile=HERE/own.toml");
}

#[test]
fn setting_that_a_typed_flag_excludes_is_left_out() {
    let file = "known-failures = \"known.toml\"\nreport = \"out\"\nkeep-evidence = \"all\"\n";
    let (line, left_out) = completed("x run --watch", &[], file);
    assert_eq!(line, "x run --watch");
    assert_eq!(
        left_out,
        [
            "it needs --report",
            "--watch excludes it",
            "--watch excludes it"
        ]
    );
}

#[test]
fn executable_of_another_engine_than_the_chosen_one_is_left_out() {
    let file = "engine = \"firefox\"\ndriver = \"gecko\"\n";
    let (line, left_out) = completed("x run --engine firefox", &[], file);
    assert_eq!(line, "x run --driver=HERE/gecko --engine firefox");
    assert!(left_out.is_empty(), "{left_out:?}");
    let (line, left_out) = completed("x run --engine=webkit", &[], file);
    assert_eq!(line, "x run --engine=webkit");
    let why = "it is for another engine than --engine chooses";
    assert_eq!(left_out, [why]);
    let variables = [("ALHENA_CONFORMANCE_ENGINE", "webkit")];
    let (line, left_out) = completed("x run", &variables, file);
    assert_eq!(line, "x run --engine=webkit");
    let why = "it is for another engine than engine (ALHENA_CONFORMANCE_ENGINE) chooses";
    assert_eq!(left_out, [why]);
}

#[test]
fn executable_without_an_engine_is_that_of_the_default_one() {
    let file = "browser-binary = \"chrome\"\n";
    let (line, _) = completed("x run --engine chromium", &[], file);
    assert_eq!(line, "x run --browser-binary=HERE/chrome --engine chromium");
    let (line, left_out) = completed("x run --engine firefox", &[], file);
    assert_eq!((&*line, left_out.len()), ("x run --engine firefox", 1));
    let (line, left_out) = completed("x run --engine chromium --engine firefox", &[], file);
    let typed = "x run --engine chromium --engine firefox";
    assert_eq!((&*line, left_out.len()), (typed, 1));
}

#[test]
fn variable_that_names_an_executable_is_for_the_engine_of_the_file() {
    let variables = [("ALHENA_CONFORMANCE_DRIVER", "gecko")];
    let file = "engine = \"firefox\"\n";
    let (line, _) = completed("x run", &variables, file);
    assert_eq!(line, "x run --driver=gecko --engine=firefox");
    let (line, left_out) = completed("x run --engine chromium", &variables, file);
    assert_eq!((&*line, left_out.len()), ("x run --engine chromium", 1));
    let (line, left_out) = completed("x bench --all", &variables, file);
    assert_eq!((&*line, left_out.len()), ("x bench --all", 2));
}

#[test]
fn variable_excludes_what_the_file_says() {
    let variables = [("ALHENA_CONFORMANCE_BASELINE", "b.toml")];
    let (line, left_out) = completed("x run", &variables, "known-failures = \"k.toml\"\n");
    assert_eq!(line, "x run --baseline=b.toml");
    assert_eq!(
        left_out,
        ["baseline (ALHENA_CONFORMANCE_BASELINE) excludes it"]
    );
}

#[test]
fn switch_is_turned_off_by_a_variable() {
    let variables = [("ALHENA_CONFORMANCE_MASK", "false")];
    assert_eq!(completed("x run", &variables, "mask = true\n").0, "x run");
    assert_eq!(completed("x run", &[], "mask = true\n").0, "x run --mask");
}

#[test]
fn command_takes_only_its_own_settings() {
    let file = "sdk = [\"a.js\", \"b.js\"]\nprofile = \"alhena\"\nreport = \"out\"\n";
    let (line, _) = completed("x serve", &[], file);
    assert_eq!(line, "x serve --profile=alhena --sdk=HERE/a.js");
    let (line, _) = completed("x profile check", &[], file);
    assert_eq!(line, "x profile check alhena --sdk=HERE/a.js");
    let (line, _) = completed("x profile check own.toml", &[], file);
    assert_eq!(line, "x profile check --sdk=HERE/a.js own.toml");
    assert_eq!(completed("x merge a b", &[], file).0, "x merge a b");
}

#[test]
fn several_values_of_a_variable_stand_on_lines() {
    let variables = [("ALHENA_CONFORMANCE_FILTER", "cart/*\n\n queue/*\n")];
    let (line, _) = completed("x run", &variables, "");
    assert_eq!(line, "x run --filter=cart/* --filter=queue/*");
}

#[test]
fn empty_variable_counts_as_absent() {
    let variables = [("ALHENA_CONFORMANCE_SDK", "")];
    let (line, _) = completed("x run", &variables, "sdk = \"a.js\"\n");
    assert_eq!(line, "x run --sdk=HERE/a.js");
}

#[test]
fn unknown_key_is_refused_with_its_line_and_a_near_match() {
    let message = of_file("sdk = \"a\"\n\nknown_failures = \"k.toml\"\n").unwrap_err();
    for part in [
        "there is no setting `known_failures`",
        "own.toml:3",
        "did you mean known-failures?",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn flag_that_is_no_setting_is_refused() {
    let message = of_file("watch = true\n").unwrap_err();
    assert!(
        message.contains("--watch is typed for each run"),
        "{message}"
    );
}

#[test]
fn value_of_another_type_is_refused() {
    for (text, expected) in [
        ("workers = \"two\"\n", "a whole number"),
        ("mask = 1\n", "`true` or `false`"),
        ("filter = [1]\n", "a text in quotes, or a list of such"),
        ("report = [\"a\"]\n", "a text in quotes"),
    ] {
        let message = of_file(text).unwrap_err();
        assert!(
            message.contains(expected) && message.contains("own.toml:1"),
            "{message}"
        );
    }
}

#[test]
fn unknown_variable_is_refused_with_a_near_match() {
    let message = of_variables(&[("ALHENA_CONFORMANCE_WORKER", "2")]).unwrap_err();
    assert!(message.contains("did you mean WORKERS?"), "{message}");
    let message = of_variables(&[("ALHENA_CONFORMANCE_MASK", "yes")]).unwrap_err();
    assert!(message.contains("neither `true` nor `false`"), "{message}");
}

#[test]
fn words_of_a_command_are_read_without_parsing_them() {
    let program = program();
    let words = words(&program, "x run --filter --config --config own.toml -q");
    assert_eq!(
        words.config.as_deref(),
        Some(Path::new("own.toml").as_os_str())
    );
    assert!(!words.asks_for_help);
}
