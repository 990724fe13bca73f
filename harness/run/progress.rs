//! What a round has found so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::events::RunEvent;
use super::worker::Attempt;
use crate::contract::Register;
use crate::evidence::{AttemptResult, Environment, Hosts};
use crate::plan::Case;
use crate::verdict::{CaseOutcome, Status};

/// After so many failed cases the build is broken, not flaky: what repeats alike is not tried a
/// third time.
const MANY_FAILED: usize = 20;

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
    /// A case has failed in a run that ends with the first failure.
    pub fails_fast: bool,
    pub bug: bool,
    pub fetched: bool,
    pub hosts: Hosts,
    failed: usize,
}

impl<'l> Progress<'l> {
    pub fn new(listener: &'l mut (dyn FnMut(RunEvent<'_>) + Send), register: &'l Register) -> Self {
        Self {
            listener,
            register,
            outcomes: BTreeMap::new(),
            labels: BTreeMap::new(),
            environment: None,
            no_session: None,
            fails_fast: false,
            bug: false,
            fetched: false,
            hosts: Hosts::default(),
            failed: 0,
        }
    }

    /// Notes what an attempt shows of browser, hosts and build, whatever its verdict.
    pub fn note(&mut self, attempt: &Attempt) {
        if attempt.environment.is_some() {
            self.environment.clone_from(&attempt.environment);
        }
        self.no_session = None;
        match &attempt.attempted.result {
            AttemptResult::Evidence(evidence, _) => {
                self.hosts.add(Some(&attempt.case.id), &evidence.contacts);
                let mut scripts = evidence.scripts.iter();
                self.fetched |= scripts.any(|fetch| fetch.sha256.is_some());
            }
            AttemptResult::Hung(_, evidence) | AttemptResult::Lost(_, evidence) => {
                self.hosts.add(Some(&attempt.case.id), &evidence.contacts);
            }
            AttemptResult::NoSession(why) => self.no_session = Some(why.clone()),
            AttemptResult::Bug(_) => {}
        }
    }

    /// Reports that `case` is tried again.
    pub fn retried(&mut self, case: &Case, why: String) {
        (self.listener)(RunEvent::Retried { case, why });
    }

    /// Keeps the outcome of a case, and reports it.
    pub fn finish(&mut self, outcome: CaseOutcome) {
        let has_failed = outcome.seen.iter().any(|seen| seen.status == Status::Fail);
        self.failed += usize::from(has_failed);
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

    /// Whether so much has failed that a failure which repeats alike is believed.
    pub fn has_many_failed(&self) -> bool {
        self.failed >= MANY_FAILED
    }

    /// Why no further case is begun.
    pub fn stops_because(&self) -> Option<String> {
        let fails_fast = || "the run was to stop at the first failure".to_owned();
        let no_session = self.no_session.clone();
        no_session.or_else(|| self.fails_fast.then(fails_fast))
    }
}
