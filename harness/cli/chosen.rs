//! What a run is made on and with, by what was typed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::input::Files;
use crate::output::ReportFolder;
use crate::plan::{
    Case, Division, Durations, Patterns, Shard, exclude_unclaimed, refuse_unmatched_claims,
};
use crate::report::ShardReport;
use crate::scenario::Suite;
use crate::sdk::{Build, BuildError, Installation, Mutant, Profile, Proofs, Snippet};
use anyhow::anyhow;

use super::args::RunArguments;
use super::exit::Exit;
use super::formats::Formats;
use super::{Failure, coverage, files, suite};

/// The profile that builds are run with, where the user names none.
pub const PROFILE: &str = "alhena";

/// The one that the bundled reference SDK is run with.
pub const OF_REFERENCE: &str = "reference";

/// More browsers than this want more memory than most machines have to spare.
const MOST_WORKERS: usize = 4;

/// All that a run needs but for servers and browsers.
#[derive(Debug)]
pub struct Chosen {
    pub formats: Formats,
    /// Where the report goes; `None`: nowhere.
    pub folder: Option<ReportFolder>,
    pub suite: Suite,
    /// What is to be driven, without what the profile does not claim.
    pub cases: Vec<Case>,
    pub profile: Arc<Profile>,
    /// Which part of the run `cases` are; `None`: all of it.
    pub shard: Option<ShardReport>,
    /// Every snippet with every build; one of each where no more were named.
    pub installations: Vec<Installation>,
    pub mutants: Vec<Mutant>,
    pub proofs: Proofs,
}

impl Chosen {
    /// Reads all that was named, and refuses what cannot be run.
    pub fn of(arguments: &RunArguments) -> Result<Self, Failure> {
        demand_sdk(arguments)?;
        let formats = Formats::of(arguments)?;
        let files = files(arguments.fixtures.as_deref())?;
        let suite = suite(&files)?;
        let mut patterns = Patterns::new(&arguments.filter);
        let mut cases = suite.plan(&mut patterns);
        refuse_unmatched(&patterns)?;
        if arguments.filter.is_empty() {
            coverage::refuse_less_than_the_floor(&files, &cases)?;
        }
        let profile = Arc::new(profile(
            arguments.profile.as_deref(),
            arguments.sdk.is_empty(),
            &files,
        )?);
        refuse_unmatched_claims(&suite.plan(&mut Patterns::new(&[])), &profile)
            .map_err(Failure::usage)?;
        exclude_unclaimed(&mut cases, &suite.register, &profile);
        let (cases, shard) = match arguments.shard {
            None => (cases, None),
            Some(shard) => part(shard, cases, &files)?,
        };
        let installations = installations(&arguments.sdk, &arguments.snippet, &profile, &files)?;
        let mutants = super::mutants(&files, &suite.register)?;
        let proofs = Proofs::load(&files).map_err(Failure::usage)?;
        let folder = folder(arguments)?;
        Ok(Self {
            formats,
            folder,
            suite,
            cases,
            profile,
            shard,
            installations,
            mutants,
            proofs,
        })
    }
}

/// The cases of one part of the run.
fn part(
    shard: Shard,
    cases: Vec<Case>,
    files: &Files,
) -> Result<(Vec<Case>, Option<ShardReport>), Failure> {
    let Shard { index, of } = shard;
    let division = Division::new(&cases, of, &Durations::load(files).map_err(Failure::usage)?);
    let plan_sha256 = division.sha256(&cases);
    Ok((
        division.part(index, cases),
        Some(ShardReport {
            index,
            of,
            plan_sha256,
        }),
    ))
}

/// The folder for the report, claimed before the first case: what cannot be written is better said
/// before a run than after it.
pub fn folder(arguments: &RunArguments) -> Result<Option<ReportFolder>, Failure> {
    let Some(folder) = &arguments.report else {
        return Ok(None);
    };
    let paths = arguments
        .sdk
        .iter()
        .map(Path::new)
        .chain(arguments.snippet.iter().map(PathBuf::as_path));
    let inputs: Vec<&Path> = paths
        .chain(arguments.profile.as_deref().map(Path::new))
        .chain(arguments.fixtures.as_deref())
        .collect();
    Ok(Some(ReportFolder::claim(folder, &inputs)?))
}

/// Refuses a gate that names no build: the bundled reference would be judged, and the gate be green
/// whatever the build does.
pub fn demand_sdk(arguments: &RunArguments) -> Result<(), Failure> {
    let is_own_profile = arguments
        .profile
        .as_deref()
        .is_some_and(|profile| profile != OF_REFERENCE);
    let gates = [
        ("--profile", is_own_profile),
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

/// The profile that the user names; else the one that fits what is under test.
pub fn profile(named: Option<&str>, of_reference: bool, files: &Files) -> Result<Profile, Failure> {
    let default = if of_reference { OF_REFERENCE } else { PROFILE };
    Profile::load(named.unwrap_or(default), files).map_err(Failure::usage)
}

/// One build, with the snippet of its profile.
pub fn installation(
    sdk: Option<&str>,
    profile: &Profile,
    files: &Files,
) -> Result<Installation, Failure> {
    Ok(Installation {
        snippet: Snippet::of_profile(profile).map_err(Failure::usage)?,
        build: build(sdk, profile, files)?,
    })
}

fn build(source: Option<&str>, profile: &Profile, files: &Files) -> Result<Build, Failure> {
    let entry = profile
        .install
        .scripts
        .last()
        .map(String::as_str)
        .unwrap_or_default();
    tokio::task::block_in_place(|| Build::take(source, entry, files)).map_err(|error| match error {
        BuildError::File(_) => Failure::usage(error),
        BuildError::Url { .. } => Failure::environment(error),
    })
}

/// What is under test: every snippet with every build.
pub fn installations(
    sdks: &[String],
    snippets: &[PathBuf],
    profile: &Profile,
    files: &Files,
) -> Result<Vec<Installation>, Failure> {
    let snippets: Vec<Snippet> = match snippets {
        [] => vec![Snippet::of_profile(profile).map_err(Failure::usage)?],
        paths => paths
            .iter()
            .map(|path| Snippet::read(path))
            .collect::<Result<_, _>>()
            .map_err(Failure::usage)?,
    };
    let builds: Vec<Build> = match sdks {
        [] => vec![build(None, profile, files)?],
        sources => sources
            .iter()
            .map(|source| build(Some(source), profile, files))
            .collect::<Result<_, _>>()?,
    };
    Ok(snippets
        .iter()
        .flat_map(|snippet| {
            builds.iter().map(|build| Installation {
                snippet: snippet.clone(),
                build: build.clone(),
            })
        })
        .collect())
}

/// A pattern that selects nothing is a mistake, and a green run of nothing a lie.
pub fn refuse_unmatched(patterns: &Patterns) -> Result<(), Failure> {
    match patterns.unmatched().as_slice() {
        [] => Ok(()),
        none => {
            let none = none
                .iter()
                .map(|pattern| format!("`{pattern}`"))
                .collect::<Vec<_>>()
                .join(", ");
            let error = anyhow!(
                "nothing matches {none}\n   = a pattern is matched against whole check ids, \
                 scenario ids and requirement ids; `alhena-conformance list` shows them"
            );
            Err(Failure {
                exit: Exit::Nothing,
                error,
            })
        }
    }
}

/// Browsers at a time.
pub fn workers(asked: Option<u16>) -> usize {
    asked.map_or_else(
        || {
            std::thread::available_parallelism()
                .map_or(1, usize::from)
                .min(MOST_WORKERS)
        },
        usize::from,
    )
}

/// The options of `run` that make the same run on one build with one snippet again, but for the
/// selection.
pub fn command(arguments: &RunArguments, sdk: &str, snippet: &str) -> Vec<String> {
    let browser = &arguments.browser;
    let path =
        |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let options = [
        (
            "--sdk",
            arguments.sdk.iter().find(|source| *source == sdk).cloned(),
        ),
        (
            "--snippet",
            arguments
                .snippet
                .iter()
                .map(|path| path.display().to_string())
                .find(|path| path == snippet),
        ),
        ("--profile", arguments.profile.clone()),
        ("--fixtures", path(&arguments.fixtures)),
        ("--browser-binary", path(&browser.browser_binary)),
        ("--driver", path(&browser.driver)),
        ("--webdriver", browser.webdriver.clone()),
    ];
    options
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value?]))
        .flatten()
        .collect()
}
