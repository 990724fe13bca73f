//! Puts cases on workers, tries again what failed or what the machine broke, and tells a listener
//! what happens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::watch;
use toml::value::Date;

use super::crew::Crew;
use super::sessions::Sessions;
use super::stage::Stage;
use super::worker::Job;
use crate::contract::Register;
use crate::evidence::Hosts;
use crate::evidence::{AttemptResult, Environment};
use crate::plan::Case;
use crate::sdk::Installation;
use crate::verdict::known::{Knowledge, KnownFailures, Target};
use crate::verdict::{
    Attempts, Bearing, CaseOutcome, Next, Retries, RunResult, Status, missing_prerequisite,
};

/// A late request gets this many times the usual quiet time when its case is tried again.
const PATIENCE: u32 = 10;

/// Jobs a worker, those that settle among them: enough to keep it busy, few enough to stop early.
const AHEAD: usize = 6;

/// After so many failed cases the build is broken, not flaky: what repeats alike is not tried a
/// third time.
const MANY_FAILED: usize = 20;

/// How a run is made.
#[derive(Debug, Clone, Copy)]
pub struct RunOptions {
    /// Sessions at a time.
    pub workers: usize,
    /// How often an unexpected failure is tried again, each time in a fresh session.
    pub retries: usize,
    /// Begin no further case after the first failure.
    pub fail_fast: bool,
}

/// What happens during a run, in the order in which it happens.
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// It begins.
    Started {
        /// How many cases are planned.
        cases: usize,
        /// How many checks they have.
        checks: usize,
    },
    /// A case is tried again in a fresh session, for this reason.
    Again {
        /// The case.
        case: &'a Case,
        /// The reason, in words.
        why: String,
    },
    /// A case has its verdict.
    Finished(&'a CaseOutcome),
}

/// Becomes true when the run is to stop.
pub type Interrupt = watch::Receiver<bool>;

/// Runs plans.
#[derive(Debug)]
pub struct Runner {
    installation: Installation,
    stage: Arc<Stage>,
    sessions: Arc<Sessions>,
    options: RunOptions,
    known: KnownFailures,
    today: Date,
}

struct Progress<'l> {
    listener: &'l mut (dyn FnMut(RunEvent<'_>) + Send),
    register: &'l Register,
    outcomes: BTreeMap<String, CaseOutcome>,
    labels: BTreeMap<String, String>,
    environment: Option<Environment>,
    no_session: Option<String>,
    failed: usize,
    stop: bool,
    bug: bool,
    fetched: bool,
    hosts: Hosts,
}

impl Runner {
    /// A runner of `installation` on these servers and sessions. It expects no failure.
    #[must_use]
    pub fn new(
        installation: Installation,
        stage: Arc<Stage>,
        sessions: Arc<Sessions>,
        options: RunOptions,
    ) -> Self {
        Self {
            installation,
            stage,
            sessions,
            options,
            known: KnownFailures::none(""),
            today: Date {
                year: 0,
                month: 1,
                day: 1,
            },
        }
    }

    /// The same, expecting the failures `known` on the day `today`.
    #[must_use]
    pub fn knowing(self, known: KnownFailures, today: Date) -> Self {
        Self {
            known,
            today,
            ..self
        }
    }

    /// What is known beforehand, in the browser of `environment`.
    #[must_use]
    pub fn knowledge<'a>(
        &'a self,
        environment: Option<&'a Environment>,
        register: &'a Register,
    ) -> Knowledge<'a> {
        let browser = environment.map(|environment| {
            (
                environment.browser.as_str(),
                environment.browser_version.as_str(),
            )
        });
        Knowledge {
            known: &self.known,
            register,
            target: Target {
                browser,
                sdk: &self.installation.build.source,
                sha256: &self.installation.build.sha256,
                today: self.today,
            },
        }
    }

    /// Runs `cases`, prerequisites first and one after the other; without them the rest is not
    /// testable.
    pub async fn run(
        &self,
        cases: Vec<Case>,
        register: &Register,
        interrupt: Interrupt,
        listener: &mut (dyn FnMut(RunEvent<'_>) + Send),
    ) -> RunResult {
        let mut crew = Crew::start(
            &self.stage,
            &self.sessions,
            self.options.workers.min(cases.len()),
            &interrupt,
        );
        let result = self
            .round(&mut crew, cases, register, interrupt, listener)
            .await;
        crew.end().await;
        result
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
        let mut progress = Progress {
            listener,
            register,
            outcomes: BTreeMap::new(),
            labels: BTreeMap::new(),
            environment: None,
            no_session: None,
            failed: 0,
            stop: false,
            bug: false,
            fetched: false,
            hosts: Hosts::default(),
        };
        // Where the build claims nothing of a case, there is nothing to drive.
        let (first, rest): (Vec<_>, Vec<_>) = cases
            .iter()
            .filter(|case| !case.checks.is_empty())
            .cloned()
            .partition(|case| case.scenario.prerequisite);
        let run = async {
            let mut batches: Vec<Vec<Arc<Case>>> =
                first.into_iter().map(|case| vec![case]).collect();
            batches.push(rest);
            for batch in batches {
                match missing_prerequisite(progress.outcomes.values(), register) {
                    Some(why) => batch
                        .iter()
                        .for_each(|case| progress.finish(CaseOutcome::untested(case, &why))),
                    None => self.batch(&batch, 1, crew, &mut progress).await,
                }
            }
            self.late(&cases, crew, &mut progress).await;
        };
        let interrupted = tokio::select! {
            () = run => false,
            _ = interrupt.wait_for(|stop| *stop) => true,
        };
        let Progress {
            mut outcomes,
            environment,
            no_session,
            bug,
            fetched,
            mut hosts,
            ..
        } = progress;
        hosts.add(None, &self.stage.strays());
        let never = |case| {
            CaseOutcome::untested(case, "the run was stopped before this case had its verdict")
        };
        let outcomes = cases
            .iter()
            .map(|case| {
                outcomes
                    .remove(&case.id)
                    .unwrap_or_else(|| never(case))
                    .with_what_is_not_claimed()
            })
            .collect();
        RunResult {
            outcomes,
            environment,
            fetched,
            hosts,
            interrupted,
            no_session,
            bug,
            began: time,
            duration_ms: begun.elapsed().as_secs_f64() * 1000.0,
        }
    }

    async fn batch(
        &self,
        cases: &[Arc<Case>],
        patience: u32,
        crew: &mut Crew,
        progress: &mut Progress<'_>,
    ) {
        let mut open: BTreeMap<String, Attempts> = BTreeMap::new();
        let job = |case: &Arc<Case>, fresh| {
            let picture = fresh || self.options.retries == 0;
            Job {
                case: Arc::clone(case),
                installation: self.installation.clone(),
                fresh,
                picture,
                patience,
            }
        };
        let mut ahead = cases.iter();
        for case in ahead.by_ref().take(self.options.workers * AHEAD) {
            open.insert(case.id.clone(), Attempts::default());
            crew.put(job(case, patience > 1));
        }
        while !open.is_empty() {
            let Some(attempt) = crew.next().await else {
                return;
            };
            if attempt.installation.build.sha256 != self.installation.build.sha256 {
                continue;
            }
            let case = Arc::clone(&attempt.case);
            progress.environment = attempt.environment.clone().or(progress.environment.take());
            if let AttemptResult::NoSession(why) = &attempt.result {
                progress.no_session = Some(why.clone());
            } else {
                progress.no_session = None;
            }
            if let AttemptResult::Evidence(evidence, _)
            | AttemptResult::Hung(_, evidence)
            | AttemptResult::Lost(_, evidence) = &attempt.result
            {
                progress
                    .hosts
                    .add(Some(&attempt.case.id), &evidence.contacts);
            }
            let why = match &attempt.result {
                AttemptResult::Evidence(evidence, _) => {
                    progress.fetched |= evidence.scripts.iter().any(|fetch| fetch.sha256.is_some());
                    "to see whether that repeats".to_owned()
                }
                AttemptResult::Hung(why, _)
                | AttemptResult::Lost(why, _)
                | AttemptResult::NoSession(why)
                | AttemptResult::Bug(why) => why.clone(),
            };
            let Some(attempts) = open.get_mut(&case.id) else {
                continue;
            };
            let environment = progress.environment.clone();
            let knowledge = self.knowledge(environment.as_ref(), progress.register);
            let retries = Retries {
                most: self.options.retries,
                hurried: progress.failed >= MANY_FAILED,
            };
            match attempts.take(
                &case,
                attempt.into_attempted(),
                &self.stage.profile,
                &knowledge,
                retries,
            ) {
                Next::Again => {
                    (progress.listener)(RunEvent::Again { case: &case, why });
                    crew.put(job(&case, true));
                    continue;
                }
                Next::Done => {
                    let attempts = open.remove(&case.id).unwrap_or_default();
                    progress.bug |= attempts.has_bug();
                    progress
                        .labels
                        .insert(case.id.clone(), attempts.label().to_owned());
                    let outcome = attempts.conclude(&case, &knowledge);
                    progress.stop |= self.options.fail_fast
                        && outcome.bearing(progress.register) == Bearing::SdkFault;
                    progress.finish(outcome);
                }
            }
            if progress.no_session.is_some() || progress.stop {
                continue;
            }
            if let Some(case) = ahead.next() {
                open.insert(case.id.clone(), Attempts::default());
                crew.put(job(case, patience > 1));
            }
        }
        if let Some(why) = progress.no_session.clone() {
            ahead.for_each(|case| progress.finish(CaseOutcome::untested(case, &why)));
        } else if progress.stop {
            ahead.for_each(|case| {
                progress.finish(CaseOutcome::untested(
                    case,
                    "the run was to stop at the first failure",
                ));
            });
        }
    }

    /// A request that came after its case was judged may change the verdict: those cases are run
    /// again, with more patience.
    async fn late(&self, cases: &[Arc<Case>], crew: &mut Crew, progress: &mut Progress<'_>) {
        // The last cases have only just settled; give their stragglers the same chance.
        tokio::time::sleep(self.stage.profile.waits.settle()).await;
        let late: Vec<Arc<Case>> = cases
            .iter()
            .filter(|case| {
                progress
                    .labels
                    .get(&case.id)
                    .is_some_and(|label| self.stage.was_late(label))
            })
            .cloned()
            .collect();
        for case in &late {
            (progress.listener)(RunEvent::Again {
                case,
                why: "a request came after the case was judged".into(),
            });
        }
        let before: Vec<CaseOutcome> = late
            .iter()
            .filter_map(|case| progress.outcomes.remove(&case.id))
            .collect();
        self.batch(&late, PATIENCE, crew, progress).await;
        for before in before {
            if let Some(after) = progress.outcomes.remove(&before.case.id) {
                progress
                    .outcomes
                    .insert(before.case.id.clone(), after.no_better_than(before));
            }
        }
    }
}

impl Progress<'_> {
    fn finish(&mut self, outcome: CaseOutcome) {
        let has_failed = outcome.seen.iter().any(|seen| seen.status == Status::Fail);
        self.failed += usize::from(has_failed);
        (self.listener)(RunEvent::Finished(&outcome));
        self.outcomes.insert(outcome.case.id.clone(), outcome);
    }
}

/// The time of day in UTC, as RFC 3339 to the second; empty where the machine's clock stands
/// outside of the years it can write.
fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    now.replace_nanosecond(0)
        .unwrap_or(now)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
