//! `init`: everything that an SDK's repository needs, from one look at its build.

use std::io::{IsTerminal, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use clap::Parser as _;

use super::args::{Arguments, BrowserArguments, Command, FixturesArguments, InitArguments};
use super::exit::Exit;
use super::loading::Loaded;
use super::{Failure, notes, profile, provision, run};
use crate::browser::EngineRef;
use crate::discover::{self, Sources, Tally};
use crate::input::Files;
use crate::run::Sessions;
use crate::scenario::ProfileCheck;
use crate::sdk::Build;

const SETTINGS: &str = "alhena-conformance.toml";
const PROFILE: &str = "alhena-profile.toml";
const BASELINE: &str = "alhena-baseline.toml";
const GITHUB: &str = ".github/workflows/alhena-conformance.yml";
const GITLAB: &str = ".gitlab/alhena-conformance.yml";

/// What stands for the repository of the action where this build does not know it.
const NOBODY: &str = "OWNER/alhena-conformance";

/// Looks at the build, and writes what its repository lacks.
pub async fn init(arguments: &InitArguments) -> Result<Exit, Failure> {
    let baseline_file = (!arguments.no_baseline).then_some(BASELINE);
    let files = [SETTINGS, PROFILE, GITHUB, GITLAB].into_iter();
    let lacking = files.chain(baseline_file).filter(|file| !is_there(file));
    if !agree(&lacking.collect::<Vec<_>>(), arguments.browser.yes)? {
        anstream::eprintln!("nothing was written");
        return Ok(Exit::Interrupted);
    }
    if is_there(PROFILE) {
        anstream::println!("{PROFILE}: left as it is");
    } else {
        let (text, tally) = look(&arguments.sdk, &arguments.browser).await?;
        if write(PROFILE, &text)? {
            anstream::println!("  {}", sentence(tally));
        }
    }
    let fits = profile::proves(PROFILE, Some(&arguments.sdk), &arguments.browser).await?;
    if !fits {
        notes::note(format_args!(
            "the profile does not fit the build yet: change {PROFILE}, and prove it with\n  \
             alhena-conformance profile check {PROFILE} --sdk {}",
            arguments.sdk
        ));
    }
    let mut has_baseline = false;
    if fits && !arguments.no_baseline {
        match baseline(arguments).await? {
            ControlFlow::Continue(is_written) => has_baseline = is_written,
            ControlFlow::Break(exit) => {
                notes::note("no baseline was written: `init` again goes on with what is lacking");
                return Ok(exit);
            }
        }
    }
    let engine = arguments.browser.engine.beside_default();
    write(SETTINGS, &settings(&arguments.sdk, engine, has_baseline))?;
    let files = Files::default();
    for (path, template) in [(GITHUB, "init/github.yml"), (GITLAB, "init/gitlab.yml")] {
        write(path, &filled(&files.fixture(template)?.text))?;
    }
    if repository() == NOBODY {
        notes::note(format_args!(
            "{GITHUB} names the action as {NOBODY}: replace OWNER with the account that publishes \
             it"
        ));
    }
    let next = match (fits, has_baseline) {
        (false, _) => format!("change {PROFILE} until `profile check` fits"),
        (true, true) => "commit these files".to_owned(),
        (true, false) => {
            format!("alhena-conformance run --baseline {BASELINE} --update-baseline")
        }
    };
    anstream::println!("next: {next}");
    Ok(if fits { Exit::Conforms } else { Exit::Fails })
}

/// The profile of a build, from a look at it in a browser.
pub async fn look(sdk: &str, browser: &BrowserArguments) -> Result<(String, Tally), Failure> {
    if Build::is_url(sdk) {
        return Err(Failure::usage(anyhow!(
            "a build is looked at as a file: download {sdk}, and name the file"
        )));
    }
    let loaded = Loaded::of(&FixturesArguments::default())?;
    let sources = Sources::read(Path::new(sdk))?;
    let cases = loaded.plan();
    let mut loading = cases.iter();
    let loading = loading.find(|case| case.scenario.profile_check == Some(ProfileCheck::Load));
    let case = loading.ok_or_else(|| {
        Failure::usage(anyhow!(
            "no scenario of the fixtures declares `profile_check = \"load\"`"
        ))
    })?;
    let sessions: Sessions = provision::sessions(browser)?;
    anstream::eprintln!("looking at {sdk} in a browser");
    let seen = discover::look(sdk, &sources, case, &sessions, &loaded.files).await;
    let seen = seen.map_err(Failure::environment)?;
    Ok(discover::describe(&seen, sdk))
}

fn sentence(
    Tally {
        found,
        assumed,
        unknown,
    }: Tally,
) -> String {
    format!("{found} of its lines were found, {assumed} are assumed, {unknown} are unknown")
}

fn is_there(file: &str) -> bool {
    Path::new(file).exists()
}

/// Asks a person before anything is written; elsewhere somebody has agreed.
fn agree(lacking: &[&str], yes: bool) -> Result<bool, Failure> {
    if yes || std::env::var("CI").is_ok_and(|ci| ci == "true") {
        return Ok(true);
    }
    let Some(question) = question(lacking) else {
        return Ok(true);
    };
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(anyhow!(
            "nobody can be asked here whether files may be written\n   = agree with --yes"
        )));
    }
    anstream::eprint!("{question} [Y/n] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    Ok(is_yes(read.is_ok_and(|bytes| bytes > 0).then_some(&answer)))
}

/// What a person is asked; `None` where nothing is to be written.
fn question(lacking: &[&str]) -> Option<String> {
    let files = lacking.join(", ");
    (!lacking.is_empty()).then(|| format!("This writes {files}. Go on?"))
}

/// Whether an answer agrees; `None`: there was none.
fn is_yes(answer: Option<&String>) -> bool {
    let answer = answer.map(|answer| answer.trim().to_lowercase());
    answer.is_some_and(|answer| ["", "y", "yes"].contains(&answer.as_str()))
}

/// Writes a file, unless there is one; whether it did.
fn write(name: &str, text: &str) -> Result<bool, Failure> {
    let path = Path::new(name);
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::File::create_new(path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            anstream::println!("{name}: written");
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            anstream::println!("{name}: left as it is");
            Ok(false)
        }
        Err(error) => {
            let context = format!("{name} cannot be written");
            Err(Failure::environment(anyhow!(error).context(context)))
        }
    }
}

/// Writes the first baseline by a run; whether there is one now, or how `init` ends without it.
async fn baseline(arguments: &InitArguments) -> Result<ControlFlow<Exit, bool>, Failure> {
    if is_there(BASELINE) {
        anstream::println!("{BASELINE}: left as it is");
        return Ok(ControlFlow::Continue(true));
    }
    let options = [
        ("--sdk", Some(arguments.sdk.clone())),
        ("--profile", Some(PROFILE.to_owned())),
        ("--baseline", Some(BASELINE.to_owned())),
    ];
    let options = options.into_iter().chain(arguments.browser.options());
    let options = options.filter_map(|(name, value)| Some([name.to_owned(), value?]));
    let words = ["alhena-conformance", "run", "--update-baseline", "--yes"].map(str::to_owned);
    let words = words.into_iter().chain(options.flatten());
    let typed = Arguments::try_parse_from(words).context("the first baseline");
    let Command::Run(options) = typed.map_err(Failure::bug)?.command else {
        return Ok(ControlFlow::Continue(false));
    };
    let exit = run::run(&options).await?;
    Ok(after_the_run(exit, is_there(BASELINE)))
}

/// How `init` goes on after the run that writes the first baseline. A build that fails has one, and
/// so has one of which the browser cannot test all.
fn after_the_run(exit: Exit, is_written: bool) -> ControlFlow<Exit, bool> {
    match exit {
        Exit::Conforms | Exit::Fails => ControlFlow::Continue(is_written),
        Exit::Environment if is_written => ControlFlow::Continue(true),
        Exit::Environment | Exit::Usage | Exit::Nothing | Exit::Bug | Exit::Interrupted => {
            ControlFlow::Break(exit)
        }
    }
}

/// The settings of a build, in this engine where that is not the default one.
fn settings(sdk: &str, engine: Option<EngineRef>, has_baseline: bool) -> String {
    let off = if has_baseline { "" } else { "# " };
    let engine = engine.map(|own| format!("engine = \"{}\"\n", own.id()));
    format!(
        "# What `alhena-conformance run` does here without further words: \
         `alhena-conformance run --show-config`.\n\
         # The profile is {PROFILE}, beside this file.\n\
         sdk = {}\n\
         require-sdk = true\n\
         {}\
         report = \"conformance\"\n\
         {off}baseline = \"{BASELINE}\"\n",
        toml::Value::from(sdk),
        engine.unwrap_or_default()
    )
}

/// The repository of the action, as a workflow names it.
fn repository() -> String {
    let repository = env!("CARGO_PKG_REPOSITORY").trim_end_matches('/');
    let mut parts = repository.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(name), Some(owner)) if !name.is_empty() => format!("{owner}/{name}"),
        (_, _) => NOBODY.to_owned(),
    }
}

fn filled(template: &str) -> String {
    template
        .replace("{{repository}}", &repository())
        .replace("{{version}}", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_there_are_not_asked_about() {
        assert_eq!(question(&[]), None);
        let question = question(&[SETTINGS, GITLAB]);
        assert!(question.is_some_and(|text| text.contains(&format!("{SETTINGS}, {GITLAB}. Go"))));
    }

    #[test]
    fn an_answer_agrees_unless_it_says_no_or_there_is_none() {
        let is_yes = |answer: &str| is_yes(Some(&answer.to_owned()));
        assert!(is_yes("\n") && is_yes("Y\n") && is_yes("yes\n"));
        assert!(!is_yes("n\n") && !is_yes("what\n") && !super::is_yes(None));
    }

    #[test]
    fn run_that_was_cut_short_ends_init() {
        for exit in [Exit::Interrupted, Exit::Bug, Exit::Environment] {
            assert_eq!(after_the_run(exit, false), ControlFlow::Break(exit));
        }
        for exit in [Exit::Interrupted, Exit::Bug] {
            assert_eq!(after_the_run(exit, true), ControlFlow::Break(exit));
        }
        for exit in [Exit::Conforms, Exit::Fails, Exit::Environment] {
            assert_eq!(after_the_run(exit, true), ControlFlow::Continue(true));
        }
    }

    #[test]
    fn settings_name_the_baseline_once_there_is_one() {
        let settings = |has_baseline| settings("dist/x.js", None, has_baseline);
        assert!(settings(true).contains("\nbaseline = \"alhena-baseline.toml\"\n"));
        assert!(settings(false).contains("\n# baseline = "));
    }

    #[test]
    fn settings_name_the_engine_of_init_unless_it_is_the_default_one() {
        for (engine, expected) in [("firefox", Some("firefox")), ("chromium", None)] {
            let words = [
                "alhena-conformance",
                "init",
                "--sdk",
                "x.js",
                "--engine",
                engine,
            ];
            let typed = Arguments::try_parse_from(words).map(|typed| typed.command);
            let Ok(Command::Init(typed)) = typed else {
                panic!("{typed:?}");
            };
            let engine = typed.browser.engine.beside_default();
            let table = settings("x.js", engine, false).parse::<toml::Table>();
            let table = table.unwrap_or_else(|error| panic!("{error}"));
            let engine = table.get("engine").and_then(toml::Value::as_str);
            assert_eq!(engine, expected);
        }
    }

    #[test]
    fn templates_leave_nothing_to_fill() {
        for template in ["init/github.yml", "init/gitlab.yml"] {
            let text = Files::default()
                .fixture(template)
                .map(|file| filled(&file.text));
            assert!(text.is_ok_and(|text| !text.contains("{{") || text.contains("${{")));
        }
    }
}
