use std::sync::Arc;

use crate::plan::Patterns;
use crate::prove::Repeats;
use crate::prove::{Oddity, Steadiness};
use crate::render;
use crate::report::typed;
use crate::run::Stage;
use crate::text::counted;
use anyhow::anyhow;

use super::args::RunArguments;
use super::exit::Exit;
use super::interrupt::interruptions;
use super::{Failure, chosen, driving, files, provision, suite};

/// Browsers a core: so many that each waits for the others.
const CROWD: usize = 2;

/// More browsers than this want more memory than most machines have to spare.
const MOST_BROWSERS: usize = 8;

/// Every so many attempts a line shows that it is alive.
const LINE_EVERY: usize = 25;

/// Repeats the chosen checks on a crowded machine, and reports which of them did not always find
/// the same.
pub async fn verify(arguments: &RunArguments, times: u16) -> Result<Exit, Failure> {
    chosen::demand_sdk(arguments)?;
    let folder = chosen::folder(arguments)?;
    let files = files(arguments.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let mut patterns = Patterns::new(&arguments.filter);
    let cases = suite.selected(&mut patterns);
    chosen::refuse_unmatched(&patterns)?;
    let profile = Arc::new(chosen::profile(
        arguments.profile.as_deref(),
        arguments.sdk.is_empty(),
        &files,
    )?);
    let mut installations =
        chosen::installations(&arguments.sdk, &arguments.snippet, &profile, &files)?;
    if installations.len() > 1 {
        return Err(Failure::usage(anyhow!(
            "--verify repeats the checks of one build with one snippet"
        )));
    }
    let installation = installations.remove(0);
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(Stage::start(profile).await.map_err(Failure::environment)?);
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u32(..));
    let crowd = std::thread::available_parallelism().map_or(1, usize::from) * CROWD;
    let workers = arguments
        .workers
        .map_or_else(|| crowd.min(MOST_BROWSERS), usize::from);
    let repeats = Repeats {
        installation,
        stage,
        sessions,
        workers,
        times: usize::from(times),
        seed: u64::from(seed),
    };
    anstream::eprintln!(
        "each of {} {times} times, {workers} browsers at a time, seed {seed}",
        counted(cases.len(), "case")
    );
    let progress = |done: usize, all: usize| {
        if done.is_multiple_of(LINE_EVERY) || done == all {
            anstream::eprintln!("{done}/{all} attempts");
        }
    };
    let repeated = repeats.run(cases, interruptions()?, progress).await;
    let steadiness = Steadiness::new(&repeats, &repeated, &suite.register);
    let command = chosen::command(
        arguments,
        &repeats.installation.build.source,
        &repeats.installation.snippet.source,
    );
    let again = |case: &str| {
        let same = [
            "--filter",
            case,
            "--verify",
            &times.to_string(),
            "--seed",
            &seed.to_string(),
        ]
        .map(str::to_owned);
        typed(
            &["run".to_owned()]
                .into_iter()
                .chain(command.clone())
                .chain(same)
                .collect::<Vec<_>>(),
        )
    };
    let document = render::stability(&steadiness, &again);
    anstream::print!("{}", render::terminal::summary(&document));
    if let Some(folder) = &folder {
        driving::add(folder, "verify.json", &steadiness)?;
    }
    let ends = [
        (repeated.interrupted, Exit::Interrupted),
        (repeated.bug, Exit::Bug),
        (steadiness.count(Oddity::VerdictDiffers) > 0, Exit::Fails),
        (steadiness.count(Oddity::AlwaysBroken) > 0, Exit::Fails),
        (steadiness.count(Oddity::NeverJudged) > 0, Exit::Environment),
    ];
    Ok(ends
        .into_iter()
        .filter_map(|(is_so, exit)| is_so.then_some(exit))
        .fold(Exit::Conforms, Exit::worse))
}
