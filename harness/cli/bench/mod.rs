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

use super::args::{BenchArguments, BrowserArguments, FixturesArguments, screen};
use super::coverage::{lock_file, write_lock};
use super::exit::Exit;
use super::loading::Loaded;
use super::{Failure, notes};
use crate::browser::{EngineRef, default_engine, engines};
use crate::plan::Case;
use crate::render::{self, Detail};
use crate::report::bench::{BenchReport, FILE, NotMeasured, Ratio, Releases};
use crate::report::json_file;

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

/// Measures the harness and prints what it costs.
pub async fn bench(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&FixturesArguments::default())?;
    let releases = Releases::load(&loaded.files)?;
    let version = env!("CARGO_PKG_VERSION");
    let mut report = BenchReport {
        version: version.to_owned(),
        ratios: Vec::new(),
        not_measured: Vec::new(),
        before: releases.before(version).cloned(),
    };
    if arguments.all {
        for own in Measurement::all(arguments) {
            let what = own.name();
            notes::note(format_args!("{what}: measuring"));
            match own.measure(arguments, &loaded).await {
                Ok(measured) => report.ratios.extend(measured.ratios),
                Err(failure) if failure.exit == Exit::Environment => {
                    let why = failure.error.to_string();
                    report.not_measured.push(NotMeasured { what, why });
                }
                Err(failure) => return Err(failure),
            }
        }
    } else {
        let asked = Measurement::asked(arguments);
        let measured = asked.measure(arguments, &loaded).await?;
        report.ratios = measured.ratios;
        if !arguments.json {
            anstream::print!("{}", measured.text);
        }
    }
    if arguments.json {
        let json = json_file(&report).map_err(Failure::bug)?;
        anstream::print!("{}", String::from_utf8_lossy(&json));
    } else if arguments.all {
        let document = render::bench(&report);
        let screen = screen(Detail::Summary);
        anstream::print!("{}", render::terminal::body(&document, screen));
    }
    if arguments.update {
        let file = lock_file(&FixturesArguments::default(), FILE);
        write_lock(&file, &releases.with(&report).text())?;
    }
    Ok(Exit::Conforms)
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

    async fn measure(
        &self,
        arguments: &BenchArguments,
        loaded: &Loaded,
    ) -> Result<Measured, Failure> {
        let here = here(arguments);
        match self {
            Self::Cases => cases::measure(&here, loaded).await,
            Self::Broken => broken::measure(&here, loaded).await,
            Self::Playwright => playwright::measure(&here, loaded).await,
            Self::Journeys => journeys::measure(&here, loaded).await,
            Self::Engines(engines) => engines::measure(&here, engines, loaded).await,
            Self::Grid => grid::measure(arguments, loaded).await,
            Self::Nodes(nodes) => nodes::measure(&here, nodes, loaded).await,
        }
    }
}

/// The same on this machine, where all is measured and a Grid is one part of it.
fn here(arguments: &BenchArguments) -> BenchArguments {
    let mut here = arguments.clone();
    if arguments.all {
        here.browser = on_this_machine(&arguments.browser);
    }
    here
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

/// The cases to measure: those that were asked for; where all is measured, some from all over.
fn selected(arguments: &BenchArguments, loaded: &Loaded) -> Result<Vec<Case>, Failure> {
    let cases = loaded.planned(&arguments.filter)?;
    let every = if arguments.all {
        (cases.len() / CASES).max(1)
    } else {
        1
    };
    Ok(cases.into_iter().step_by(every).collect())
}

/// A heading in what a person reads.
fn title(text: &str) -> String {
    use owo_colors::OwoColorize;
    format!("\n{}\n", text.bold())
}
