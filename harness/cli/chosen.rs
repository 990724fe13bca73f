//! What a run is made on and with, by what was typed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use super::args::RunArguments;
use super::formats::Formats;
use super::in_engine::Proved;
use super::loading::Loaded;
use super::{Failure, coverage, folder, last_failed};
use crate::browser::EngineRef;
use crate::input::Files;
use crate::output::ReportFolder;
use crate::plan::{
    Case, Division, Durations, Shard, exclude_never_done, exclude_unclaimed,
    refuse_unmatched_claims,
};
use crate::report::ShardReport;
use crate::scenario::Suite;
use crate::sdk::{Build, Installation, Mutant, Profile, Snippet};

/// The profile that builds are run with, where the user names none.
const PROFILE: &str = "alhena";

/// The one that the bundled reference SDK is run with.
pub const OF_REFERENCE: &str = "reference";

/// All that a run needs but for servers and browsers.
#[derive(Debug)]
pub struct Chosen {
    pub files: Files,
    pub formats: Formats,
    /// Where the report goes; `None`: nowhere.
    pub folder: Option<ReportFolder>,
    pub suite: Suite,
    /// The words that select the cases; empty: everything.
    pub selection: Vec<String>,
    /// What is to be driven, without what the profile does not claim.
    pub cases: Vec<Case>,
    pub profile: Arc<Profile>,
    /// Which part of the run `cases` are; `None`: all of it.
    pub shard: Option<ShardReport>,
    /// Every snippet with every build; one of each where no more were named.
    pub installations: Vec<Installation>,
    mutants: Vec<Mutant>,
    /// How long the cases took when they were last measured.
    pub durations: Durations,
}

impl Chosen {
    /// Reads all that was named, and refuses what cannot be run.
    pub fn of(arguments: &RunArguments) -> Result<Self, Failure> {
        demand_sdk(arguments)?;
        let formats = Formats::of(arguments)?;
        let loaded = Loaded::of(&arguments.fixtures)?;
        let files = &loaded.files;
        let selection = last_failed::selection(arguments, files)?;
        let mut cases = loaded.planned(&selection)?;
        if selection.is_empty() {
            coverage::refuse_less_than_the_floor(files, &cases)?;
        }
        let profile = run_profile(arguments, files)?;
        refuse_unmatched_claims(&loaded.plan(), &profile)?;
        exclude_unclaimed(&mut cases, &loaded.suite.register, &profile);
        let durations = Durations::load(files)?;
        let (cases, shard) = match arguments.shard {
            None => (cases, None),
            Some(shard) => part(shard, cases, &durations),
        };
        let installations = installations(&arguments.sdk, &arguments.snippet, &profile, files)?;
        let mutants = loaded.mutants()?;
        for engine in &arguments.browser.engine.engines {
            // What cannot be read is refused before anything is driven.
            Proved::of(&mutants, *engine, files)?;
        }
        Ok(Self {
            formats,
            selection,
            cases,
            shard,
            installations,
            profile: Arc::new(profile),
            mutants,
            durations,
            folder: run_folder(arguments)?,
            suite: loaded.suite,
            files: loaded.files,
        })
    }
}

impl Chosen {
    /// The cases, on this engine.
    pub fn cases_on(&self, engine: EngineRef) -> Vec<Case> {
        let mut cases = self.cases.clone();
        exclude_never_done(&mut cases, &engine.never_does());
        cases
    }

    /// How the checks are known to fail in this engine.
    pub fn proved_in(&self, engine: EngineRef) -> Result<Proved, Failure> {
        Proved::of(&self.mutants, engine, &self.files)
    }
}

/// The cases of one part of the run.
fn part(shard: Shard, cases: Vec<Case>, durations: &Durations) -> (Vec<Case>, Option<ShardReport>) {
    let Shard { index, of } = shard;
    let division = Division::new(&cases, of, durations);
    let shard = ShardReport {
        index,
        of,
        plan_sha256: division.sha256(&cases),
    };
    (division.part(index, cases), Some(shard))
}

/// The folder for the report of a run.
pub fn run_folder(arguments: &RunArguments) -> Result<Option<ReportFolder>, Failure> {
    let sdks = arguments.sdk.iter().map(Path::new);
    let snippets = arguments.snippet.iter().map(PathBuf::as_path);
    let profile = arguments.profile.as_deref().map(Path::new);
    let fixtures = arguments.fixtures.fixtures.as_deref();
    let inputs = sdks.chain(snippets).chain(profile).chain(fixtures);
    folder::claim(arguments.report.as_deref(), inputs)
}

/// Refuses a gate that names no build: the bundled reference would be judged, and the gate be green
/// whatever the build does.
pub fn demand_sdk(arguments: &RunArguments) -> Result<(), Failure> {
    let profile = arguments.profile.as_deref();
    let gates = [
        (
            "--profile",
            profile.is_some_and(|profile| profile != OF_REFERENCE),
        ),
        ("--baseline", arguments.gate.baseline.is_some()),
        ("--known-failures", arguments.known_failures.is_some()),
    ];
    match gates.into_iter().find(|(_, given)| *given) {
        Some((flag, _)) if arguments.sdk.is_empty() => Err(Failure::usage(anyhow!(
            "{flag} is about a build of yours, and no build is named\n   = add --sdk FILE|DIR|URL: \
             without it the bundled reference SDK would be judged"
        ))),
        _ => Ok(()),
    }
}

/// The profile of a run.
pub fn run_profile(arguments: &RunArguments, files: &Files) -> Result<Profile, Failure> {
    profile(
        arguments.profile.as_deref(),
        arguments.sdk.is_empty(),
        files,
    )
}

/// The profile that the user names; else the one that fits what is under test.
pub fn profile(named: Option<&str>, of_reference: bool, files: &Files) -> Result<Profile, Failure> {
    let default = if of_reference { OF_REFERENCE } else { PROFILE };
    Ok(Profile::load(named.unwrap_or(default), files)?)
}

/// One build with one snippet.
pub fn installation(
    sdk: Option<&str>,
    snippet: Option<&Path>,
    profile: &Profile,
    files: &Files,
) -> Result<Installation, Failure> {
    let snippet = snippet.map_or_else(|| Snippet::of_profile(profile), Snippet::read)?;
    let build = build(sdk, profile, files)?;
    Ok(Installation { snippet, build })
}

/// The one build with the one snippet of a run that takes no more.
pub fn run_installation(
    arguments: &RunArguments,
    profile: &Profile,
    files: &Files,
) -> Result<Installation, Failure> {
    let sdk = arguments.sdk.first().map(String::as_str);
    let snippet = arguments.snippet.first().map(PathBuf::as_path);
    installation(sdk, snippet, profile, files)
}

fn build(source: Option<&str>, profile: &Profile, files: &Files) -> Result<Build, Failure> {
    let entry = profile.install.scripts.last().map(String::as_str);
    let entry = entry.unwrap_or_default();
    let build = tokio::task::block_in_place(|| Build::take(source, entry, files));
    Ok(build?)
}

/// What is under test: every snippet with every build.
fn installations(
    sdks: &[String],
    snippets: &[PathBuf],
    profile: &Profile,
    files: &Files,
) -> Result<Vec<Installation>, Failure> {
    let snippets: Vec<Snippet> = match snippets {
        [] => vec![Snippet::of_profile(profile)?],
        paths => {
            let read = paths.iter().map(|path| Snippet::read(path));
            read.collect::<Result<_, _>>()?
        }
    };
    let builds: Vec<Build> = match sdks {
        [] => vec![build(None, profile, files)?],
        sources => {
            let taken = sources
                .iter()
                .map(|source| build(Some(source), profile, files));
            taken.collect::<Result<_, _>>()?
        }
    };
    let pairings = snippets.iter().flat_map(|snippet| {
        builds.iter().map(|build| Installation {
            snippet: snippet.clone(),
            build: build.clone(),
        })
    });
    Ok(pairings.collect())
}

/// The options of `run` that make the same run on one build with one snippet again, but for the
/// selection.
pub fn command(arguments: &RunArguments, sdk: &str, snippet: &str) -> Vec<String> {
    let text = |path: &PathBuf| path.display().to_string();
    let path = |path: &Option<PathBuf>| path.as_ref().map(text);
    let mut sdks = arguments.sdk.iter().cloned();
    let mut snippets = arguments.snippet.iter().map(text);
    let options = [
        ("--sdk", sdks.find(|source| source == sdk)),
        ("--snippet", snippets.find(|path| path == snippet)),
        ("--profile", arguments.profile.clone()),
        ("--fixtures", path(&arguments.fixtures.fixtures)),
    ];
    let given = options.into_iter().chain(arguments.browser.options());
    let given = given.filter_map(|(name, value)| Some([name.to_owned(), value?]));
    given.flatten().collect()
}
