//! Runs plans: prerequisites first, then the rest, then what was judged too early.

use std::sync::Arc;
use std::time::{Duration, Instant};

use toml::value::Date;

use super::batch::run_batch;
use super::crew::Crew;
use super::events::{Interrupt, RunEvent, RunOptions};
use super::late::rerun_late;
use super::progress::Progress;
use super::sessions::{SessionError, Sessions};
use super::setup::Setup;
use super::stage::Stage;
use crate::contract::Register;
use crate::evidence::{Environment, Hosts};
use crate::plan::{Case, Durations};
use crate::sdk::Installation;
use crate::verdict::known::{Knowledge, KnownFailures};
use crate::verdict::{CaseOutcome, RunEnd, RunResult};

/// Runs plans.
#[derive(Debug)]
pub struct Runner {
    setup: Setup,
    sessions: Arc<Sessions>,
}

impl Runner {
    /// A runner of `installation` on these servers and sessions. It expects no failure.
    pub fn new(
        installation: Installation,
        stage: Arc<Stage>,
        sessions: Arc<Sessions>,
        options: RunOptions,
    ) -> Self {
        let setup = Setup {
            installation,
            stage,
            options,
            known: KnownFailures::none(""),
            today: Date {
                year: 0,
                month: 1,
                day: 1,
            },
            browsers_are_ours: sessions.are_ours(),
            longest_first: None,
        };
        Self { setup, sessions }
    }

    /// The same, expecting the failures `known` on the day `today`.
    #[must_use]
    pub fn knowing(mut self, known: KnownFailures, today: Date) -> Self {
        self.setup.known = known;
        self.setup.today = today;
        self
    }

    /// The same. Where a Grid has many browsers, the cases that take longest begin first, so that
    /// none of them is waited for at the end.
    #[must_use]
    pub fn longest_first(mut self, durations: &Durations) -> Self {
        let on_a_grid = self.sessions.most().is_some();
        self.setup.longest_first = on_a_grid.then(|| durations.clone());
        self
    }

    /// What is run.
    #[must_use]
    pub fn installation(&self) -> &Installation {
        &self.setup.installation
    }

    pub(super) fn stage(&self) -> &Stage {
        &self.setup.stage
    }

    pub(super) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// What is known beforehand, in the browser of `environment`.
    #[must_use]
    pub fn knowledge<'a>(
        &'a self,
        environment: Option<&'a Environment>,
        register: &'a Register,
    ) -> Knowledge<'a> {
        self.setup.knowledge(environment, register)
    }

    /// Runs `cases`, prerequisites first. Each begins once the one before it holds by all that is
    /// known then; where one does not hold in the end, no further case begins.
    ///
    /// # Errors
    /// If no browser session can be had: then nothing was tried.
    pub async fn run(
        &self,
        cases: Vec<Case>,
        register: &Register,
        interrupt: Interrupt,
        listener: &mut (dyn FnMut(RunEvent<'_>) + Send),
    ) -> Result<RunResult, SessionError> {
        let (stage, sessions) = (&self.setup.stage, &self.sessions);
        // A Grid opens sessions slowly. Elsewhere one is opened once something is to do on it.
        let workers = match sessions.most() {
            Some(_) => self.setup.options.workers.min(cases.len()),
            None => 1,
        };
        let crew = Crew::start(stage, sessions, workers, &interrupt);
        let mut crew = crew.await?;
        let result = self
            .round(&mut crew, cases, register, interrupt, listener)
            .await;
        crew.end().await;
        Ok(result)
    }

    /// As `run`, on workers that were there before and go on after it. What an interrupted round
    /// left under way there does not disturb this one.
    pub async fn round(
        &self,
        crew: &mut Crew,
        cases: Vec<Case>,
        register: &Register,
        mut interrupt: Interrupt,
        listener: &mut (dyn FnMut(RunEvent<'_>) + Send),
    ) -> RunResult {
        let (begun, time) = (Instant::now(), now());
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        listener(RunEvent::Started {
            cases: cases.len(),
            checks: cases.iter().map(|case| case.checks.len()).sum(),
        });
        let max_failures = self.setup.options.max_failures;
        let mut progress = Progress::new(listener, register, max_failures);
        // Where the build claims nothing of a case, there is nothing to drive.
        let claimed = cases.iter().filter(|case| !case.checks.is_empty());
        let claimed: Vec<Arc<Case>> = claimed.cloned().collect();
        let run = async {
            run_batch(&self.setup, 1, &claimed, crew, &mut progress).await;
            if progress.ends_because().is_none() {
                rerun_late(&self.setup, &cases, crew, &mut progress).await;
            }
        };
        let ended = tokio::select! {
            () = run => RunEnd::Whole,
            _ = interrupt.wait_for(|stop| *stop) => RunEnd::Interrupted,
            () = timeout(self.setup.options.timeout) => RunEnd::TimedOut,
        };
        let why = progress.ends_because().unwrap_or_else(|| match ended {
            RunEnd::Whole | RunEnd::Interrupted => {
                "the run was stopped before there was a verdict".to_owned()
            }
            RunEnd::TimedOut => {
                "the time given with --timeout was over before there was a verdict".to_owned()
            }
        });
        let Progress {
            mut outcomes,
            environment,
            no_session,
            bug,
            fetched,
            mut hosts,
            ..
        } = progress;
        hosts.add(None, &self.setup.stage.unattributed_contacts());
        let outcome = |case: &Arc<Case>| {
            let own = outcomes.remove(&case.id);
            own.unwrap_or_else(|| CaseOutcome::untested(case, &why))
                .with_what_is_not_claimed()
        };
        RunResult {
            outcomes: cases.iter().map(outcome).collect(),
            environment,
            fetched,
            hosts,
            ended,
            no_session,
            bug,
            began: time,
            duration_ms: begun.elapsed().as_secs_f64() * 1000.0,
        }
    }
}

/// The result of a run in which nothing could be tried, for the reason given: a fault of the
/// machine.
pub fn untried(cases: Vec<Case>, why: &str) -> RunResult {
    let cases = cases.into_iter().map(Arc::new);
    let outcome = |case: Arc<Case>| CaseOutcome::untested(&case, why).with_what_is_not_claimed();
    RunResult {
        outcomes: cases.map(outcome).collect(),
        environment: None,
        fetched: false,
        hosts: Hosts::default(),
        ended: RunEnd::Whole,
        no_session: Some(why.to_owned()),
        bug: false,
        began: now(),
        duration_ms: 0.0,
    }
}

/// Ends after this time; never where none is given.
async fn timeout(after: Option<Duration>) {
    match after {
        Some(after) => tokio::time::sleep(after).await,
        None => std::future::pending().await,
    }
}

/// The time of day in UTC, as RFC 3339 to the second; empty where the machine's clock stands
/// outside of the years it can write.
pub fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    now.replace_nanosecond(0)
        .unwrap_or(now)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
