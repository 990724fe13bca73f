//! `bench`: what the harness costs, each time against something else that is measured in turn
//! with it.
//!
//! Each measurement is a file of this room and a variant of [`Measurement`]. It returns what it
//! measured in words, and as ratios with their aims (`report/bench.rs`). `bench --all` makes all of
//! them, and prints their ratios in one table.
//!
//! To add one, write its file and its variant; the compiler then names what else it takes.

mod broken;
mod cases;
mod engines;
mod file;
mod grid;
mod journeys;
mod nodes;
mod playwright;
mod runs;

use std::path::Path;

use anyhow::anyhow;

use super::args::{BenchArguments, BrowserArguments, FixturesArguments, screen};
use super::coverage::{lock_file, write_lock};
use super::exit::Exit;
use super::in_engine::testable;
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::{Failure, notes};
use crate::browser::{EngineRef, default_engine, engines};
use crate::input::Files;
use crate::plan::Case;
use crate::render::{self, Detail};
use crate::report::bench::{BenchReport, FILE, NotMeasured, Ratio, Releases, Standing};
use crate::report::json_file;
use crate::run::Interrupt;
use crate::sdk::sha256;

/// `bench --all` measures so many cases, from all over.
const CASES: usize = 48;

/// `bench --all` has simulated nodes of these numbers.
const NODES: [u16; 2] = [1, 32];

/// What can be measured.
#[derive(Debug)]
enum Measurement {
    /// A case, against the barest loop.
    Cases,
    /// Broken builds, against the reference.
    Broken,
    /// Tests of Playwright Test, against cases.
    Playwright,
    /// Steps of journeys, against those of scenarios.
    Journeys,
    /// Cases in some engines, against the first.
    Engines(Vec<EngineRef>),
    /// A Grid, against a driver on this machine.
    Grid,
    /// Runs on so many simulated nodes.
    Nodes(Vec<u16>),
}

/// What one measurement came to.
#[derive(Debug)]
pub struct Measured {
    /// What a person reads.
    text: String,
    ratios: Vec<Ratio>,
}

/// What all measurements are made with.
pub struct Lab<'a> {
    arguments: BenchArguments,
    loaded: &'a Loaded,
    interrupt: Interrupt,
}

/// Measures the harness and prints what it costs.
pub async fn bench(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&FixturesArguments::default())?;
    let releases = releases(arguments, &loaded)?;
    let lab = Lab {
        arguments: arguments.clone(),
        loaded: &loaded,
        interrupt: interruptions()?,
    };
    let measured = if arguments.all {
        lab.all().await
    } else {
        let measured = Measurement::asked(arguments).measure(&lab).await?;
        if !arguments.json {
            anstream::print!("{}", measured.text);
        }
        (measured.ratios, Vec::new(), Exit::Conforms)
    };
    let (ratios, not_measured, exit) = measured;
    let version = env!("CARGO_PKG_VERSION");
    let report = BenchReport::new(version, ratios, not_measured, releases.before(version));
    if arguments.json {
        let json = json_file(&report).map_err(Failure::bug)?;
        anstream::print!("{}", String::from_utf8_lossy(&json));
    } else if arguments.all {
        let document = render::bench(&report);
        let screen = screen(Detail::Summary);
        anstream::print!("{}", render::terminal::body(&document, screen));
    }
    if *lab.interrupt.borrow() {
        return Ok(Exit::Interrupted);
    }
    if arguments.update {
        let file = lock_file(&FixturesArguments::default(), FILE);
        write_lock(&file, &releases.with(&report).text())?;
    }
    Ok(if arguments.all {
        exit.worse(of_standing(report.standing))
    } else {
        exit
    })
}

/// The releases of which the ratios are known: where one is added, those of the file that it is
/// added to.
fn releases(arguments: &BenchArguments, loaded: &Loaded) -> Result<Releases, Failure> {
    if !arguments.update {
        return Ok(Releases::load(&loaded.files)?);
    }
    let file = lock_file(&FixturesArguments::default(), FILE);
    let folder = file.parent().unwrap_or(Path::new("."));
    let files = Files::in_folder(folder).map_err(|error| {
        error.help("`--update` writes into the project's own fixtures: run it in the project")
    })?;
    Ok(Releases::load(&files)?)
}

/// A ratio that got worse fails the command.
fn of_standing(standing: Option<Standing>) -> Exit {
    match standing {
        None => Exit::Environment,
        Some(Standing::Worse) => Exit::Fails,
        Some(Standing::Good | Standing::MissesItsAim) => Exit::Conforms,
    }
}

impl Measurement {
    /// The one that was asked for.
    fn asked(arguments: &BenchArguments) -> Self {
        let engines = &arguments.browser.engine.engines;
        if arguments.broken {
            Self::Broken
        } else if arguments.journeys {
            Self::Journeys
        } else if arguments.against_playwright {
            Self::Playwright
        } else if arguments.grid {
            Self::Grid
        } else if !arguments.simulated_nodes.is_empty() {
            Self::Nodes(arguments.simulated_nodes.clone())
        } else if engines.len() > 1 {
            Self::Engines(engines.clone())
        } else {
            Self::Cases
        }
    }

    /// All, those of other engines one by one: not each machine has them.
    fn all(arguments: &BenchArguments) -> Vec<Self> {
        let others = engines().filter(|engine| engine.id() != default_engine().id());
        let mut all = vec![
            Self::Cases,
            Self::Playwright,
            Self::Journeys,
            Self::Broken,
            Self::Nodes(NODES.to_vec()),
        ];
        all.extend(others.map(|engine| Self::Engines(vec![default_engine(), engine])));
        all.extend(arguments.browser.webdriver.is_some().then_some(Self::Grid));
        all
    }

    fn name(&self) -> String {
        match self {
            Self::Cases => "a case".to_owned(),
            Self::Broken => "broken builds".to_owned(),
            Self::Playwright => "Playwright Test".to_owned(),
            Self::Journeys => "a step of a journey".to_owned(),
            Self::Engines(engines) => {
                let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
                names.join(", ")
            }
            Self::Grid => "the Grid".to_owned(),
            Self::Nodes(_) => "simulated nodes".to_owned(),
        }
    }

    async fn measure(&self, lab: &Lab<'_>) -> Result<Measured, Failure> {
        match self {
            Self::Cases => cases::measure(lab).await,
            Self::Broken => broken::measure(lab).await,
            Self::Playwright => playwright::measure(lab).await,
            Self::Journeys => journeys::measure(lab).await,
            Self::Engines(engines) => engines::measure(lab, engines).await,
            Self::Grid => grid::measure(lab).await,
            Self::Nodes(nodes) => nodes::measure(lab, nodes).await,
        }
    }
}

impl Lab<'_> {
    /// Makes every measurement. One that cannot be made costs the others nothing; the exit code is
    /// that of the worst, but for what this machine has not.
    async fn all(&self) -> (Vec<Ratio>, Vec<NotMeasured>, Exit) {
        let (mut ratios, mut not_measured) = (Vec::new(), Vec::new());
        let mut exit = Exit::Conforms;
        for own in Measurement::all(&self.arguments) {
            let what = own.name();
            notes::note(format_args!("{what}: measuring"));
            let measured = match own {
                Measurement::Grid => own.measure(self).await,
                Measurement::Cases
                | Measurement::Broken
                | Measurement::Playwright
                | Measurement::Journeys
                | Measurement::Engines(_)
                | Measurement::Nodes(_) => own.measure(&self.on_this_machine()).await,
            };
            if *self.interrupt.borrow() {
                break;
            }
            match measured {
                Ok(measured) => ratios.extend(measured.ratios),
                Err(Failure { exit: own, error }) => {
                    if own != Exit::Environment {
                        exit = exit.worse(own);
                    }
                    let why = format!("{error:#}");
                    not_measured.push(NotMeasured { what, why });
                }
            }
        }
        (ratios, not_measured, exit)
    }

    /// The same without a Grid.
    fn on_this_machine(&self) -> Lab<'_> {
        let mut arguments = self.arguments.clone();
        arguments.browser = on_this_machine(&self.arguments.browser);
        Lab {
            arguments,
            loaded: self.loaded,
            interrupt: self.interrupt.clone(),
        }
    }

    /// The cases to measure, of those that are meant: those that were asked for; where all is
    /// measured, some from all over, which stay the same when others are added. Only what says
    /// something in each of these engines.
    ///
    /// # Errors
    /// If there is none.
    fn cases(
        &self,
        engines: &[EngineRef],
        is_meant: impl Fn(&Case) -> bool,
    ) -> Result<Vec<Case>, Failure> {
        let mut cases = self.loaded.planned(&self.arguments.filter)?;
        cases.retain(|case| is_meant(case));
        if self.arguments.all {
            cases.sort_by_cached_key(|case| sha256(case.id.as_bytes()));
            cases.truncate(CASES);
        }
        let cases = testable(cases, engines, &self.loaded.files)?;
        if cases.is_empty() {
            let why = "no case that can be measured is selected: see --filter";
            return Err(Failure::nothing(anyhow!(why)));
        }
        Ok(cases)
    }
}

/// The same browsers by a driver of our own. Where a driver runs elsewhere, an executable was named
/// of that machine.
fn on_this_machine(browser: &BrowserArguments) -> BrowserArguments {
    let is_elsewhere = browser.webdriver.is_some();
    let binary = browser.browser_binary.clone();
    BrowserArguments {
        browser_binary: binary.filter(|_| !is_elsewhere),
        webdriver: None,
        advertise: None,
        ..browser.clone()
    }
}

/// A heading in what a person reads.
fn title(text: &str) -> String {
    use owo_colors::OwoColorize;
    format!("\n{}\n", text.bold())
}
