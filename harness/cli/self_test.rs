use std::path::Path;
use std::sync::Arc;

use crate::contract::Level;
use crate::output::ReportFolder;
use crate::plan::{CaseCheck, Patterns};
use crate::prove::KillMatrix;
use crate::prove::{SelfTest, Subjects};
use crate::render;
use crate::run::Stage;
use crate::sdk::{Installation, Mutant, Profile, Proofs};
use anyhow::anyhow;

use super::args::SelfTestArguments;
use super::exit::Exit;
use super::interrupt::interruptions;
use super::{Failure, chosen, driving, files, mutants, provision, suite};
use crate::text::counted;

/// An event that a mutant loses is waited for in vain; the reference needs a fraction of this.
pub const RECORDED_MS: u64 = 1500;

/// Drives the reference and every mutant through the real checks, and prints who survived.
pub async fn self_test(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let folder = folder(arguments)?;
    let files = files(arguments.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let cases = suite.plan(&mut Patterns::new(&[]));
    let reference = Installation::reference(&files).map_err(Failure::usage)?;
    let all = mutants(&files, &suite.register)?;
    if let Some(lost) = all.iter().find(|mutant| {
        !cases
            .iter()
            .any(|case| case.checks.iter().any(|check| check.id == mutant.killed_by))
    }) {
        let error = anyhow!(
            "mutant `{}` names a check that is not planned: {}\n  --> {}\n   = `alhena-conformance \
             list` shows the checks",
            lost.id,
            lost.killed_by,
            lost.at
        );
        return Err(Failure::usage(error));
    }
    let mutants = select(&all, &arguments.filter)?;
    let proofs = Proofs::load(&files).map_err(Failure::usage)?;
    let mut profile = Profile::load(chosen::OF_REFERENCE, &files).map_err(Failure::usage)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Arc::new(
        Stage::start(Arc::new(profile))
            .await
            .map_err(Failure::environment)?,
    );
    let is_unproved = |check: &&CaseCheck| {
        suite.register.level_of(&check.requirements) > Level::Observe
            && proofs.proving(&check.id, &all).is_empty()
    };
    let unproved = cases
        .iter()
        .flat_map(|case| &case.checks)
        .filter(is_unproved)
        .filter(|_| arguments.update)
        .map(|check| check.id.clone())
        .collect();
    let test = SelfTest {
        stage,
        sessions,
        workers: chosen::workers(arguments.workers),
        full: arguments.full,
        unproved,
    };
    let interrupt = interruptions()?;
    let mut done = 0;
    let trials = test
        .run(
            Subjects {
                reference: &reference,
                mutants: &mutants,
                proofs: &proofs,
                cases: &cases,
            },
            interrupt.clone(),
            |trial| {
                done += 1;
                let name = trial.mutant.as_deref().unwrap_or("the reference");
                anstream::eprintln!(
                    "{done:>3}/{} {name}: caught by {}",
                    mutants.len() + 1,
                    counted(trial.killed_by.len(), "check")
                );
            },
        )
        .await;
    let matrix = KillMatrix::new(
        &mutants,
        &proofs,
        mutants.len() == all.len(),
        &trials,
        &cases,
        &suite.register,
    );
    if let Some(folder) = &folder {
        driving::add(folder, "kill-matrix.json", &matrix)?;
    }
    anstream::print!(
        "{}",
        render::terminal::summary(&render::kill_matrix(&matrix))
    );
    if *interrupt.borrow() {
        return Ok(Exit::Interrupted);
    }
    if arguments.update {
        // A check that is still unproved may be proved by a run of some mutants: it fails the tests
        // by itself until then.
        let is_whole = mutants.len() == all.len() && matrix.catches_all();
        let made_on = if is_whole {
            Some(Proofs::ingredients(&files).map_err(Failure::usage)?)
        } else {
            None
        };
        write(&matrix.proofs(&all, &proofs, made_on), arguments)?;
    }
    Ok(match (matrix.is_proof(), matrix.has_errors()) {
        (true, _) => Exit::Conforms,
        (false, true) => Exit::Environment,
        (false, false) => Exit::Fails,
    })
}

/// The folder for what was found, claimed before anything is driven.
pub fn folder(arguments: &SelfTestArguments) -> Result<Option<ReportFolder>, Failure> {
    let Some(folder) = &arguments.report else {
        return Ok(None);
    };
    let inputs: Vec<&Path> = arguments
        .fixtures
        .as_deref()
        .into_iter()
        .chain(arguments.sdk.as_deref().map(Path::new))
        .collect();
    Ok(Some(ReportFolder::claim(folder, &inputs)?))
}

/// The mutants whose id, requirement or check matches.
fn select(all: &[Mutant], filter: &[String]) -> Result<Vec<Mutant>, Failure> {
    let mut patterns = Patterns::new(filter);
    let chosen = all
        .iter()
        .filter(|mutant| {
            patterns.select(
                &mutant.killed_by,
                &[&mutant.id],
                std::slice::from_ref(&mutant.breaks),
            )
        })
        .cloned()
        .collect();
    chosen::refuse_unmatched(&patterns)?;
    Ok(chosen)
}

fn write(proofs: &Proofs, arguments: &SelfTestArguments) -> Result<(), Failure> {
    let file = arguments
        .fixtures
        .as_deref()
        .unwrap_or(Path::new("fixtures"))
        .join("proofs.lock");
    super::coverage::write_lock(&file, &proofs.text())?;
    anstream::eprintln!(
        "{}: {}",
        file.display(),
        counted(proofs.by_check.len(), "proof")
    );
    Ok(())
}
