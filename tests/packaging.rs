//! The parts of a release, as far as they can be tested without a network: completions, man pages,
//! the GitHub Action, the workflows, the image and the archives.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use alhena_conformance::api::{default_engine, install_plan};
use rstest::rstest;
use yaml_rust2::{Yaml, YamlLoader};

use crate::support::{Alhena, CONFORMS, USAGE, alhena};

fn source(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Yaml {
    YamlLoader::load_from_str(&source(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .remove(0)
}

fn names(value: &Yaml) -> BTreeSet<String> {
    value
        .as_hash()
        .expect("a table")
        .keys()
        .map(|key| key.as_str().expect("a name").to_owned())
        .collect()
}

fn steps() -> Vec<Yaml> {
    yaml("action.yml")["runs"]["steps"]
        .as_vec()
        .expect("steps")
        .clone()
}

fn prove() -> Yaml {
    steps()
        .into_iter()
        .find(|step| step["id"].as_str() == Some("prove"))
        .expect("the step `prove`")
}

#[rstest]
#[case::bash("bash")]
#[case::zsh("zsh")]
#[case::fish("fish")]
#[case::elvish("elvish")]
#[case::powershell("powershell")]
fn completions_hold_commands_and_flags(#[case] shell: &str) {
    let script = alhena("completions")
        .arg(shell)
        .ends_with(CONFORMS)
        .stdout();
    for word in ["self-test", "keep-evidence", "known-failures"] {
        assert!(script.contains(word), "{shell} does not know {word}");
    }
    // The other shells complete no values.
    let completes_values = ["bash", "zsh", "fish"].contains(&shell);
    for id in ["QUEUE-ORDER", "cart/item-added", "courier"] {
        assert_eq!(script.contains(id), completes_values, "{shell}: {id}");
    }
}

#[test]
fn bash_parses_its_completions() {
    let script = alhena("completions")
        .arg("bash")
        .ends_with(CONFORMS)
        .stdout();
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(&file, script).expect("the script can be written");
    assert!(
        Command::new("bash")
            .arg("-n")
            .arg(file.path())
            .status()
            .expect("bash runs")
            .success()
    );
}

#[test]
fn every_command_has_a_man_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    alhena("man")
        .arg(folder.path().join("man1"))
        .ends_with(CONFORMS)
        .prints("alhena-conformance.1");
    let help = Command::new(env!("CARGO_BIN_EXE_alhena-conformance"))
        .arg("--help")
        .output()
        .expect("it runs")
        .stdout;
    let help = String::from_utf8(help).expect("text");
    let commands = help
        .split("Commands:")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .expect("the commands")
        .lines();
    let commands: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(
        commands.contains(&"run") && commands.contains(&"self-test"),
        "{commands:?}"
    );
    for command in commands.into_iter().filter(|command| *command != "help") {
        let page = fs::read_to_string(
            folder
                .path()
                .join(format!("man1/alhena-conformance-{command}.1")),
        )
        .unwrap_or_else(|error| panic!("{command}: {error}"));
        assert!(page.contains(".TH "), "{command}: {page}");
    }
}

#[test]
fn action_scripts_read_inputs_only_from_the_environment() {
    let scripts: Vec<String> = steps()
        .iter()
        .filter_map(|step| step["run"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(scripts.len(), 5, "download, build, install, prove, comment");
    assert!(
        scripts.iter().all(|script| !script.contains("${{")),
        "an input in a script's text would be code"
    );
}

#[test]
fn every_input_of_the_action_is_used() {
    let text = source("action.yml");
    for input in names(&yaml("action.yml")["inputs"]) {
        assert!(text.contains(&format!("inputs.{input}")), "{input}");
    }
}

/// Runs the step `prove` with a program in place of ours that records its arguments and ends with
/// `code`.
fn proved(inputs: &[(&str, &str)], code: i32) -> (Vec<String>, Option<i32>, String) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (program, output, script) = (
        home.path().join("alhena-conformance"),
        home.path().join("output"),
        home.path().join("prove.sh"),
    );
    fs::write(
        &program,
        format!("#!/usr/bin/env bash\nprintf '%s\\n' \"$@\" > words\nexit {code}\n"),
    )
    .expect("a program can be written");
    #[cfg(unix)]
    fs::set_permissions(
        &program,
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .expect("it can be made one");
    fs::write(&script, prove()["run"].as_str().expect("a script"))
        .expect("the script can be written");
    let mut shell = Command::new("bash");
    shell
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
        .arg(&script)
        .current_dir(home.path())
        .env("GITHUB_OUTPUT", &output);
    let path = std::env::join_paths([home.path().to_owned()].into_iter().chain(
        std::env::split_paths(&std::env::var_os("PATH").expect("a PATH")),
    ));
    shell
        .env("PATH", path.expect("no colon in it"))
        .env("RUNNER_TEMP", home.path())
        .env("GITHUB_JOB", "test")
        .env("GITHUB_RUN_ATTEMPT", "1");
    for name in names(&prove()["env"]) {
        let default = match name.as_str() {
            "REPORT" => "conformance",
            "FORMATS" => "junit",
            _ => "",
        };
        let given = inputs.iter().find(|(input, _)| *input == name);
        shell.env(&name, given.map_or(default, |(_, value)| value));
    }
    let status = shell.status().expect("bash runs");
    let words = fs::read_to_string(home.path().join("words"))
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect();
    (
        words,
        status.code(),
        fs::read_to_string(output).unwrap_or_default(),
    )
}

#[test]
fn action_passes_its_inputs_unchanged() {
    let inputs = [
        ("SDK", "dist/my build.js"),
        ("PROFILE", "own.toml"),
        ("FILTER", "QUEUE-*\ncart/*\n"),
        ("ARGUMENTS", "--retries\n0"),
    ];
    let (words, code, outputs) = proved(&inputs, 1);
    let line = words.join(" ");
    for part in [
        "--sdk dist/my build.js",
        "--profile own.toml",
        "--filter QUEUE-* --filter cart/*",
        "--retries 0",
        "--report conformance",
        "--format junit",
    ] {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
    assert!(
        !line.contains("--snippet") && !line.contains("--baseline"),
        "empty inputs are not passed: {line}"
    );
    assert_eq!(
        (code, outputs.as_str()),
        (
            Some(1),
            "report=conformance\nartifact=conformance-test-0-1-1\nexit-code=1\n"
        ),
        "the step ends as the run did"
    );
}

#[test]
fn action_without_an_sdk_requires_one() {
    let (words, _, _) = proved(&[], 0);
    assert!(words.contains(&"--require-sdk".to_owned()), "{words:?}");
    let words = words.iter().filter(|word| *word != "run");
    let ended = words.fold(alhena("run"), Alhena::arg);
    ended.ends_with(USAGE).warns("--sdk");
}

#[test]
fn artifacts_of_a_job_have_names_of_their_own() {
    let name = |inputs: &[(&str, &str)]| proved(inputs, 0).2;
    for (inputs, artifact) in [
        (("SHARD", "2/5"), "artifact=conformance-test-0-2-of-5-1-1\n"),
        (("JOB_INDEX", "3"), "artifact=conformance-test-3-1-1\n"),
        (("ARTIFACT", "own"), "artifact=own\n"),
        (("ARTIFACT", "none"), "artifact=\n"),
    ] {
        let outputs = name(&[("SDK", "a.js"), inputs]);
        assert!(outputs.contains(artifact), "{artifact}: {outputs}");
    }
}

/// Runs the step that gets the program, where no server answers.
fn program_step(version: &str) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = home.path().join("output");
    let step = steps()
        .into_iter()
        .find(|step| step["id"].as_str() == Some("program"));
    let step = step.expect("the step `program`");
    let mut shell = Command::new("bash");
    shell
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
        .arg(step["run"].as_str().expect("a script"))
        .envs([
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
            ("VERSION", version),
            ("REF", "v9.9.9"),
            ("REPOSITORY", "OWNER/alhena-conformance"),
            ("GITHUB_SERVER_URL", "http://127.0.0.1:9"),
            ("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR")),
        ])
        .env("TOKEN", "")
        .env("RUNNER_TEMP", home.path())
        .env("GITHUB_PATH", home.path().join("path"))
        .env("GITHUB_OUTPUT", &output);
    let ended = shell.output().expect("bash runs");
    (
        ended.status.code(),
        String::from_utf8_lossy(&ended.stdout).into_owned(),
        fs::read_to_string(output).unwrap_or_default(),
    )
}

#[test]
fn action_builds_the_program_if_its_release_has_no_archive() {
    let (code, _, outputs) = program_step("");
    assert_eq!(code, Some(0));
    let key = outputs.strip_prefix("downloaded=false\nsources=");
    assert!(key.is_some_and(|key| key.len() > 3), "{outputs}");
}

#[test]
fn action_refuses_a_named_version_without_an_archive() {
    let (code, printed, outputs) = program_step("v9.9.9");
    assert_eq!((code, outputs.as_str()), (Some(3), ""));
    assert!(printed.contains("::error::the release v9.9.9"), "{printed}");
}

#[test]
fn image_runs_as_a_user() {
    let dockerfile = source(".docker/Dockerfile");
    assert!(dockerfile.contains("\nUSER conformance\n"));
}

#[test]
fn release_workflow_hides_no_failure() {
    assert!(!source(".github/workflows/release.yml").contains("|| true"));
    for file in ["LICENSE", "CHANGELOG.md"] {
        assert!(!source(file).is_empty(), "{file}");
    }
}

#[test]
fn image_requires_an_sdk() {
    assert!(source(".docker/Dockerfile").contains("CMD [\"run\", \"--require-sdk\"]"));
}

#[test]
fn action_calls_a_valid_command_line() {
    let inputs = [
        ("SDK", "no such build.js"),
        ("KNOWN_FAILURES", "known.toml"),
        ("BASELINE", "baseline.toml"),
        ("SNIPPET", "snippet.html"),
        ("PROFILE", "alhena"),
    ];
    let (words, _, _) = proved(&inputs, 0);
    let ended = words[1..]
        .iter()
        .fold(alhena(&words[0]), Alhena::arg)
        .ends_with(USAGE);
    ended
        .never_prints("unexpected argument")
        .never_prints("invalid value")
        .never_prints("Usage:");
}

#[test]
fn image_holds_the_packages_that_install_adds() {
    let dockerfile = source(".docker/Dockerfile");
    let Some(plan) = install_plan(default_engine())
        .ok()
        .filter(|plan| plan.as_typed().contains("apt-get"))
    else {
        return;
    };
    for package in plan
        .commands
        .last()
        .expect("a command")
        .iter()
        .filter(|word| word.starts_with("chromium"))
    {
        assert!(dockerfile.contains(package.as_str()), "{package}");
    }
}

#[test]
fn image_copies_all_sources_of_the_program() {
    let (dockerfile, home) = (
        source(".docker/Dockerfile"),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copied = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|line| !line.starts_with("--from"));
    for name in copied.flat_map(|line| {
        line.split(' ')
            .filter(|name| !name.starts_with('.'))
            .collect::<BTreeSet<_>>()
    }) {
        assert!(here.join(name).exists(), "{name}");
        // Cargo only checks that it exists.
        let copy = Command::new("cp")
            .arg("-r")
            .arg(here.join(name))
            .arg(home.path())
            .status();
        assert!(copy.expect("cp runs").success(), "{name}");
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--no-deps",
        ])
        .current_dir(home.path());
    let metadata = cargo.output().expect("cargo runs");
    assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let source_of = |name: &str| home.path().join(name).exists();
    assert!(
        ["harness/main.rs", "fixtures/requirements.toml", "pages"]
            .into_iter()
            .all(source_of)
    );
}

#[test]
fn binstall_asks_for_the_released_archives() {
    let manifest: toml::Table = source("Cargo.toml").parse().expect("a manifest");
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let workflow = source(".github/workflows/release.yml");
    let fill = |text: &str| {
        text.replace("{ name }", "alhena-conformance")
            .replace("{ target }", "${{ matrix.target }}")
            .replace("{ bin }", "alhena-conformance")
    };
    let url = fill(binstall["pkg-url"].as_str().expect("a URL"));
    let archive = url
        .rsplit('/')
        .next()
        .and_then(|file| file.strip_suffix(".tgz"))
        .expect("an archive");
    assert!(
        workflow.contains(&format!("NAME: {archive}\n")),
        "the workflow packs {archive}"
    );
    assert!(
        workflow.contains("--file \"$NAME.tgz\" \"$NAME\""),
        "the archive holds a folder of its name"
    );
    assert!(
        fill(binstall["bin-dir"].as_str().expect("a path"))
            .starts_with(&format!("{archive}/alhena-conformance"))
    );
    assert!(
        url.contains("/releases/download/v{ version }/") && workflow.contains("tags: [\"v*\"]")
    );
}

#[test]
fn workflow_runs_what_a_change_must_pass() {
    let workflow = yaml(".github/workflows/ci.yml");
    let events = workflow["on"].as_vec().expect("a list of events");
    for event in ["push", "pull_request"] {
        assert!(
            events.iter().any(|own| own.as_str() == Some(event)),
            "{event}"
        );
    }
    let steps = workflow["jobs"]["test"]["steps"].as_vec().expect("steps");
    assert!(
        steps
            .iter()
            .any(|step| step["run"].as_str() == Some(".ci/run")),
        "{steps:?}"
    );
    let script = source(".ci/run");
    for (begins, holds) in [
        ("cargo fmt --all --check", ""),
        (
            "cargo clippy ",
            " --all-targets --all-features -- -D warnings",
        ),
        ("wait \"$lints\"", "exit 1"),
        ("cargo test", ""),
    ] {
        let mut lines = script.lines();
        let is_there = lines.any(|line| line.starts_with(begins) && line.contains(holds));
        assert!(is_there, "{begins}");
    }
    assert_eq!(script.lines().last(), Some("cargo test"));
}
