//! What whole runs take, for `bench`.

use std::sync::Arc;

use anyhow::anyhow;

use super::Lab;
use crate::browser::Session;
use crate::cli::args::BrowserArguments;
use crate::cli::loading::Loaded;
use crate::cli::workers::{most_workers, workers};
use crate::cli::{Failure, chosen, environment, provision};
use crate::plan::Case;
use crate::run::{Interrupt, RunEvent, RunOptions, Runner, Sessions, Stage};
use crate::sdk::{Installation, Profile};
use crate::verdict::RunResult;

/// As `run` does it.
const RETRIES: usize = 2;

/// Cases that are run again and again, in the same browsers.
pub struct Bench<'a> {
    browser: BrowserArguments,
    loaded: &'a Loaded,
    pub cases: Vec<Case>,
    workers: Option<u16>,
    sessions: Arc<Sessions>,
    stage: Arc<Stage>,
    interrupt: Interrupt,
}

impl<'a> Bench<'a> {
    /// With the profile of the reference SDK, in the first engine that was named, with so many
    /// browsers, or as many as a run takes by itself.
    pub async fn new(
        lab: &Lab<'a>,
        browser: &BrowserArguments,
        cases: Vec<Case>,
        workers: Option<u16>,
    ) -> Result<Self, Failure> {
        let loaded = lab.loaded;
        let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &loaded.files)?);
        let (sessions, stage) = provision::equipment(browser, &profile).await?;
        Ok(Self {
            browser: browser.clone(),
            loaded,
            cases,
            workers,
            sessions,
            stage,
            interrupt: lab.interrupt.clone(),
        })
    }

    /// Other cases, driven by other browsers on the same servers.
    pub fn on(
        &self,
        browser: &BrowserArguments,
        cases: Vec<Case>,
        workers: Option<u16>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            browser: browser.clone(),
            loaded: self.loaded,
            cases,
            workers,
            sessions: Arc::new(provision::sessions(browser)?),
            stage: Arc::clone(&self.stage),
            interrupt: self.interrupt.clone(),
        })
    }

    /// Wall time of a run of one build.
    pub async fn seconds(&self, installation: &Installation) -> Result<f64, Failure> {
        let seconds = self.run(installation).await?.duration_ms / 1000.0;
        let (build, engine) = (
            &installation.build.source,
            self.browser.engine.first().name(),
        );
        anstream::eprintln!("{build} in {engine}: {seconds:.1} s");
        Ok(seconds)
    }

    /// A run of one build, which came to its end.
    pub async fn run(&self, installation: &Installation) -> Result<RunResult, Failure> {
        let options = RunOptions {
            workers: self.workers(),
            most_workers: most_workers(self.workers, &self.sessions),
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
            .map_err(|error| environment::no_session(&error, &self.browser))?;
        if !result.is_whole() {
            return Err(Failure::environment(anyhow!(
                "the run did not come to its end, so nothing was measured"
            )));
        }
        Ok(result)
    }

    /// How many browsers a run opens at a time.
    pub fn workers(&self) -> usize {
        workers(self.workers, &self.sessions)
    }

    /// A session on no case, without a proxy.
    pub async fn session(&self) -> Result<Session, Failure> {
        let opened = self.sessions.open(None).await;
        opened.map_err(|error| environment::no_session(&error, &self.browser))
    }
}
