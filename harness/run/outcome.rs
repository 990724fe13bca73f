//! What became of a case over all its attempts.

use std::sync::Arc;

use super::worker::{Attempt, AttemptResult};
use crate::contract::Register;
use crate::evidence::{Evidence, Spent};
use crate::judge::{Broken, Finding, Status, judge};
use crate::scenario::{Case, CaseCheck};
use crate::sdk::Profile;

/// A case, judged.
#[derive(Debug)]
pub struct CaseOutcome {
    /// The case.
    pub case: Arc<Case>,
    /// Its checks, in its order.
    pub seen: Vec<Seen>,
    /// Milliseconds the last attempt took on its session.
    pub duration_ms: f64,
    /// Milliseconds spent opening the session of the last attempt; 0 where one was kept.
    pub session_ms: f64,
    /// Where the time of the last attempt went.
    pub spent: Spent,
    /// Milliseconds spent judging the last attempt.
    pub judging_ms: f64,
    /// The evidence of the last failing attempt.
    pub evidence: Option<Box<Evidence>>,
    /// The picture of the last failing attempt.
    pub screenshot: Option<Vec<u8>>,
}

/// One check, judged over all attempts.
#[derive(Debug)]
pub struct Seen {
    /// The check.
    pub check: CaseCheck,
    /// The verdict.
    pub status: Status,
    /// What decided it: the last broken finding, else the last.
    pub finding: Option<Finding>,
    /// Why there is none, or what else a reader should know.
    pub note: Option<String>,
}

/// The attempts at one case so far.
#[derive(Debug, Default)]
pub struct Attempts {
    findings: Vec<Vec<Finding>>,
    retries: usize,
    lost: Vec<String>,
    bug: Option<String>,
    last: Option<CaseOutcome>,
    label: String,
}

/// What is to be done about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Its verdict stands.
    Done,
    /// Once more, in a fresh session.
    Again,
}

/// How often a lost session is made good before the machine is given up.
const LOST: usize = 3;

impl Attempts {
    /// Takes one attempt in, and says what is to be done.
    pub fn take(&mut self, attempt: Attempt, profile: &Profile, register: &Register, retries: usize) -> Next {
        self.label = attempt.label;
        self.retries = retries;
        match attempt.result {
            AttemptResult::Evidence(evidence, screenshot) => {
                let begun = std::time::Instant::now();
                // A panic of a check is a bug of ours: it costs this case, not what was collected so far.
                let Ok(judged) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge(&attempt.case, &evidence, profile))) else {
                    self.bug = Some("a check panicked".into());
                    return Next::Done;
                };
                let judging_ms = begun.elapsed().as_secs_f64() * 1000.0;
                let failed =
                    judged.iter().any(|(check, finding)| finding.is_broken() && register.level_of(&check.requirements) > crate::contract::Level::Observe);
                let findings = judged.into_iter().map(|(_, finding)| finding).collect();
                let spent = evidence.spent;
                self.keep(CaseOutcome {
                    case: attempt.case,
                    seen: Vec::new(),
                    duration_ms: attempt.took.as_secs_f64() * 1000.0,
                    session_ms: attempt.session.as_secs_f64() * 1000.0,
                    spent,
                    judging_ms,
                    evidence: failed.then_some(evidence),
                    screenshot,
                });
                self.findings.push(findings);
                let any_failed = failed || self.findings.len() > 1;
                if any_failed && self.findings.len() <= retries { Next::Again } else { Next::Done }
            }
            AttemptResult::Bug(why) => {
                self.bug = Some(why);
                Next::Done
            }
            AttemptResult::Hung(why, evidence) => {
                let hung = Finding::Broken(Broken { message: format!("{why}: a script of it loops for ever"), expected: None, actual: None });
                self.findings.push(vec![hung; attempt.case.checks.len()]);
                self.keep(CaseOutcome { evidence: Some(evidence), ..CaseOutcome::untested(&attempt.case, "") });
                if self.findings.len() <= retries { Next::Again } else { Next::Done }
            }
            AttemptResult::Lost(why, evidence) => {
                self.keep(CaseOutcome { evidence: Some(evidence), ..CaseOutcome::untested(&attempt.case, "") });
                self.lose(why)
            }
            AttemptResult::NoSession(why) => self.lose(why),
        }
    }

    /// The last attempt's figures, with the evidence of the last that went wrong.
    fn keep(&mut self, outcome: CaseOutcome) {
        let before = self.last.take();
        let (evidence, screenshot) = if outcome.evidence.is_some() {
            (outcome.evidence, outcome.screenshot)
        } else {
            before.map_or((None, None), |before| (before.evidence, before.screenshot))
        };
        self.last = Some(CaseOutcome { evidence, screenshot, ..outcome });
    }

    fn lose(&mut self, why: String) -> Next {
        self.lost.push(why);
        if self.lost.len() < LOST { Next::Again } else { Next::Done }
    }

    /// Whether the harness itself failed.
    pub fn has_bug(&self) -> bool {
        self.bug.is_some()
    }

    /// A failure is believed only after it repeats; where the machine did not allow that, nothing is known.
    fn is_undecided(&self) -> bool {
        let any_broken = self.findings.iter().flatten().any(Finding::is_broken);
        self.bug.is_some() || (any_broken && !self.lost.is_empty() && self.findings.len() <= self.retries)
    }

    /// The first label of the last attempt's hosts.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The verdicts.
    pub fn conclude(mut self, case: &Arc<Case>, register: &Register) -> CaseOutcome {
        let last = self.last.take();
        let seen = case.checks.iter().enumerate().map(|(index, check)| {
            let findings: Vec<Finding> = if self.is_undecided() { Vec::new() } else { self.findings.iter().map(|attempt| attempt[index].clone()).collect() };
            let status = Status::of_attempts(&findings, register.level_of(&check.requirements));
            let broken = findings.iter().filter(|finding| finding.is_broken()).count();
            let note = match status {
                Status::Flaky => Some(format!("flaky: broken in {broken} of {} attempts", findings.len())),
                Status::Error => self.bug.as_ref().map(|bug| format!("the scenario or the harness is wrong: {bug}")).or_else(|| self.lost.last().cloned()),
                Status::Fail | Status::NotTestable | Status::Pass => None,
            };
            let finding = findings.iter().rfind(|finding| finding.is_broken()).or(findings.last()).cloned();
            Seen { check: check.clone(), status, finding, note }
        });
        let seen = seen.collect();
        match last {
            Some(last) => CaseOutcome { seen, ..last },
            None => CaseOutcome { seen, ..CaseOutcome::untested(case, "") },
        }
    }
}

impl CaseOutcome {
    /// A case that was not driven, for the reason given.
    #[must_use]
    pub fn untested(case: &Arc<Case>, why: &str) -> Self {
        let seen =
            case.checks.iter().map(|check| Seen { check: check.clone(), status: Status::NotTestable, finding: None, note: Some(why.to_owned()) }).collect();
        Self { case: Arc::clone(case), seen, duration_ms: 0.0, session_ms: 0.0, spent: Spent::default(), judging_ms: 0.0, evidence: None, screenshot: None }
    }

    /// This outcome, no verdict better than in `before`: what was once seen to break is not undone by a later attempt.
    #[must_use]
    pub fn no_better_than(mut self, before: Self) -> Self {
        for (seen, earlier) in self.seen.iter_mut().zip(before.seen) {
            if earlier.status < seen.status {
                *seen = earlier;
            }
        }
        self.evidence = self.evidence.or(before.evidence);
        self.screenshot = self.screenshot.or(before.screenshot);
        self
    }

    /// The worst verdict among its checks.
    #[must_use]
    pub fn worst(&self) -> Status {
        self.seen.iter().map(|seen| seen.status).min().unwrap_or(Status::Pass)
    }
}
