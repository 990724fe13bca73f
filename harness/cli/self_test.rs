use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;

use super::args::{FixturesArguments, SelfTestArguments, screen};
use super::engine_files::engine_file;
use super::exit::Exit;
use super::in_engine::testable;
use super::interrupt::interruptions;
use super::loading::{Loaded, refuse_unmatched};
use super::workers::workers;
use super::{Failure, chosen, coverage, environment, folder, provision};
use crate::browser::{EngineRef, engine_ids};
use crate::contract::{CheckId, Level};
use crate::input::Files;
use crate::output::ReportFolder;
use crate::plan::{Case, CaseCheck, Patterns};
use crate::prove::{KillMatrix, SelfTest, Subjects, Trial, again};
use crate::render::document::Document;
use crate::render::{self, Detail};
use crate::run::Interrupt;
use crate::sdk::{Changes, Installation, Mutant, Mutated, Profile, Proofs};
use crate::text::counted;

/// An event that a mutant loses is waited for in vain; the reference needs a fraction of this.
pub const RECORDED_MS: u64 = 1500;

/// Drives the reference and every mutant through the real checks in each engine, and prints who
/// survived.
pub async fn self_test(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let folder = claimed(arguments)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    let all = loaded.mutants()?;
    refuse_unplanned(&all, &loaded.plan())?;
    refuse_unknown_engines(&all)?;
    let before = arguments.since.as_deref().map(Before::read).transpose()?;
    let subject = Tested {
        loaded: &loaded,
        all: &all,
        before: before.as_ref(),
    };
    let interrupt = interruptions()?;
    let mut matrices = Vec::new();
    for engine in &arguments.browser.engine.engines {
        let matrix = on_engine(*engine, arguments, subject, &interrupt).await?;
        if let Some(folder) = &folder {
            folder::add(
                folder,
                &engine_file("kill-matrix", *engine, "json"),
                &matrix,
            )?;
        }
        print(&render::kill_matrix(&matrix));
        matrices.push(matrix);
        if *interrupt.borrow() {
            return Ok(Exit::Interrupted);
        }
    }
    if matrices.len() > 1 {
        print(&render::engines(&matrices));
    }
    Ok(if matrices.iter().all(KillMatrix::is_proof) {
        Exit::Conforms
    } else if matrices.iter().any(KillMatrix::has_errors) {
        Exit::Environment
    } else {
        Exit::Fails
    })
}

fn print(document: &Document) {
    let screen = screen(Detail::Summary);
    anstream::print!("{}", render::terminal::body(document, screen));
}

/// What is tested.
#[derive(Debug, Clone, Copy)]
struct Tested<'a> {
    loaded: &'a Loaded,
    /// Every mutant.
    all: &'a [Mutant],
    /// What the proofs were made on; `None`: nothing of it is believed.
    before: Option<&'a Before>,
}

/// The fixtures of `--since`.
#[derive(Debug)]
struct Before {
    name: String,
    files: Files,
    mutants: Vec<Mutant>,
}

impl Before {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let loaded = Loaded::of(&FixturesArguments {
            fixtures: Some(folder.to_owned()),
            scenario: Vec::new(),
        })?;
        Ok(Self {
            name: folder.display().to_string(),
            mutants: loaded.mutants()?,
            files: loaded.files,
        })
    }

    /// What differs now.
    fn changes(
        &self,
        files: &Files,
        mutants: &[Mutant],
        proofs: &Proofs,
    ) -> Result<Changes, Failure> {
        let before = Mutated {
            name: &self.name,
            files: &self.files,
            mutants: &self.mutants,
        };
        let now = Mutated {
            name: "the fixtures",
            files,
            mutants,
        };
        Ok(Changes::since(before, now, proofs)?)
    }
}

/// Drives the reference and the selected mutants in one engine. With `--update`, what that proved
/// is kept.
async fn on_engine(
    engine: EngineRef,
    arguments: &SelfTestArguments,
    tested: Tested<'_>,
    interrupt: &Interrupt,
) -> Result<KillMatrix, Failure> {
    let Tested {
        loaded,
        all,
        before,
    } = tested;
    let (files, register) = (&loaded.files, &loaded.suite.register);
    let planned = testable(loaded.plan(), &[engine], files)?;
    let browser = arguments.browser.on(engine);
    let reference = Installation::reference(files)?;
    let changes = |proofs: &Proofs| {
        before
            .map(|own| own.changes(files, all, proofs))
            .transpose()
    };
    let in_engine = all.iter().map(|own| own.in_engine(engine.id()));
    let all: Vec<Mutant> = in_engine.collect();
    let mutants = select(&all, &arguments.filter)?;
    let is_whole = mutants.len() == all.len();
    let shown = all.iter().filter(|mutant| mutant.shows_in(engine.id()));
    let shown: Vec<Mutant> = shown.cloned().collect();
    let proofs = Proofs::guessed(&engine_file("proofs", engine, "lock"), files)?;
    let changes = changes(&proofs)?;
    let proofs = proofs.standing(&shown);
    let (cases, mutants) = match &changes {
        Some(changes) => again(changes, &planned, &mutants, &proofs),
        None => (planned.clone(), mutants),
    };
    let mut profile = Profile::load(chosen::OF_REFERENCE, files)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let (sessions, stage) = provision::equipment(&browser, &Arc::new(profile)).await?;
    let is_unproved = |check: &&CaseCheck| {
        register.level_of(&check.requirements) > Level::Observe
            && proofs.proving(&check.id, &shown).is_empty()
    };
    let checks = cases.iter().flat_map(|case| &case.checks);
    let unproved = checks.filter(|check| arguments.update && is_unproved(check));
    let unproved = unproved.map(|check| check.id.clone()).collect();
    let test = SelfTest {
        workers: workers(arguments.workers, &sessions),
        stage,
        sessions,
        full: arguments.full,
        unproved,
    };
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
        engine: engine.id(),
    };
    let trials = test.run(subjects, interrupt.clone(), listener).await;
    let trials = trials.map_err(|error| environment::no_session(&error, &browser))?;
    let is_all = is_whole && changes.is_none();
    let matrix = KillMatrix::new(subjects, is_all, &trials, register);
    if arguments.update {
        // A check that is still unproved may be proved by a run of some mutants: it fails the tests
        // by itself until then. What an interrupted run has proved is kept, too.
        let catches = if is_all {
            matrix.catches_all()
        } else {
            matrix.is_proof()
        };
        let is_sealed = is_whole && !*interrupt.borrow() && catches;
        let made_on = is_sealed.then(|| Proofs::ingredients(files));
        let proofs = matrix.proofs(&all, &planned, &proofs, made_on.transpose()?);
        write(&proofs, engine, arguments)?;
        if !is_sealed {
            anstream::eprintln!(
                "not sealed: the line `made on` is left as it was, because some mutants were not \
                 driven, or not caught by the check they name"
            );
        }
    }
    Ok(matrix)
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
    let checks = cases.iter().flat_map(|case| &case.checks);
    let planned: BTreeSet<&CheckId> = checks.map(|check| &check.id).collect();
    for mutant in mutants {
        let mut named = mutant.named_checks();
        let Some(check) = named.find(|check| !planned.contains(check)) else {
            continue;
        };
        return Err(Failure::usage(anyhow!(
            "mutant `{}` names a check that is not planned: {}\n  --> {}\n   = \
             `alhena-conformance list` shows the checks",
            mutant.id,
            check,
            mutant.at
        )));
    }
    Ok(())
}

/// Refuses a mutant of an engine that is not there.
fn refuse_unknown_engines(mutants: &[Mutant]) -> Result<(), Failure> {
    let ids = engine_ids();
    for mutant in mutants {
        let mut named = mutant.named_engines();
        let Some(engine) = named.find(|engine| !ids.contains(&engine.as_str())) else {
            continue;
        };
        return Err(Failure::usage(anyhow!(
            "mutant `{}` names the engine `{}`, which is not there\n  --> {}\n   = the engines \
             are {}",
            mutant.id,
            engine,
            mutant.at,
            ids.join(", ")
        )));
    }
    Ok(())
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

fn write(proofs: &Proofs, engine: EngineRef, arguments: &SelfTestArguments) -> Result<(), Failure> {
    let name = engine_file("proofs", engine, "lock");
    let file = coverage::lock_file(&arguments.fixtures, &name);
    coverage::write_lock(&file, &proofs.text())?;
    let count = counted(proofs.by_check.len(), "proof");
    anstream::eprintln!("{}: {count}", file.display());
    Ok(())
}
