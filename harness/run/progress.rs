//! What a round has found so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::events::RunEvent;
use super::job::Attempt;
use super::wait_times::WaitTimes;
use crate::contract::Register;
use crate::evidence::{AttemptResult, Environment, Hosts};
use crate::plan::Case;
use crate::verdict::{Bearing, Belief, CaseOutcome, missing_prerequisite};

/// What a round has found so far, and who listens.
pub(super) struct Progress<'l> {
    pub listener: &'l mut (dyn FnMut(RunEvent<'_>) + Send),
    pub register: &'l Register,
    /// By the ids of their cases.
    pub outcomes: BTreeMap<String, CaseOutcome>,
    /// The first label of the hosts of each case's last attempt, by the ids of the cases.
    pub labels: BTreeMap<String, String>,
    pub environment: Option<Environment>,
    /// Why the last attempt had no session.
    pub no_session: Option<String>,
    /// What failed so far, and how often.
    pub belief: Belief,
    /// What waits take with this build.
    pub waits: Arc<WaitTimes>,
    pub bug: bool,
    pub fetched: bool,
    pub hosts: Hosts,
    /// Why nothing else can be tested: a prerequisite does not hold.
    pub missing: Option<String>,
    /// Cases that speak against the build.
    failed: usize,
    max_failures: Option<usize>,
}

impl<'l> Progress<'l> {
    pub fn new(
        listener: &'l mut (dyn FnMut(RunEvent<'_>) + Send),
        register: &'l Register,
        max_failures: Option<usize>,
    ) -> Self {
        Self {
            listener,
            register,
            outcomes: BTreeMap::new(),
            labels: BTreeMap::new(),
            environment: None,
            no_session: None,
            belief: Belief::default(),
            waits: Arc::default(),
            bug: false,
            fetched: false,
            hosts: Hosts::default(),
            missing: None,
            failed: 0,
            max_failures,
        }
    }

    /// Notes what an attempt shows of browser, hosts and build, whatever its verdict.
    pub fn note(&mut self, attempt: &Attempt) {
        if let Some(environment) = &attempt.environment {
            self.note_browser(environment);
        }
        self.no_session = None;
        match &attempt.attempted.result {
            AttemptResult::Evidence(evidence, _)
            | AttemptResult::Hung(_, evidence)
            | AttemptResult::Lost(_, evidence) => {
                self.hosts.add(Some(&attempt.case.id), &evidence.contacts);
                let mut scripts = evidence.scripts.iter();
                self.fetched |= scripts.any(|fetch| fetch.sha256.is_some());
            }
            AttemptResult::NoSession(why) => self.no_session = Some(why.clone()),
            AttemptResult::Bug(_) => {}
        }
    }

    /// The browser that most cases run in stands for the run, and the first session is one of it.
    fn note_browser(&mut self, environment: &Environment) {
        let own = self.environment.get_or_insert_with(|| environment.clone());
        if own.browser != environment.browser {
            let Environment {
                browser,
                browser_version,
                ..
            } = environment;
            own.also = Some(format!("{browser} {browser_version}"));
        }
    }

    /// Reports what happened.
    pub fn report(&mut self, event: RunEvent<'_>) {
        (self.listener)(event);
    }

    /// Reports that `case` is tried again.
    pub fn retried(&mut self, case: &Case, why: String) {
        (self.listener)(RunEvent::Retried { case, why });
    }

    /// Keeps the outcome of a case, and reports it.
    pub fn finish(&mut self, outcome: CaseOutcome) {
        let has_failed = outcome.bearing(self.register) == Bearing::SdkFault;
        self.failed += usize::from(has_failed);
        if self.missing.is_none() {
            self.missing = missing_prerequisite([&outcome], self.register);
        }
        (self.listener)(RunEvent::Finished(&outcome));
        self.outcomes.insert(outcome.case.id.clone(), outcome);
    }

    /// Keeps and reports that none of `cases` is driven, for the reason given.
    pub fn finish_untested<'c>(
        &mut self,
        cases: impl IntoIterator<Item = &'c Arc<Case>>,
        why: &str,
    ) {
        cases
            .into_iter()
            .for_each(|case| self.finish(CaseOutcome::untested(case, why)));
    }

    /// Whether the run would end if `suspects` more cases failed.
    pub fn would_end_with(&self, suspects: usize) -> bool {
        self.max_failures
            .is_some_and(|most| suspects > 0 && self.failed + suspects >= most)
    }

    /// Whether so many cases failed that the run ends.
    pub fn has_failed_enough(&self) -> bool {
        self.max_failures.is_some_and(|most| self.failed >= most)
    }

    /// Why no further case is begun.
    pub fn ends_because(&self) -> Option<String> {
        self.missing.clone().or_else(|| self.stops_because())
    }

    /// The same, whatever prerequisites came to.
    pub fn stops_because(&self) -> Option<String> {
        let no_session = self.no_session.clone();
        no_session.or_else(|| match self.max_failures {
            Some(most) if self.failed >= most => Some(if most == 1 {
                "the run was to stop at the first failure".to_owned()
            } else {
                format!("the run was to stop after {most} failed cases")
            }),
            Some(_) | None => None,
        })
    }
}
