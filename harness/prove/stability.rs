//! Drives the same cases many times on crowded, kept sessions, in shuffled order: does a verdict
//! depend on anything but the SDK?

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::attempt::LOST;
use crate::evidence::{AttemptResult, Environment, Evidence};
use crate::judge::{Broken, Defect, Finding, judge};
use crate::plan::{Case, CaseCheck};
use crate::run::{Attempt, Job};
use crate::run::{Crew, Interrupt, SessionError, Sessions, Stage};
use crate::sdk::Installation;

/// How cases are repeated.
#[derive(Debug)]
pub struct Repeats {
    pub installation: Installation,
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    /// Sessions at a time: more than there are cores, so that everything is late sometimes.
    pub workers: usize,
    /// How often each case is driven.
    pub times: usize,
    /// Decides the order.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Repeated {
    /// Every check, in the order of the plan.
    pub checks: Vec<RepeatedCheck>,
    /// The browser; `None` where no session was ever had.
    pub environment: Option<Environment>,
    /// Attempts that could not be judged: the case, and why.
    pub lost: Vec<(String, String)>,
    /// Cases of which a request came after an attempt was judged, with the number of such attempts.
    pub late: BTreeMap<String, usize>,
    /// How many attempts were asked for: each case as often as that.
    pub asked: usize,
    /// How many of them were judged.
    pub judged: usize,
    /// Stopped before its end.
    pub interrupted: bool,
    /// The harness itself failed on a case.
    pub bug: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

/// One check and all that it found, over all attempts.
#[derive(Debug)]
pub struct RepeatedCheck {
    pub case: Arc<Case>,
    pub check: CaseCheck,
    /// Every different finding, the most frequent first.
    pub found: Vec<Found>,
}

/// One finding, and how often it was made.
#[derive(Debug)]
pub struct Found {
    /// The finding; of one that is broken, as it was worded first.
    pub finding: Finding,
    pub times: usize,
    /// What the first attempt that found it left behind.
    pub evidence: Arc<Evidence>,
}

impl RepeatedCheck {
    fn add(&mut self, finding: Finding, evidence: &Arc<Evidence>) {
        // Messages name moments, which always differ.
        let is_same = |found: &&mut Found| {
            found.finding == finding || (found.finding.is_broken() && finding.is_broken())
        };
        match self.found.iter_mut().find(is_same) {
            Some(found) => found.times += 1,
            None => self.found.push(Found {
                finding,
                times: 1,
                evidence: Arc::clone(evidence),
            }),
        }
    }
}

impl Repeats {
    /// Drives every case as often as asked. `finished` gets how many of how many
    /// attempts are done.
    ///
    /// # Errors
    /// If no browser session can be had.
    pub async fn run(
        &self,
        cases: Vec<Case>,
        interrupt: Interrupt,
        mut finished: impl FnMut(usize, usize),
    ) -> Result<Repeated, SessionError> {
        let begun = Instant::now();
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        let order = (0..self.times).flat_map(|_| cases.iter().cloned());
        let mut order: Vec<Arc<Case>> = order.collect();
        fastrand::Rng::with_seed(self.seed).shuffle(&mut order);
        let all = order.len();
        let workers = self.workers.min(all);
        let mut crew = Crew::start(&self.stage, &self.sessions, workers, &interrupt).await?;
        let job = |case, fresh| Job::first(case, self.installation.clone(), fresh);
        for case in order {
            crew.put(job(case, false));
        }
        let mut result = Repeated::of(&cases);
        result.asked = all;
        let mut labels = Vec::new();
        let mut ended = 0;
        while ended < all {
            let Some(attempt) = crew.next().await else {
                break;
            };
            result.environment = attempt.environment.clone().or(result.environment.take());
            labels.push((attempt.case.id.clone(), attempt.attempted.label.clone()));
            if let Some(lost) = result.take(attempt, &self.stage) {
                crew.put(job(lost, true));
            } else {
                ended += 1;
                finished(ended, all);
            }
        }
        crew.end().await;
        labels.retain(|(_, label)| self.stage.was_late(label));
        for (case, _) in labels {
            *result.late.entry(case).or_default() += 1;
        }
        for check in &mut result.checks {
            check.found.sort_by_key(|found| Reverse(found.times));
        }
        result.interrupted = *interrupt.borrow();
        result.duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
        Ok(result)
    }
}

impl Repeated {
    fn of(cases: &[Arc<Case>]) -> Self {
        let checks = cases.iter().flat_map(|case| {
            case.checks.iter().map(|check| RepeatedCheck {
                case: Arc::clone(case),
                check: check.clone(),
                found: Vec::new(),
            })
        });
        Self {
            checks: checks.collect(),
            ..Self::default()
        }
    }

    /// Whether there was time to judge a check, even if that came to nothing.
    pub fn had_its_turn(&self, check: &RepeatedCheck) -> bool {
        let mut lost = self.lost.iter();
        !self.interrupted || !check.found.is_empty() || lost.any(|(case, _)| *case == check.case.id)
    }

    /// Takes one attempt in; returns its case where it is to be driven once more.
    fn take(&mut self, attempt: Attempt, stage: &Stage) -> Option<Arc<Case>> {
        let case = attempt.case;
        match attempt.attempted.result {
            AttemptResult::Evidence(evidence, _) => match judge(&case, &evidence, &stage.profile) {
                Ok(judged) => {
                    let findings = judged.into_iter().map(|(_, finding)| finding).collect();
                    self.add(&case, findings, &Arc::from(evidence));
                }
                Err(bug) => self.add_bug(&case, bug.to_string()),
            },
            AttemptResult::Hung(why, evidence) => {
                let hung = Finding::Broken(Broken {
                    message: format!("{why}: a script of it loops for ever"),
                    expected: None,
                    actual: None,
                    defects: vec![Defect::Hung],
                });
                self.add(&case, vec![hung; case.checks.len()], &Arc::from(evidence));
            }
            AttemptResult::Bug(why) => self.add_bug(&case, why),
            AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) => {
                self.lost.push((case.id.clone(), why));
                let times = self.lost.iter().filter(|(id, _)| *id == case.id).count();
                return (times < LOST).then_some(case);
            }
        }
        None
    }

    fn add_bug(&mut self, case: &Case, why: String) {
        self.bug = true;
        self.lost.push((case.id.clone(), why));
    }

    fn add(&mut self, case: &Arc<Case>, findings: Vec<Finding>, evidence: &Arc<Evidence>) {
        self.judged += 1;
        let checks = self.checks.iter_mut();
        let own = checks.filter(|check| Arc::ptr_eq(&check.case, case));
        for (check, finding) in own.zip(findings) {
            check.add(finding, evidence);
        }
    }
}
