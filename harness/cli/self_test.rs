use std::sync::Arc;

use alhena_conformance::report::{KillMatrix, write_file};
use alhena_conformance::run::{SelfTest, Stage};
use alhena_conformance::scenario::Patterns;
use alhena_conformance::sdk::{Build, Profile};
use anyhow::{Context, anyhow};

use super::args::SelfTestArguments;
use super::exit::Exit;
use super::{Failure, counted, files, mutants, provision, run, suite};

/// An event that a mutant loses is waited for in vain; the reference needs a fraction of this.
const RECORDED_MS: u64 = 1500;

/// Drives the reference and every mutant through the real checks, and prints who survived.
pub async fn self_test(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let files = files(arguments.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let cases = suite.plan(&mut Patterns::new(&[]));
    let reference = Build::take(None, &files).map_err(Failure::usage)?;
    let mut mutants = mutants(&files, &suite.register)?;
    if let Some(lost) = mutants.iter().find(|mutant| !cases.iter().any(|case| case.checks.iter().any(|check| check.id == mutant.killed_by))) {
        let error = anyhow!(
            "mutant `{}` names a check that is not planned: {}\n  --> {}\n   = `alhena-conformance list` shows the checks",
            lost.id,
            lost.killed_by,
            lost.at
        );
        return Err(Failure::usage(error));
    }
    select(&mut mutants, &arguments.filter)?;
    let mut profile = Profile::load(run::PROFILE, &files).map_err(Failure::usage)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(Stage::start(Arc::new(profile)).await.map_err(Failure::environment)?);
    let test = SelfTest { stage, sessions, workers: run::workers(arguments.workers), full: arguments.full };
    let interrupt = run::interruptions()?;
    let mut done = 0;
    let trials = test
        .run(&reference, &mutants, &cases, interrupt.clone(), |trial| {
            done += 1;
            let name = trial.mutant.as_deref().unwrap_or("the reference");
            anstream::eprintln!("{done:>3}/{} {name}: caught by {}", mutants.len() + 1, counted(trial.killed_by.len(), "check"));
        })
        .await;
    drop(test);
    let matrix = KillMatrix::new(&mutants, &trials, &cases, &suite.register);
    if let Some(folder) = &arguments.report {
        let file = folder.join("kill-matrix.json");
        write_file(&file, &matrix).with_context(|| format!("cannot write {}", file.display())).map_err(Failure::environment)?;
        anstream::eprintln!("kill matrix: {}", file.display());
    }
    anstream::print!("{}", matrix.text());
    if *interrupt.borrow() {
        return Ok(Exit::Interrupted);
    }
    Ok(match (matrix.is_proof(), matrix.has_errors()) {
        (true, _) => Exit::Conforms,
        (false, true) => Exit::Environment,
        (false, false) => Exit::Fails,
    })
}

/// Keeps the mutants whose id, requirement or check matches.
fn select(mutants: &mut Vec<alhena_conformance::sdk::Mutant>, filter: &[String]) -> Result<(), Failure> {
    let mut patterns = Patterns::new(filter);
    mutants.retain(|mutant| patterns.select(&mutant.killed_by, &[&mutant.id], std::slice::from_ref(&mutant.breaks)));
    run::refuse_unmatched(&patterns)
}
