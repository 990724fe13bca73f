//! What a round has found so far.

use std::collections::BTreeMap;

use super::events::RunEvent;
use super::worker::Attempt;
use crate::contract::Register;
use crate::evidence::{AttemptResult, Environment, Evidence, Hosts};
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
        self.no_session = match &attempt.result {
            AttemptResult::NoSession(why) => Some(why.clone()),
            AttemptResult::Evidence(..)
            | AttemptResult::Hung(..)
            | AttemptResult::Lost(..)
            | AttemptResult::Bug(_) => None,
        };
        let is_sent = |evidence: &Evidence| {
            let mut scripts = evidence.scripts.iter();
            scripts.any(|fetch| fetch.sha256.is_some())
        };
        match &attempt.result {
            AttemptResult::Evidence(evidence, _) => {
                self.hosts.add(Some(&attempt.case.id), &evidence.contacts);
                self.fetched |= is_sent(evidence);
            }
            AttemptResult::Hung(_, evidence) | AttemptResult::Lost(_, evidence) => {
                self.hosts.add(Some(&attempt.case.id), &evidence.contacts);
            }
            AttemptResult::NoSession(_) | AttemptResult::Bug(_) => {}
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

    /// Whether so much has failed that a failure which repeats alike is believed.
    pub fn has_many_failed(&self) -> bool {
        self.failed >= MANY_FAILED
    }

    /// Why no further case is begun.
    pub fn stops_because(&self) -> Option<String> {
        let fails_fast = || "the run was to stop at the first failure".to_owned();
        self.no_session
            .clone()
            .or_else(|| self.fails_fast.then(fails_fast))
    }
}
