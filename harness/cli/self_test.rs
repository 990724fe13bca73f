use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;

use super::args::{SelfTestArguments, screen};
use super::exit::Exit;
use super::interrupt::interruptions;
use super::loading::{Loaded, refuse_unmatched};
use super::{Failure, chosen, coverage, environment, folder, provision};
use crate::contract::Level;
use crate::output::ReportFolder;
use crate::plan::{Case, CaseCheck, Patterns};
use crate::prove::{KillMatrix, SelfTest, Subjects, Trial};
use crate::render::{self, Detail};
use crate::sdk::{Installation, Mutant, Profile, Proofs};
use crate::text::counted;

/// An event that a mutant loses is waited for in vain; the reference needs a fraction of this.
pub const RECORDED_MS: u64 = 1500;

/// Drives the reference and every mutant through the real checks, and prints who survived.
pub async fn self_test(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let folder = claimed(arguments)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    let (files, register, cases) = (&loaded.files, &loaded.suite.register, loaded.plan());
    let reference = Installation::reference(files)?;
    let all = loaded.mutants()?;
    refuse_unplanned(&all, &cases)?;
    let mutants = select(&all, &arguments.filter)?;
    let is_whole = mutants.len() == all.len();
    let proofs = loaded.proofs()?.standing(&all);
    let mut profile = Profile::load(chosen::OF_REFERENCE, files)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let (sessions, stage) = provision::equipment(&arguments.browser, &Arc::new(profile)).await?;
    let is_unproved = |check: &&CaseCheck| {
        register.level_of(&check.requirements) > Level::Observe
            && proofs.proving(&check.id, &all).is_empty()
    };
    let checks = cases.iter().flat_map(|case| &case.checks);
    let unproved = checks.filter(|check| arguments.update && is_unproved(check));
    let unproved = unproved.map(|check| check.id.clone()).collect();
    let test = SelfTest {
        stage,
        sessions,
        workers: chosen::workers(arguments.workers),
        full: arguments.full,
        unproved,
    };
    let interrupt = interruptions()?;
    let mut done = 0;
    let listener = |trial: &Trial| {
        done += 1;
        let name = trial.mutant.as_deref().unwrap_or("the reference");
        let caught = counted(trial.killed_by.len(), "check");
        anstream::eprintln!("{done:>3}/{} {name}: caught by {caught}", mutants.len() + 1);
    };
    let subjects = Subjects {
        reference: &reference,
        mutants: &mutants,
        proofs: &proofs,
        cases: &cases,
    };
    let trials = test.run(subjects, interrupt.clone(), listener).await;
    let trials = trials.map_err(|error| environment::no_session(&error, &arguments.browser))?;
    let matrix = KillMatrix::new(subjects, is_whole, &trials, register);
    if let Some(folder) = &folder {
        folder::add(folder, "kill-matrix.json", &matrix)?;
    }
    let document = render::kill_matrix(&matrix);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    let is_interrupted = *interrupt.borrow();
    if arguments.update {
        // A check that is still unproved may be proved by a run of some mutants: it fails the tests
        // by itself until then. What an interrupted run has proved is kept, too.
        let is_sealed = is_whole && !is_interrupted && matrix.catches_all();
        let made_on = is_sealed.then(|| Proofs::ingredients(files));
        let made_on = made_on.transpose()?;
        write(&matrix.proofs(&all, &proofs, made_on), arguments)?;
        if !is_sealed {
            anstream::eprintln!(
                "not sealed: the line `made on` is left as it was, because some mutants were not \
                 driven, or not caught by the check they name"
            );
        }
    }
    if is_interrupted {
        return Ok(Exit::Interrupted);
    }
    Ok(match (matrix.is_proof(), matrix.has_errors()) {
        (true, _) => Exit::Conforms,
        (false, true) => Exit::Environment,
        (false, false) => Exit::Fails,
    })
}

/// The folder for the results, claimed before anything is driven.
pub fn claimed(arguments: &SelfTestArguments) -> Result<Option<ReportFolder>, Failure> {
    folder::claim(arguments.report.as_deref(), inputs(arguments))
}

/// What a self-test reads, and so writes nothing into.
fn inputs(arguments: &SelfTestArguments) -> impl Iterator<Item = &Path> {
    let fixtures = arguments.fixtures.fixtures.as_deref();
    let sdk = arguments.sdk.as_deref().map(Path::new);
    fixtures
        .into_iter()
        .chain(sdk)
        .chain(arguments.from.as_deref())
}

/// Refuses a mutant that no check of the plan can catch.
fn refuse_unplanned(mutants: &[Mutant], cases: &[Case]) -> Result<(), Failure> {
    let is_planned = |mutant: &&Mutant| {
        let mut checks = cases.iter().flat_map(|case| &case.checks);
        checks.any(|check| check.id == mutant.killed_by)
    };
    let Some(lost) = mutants.iter().find(|mutant| !is_planned(mutant)) else {
        return Ok(());
    };
    Err(Failure::usage(anyhow!(
        "mutant `{}` names a check that is not planned: {}\n  --> {}\n   = `alhena-conformance \
         list` shows the checks",
        lost.id,
        lost.killed_by,
        lost.at
    )))
}

/// The mutants whose id, requirement or check matches.
pub fn select(all: &[Mutant], filter: &[String]) -> Result<Vec<Mutant>, Failure> {
    let mut patterns = Patterns::new(filter);
    let selected = all.iter();
    let selected = selected.filter(|mutant| is_selected(&mut patterns, mutant));
    let selected = selected.cloned().collect();
    refuse_unmatched(&patterns, || names(all))?;
    Ok(selected)
}

/// What patterns of mutants are matched against.
pub fn names<'m>(mutants: impl IntoIterator<Item = &'m Mutant>) -> Vec<String> {
    let names = mutants.into_iter();
    let names = names.flat_map(|own| {
        [
            own.id.clone(),
            own.killed_by.0.clone(),
            own.breaks.0.clone(),
        ]
    });
    names.collect()
}

/// Whether the id of a mutant, its requirement or its check matches.
pub fn is_selected(patterns: &mut Patterns, mutant: &Mutant) -> bool {
    let breaks = std::slice::from_ref(&mutant.breaks);
    patterns.select(&mutant.killed_by, &[&mutant.id], breaks, None)
}

fn write(proofs: &Proofs, arguments: &SelfTestArguments) -> Result<(), Failure> {
    let file = coverage::lock_file(&arguments.fixtures, "proofs.lock");
    coverage::write_lock(&file, &proofs.text())?;
    let count = counted(proofs.by_check.len(), "proof");
    anstream::eprintln!("{}: {count}", file.display());
    Ok(())
}
