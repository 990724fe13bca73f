//! `init`: everything that an SDK's repository needs, from one look at its build.

use std::io::{IsTerminal, Write as _};
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
    let files = [SETTINGS, PROFILE, BASELINE, GITHUB, GITLAB];
    agree(&files, arguments.browser.yes)?;
    let (text, tally) = look(&arguments.sdk, &arguments.browser).await?;
    write(PROFILE, &text)?;
    anstream::println!("  {}", sentence(tally));
    let fits = profile::proves(PROFILE, Some(&arguments.sdk), &arguments.browser).await?;
    if !fits {
        notes::note(format_args!(
            "the profile does not fit the build yet: change {PROFILE}, and prove it with\n  \
             alhena-conformance profile check {PROFILE} --sdk {}",
            arguments.sdk
        ));
    }
    let has_baseline = !arguments.no_baseline && fits && baseline(arguments).await?;
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

/// Asks a person before anything is written; elsewhere somebody has agreed.
fn agree(files: &[&str], yes: bool) -> Result<(), Failure> {
    if yes || std::env::var("CI").is_ok_and(|ci| ci == "true") {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(anyhow!(
            "nobody can be asked here whether files may be written\n   = agree with --yes"
        )));
    }
    let new = files.iter().filter(|file| !Path::new(file).exists());
    let new: Vec<&str> = new.copied().collect();
    anstream::eprint!("This writes {}. Go on? [Y/n] ", new.join(", "));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer).is_ok();
    match answer.trim().to_lowercase().as_str() {
        "" | "y" | "yes" if read => Ok(()),
        _ => Err(Failure::usage(anyhow!("nothing was written"))),
    }
}

/// Writes a file, unless there is one.
fn write(name: &str, text: &str) -> Result<(), Failure> {
    let path = Path::new(name);
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::File::create_new(path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => anstream::println!("{name}: written"),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            anstream::println!("{name}: left as it is");
        }
        Err(error) => {
            let context = format!("{name} cannot be written");
            return Err(Failure::environment(anyhow!(error).context(context)));
        }
    }
    Ok(())
}

/// Writes the first baseline by a run; whether there is one now.
async fn baseline(arguments: &InitArguments) -> Result<bool, Failure> {
    if Path::new(BASELINE).exists() {
        anstream::println!("{BASELINE}: left as it is");
        return Ok(true);
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
        return Ok(false);
    };
    run::run(&options).await?;
    Ok(Path::new(BASELINE).exists())
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
