//! `self-test --blame`: which requirements fail for a mutant beside the one that it breaks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::args::{BrowserArguments, SelfTestArguments, screen};
use super::engine_files::engine_file;
use super::exit::Exit;
use super::in_engine::{Proved, exclude_untestable};
use super::interrupt::interruptions;
use super::loading::{Loaded, refuse_unmatched};
use super::self_test::{RECORDED_MS, claimed, is_selected, names};
use super::workers::workers;
use super::{Failure, chosen, coverage, environment, folder, known, provision};
use crate::browser::EngineRef;
use crate::contract::CheckId;
use crate::output::ReportFolder;
use crate::plan::{Case, Patterns, exclude_unclaimed};
use crate::prove::{BlameLock, BlameReport, BlameTest, Equipment, MutantBlame, Sampled, fault};
use crate::render::{self, Detail};
use crate::report::{Report, ReportFiles, Stored};
use crate::sdk::{Installation, Mutant, Profile};
use crate::text::counted;

/// The report's name in its folder.
const FILE: &str = "blame.json";

/// The folder of the mutants' own reports, in that folder.
const MUTANTS: &str = "blame";

/// A mutant's build and its snippet, beside its own report.
const BUILD: &str = "gleenWidget.js";
const SNIPPET: &str = "snippet.html";

/// Measures the sample, and prints what fails beside what was broken.
pub async fn blame(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let folder = claimed(arguments)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    let (files, register) = (&loaded.files, &loaded.suite.register);
    let reference = Installation::reference(files)?;
    let engine = arguments.browser.engine.first();
    let Proved { mutants, proofs } = loaded.proved_in(engine)?;
    let mut cases = loaded.plan();
    exclude_untestable(&mut cases, engine, files)?;
    let sample = Sampled::load_all(files, &loaded.mutants()?)
        .map_err(|errors| Failure::all_of("sample of mutants", &errors))?;
    let sample = shown(sample, &mutants, &cases, engine);
    let lock = BlameLock::load(&engine_file("blame", engine, "lock"), files)?;
    let mut profile = Profile::load(chosen::OF_REFERENCE, files)?;
    profile.waits.recorded_ms = RECORDED_MS;
    exclude_unclaimed(&mut cases, register, &profile);
    let profile = Arc::new(profile);
    let test = BlameTest {
        register,
        guides: &loaded.suite.guides,
        profile: &profile,
        engine: engine.name(),
        cases: &cases,
        mutants: &mutants,
        proofs: &proofs,
        today: known::today(),
    };
    let mut measuring = Measuring {
        test,
        profile: &profile,
        folder: folder.as_ref(),
        reference: &reference,
        arguments,
        equipment: None,
    };
    let measured = measuring.all(select(&sample, &arguments.filter)?).await;
    let is_interrupted = measuring.is_interrupted();
    if let Some(equipment) = measuring.equipment.take() {
        equipment.end().await;
    }
    let report = BlameReport::new(measured?, &lock);
    if let Some(folder) = &folder {
        folder::add(folder, FILE, &report)?;
    }
    let document = render::blame(&report);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    if is_interrupted {
        return Ok(Exit::Interrupted);
    }
    if arguments.update {
        let ids = sample.iter().map(|sampled| sampled.mutant.id.as_str());
        let lock = lock.updated(&report.figures(), ids);
        let file = coverage::lock_file(&arguments.fixtures, &lock.file);
        coverage::write_lock(&file, &lock.text())?;
        let count = counted(lock.figures.0.len(), "mutant");
        anstream::eprintln!("{}: {count}", file.display());
    }
    Ok(match (report.worse.is_empty(), report.has_errors()) {
        (_, true) => Exit::Environment,
        (true, false) => Exit::Conforms,
        (false, false) if arguments.update => Exit::Conforms,
        (false, false) => Exit::Fails,
    })
}

/// The mutants of the sample that a check can find in this engine. A line names the others.
fn shown(
    sample: Vec<Sampled>,
    mutants: &[Mutant],
    cases: &[Case],
    engine: EngineRef,
) -> Vec<Sampled> {
    let checks = cases.iter().flat_map(|case| &case.checks);
    let asked: BTreeSet<&CheckId> = checks.map(|check| &check.id).collect();
    let is_shown = |own: &Sampled| {
        let mut mutants = mutants.iter();
        mutants.any(|other| other.id == own.mutant.id && asked.contains(&other.killed_by))
    };
    let (shown, others): (Vec<_>, Vec<_>) = sample.into_iter().partition(is_shown);
    if !others.is_empty() {
        let ids: Vec<&str> = others.iter().map(|own| own.mutant.id.as_str()).collect();
        let (ids, engine) = (ids.join(", "), engine.name());
        anstream::eprintln!("not measured, as no check can find it in {engine}: {ids}");
    }
    shown
}

/// The mutants of the sample that match.
fn select<'s>(sample: &'s [Sampled], filter: &[String]) -> Result<Vec<&'s Sampled>, Failure> {
    let mut patterns = Patterns::new(filter);
    let selected = sample.iter();
    let selected = selected.filter(|sampled| is_selected(&mut patterns, &sampled.mutant));
    let selected = selected.collect();
    refuse_unmatched(&patterns, || {
        names(sample.iter().map(|sampled| &sampled.mutant))
    })?;
    Ok(selected)
}

/// A measurement in progress.
struct Measuring<'a> {
    test: BlameTest<'a>,
    profile: &'a Arc<Profile>,
    folder: Option<&'a ReportFolder>,
    reference: &'a Installation,
    arguments: &'a SelfTestArguments,
    /// What mutants are driven with, once one must be.
    equipment: Option<Equipment>,
}

impl Measuring<'_> {
    async fn all(&mut self, sample: Vec<&Sampled>) -> Result<Vec<MutantBlame>, Failure> {
        let (mut measured, all) = (Vec::new(), sample.len());
        for sampled in sample {
            let installation = sampled.mutant.installation(self.reference);
            let (report, origin) = match self.stored(sampled, &installation) {
                Ok(report) => (Ok(report), "evidence of an earlier run".to_owned()),
                Err(why) if self.arguments.from.is_some() => {
                    let why = format!("{why}; without --from it is driven anew");
                    (Err(why), String::new())
                }
                Err(_) if self.is_interrupted() => break,
                Err(_) => {
                    let begun = Instant::now();
                    let report = self.driven(sampled, &installation).await?;
                    (report, format!("{} s", begun.elapsed().as_secs()))
                }
            };
            let blame = MutantBlame::new(sampled, report.as_ref().map_err(Clone::clone));
            measured.push(blame);
            if let (Some(own), done) = (measured.last(), measured.len()) {
                anstream::eprintln!("{done:>3}/{all} {}: {}", own.id, found(own, &origin));
            }
        }
        Ok(measured)
    }

    /// What today's checks say of the stored evidence of a mutant; or why that says nothing.
    fn stored(&self, sampled: &Sampled, installation: &Installation) -> Result<Report, String> {
        let folder = match (&self.arguments.from, self.folder) {
            (Some(from), _) => from.join(place(sampled)),
            (None, Some(folder)) => folder.path_of(&place(sampled)),
            (None, None) => return Err("nothing is stored".to_owned()),
        };
        if !folder.is_dir() {
            return Err(format!("nothing is stored in {}", folder.display()));
        }
        let stored = Stored::load(&folder).map_err(|error| error.to_string())?;
        let report = self.test.rejudge(&stored, installation)?;
        fault(&report).map_or(Ok(report), Err)
    }

    /// Runs a mutant, and keeps its evidence where there is a folder for it.
    async fn driven(
        &mut self,
        sampled: &Sampled,
        installation: &Installation,
    ) -> Result<Result<Report, String>, Failure> {
        let (folder, test) = (self.folder, self.test);
        let path = |name: &str| folder.map(|own| own.path_of(&place(sampled)).join(name));
        let browser = &self.arguments.browser;
        let command = command(browser, path(BUILD), path(SNIPPET));
        let stored = test
            .drive(installation, command, self.equipment().await?)
            .await;
        let stored = match stored {
            Ok(stored) => stored,
            Err(why) => return Ok(Err(why)),
        };
        if let Some(folder) = folder {
            let mut files: ReportFiles = stored.files().map_err(Failure::bug)?;
            files.insert(BUILD.to_owned(), installation.build.script.to_vec());
            let snippet = installation.snippet.html.as_bytes().to_vec();
            files.insert(SNIPPET.to_owned(), snippet);
            folder.replace_below(&place(sampled), files)?;
        }
        Ok(Ok(stored.report))
    }

    async fn equipment(&mut self) -> Result<&mut Equipment, Failure> {
        let equipment = if let Some(equipment) = self.equipment.take() {
            equipment
        } else {
            let (browser, asked) = (&self.arguments.browser, self.arguments.workers);
            let (sessions, stage) = provision::equipment(browser, self.profile).await?;
            let workers = workers(asked, &sessions);
            let equipment = Equipment::start(stage, sessions, workers, interruptions()?).await;
            equipment.map_err(|error| environment::no_session(&error, browser))?
        };
        Ok(self.equipment.insert(equipment))
    }

    fn is_interrupted(&self) -> bool {
        let equipment = self.equipment.as_ref();
        equipment.is_some_and(|own| *own.interrupt.borrow())
    }
}

/// Where a mutant's own report lies.
fn place(sampled: &Sampled) -> String {
    format!("{MUTANTS}/{}", sampled.mutant.id)
}

/// The options of `run` that run a mutant again, where its files are kept.
fn command(
    browser: &BrowserArguments,
    build: Option<PathBuf>,
    snippet: Option<PathBuf>,
) -> Vec<String> {
    let text = |path: PathBuf| path.display().to_string();
    let options = [
        ("--sdk", build.map(text)),
        ("--snippet", snippet.map(text)),
        ("--profile", Some(chosen::OF_REFERENCE.to_owned())),
    ];
    let given = options.into_iter().chain(browser.options());
    let given = given.filter_map(|(name, value)| Some([name.to_owned(), value?]));
    given.flatten().collect()
}

/// What a person reads of a mutant while the others are measured.
fn found(own: &MutantBlame, origin: &str) -> String {
    if own.error.is_some() {
        return "not measured".to_owned();
    }
    let hit = if own.hit { "" } else { ", but not its own" };
    let further = counted(own.further.len(), "further requirement");
    format!("{further}{hit} ({origin})")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::browser::{default_engine, engine_named};
    use crate::cli::args::{Arguments, Command, FixturesArguments};
    use crate::cli::in_engine::testable;

    fn self_test() -> SelfTestArguments {
        let words = ["alhena-conformance", "self-test", "--blame"];
        match Arguments::try_parse_from(words).unwrap().command {
            Command::SelfTest(arguments) => arguments,
            other => panic!("another command: {other:?}"),
        }
    }

    #[test]
    fn kept_run_names_its_engine() {
        let browser = self_test().browser;
        let words = |engine| command(&browser.on(engine), None, None).join(" ");
        let of_default = words(default_engine());
        assert_eq!(of_default, "--profile reference");
        let of_another = words(engine_named("webkit").unwrap());
        assert_eq!(of_another, "--profile reference --engine webkit");
    }

    #[test]
    fn mutant_that_no_check_of_the_engine_can_find_is_not_measured() {
        let loaded = Loaded::of(&FixturesArguments::default()).unwrap();
        let all = loaded.mutants().unwrap();
        let measured = |engine: EngineRef| {
            let sampled = all.iter().map(|own| Sampled {
                mutant: own.clone(),
                why: None,
            });
            let mutants = loaded.proved_in(engine).unwrap().mutants;
            let cases = testable(loaded.plan(), &[engine], &loaded.files).unwrap();
            let measured = shown(sampled.collect(), &mutants, &cases, engine);
            let ids = measured.into_iter().map(|own| own.mutant.id);
            ids.collect::<BTreeSet<String>>()
        };
        let here = measured(default_engine());
        for own in &all {
            let is_shown = own.shows_in(default_engine().id());
            assert_eq!(here.contains(&own.id), is_shown, "{}", own.id);
        }
        let there = measured(engine_named("firefox").unwrap());
        let prerenders = "prerendered-page-never-starts";
        assert!(here.contains(prerenders) && !there.contains(prerenders));
    }
}
