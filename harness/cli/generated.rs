use super::Failure;
use super::args::SelfTestArguments;
use super::exit::Exit;

/// Says how to get what this build does not have.
#[cfg(not(feature = "generated-mutants"))]
#[expect(clippy::unused_async, reason = "as where the feature is there")]
pub async fn generated(_: &SelfTestArguments) -> Result<Exit, Failure> {
    let error = anyhow::anyhow!(
        "this build generates no mutants\n   = build it with: cargo build --features \
         generated-mutants\n     or run:        cargo run --features generated-mutants -- \
         self-test --generated"
    );
    Err(Failure::usage(error))
}

#[cfg(feature = "generated-mutants")]
pub use with_feature::generated;

#[cfg(feature = "generated-mutants")]
mod with_feature {
    use std::sync::Arc;
    use std::time::Instant;

    use crate::contract::CheckId;
    use crate::plan::{Patterns, withhold};
    use crate::prove::{Fate, GeneratedEvent, GeneratedTest};
    use crate::prove::{GeneratedReport, GeneratedStatus};
    use crate::run::Stage;
    use crate::sdk::generate::{Equivalents, Generated};
    use crate::sdk::{Build, BuildError, Profile, Snippet};
    use crate::text::counted;
    use anyhow::anyhow;

    use super::super::interrupt::interruptions;
    use super::super::self_test::{RECORDED_MS, folder};
    use super::super::{chosen, driving, files, provision, suite};
    use super::{Exit, Failure, SelfTestArguments};

    /// The report's name in its folder.
    const FILE: &str = "generated-mutants.json";

    /// Between two lines of progress.
    const LINE_EVERY: usize = 25;

    /// Generates mutants of a build, drives them through the real checks, and prints who survived.
    pub async fn generated(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
        let begun = Instant::now();
        let folder = folder(arguments)?;
        let files = files(arguments.fixtures.as_deref())?;
        let suite = suite(&files)?;
        let mut cases = suite.plan(&mut Patterns::new(&[]));
        let source = arguments.sdk.clone();
        let profile = arguments.profile.as_deref().unwrap_or(if source.is_some() {
            chosen::PROFILE
        } else {
            chosen::OF_REFERENCE
        });
        let mut profile = Profile::load(profile, &files).map_err(Failure::usage)?;
        withhold(&mut cases, &suite.register, &profile);
        cases.retain(|case| !case.checks.is_empty());
        let snippet = Snippet::of_profile(&profile).map_err(Failure::usage)?;
        let entry = profile.install.scripts.last().cloned().unwrap_or_default();
        let build = tokio::task::block_in_place(|| Build::take(source.as_deref(), &entry, &files))
            .map_err(|error| match error {
                BuildError::File(_) => Failure::usage(error),
                BuildError::Url { .. } => Failure::environment(error),
            })?;
        let generated = Arc::new(Generated::of(&build).map_err(Failure::usage)?);
        // The bundled explanations are of the bundled reference; a folder of the user's explains
        // the user's SDK.
        let equivalents = match (&arguments.sdk, &arguments.fixtures) {
            (Some(_), None) => Equivalents::default(),
            _ => Equivalents::load(&files, &generated.mutants)
                .map_err(|errors| Failure::all_of("equivalent mutants", &errors))?,
        };
        let mut patterns = Patterns::new(&arguments.filter);
        let selected: Vec<String> = generated
            .mutants
            .iter()
            .filter(|mutant| patterns.select(&CheckId(mutant.id.clone()), &[], &[]))
            .map(|mutant| mutant.id.clone())
            .collect();
        if let [first, ..] = patterns.unmatched().as_slice() {
            let error = anyhow!(
                "no generated mutant matches `{first}`\n   = a mutant's id reads \
                 operator@function#hash, for example drop-call@{}",
                "unload*"
            );
            return Err(Failure {
                exit: Exit::Nothing,
                error,
            });
        }
        profile.waits.recorded_ms = RECORDED_MS;
        let sessions = Arc::new(provision::sessions(&arguments.browser)?);
        let stage = Arc::new(
            Stage::start(Arc::new(profile))
                .await
                .map_err(Failure::environment)?,
        );
        let interrupt = interruptions()?;
        // A report of another version is no hint, and no error.
        let last = folder.as_ref().and_then(|folder| {
            serde_json::from_slice::<GeneratedReport>(&std::fs::read(folder.path_of(FILE)).ok()?)
                .ok()
        });
        let caught = last.map(|report| report.caught()).unwrap_or_default();
        let test = GeneratedTest {
            stage,
            snippet,
            sessions,
            workers: chosen::workers(arguments.workers),
            register: suite.register.clone(),
            caught,
        };
        anstream::eprintln!(
            "{} of {}, {}",
            counted(selected.len(), "mutant"),
            build.source,
            counted(cases.len(), "case")
        );
        let mut decided = 0;
        let result = test
            .run(
                &build,
                &generated,
                |mutant| selected.contains(&mutant.id),
                cases,
                &interrupt,
                |event| match event {
                    GeneratedEvent::Prepared { done, of }
                        if done.is_multiple_of(LINE_EVERY) || done == of =>
                    {
                        anstream::eprintln!(
                            "{done}/{of} cases driven on the SDK itself and on its \
                             instrumented build"
                        );
                    }
                    GeneratedEvent::Prepared { .. } => {}
                    GeneratedEvent::InCompany(left) => anstream::eprintln!(
                        "{} not caught by the likeliest cases: on to all others",
                        counted(left, "mutant")
                    ),
                    GeneratedEvent::Decided(trial) => {
                        decided += 1;
                        let fate = match &trial.fate {
                            Fate::NotExecuted => "not executed".to_owned(),
                            Fate::Killed(checks) => {
                                format!("caught by {}", checks.first().map_or("", |check| &check.0))
                            }
                            Fate::Survived if equivalents.get(&trial.mutant).is_some() => {
                                "equivalent".to_owned()
                            }
                            Fate::Survived => "survived".to_owned(),
                            Fate::Undecided(why) => format!("undecided: {why}"),
                        };
                        anstream::eprintln!(
                            "{decided:>4}/{} {}: {fate}",
                            selected.len(),
                            trial.mutant
                        );
                    }
                },
            )
            .await;
        drop(test);
        let report =
            GeneratedReport::new(&build, &generated, &equivalents, &result, begun.elapsed());
        if let Some(folder) = &folder {
            driving::add(folder, FILE, &report)?;
        }
        anstream::print!("{}", report.text());
        if *interrupt.borrow() {
            return Ok(Exit::Interrupted);
        }
        let killed = report
            .mutants
            .iter()
            .filter(|mutant| mutant.status == GeneratedStatus::Killed);
        let refuted = killed.filter_map(|mutant| {
            Some(equivalents.refuted(equivalents.get(&mutant.id)?, &mutant.killed_by.first()?.0))
        });
        let refuted: Vec<_> = refuted.collect();
        for error in &refuted {
            anstream::eprintln!("\nerror: {error}");
        }
        Ok(
            match (
                report.is_proof() && refuted.is_empty(),
                report.totals.survived > 0
                    || !refuted.is_empty()
                    || !report.broken_by_itself.is_empty(),
            ) {
                (true, _) => Exit::Conforms,
                (false, true) => Exit::Fails,
                (false, false) => Exit::Environment,
            },
        )
    }
}
