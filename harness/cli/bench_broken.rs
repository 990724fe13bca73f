//! `bench --broken`: how long broken builds take to their verdict, against the reference SDK.

use std::sync::Arc;

use anyhow::anyhow;
use owo_colors::OwoColorize;
use serde::Deserialize;
use toml::Spanned;

use super::args::BenchArguments;
use super::exit::Exit;
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::{Failure, chosen, environment, provision};
use crate::input::{Files, InputError};
use crate::plan::Case;
use crate::run::{Interrupt, RunEvent, RunOptions, Runner, Sessions, Stage};
use crate::sdk::{Installation, Mutant, Profile};
use crate::text::counted;

/// As `run` does it.
const RETRIES: usize = 2;

const FILE: &str = "bench.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BenchFile {
    broken: Vec<Spanned<String>>,
}

/// Runs the reference, each broken build and the reference again, and prints what they took.
pub async fn bench_broken(arguments: &BenchArguments, loaded: &Loaded) -> Result<Exit, Failure> {
    let cases = loaded.planned(&arguments.filter)?;
    let reference = Installation::reference(&loaded.files)?;
    let mutants = broken(&loaded.files, &loaded.mutants()?)?;
    let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &loaded.files)?);
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let bench = Bench {
        arguments,
        loaded,
        cases,
        sessions,
        stage,
        interrupt: interruptions()?,
    };
    let before = bench.seconds(&reference).await?;
    let mut taken = Vec::new();
    for mutant in mutants {
        let seconds = bench.seconds(&mutant.installation(&reference)).await?;
        taken.push((mutant.id, seconds));
    }
    // Twice, as a machine gets faster or slower meanwhile.
    let good = f64::midpoint(before, bench.seconds(&reference).await?);
    let cases = counted(bench.cases.len(), "case");
    anstream::println!("{cases}, the reference in {good:.1} s");
    anstream::println!(
        "\n{}",
        "seconds to the verdict, against the reference".bold()
    );
    for (id, seconds) in taken {
        anstream::println!("  {id:<34}{seconds:8.1}   {:5.2} ×", seconds / good);
    }
    Ok(Exit::Conforms)
}

struct Bench<'a> {
    arguments: &'a BenchArguments,
    loaded: &'a Loaded,
    cases: Vec<Case>,
    sessions: Arc<Sessions>,
    stage: Arc<Stage>,
    interrupt: Interrupt,
}

impl Bench<'_> {
    /// Wall time of a run of one build.
    async fn seconds(&self, installation: &Installation) -> Result<f64, Failure> {
        let options = RunOptions {
            workers: chosen::workers(None),
            most_workers: chosen::most_workers(None),
            retries: RETRIES,
            max_failures: None,
            timeout: None,
            shares_pages: true,
            pictures: true,
        };
        let (stage, sessions) = (Arc::clone(&self.stage), Arc::clone(&self.sessions));
        let runner = Runner::new(installation.clone(), stage, sessions, options);
        let (cases, register) = (self.cases.clone(), &self.loaded.suite.register);
        let mut listener = |_: RunEvent<'_>| {};
        let result = runner.run(cases, register, self.interrupt.clone(), &mut listener);
        let result = result
            .await
            .map_err(|error| environment::no_session(&error, &self.arguments.browser))?;
        if !result.is_whole() {
            return Err(Failure::environment(anyhow!(
                "the run did not come to its end, so nothing was measured"
            )));
        }
        let seconds = result.duration_ms / 1000.0;
        anstream::eprintln!("{}: {seconds:.1} s", installation.build.source);
        Ok(seconds)
    }
}

/// The mutants that are measured, in the order of the file.
fn broken(files: &Files, mutants: &[Mutant]) -> Result<Vec<Mutant>, InputError> {
    let source = files.fixture(FILE)?;
    let file: BenchFile = source.toml()?;
    let mutant = |id: Spanned<String>| {
        let line = source.line_of(&id.span());
        let id = id.into_inner();
        let found = mutants.iter().find(|mutant| mutant.id == id);
        found.cloned().ok_or_else(|| {
            let error = source.error(format!("`{id}` is not the id of a mutant"));
            error
                .at_line(line)
                .help("the mutants are in the folder `mutants` beside this file")
        })
    };
    file.broken.into_iter().map(mutant).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::scenario::Suite;

    #[test]
    fn ten_mutants_of_the_fixtures_are_measured() {
        let files = Files::default();
        let register = Suite::load(&files).unwrap().register;
        let reference = Installation::reference(&files).unwrap();
        let mutants = Mutant::load_all(&files, &reference, &register).unwrap();
        assert_eq!(broken(&files, &mutants).unwrap().len(), 10);
    }

    #[test]
    fn unknown_mutant_is_reported_with_its_line() {
        let error = broken(&Files::default(), &[]).unwrap_err().to_string();
        assert!(
            error.contains("bench.toml:4") && error.contains("is not the id of a mutant"),
            "{error}"
        );
    }
}
