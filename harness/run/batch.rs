//! One batch of cases: keeps the workers busy, and tries each case until its verdict stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::value::Date;

use super::crew::Crew;
use super::events::RunOptions;
use super::progress::Progress;
use super::stage::Stage;
use super::worker::{Attempt, Job};
use crate::contract::Register;
use crate::evidence::{AttemptResult, Environment};
use crate::plan::Case;
use crate::sdk::Installation;
use crate::verdict::known::{Knowledge, KnownFailures, Target};
use crate::verdict::{Attempts, Bearing, CaseOutcome, Next, Retries};

/// Jobs a worker, those that settle among them: enough to keep it busy, few enough to stop early.
const AHEAD: usize = 6;

/// A case with a late request gets this many times the usual settle time when it is run again.
const SETTLE_FACTOR_AFTER_LATE: u32 = 10;

/// What every attempt of a run is made with and judged by.
#[derive(Debug)]
pub(super) struct Setup {
    pub installation: Installation,
    pub stage: Arc<Stage>,
    pub options: RunOptions,
    pub known: KnownFailures,
    pub today: Date,
}

impl Setup {
    /// What is known beforehand, in the browser of `environment`.
    pub fn knowledge<'a>(
        &'a self,
        environment: Option<&'a Environment>,
        register: &'a Register,
    ) -> Knowledge<'a> {
        let name_and_version = |of: &'a Environment| (&*of.browser, &*of.browser_version);
        let target = Target {
            browser: environment.map(name_and_version),
            sdk: &self.installation.build.source,
            sha256: &self.installation.build.sha256,
            today: self.today,
        };
        Knowledge {
            known: &self.known,
            register,
            target,
        }
    }
}

/// Runs `cases`, each until its verdict stands.
pub(super) async fn run_batch(
    setup: &Setup,
    cases: &[Arc<Case>],
    crew: &mut Crew,
    progress: &mut Progress<'_>,
) {
    Batch::new(setup, 1).run(cases, crew, progress).await;
}

/// A request that came after its case was judged may change the verdict: those cases are run again,
/// with a longer settle time.
pub(super) async fn rerun_late(
    setup: &Setup,
    cases: &[Arc<Case>],
    crew: &mut Crew,
    progress: &mut Progress<'_>,
) {
    // The last cases have only just settled; their late requests get the same chance.
    tokio::time::sleep(setup.stage.profile.waits.settle()).await;
    let is_late = |case: &&Arc<Case>| {
        let label = progress.labels.get(&case.id);
        label.is_some_and(|label| setup.stage.was_late(label))
    };
    let late: Vec<Arc<Case>> = cases.iter().filter(is_late).cloned().collect();
    let mut before: Vec<CaseOutcome> = Vec::new();
    for case in &late {
        progress.retried(case, "a request came after the case was judged".into());
        before.extend(progress.outcomes.remove(&case.id));
    }
    let batch = Batch::new(setup, SETTLE_FACTOR_AFTER_LATE);
    batch.run(&late, crew, progress).await;
    for before in before {
        let id = before.case.id.clone();
        if let Some(after) = progress.outcomes.remove(&id) {
            progress.outcomes.insert(id, after.no_better_than(before));
        }
    }
}

/// The cases of a batch that are under way.
struct Batch<'r> {
    setup: &'r Setup,
    settle_factor: u32,
    /// The attempts so far, by the ids of the cases.
    open: BTreeMap<String, Attempts>,
}

impl<'r> Batch<'r> {
    fn new(setup: &'r Setup, settle_factor: u32) -> Self {
        Self {
            setup,
            settle_factor,
            open: BTreeMap::new(),
        }
    }

    async fn run(mut self, cases: &[Arc<Case>], crew: &mut Crew, progress: &mut Progress<'_>) {
        let mut ahead = cases.iter();
        for case in ahead.by_ref().take(self.setup.options.workers * AHEAD) {
            self.begin(case, crew);
        }
        while !self.open.is_empty() {
            let Some(attempt) = crew.next().await else {
                return;
            };
            let is_done = self.take(attempt, crew, progress);
            if is_done && progress.stops_because().is_none() {
                ahead
                    .next()
                    .into_iter()
                    .for_each(|case| self.begin(case, crew));
            }
        }
        if let Some(why) = progress.stops_because() {
            progress.finish_untested(ahead, &why);
        }
    }

    fn begin(&mut self, case: &Arc<Case>, crew: &Crew) {
        self.open.insert(case.id.clone(), Attempts::default());
        // After a late request the session itself is suspect.
        crew.put(self.job(case, self.settle_factor > 1));
    }

    fn job(&self, case: &Arc<Case>, fresh: bool) -> Job {
        Job {
            case: Arc::clone(case),
            installation: self.setup.installation.clone(),
            fresh,
            // Of the attempt that may be the last; a picture takes time.
            picture: fresh || self.setup.options.retries == 0,
            settle_factor: self.settle_factor,
        }
    }

    /// Takes an attempt in; whether its case has its verdict now.
    fn take(&mut self, attempt: Attempt, crew: &Crew, progress: &mut Progress<'_>) -> bool {
        // An interrupted round may have left attempts at another build under way.
        if attempt.installation.build.sha256 != self.setup.installation.build.sha256 {
            return false;
        }
        progress.note(&attempt);
        let case = Arc::clone(&attempt.case);
        let why = reason_to_retry(&attempt.attempted.result);
        let Some(mut attempts) = self.open.remove(&case.id) else {
            return false;
        };
        let (setup, environment) = (self.setup, progress.environment.clone());
        let knowledge = setup.knowledge(environment.as_ref(), progress.register);
        let retries = Retries {
            most: setup.options.retries,
            hurried: progress.has_many_failed(),
        };
        match attempts.take(
            &case,
            attempt.attempted,
            &setup.stage.profile,
            &knowledge,
            retries,
        ) {
            Next::Again => {
                progress.retried(&case, why);
                crew.put(self.job(&case, true));
                self.open.insert(case.id.clone(), attempts);
                false
            }
            Next::Done => {
                progress.bug |= attempts.has_bug();
                let label = attempts.label().to_owned();
                progress.labels.insert(case.id.clone(), label);
                let outcome = attempts.conclude(&case, &knowledge);
                progress.fails_fast |= setup.options.fail_fast
                    && outcome.bearing(progress.register) == Bearing::SdkFault;
                progress.finish(outcome);
                true
            }
        }
    }
}

fn reason_to_retry(result: &AttemptResult) -> String {
    match result {
        AttemptResult::Evidence(..) => "to see whether that repeats".to_owned(),
        AttemptResult::Hung(why, _)
        | AttemptResult::Lost(why, _)
        | AttemptResult::NoSession(why)
        | AttemptResult::Bug(why) => why.clone(),
    }
}
