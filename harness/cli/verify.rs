use std::sync::Arc;

use anyhow::anyhow;

use super::args::{RunArguments, screen};
use super::exit::Exit;
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::workers::cores;
use super::{Failure, chosen, environment, folder, last_failed, provision};
use crate::plan::{exclude_never_done, exclude_unclaimed};
use crate::prove::{Instability, Repeats, StabilityReport};
use crate::render::{self, Detail};
use crate::report::typed;
use crate::text::counted;

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
    let folder = chosen::run_folder(arguments)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    let mut cases = loaded.selected(&last_failed::selection(arguments, &loaded.files)?)?;
    let profile = Arc::new(chosen::run_profile(arguments, &loaded.files)?);
    exclude_unclaimed(&mut cases, &loaded.suite.register, &profile);
    exclude_never_done(&mut cases, &arguments.browser.engine.first().never_does());
    cases.retain(|case| !case.checks.is_empty());
    if cases.is_empty() {
        let error = anyhow!("none of the selected checks applies to this build in this engine");
        return Err(Failure::nothing(error));
    }
    if arguments.has_pairings() {
        let error =
            anyhow!("--verify repeats the checks of one build with one snippet on one engine");
        return Err(Failure::usage(error));
    }
    let installation = chosen::run_installation(arguments, &profile, &loaded.files)?;
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u32(..));
    let crowd = (cores() * CROWD).min(MOST_BROWSERS);
    let workers = arguments.workers.map_or(crowd, usize::from);
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
    let repeated = repeated.map_err(|error| environment::no_session(&error, &arguments.browser))?;
    let stability = StabilityReport::new(&repeats, &repeated, &loaded.suite.register);
    let (build, snippet) = (&repeats.installation.build, &repeats.installation.snippet);
    let command = chosen::command(arguments, &build.source, &snippet.source);
    let (times, seed) = (times.to_string(), seed.to_string());
    let rerun = |case: &str| {
        let same = ["--filter", case, "--verify", &times, "--seed", &seed].map(str::to_owned);
        typed(&[&["run".to_owned()], command.as_slice(), &same].concat())
    };
    let document = render::stability(&stability, &rerun);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    if let Some(folder) = &folder {
        folder::add(folder, "verify.json", &stability)?;
    }
    let ends = [
        (repeated.interrupted, Exit::Interrupted),
        (repeated.bug, Exit::Bug),
        (
            stability.count(Instability::VerdictDiffers) > 0,
            Exit::Fails,
        ),
        (stability.count(Instability::AlwaysBroken) > 0, Exit::Fails),
        (
            stability.count(Instability::NeverJudged) > 0,
            Exit::Environment,
        ),
    ];
    let ends = ends
        .into_iter()
        .filter_map(|(is_so, exit)| is_so.then_some(exit));
    Ok(ends.fold(Exit::Conforms, Exit::worse))
}
