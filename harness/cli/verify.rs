use std::sync::Arc;

use anyhow::anyhow;

use super::args::{RunArguments, screen};
use super::exit::Exit;
use super::in_engine::limits_of;
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::workers::{cores, workers};
use super::{Failure, chosen, environment, folder, last_failed, provision};
use crate::browser::EngineRef;
use crate::plan::{Case, exclude_never_done, exclude_unclaimed};
use crate::prove::{Instability, Repeats, StabilityReport};
use crate::render::{self, Detail};
use crate::report::typed;
use crate::text::counted;
use crate::verdict::known::{Entry, exclude_limits};

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
    let engine = arguments.browser.engine.first();
    exclude_never_done(&mut cases, &engine.never_does());
    let limits = limits_of(engine, &loaded.files)?;
    for line in not_repeated(&cases, &limits, engine) {
        anstream::eprintln!("{line}");
    }
    exclude_limits(&mut cases, &limits);
    cases.retain(|case| !case.checks.is_empty());
    if cases.is_empty() {
        let error = anyhow!(
            "none of the selected checks applies to this build in this engine\n   = select others; \
             `run` with the same selection gives the reason for each"
        );
        return Err(Failure::nothing(error));
    }
    if arguments.has_pairings() {
        let error = anyhow!(
            "--verify repeats the checks of one build with one snippet on one engine\n   = give \
             --sdk, --snippet and --engine once each"
        );
        return Err(Failure::usage(error));
    }
    let installation = chosen::run_installation(arguments, &profile, &loaded.files)?;
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u32(..));
    let workers = match (arguments.workers, sessions.most()) {
        (None, None) => (cores() * CROWD).min(MOST_BROWSERS),
        (asked, _) => workers(asked, &sessions),
    };
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

/// A line for each of the `limits` of the engine that some of `cases` meet: what it cannot keep
/// says nothing of the build, however often it is asked.
fn not_repeated(cases: &[Case], limits: &[Entry], engine: EngineRef) -> Vec<String> {
    let is_met = |limit: &&Entry| {
        let mut cases = cases.iter();
        cases.any(|case| case.checks.iter().any(|check| limit.is_of(case, check)))
    };
    let line = |limit: &Entry| {
        let (check, engine, reason) = (limit.check.text(), engine.name(), &limit.reason);
        format!("not repeated: {check}, which {engine} cannot keep: {reason}")
    };
    limits.iter().filter(is_met).map(line).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::engine_named;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    const LIMITED: &str = "field/back-after-a-first-chat-elsewhere";

    fn lines(pattern: &str, engine: &str) -> Vec<String> {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let cases = suite.selected(&mut Patterns::new(&[pattern.to_owned()]));
        let engine = engine_named(engine).unwrap();
        not_repeated(&cases, &limits_of(engine, &files).unwrap(), engine)
    }

    #[test]
    fn what_the_engine_cannot_keep_is_named_with_the_reason() {
        let lines = lines(LIMITED, "firefox");
        let start = format!("not repeated: {LIMITED}#*, which Firefox cannot keep: A page");
        assert!(
            lines.len() == 1 && lines[0].starts_with(&start),
            "{lines:?}"
        );
    }

    #[test]
    fn limit_that_was_not_selected_is_not_named() {
        assert_eq!(lines("dedup/*", "firefox"), Vec::<String>::new());
    }

    #[test]
    fn limit_of_another_engine_is_not_named() {
        assert_eq!(lines(LIMITED, "chromium"), Vec::<String>::new());
    }
}
