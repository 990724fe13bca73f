//! `self-test --generated`: mutants made from the source text of an SDK.

use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;

use super::args::{SelfTestArguments, screen};
use super::exit::Exit;
use super::in_engine::testable;
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::self_test::{RECORDED_MS, claimed};
use super::workers::workers;
use super::{Failure, chosen, environment, folder, provision};
use crate::contract::CheckId;
use crate::plan::{Patterns, exclude_unclaimed};
use crate::prove::{
    Fate, GeneratedEvent, GeneratedReport, GeneratedStatus, GeneratedTest, GeneratedTrial,
};
use crate::render::{self, Detail};
use crate::sdk::Installation;
use crate::sdk::generate::{Equivalents, Generated, GeneratedMutant};
use crate::text::counted;

/// The report's name in its folder.
const FILE: &str = "generated-mutants.json";

/// Between two lines of progress.
const LINE_EVERY: usize = 25;

/// Generates mutants of a build, drives them through the real checks, and prints who survived.
pub async fn generated(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let folder = claimed(arguments)?;
    let Loaded { files, suite } = Loaded::of(&arguments.fixtures)?;
    let mut cases = suite.plan(&mut Patterns::new(&[]));
    let sdk = arguments.sdk.as_deref();
    let mut profile = chosen::profile(arguments.profile.as_deref(), sdk.is_none(), &files)?;
    exclude_unclaimed(&mut cases, &suite.register, &profile);
    let cases = testable(cases, &[arguments.browser.engine.first()], &files)?;
    let Installation { snippet, build } = chosen::installation(sdk, None, &profile, &files)?;
    let generated = Arc::new(Generated::of(&build)?);
    // The bundled explanations are of the bundled reference; a folder of the user's explains
    // the user's SDK.
    let equivalents = match (sdk, &arguments.fixtures.fixtures) {
        (Some(_), None) => Equivalents::default(),
        _ => Equivalents::load(&files, &generated.mutants)
            .map_err(|errors| Failure::all_of("equivalent mutants", &errors))?,
    };
    let selected = select(&generated, &arguments.filter)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let (sessions, stage) = provision::equipment(&arguments.browser, &Arc::new(profile)).await?;
    let interrupt = interruptions()?;
    // A report of another version is no hint, and no error.
    let last = folder.as_ref().and_then(|folder| {
        serde_json::from_slice::<GeneratedReport>(&std::fs::read(folder.path_of(FILE)).ok()?).ok()
    });
    let caught = last.map(|report| report.caught()).unwrap_or_default();
    let test = GeneratedTest {
        workers: workers(arguments.workers, &sessions),
        stage,
        snippet,
        sessions,
        register: suite.register.clone(),
        caught,
        explained: equivalents.ids(),
    };
    anstream::eprintln!(
        "{} of {}, {}",
        counted(selected.len(), "mutant"),
        build.source,
        counted(cases.len(), "case")
    );
    let mut progress = Progress {
        decided: 0,
        of: selected.len(),
        equivalents: &equivalents,
    };
    let is_selected = |mutant: &GeneratedMutant| selected.contains(&mutant.id);
    let listener = |event: GeneratedEvent| progress.listen(&event);
    let result = test
        .run(&build, &generated, is_selected, cases, &interrupt, listener)
        .await;
    let result = result.map_err(|error| environment::no_session(&error, &arguments.browser))?;
    drop(test);
    let report = GeneratedReport::new(&build, &generated, &equivalents, &result, begun.elapsed());
    if let Some(folder) = &folder {
        folder::add(folder, FILE, &report)?;
    }
    let document = render::generated(&report);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    if *interrupt.borrow() {
        return Ok(Exit::Interrupted);
    }
    let mutants = report.mutants.iter();
    let killed = mutants.filter(|mutant| mutant.status == GeneratedStatus::Killed);
    let refuted = killed.filter_map(|mutant| {
        Some(equivalents.refuted(equivalents.get(&mutant.id)?, &mutant.killed_by.first()?.0))
    });
    let refuted: Vec<_> = refuted.collect();
    for error in &refuted {
        anstream::eprintln!("\nerror: {error}");
    }
    let (survived, broken) = (report.totals.survived, &report.broken_by_itself);
    Ok(if report.is_proof() && refuted.is_empty() {
        Exit::Conforms
    } else if survived > 0 || !refuted.is_empty() || !broken.is_empty() {
        Exit::Fails
    } else {
        Exit::Environment
    })
}

/// The ids of the mutants that match.
fn select(generated: &Generated, filter: &[String]) -> Result<Vec<String>, Failure> {
    let mut patterns = Patterns::new(filter);
    let ids = generated.mutants.iter().map(|mutant| mutant.id.clone());
    let selected = ids
        .filter(|id| patterns.select(&CheckId(id.clone()), &[], &[], None))
        .collect();
    let unmatched = patterns.unmatched();
    let Some(first) = unmatched.first() else {
        return Ok(selected);
    };
    Err(Failure::nothing(anyhow!(
        "no generated mutant matches `{first}`\n   = the id of a mutant is \
         operator@function#hash, for example drop-call@unload*"
    )))
}

/// Prints what happens to standard error.
struct Progress<'e> {
    decided: usize,
    of: usize,
    equivalents: &'e Equivalents,
}

impl Progress<'_> {
    fn listen(&mut self, event: &GeneratedEvent) {
        match event {
            GeneratedEvent::Prepared { done, of } => {
                if done.is_multiple_of(LINE_EVERY) || done == of {
                    anstream::eprintln!(
                        "{done}/{of} cases driven on the SDK itself and on its instrumented build"
                    );
                }
            }
            GeneratedEvent::Batched(left) => anstream::eprintln!(
                "{} not caught by the first cases: on to all others",
                counted(*left, "mutant")
            ),
            GeneratedEvent::Decided(trial) => {
                self.decided += 1;
                let fate = self.fate(trial);
                anstream::eprintln!("{:>4}/{} {}: {fate}", self.decided, self.of, trial.mutant);
            }
        }
    }

    fn fate(&self, trial: &GeneratedTrial) -> String {
        match &trial.fate {
            Fate::NotExecuted => "not executed".to_owned(),
            Fate::Killed(checks) => {
                format!("caught by {}", checks.first().map_or("", |check| &check.0))
            }
            Fate::Survived => match self.equivalents.get(&trial.mutant) {
                Some(_) => "equivalent".to_owned(),
                None => "survived".to_owned(),
            },
            Fate::Undecided(why) => format!("undecided: {why}"),
        }
    }
}
