//! What the fixtures come to in one engine.

use super::Failure;
use super::engine_files::engine_file;
use super::loading::Loaded;
use crate::browser::{EngineRef, engine_ids};
use crate::explore::Pool;
use crate::input::Files;
use crate::plan::{Case, exclude_never_done};
use crate::sdk::{Mutant, Profile, Proofs};
use crate::verdict::known::{Entry, KnownFailures, exclude_limits, limits};

/// What the engine cannot keep, whatever a build does.
pub fn limits_of(engine: EngineRef, files: &Files) -> Result<Vec<Entry>, Failure> {
    Ok(limits(files, engine.id(), &engine_ids())?)
}

/// What is known to fail in this engine where no list was named.
pub fn known_in(engine: EngineRef, files: &Files) -> Result<KnownFailures, Failure> {
    Ok(KnownFailures::none("").with(limits_of(engine, files)?))
}

/// Takes the checks out of `cases` that say nothing of a build in this engine, each with the
/// reason: it never does what they need, or cannot keep what they ask.
pub fn exclude_untestable(
    cases: &mut [Case],
    engine: EngineRef,
    files: &Files,
) -> Result<(), Failure> {
    exclude_never_done(cases, &engine.never_does());
    exclude_limits(cases, &limits_of(engine, files)?);
    Ok(())
}

/// Those of `cases` that say something in each of these engines.
pub fn testable(
    mut cases: Vec<Case>,
    engines: &[EngineRef],
    files: &Files,
) -> Result<Vec<Case>, Failure> {
    for engine in engines {
        exclude_untestable(&mut cases, *engine, files)?;
    }
    cases.retain(|case| !case.checks.is_empty());
    Ok(cases)
}

/// What journeys in this engine are made of: nothing that it never does.
pub fn pool_in(engine: EngineRef, profile: &Profile, files: &Files) -> Result<Pool, Failure> {
    let pool = Pool::load(files, profile)?;
    Ok(pool.without(engine.never_does().into_keys()))
}

/// How the checks are known to fail in one engine.
#[derive(Debug)]
pub struct Proved {
    /// The mutants that its browsers show, each with the check that catches it there.
    pub mutants: Vec<Mutant>,
    /// Which of them further checks were seen to catch.
    pub proofs: Proofs,
}

impl Proved {
    /// What of `all` mutants counts in this engine.
    pub fn of(all: &[Mutant], engine: EngineRef, files: &Files) -> Result<Self, Failure> {
        let shown = all.iter().filter(|own| own.shows_in(engine.id()));
        let mutants: Vec<Mutant> = shown.map(|own| own.in_engine(engine.id())).collect();
        let proofs = Proofs::of_engine(&engine_file("proofs", engine, "lock"), files)?;
        let proofs = proofs.standing(&mutants);
        Ok(Self { mutants, proofs })
    }
}

impl Loaded {
    /// How the checks are known to fail in this engine.
    pub fn proved_in(&self, engine: EngineRef) -> Result<Proved, Failure> {
        Proved::of(&self.mutants()?, engine, &self.files)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::browser::{default_engine, engine_named, engines};
    use crate::cli::args::FixturesArguments;
    use crate::contract::{CheckId, Level};
    use crate::plan::CaseCheck;

    fn loaded() -> Loaded {
        Loaded::of(&FixturesArguments::default()).unwrap()
    }

    fn checks(cases: &[Case]) -> usize {
        cases.iter().map(|case| case.checks.len()).sum()
    }

    #[test]
    fn what_says_nothing_in_an_engine_does_not_apply_there() {
        let loaded = loaded();
        for engine in engines() {
            let (all, mut own) = (loaded.plan(), loaded.plan());
            exclude_untestable(&mut own, engine, &loaded.files).unwrap();
            let excluded = own.iter().flat_map(|case| &case.not_applicable);
            let reasons: Vec<&String> = excluded.map(|(_, reason)| reason).collect();
            assert_eq!(checks(&own) + reasons.len(), checks(&all));
            let never_does = engine.never_does().into_values();
            let limits = limits_of(engine, &loaded.files).unwrap().into_iter();
            for why in never_does.chain(limits.map(|own| own.reason)) {
                let name = engine.name();
                assert!(
                    reasons.contains(&&why),
                    "no check needs it in {name}: {why}"
                );
            }
        }
    }

    #[test]
    fn every_check_has_a_mutant_that_fails_it_in_each_engine_that_can_test_it() {
        let loaded = loaded();
        for engine in engines() {
            let Proved { mutants, proofs } = loaded.proved_in(engine).unwrap();
            let cases = testable(loaded.plan(), &[engine], &loaded.files).unwrap();
            let checks = cases.iter().flat_map(|case| &case.checks);
            let is_unproved = |check: &&CaseCheck| {
                let level = loaded.suite.register.level_of(&check.requirements);
                level > Level::Observe && proofs.proving(&check.id, &mutants).is_empty()
            };
            let unproved: Vec<&CheckId> =
                checks.filter(is_unproved).map(|check| &check.id).collect();
            let (name, id) = (engine.name(), engine.id());
            assert!(
                unproved.is_empty(),
                "unproved in {name}, no mutant is known to fail them: {unproved:#?}\n\
                 write one, or try `self-test --engine {id} --full --update`"
            );
        }
    }

    #[test]
    fn ten_mutants_show_in_one_engine_alone() {
        let loaded = loaded();
        let mut engines_of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for engine in engines() {
            let cases = testable(loaded.plan(), &[engine], &loaded.files).unwrap();
            let checks = cases.iter().flat_map(|case| &case.checks);
            let testable: BTreeSet<&CheckId> = checks.map(|check| &check.id).collect();
            let mutants = loaded.proved_in(engine).unwrap().mutants.into_iter();
            for own in mutants.filter(|own| testable.contains(&own.killed_by)) {
                engines_of.entry(own.id).or_default().push(engine.id());
            }
        }
        engines_of.retain(|_, engines| engines.len() == 1);
        assert!(engines_of.len() >= 10, "{engines_of:#?}");
    }

    #[test]
    fn case_is_testable_in_several_engines_where_it_is_in_each() {
        let loaded = loaded();
        let count = |engines: &[EngineRef]| {
            let cases = testable(loaded.plan(), engines, &loaded.files).unwrap();
            assert!(cases.iter().all(|case| !case.checks.is_empty()));
            checks(&cases)
        };
        let all: Vec<EngineRef> = engines().collect();
        assert_eq!(count(&[default_engine()]), checks(&loaded.plan()));
        for engine in &all {
            assert!(count(&all) <= count(&[*engine]), "{}", engine.name());
        }
    }

    #[test]
    fn no_journey_needs_what_the_engine_never_does() {
        let files = Files::default();
        let profile = Profile::load("reference", &files).unwrap();
        for engine in engines() {
            let pool = pool_in(engine, &profile, &files).unwrap();
            let never_does = engine.never_does();
            assert!(
                pool.without.iter().eq(never_does.keys()),
                "{}",
                engine.name()
            );
        }
    }

    #[test]
    fn mutant_that_an_engine_does_not_show_proves_nothing_there() {
        let (loaded, firefox) = (loaded(), engine_named("firefox").unwrap());
        let here = loaded.proved_in(default_engine()).unwrap();
        let there = loaded.proved_in(firefox).unwrap();
        let is_here = |own: &&Mutant| here.mutants.iter().any(|other| other.id == own.id);
        let others: Vec<&Mutant> = there.mutants.iter().filter(|own| !is_here(own)).collect();
        assert!(
            !others.is_empty(),
            "Firefox shows some that Chromium does not"
        );
        for own in others {
            assert!(here.proofs.of(own).is_empty(), "{}", own.id);
        }
    }

    #[test]
    fn no_engine_is_proved_by_the_file_of_another() {
        let loaded = loaded();
        for engine in engines() {
            let file = loaded.proved_in(engine).unwrap().proofs.file;
            assert!(
                file.ends_with(&engine_file("proofs", engine, "lock")),
                "{}: {file}",
                engine.name()
            );
        }
    }

    #[test]
    fn mutant_that_another_check_catches_in_an_engine_names_that_one_there() {
        let loaded = loaded();
        let killed_by = |engine| {
            let mutants = loaded.proved_in(engine).unwrap().mutants;
            let mut own = mutants.into_iter().filter(|own| !own.killed_in.is_empty());
            own.next().unwrap().killed_by
        };
        let firefox = engine_named("firefox").unwrap();
        assert_ne!(killed_by(firefox), killed_by(default_engine()));
    }
}
