//! `explore`: finds failing journeys, makes them small, and writes each as a scenario file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;

use super::args::{BrowserArguments, ExploreArguments};
use super::chosen;
use super::exit::Exit;
use super::explored::{FILES, sentence, summary};
use super::exploring::Progress;
use super::in_engine::{known_in, pool_in};
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::workers::workers;
use super::{Failure, environment, folder, formats, notes, provision};
use crate::browser::engines;
use crate::explore::{Explored, Find, Limits, Search, SearchError, Workshop};
use crate::output::ReportFolder;
use crate::render::{self, Detail, Format};
use crate::report::{self, Keep, Report, Stored, Subject};
use crate::run;
use crate::sdk::{Installation, Profile};
use crate::text::counted;
use crate::verdict::{RunEnd, RunResult};

/// How long is explored where the user says nothing.
const USUAL_TIME: Duration = Duration::from_secs(60);

/// Explores a build, prints what was found, and writes it where that was asked for.
pub async fn explore(arguments: &ExploreArguments) -> Result<Exit, Failure> {
    let folder = claimed(arguments)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    let sdk = arguments.sdk.as_deref();
    let profile = chosen::profile(arguments.profile.as_deref(), sdk.is_none(), &loaded.files)?;
    let snippet = arguments.snippet.as_deref();
    let installation = chosen::installation(sdk, snippet, &profile, &loaded.files)?;
    refuse_without_coverage(arguments.by_coverage, &arguments.browser)?;
    let engine = arguments.browser.engine.first();
    let pool = pool_in(engine, &profile, &loaded.files)?;
    let known = known_in(engine, &loaded.files)?;
    let profile = Arc::new(profile);
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u32(..));
    let limits = Limits {
        seed: u64::from(seed),
        steps: usize::from(arguments.steps),
        journeys: arguments.journeys.map(|most| most as usize),
        time: arguments
            .time
            .or(arguments.journeys.is_none().then_some(USUAL_TIME)),
        by_coverage: arguments.by_coverage,
        first_only: false,
    };
    let search = Search {
        workers: workers(arguments.workers, &sessions),
        stage,
        sessions,
        installation: &installation,
        workshop: Workshop {
            suite: &loaded.suite,
            files: &loaded.files,
            profile: &profile,
            pool: &pool,
        },
        known: &known,
    };
    let interrupt = interruptions()?;
    let mut progress = Progress::new(limits, arguments.output.screen().detail);
    let mut listener = |event: crate::explore::Event<'_>| progress.listen(&event);
    let explored = search.run(limits, &interrupt, &mut listener).await;
    progress.finish();
    let mut explored = explored.map_err(|error| match error {
        SearchError::Session(error) => environment::no_session(&error, &arguments.browser),
        SearchError::Unreadable(error) => Failure::bug(error),
    })?;
    drop(search);
    let is_interrupted = *interrupt.borrow();
    write_files(&explored, folder.as_ref())?;
    let stored = stored(&mut explored, arguments, &loaded, &profile, &installation)?;
    let screen = arguments.output.screen();
    for find in &explored.finds {
        print_find(find, arguments, folder.as_ref());
    }
    if let Some(stored) = &stored {
        if screen.detail != Detail::Verdict {
            formats::print(stored, Format::Text, screen)?;
        }
        if let Some(folder) = &folder {
            let files = render::files(stored, &[Format::Html], folder.path());
            folder::write(folder, files)?;
            write_files(&explored, Some(folder))?;
        }
    }
    if let Some(folder) = &folder {
        folder::add(
            folder,
            "explored.json",
            &summary(&explored, seed, arguments.by_coverage),
        )?;
        if stored.is_some() {
            folder::link(folder, false);
        }
    }
    anstream::println!("{}", sentence(&explored, seed));
    if arguments.by_coverage && explored.journeys > 0 && explored.coverage.is_none() {
        let folder = &profile.install.path;
        notes::note(format_args!(
            "no journey varied another: no script below {folder} was seen to run, where the \
             profile says that the build's scripts are"
        ));
    }
    if !explored.lost.is_empty() {
        let why = explored.lost.first().map_or("", String::as_str);
        let count = counted(explored.lost.len(), "journey");
        notes::note(format_args!("nothing is known of {count}: {why}"));
    }
    Ok(if is_interrupted {
        Exit::Interrupted
    } else if !explored.finds.is_empty() {
        Exit::Fails
    } else if explored.journeys == 0 {
        Exit::Environment
    } else {
        Exit::Conforms
    })
}

/// Refuses to be steered by the code that runs, where the engine does not count it.
pub fn refuse_without_coverage(
    by_coverage: bool,
    browser: &BrowserArguments,
) -> Result<(), Failure> {
    let engine = browser.engine.first();
    if !by_coverage || engine.counts_code() {
        return Ok(());
    }
    let able = engines().filter(|own| own.counts_code());
    let able: Vec<String> = able.map(|own| format!("--engine {}", own.id())).collect();
    Err(Failure::usage(anyhow!(
        "--by-coverage needs an engine that says which code runs; {} does not\n   = use {}",
        engine.name(),
        able.join(" or ")
    )))
}

fn claimed(arguments: &ExploreArguments) -> Result<Option<ReportFolder>, Failure> {
    let sdk = arguments.sdk.as_deref().map(Path::new);
    let paths = [
        arguments.snippet.as_deref(),
        arguments.profile.as_deref().map(Path::new),
        arguments.fixtures.fixtures.as_deref(),
    ];
    let scenarios = arguments
        .fixtures
        .scenario
        .iter()
        .map(std::path::PathBuf::as_path);
    let inputs = sdk
        .into_iter()
        .chain(paths.into_iter().flatten())
        .chain(scenarios);
    folder::claim(arguments.report.as_deref(), inputs)
}

/// Puts a scenario file for each find into the folder.
fn write_files(explored: &Explored, folder: Option<&ReportFolder>) -> Result<(), Failure> {
    let Some(folder) = folder else { return Ok(()) };
    for written in explored
        .finds
        .iter()
        .filter_map(|find| find.written.as_ref())
    {
        let name = format!("{FILES}/{}.toml", written.name);
        folder.add(&name, written.text.clone().into_bytes())?;
    }
    Ok(())
}

/// The report of a run of what was found, as far as it was driven in fresh sessions.
fn stored(
    explored: &mut Explored,
    arguments: &ExploreArguments,
    loaded: &Loaded,
    profile: &Profile,
    installation: &Installation,
) -> Result<Option<Stored>, Failure> {
    let confirmed = explored
        .finds
        .iter_mut()
        .filter_map(|find| find.confirmed.take());
    let mut outcomes: Vec<_> = confirmed.collect();
    if outcomes.is_empty() {
        return Ok(None);
    }
    let proved = loaded.proved_in(arguments.browser.engine.first())?;
    let subject = Subject {
        known: Vec::new(),
        spots: Some((installation, run::spot)),
        register: &loaded.suite.register,
        guides: &loaded.suite.guides,
        profile,
        mutants: &proved.mutants,
        proofs: &proved.proofs,
    };
    let result = RunResult {
        outcomes: Vec::new(),
        environment: explored.environment.clone(),
        fetched: true,
        hosts: crate::evidence::Hosts::default(),
        ended: RunEnd::Whole,
        no_session: None,
        bug: false,
        began: explored.began.clone(),
        duration_ms: explored.took.as_secs_f64() * 1000.0,
    };
    let names: Vec<String> = outcomes
        .iter()
        .map(|own| own.case.scenario.id.clone())
        .collect();
    let mut options = options(arguments);
    for find in explored
        .finds
        .iter()
        .filter_map(|find| find.written.as_ref())
    {
        options.extend(["--scenario".to_owned(), file_of(&find.name, arguments)]);
    }
    let circumstances = Report::without_verdicts(&result, installation, options, &names, None);
    let report = report::build(&subject, circumstances, &outcomes);
    Ok(Some(Stored::new(report, &mut outcomes, Keep::All)))
}

/// The options of `run` that make a run of the same build.
fn options(arguments: &ExploreArguments) -> Vec<String> {
    let text = |path: &std::path::PathBuf| path.display().to_string();
    let options = [
        ("--sdk", arguments.sdk.clone()),
        ("--snippet", arguments.snippet.as_ref().map(text)),
        ("--profile", arguments.profile.clone()),
        ("--fixtures", arguments.fixtures.fixtures.as_ref().map(text)),
    ];
    let given = options.into_iter().chain(arguments.browser.options());
    given
        .filter_map(|(name, value)| Some([name.to_owned(), value?]))
        .flatten()
        .collect()
}

/// Where the scenario file of this name is, or would be.
fn file_of(name: &str, arguments: &ExploreArguments) -> String {
    let folder = arguments.report.as_deref().unwrap_or(Path::new("."));
    folder
        .join(FILES)
        .join(format!("{name}.toml"))
        .display()
        .to_string()
}

/// Prints one find: its cause, where it came from, the scenario, and how to drive it again.
fn print_find(find: &Find, arguments: &ExploreArguments, folder: Option<&ReportFolder>) {
    let breaks: Vec<&str> = find.breaks().iter().map(|id| id.0.as_str()).collect();
    let (failed, of) = find.rate;
    let steps = counted(find.journey().steps.len(), "step");
    let also = match find.also {
        0 => String::new(),
        more => format!("; {} more fail for it", counted(more, "journey")),
    };
    anstream::println!("{}\n  breaks {}", find.cause.sentence, breaks.join(", "));
    anstream::println!(
        "  journey {}: {} steps, {steps} after {} drives{also}",
        find.origin.number,
        find.steps_before,
        find.drives()
    );
    if failed < of && of > 1 {
        anstream::println!("  it fails sometimes: in {failed} of {of} drives");
    }
    let Some(written) = &find.written else { return };
    if folder.is_none() {
        anstream::println!("\n{}", written.text);
        return;
    }
    let mut words = vec!["run".to_owned()];
    words.extend(options(arguments));
    let id = format!("{FILES}/{}", written.name);
    words.extend(["--scenario".into(), file_of(&written.name, arguments)]);
    words.extend(["--filter".into(), id]);
    anstream::println!("  again: {}\n", report::typed(&words));
}
