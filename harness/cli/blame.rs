//! `self-test --blame`: which requirements fail for a mutant beside the one that it breaks.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::args::{SelfTestArguments, screen};
use super::exit::Exit;
use super::interrupt::interruptions;
use super::loading::{Loaded, refuse_unmatched};
use super::self_test::{RECORDED_MS, claimed, is_selected, names};
use super::workers::workers;
use super::{Failure, chosen, coverage, environment, folder, known, provision};
use crate::output::ReportFolder;
use crate::plan::{Patterns, exclude_unclaimed};
use crate::prove::{BlameLock, BlameReport, BlameTest, Equipment, MutantBlame, Sampled, fault};
use crate::render::{self, Detail};
use crate::report::{Report, ReportFiles, Stored};
use crate::sdk::{Installation, Profile};
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
    let (mutants, proofs) = (loaded.mutants()?, loaded.proofs()?);
    let sample = Sampled::load_all(files, &mutants)
        .map_err(|errors| Failure::all_of("sample of mutants", &errors))?;
    let lock = BlameLock::load(files)?;
    let mut profile = Profile::load(chosen::OF_REFERENCE, files)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let mut cases = loaded.plan();
    exclude_unclaimed(&mut cases, register, &profile);
    let profile = Arc::new(profile);
    let test = BlameTest {
        register,
        guides: &loaded.suite.guides,
        profile: &profile,
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
        let file = coverage::lock_file(&arguments.fixtures, "blame.lock");
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
        let command = command(path(BUILD), path(SNIPPET));
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
fn command(build: Option<PathBuf>, snippet: Option<PathBuf>) -> Vec<String> {
    let profile = Some(PathBuf::from(chosen::OF_REFERENCE));
    let options = [
        ("--sdk", build),
        ("--snippet", snippet),
        ("--profile", profile),
    ];
    let given = options.into_iter();
    let given = given.filter_map(|(name, value)| Some((name, value?)));
    given
        .flat_map(|(name, value)| [name.to_owned(), value.display().to_string()])
        .collect()
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
