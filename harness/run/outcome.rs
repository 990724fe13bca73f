//! What became of a case over all its attempts.

use std::sync::Arc;

use super::worker::{Attempt, AttemptResult};
use crate::evidence::{CaseRecord, Ended, Spent};
use crate::judge::{Expected, Finding, Status, Tally, judge};
use crate::known::Knowledge;
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
    /// What the attempts left behind.
    pub record: CaseRecord,
    /// The picture of the attempt that the verdicts tell of.
    pub screenshot: Option<Vec<u8>>,
}

/// One check, judged over all attempts.
#[derive(Debug)]
pub struct Seen {
    /// The check.
    pub check: CaseCheck,
    /// The verdict.
    pub status: Status,
    /// In how many attempts it was broken.
    pub tally: Tally,
    /// `file:line` of the known failure that it is expected to be.
    pub known: Option<String>,
    /// What decided it: the last broken finding, else the last.
    pub finding: Option<Finding>,
    /// Why there is none, or what else a reader should know.
    pub note: Option<String>,
}

/// The attempts at one case so far.
#[derive(Debug, Default)]
pub struct Attempts {
    findings: Vec<Vec<Finding>>,
    wanted: usize,
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

/// How much is spent on believing what was not expected.
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    /// How often it is tried again.
    pub most: usize,
    /// So much has failed already that a failure which repeats alike is not tried a third time.
    pub hurried: bool,
}

/// How often a lost session is made good before the machine is given up.
const LOST: usize = 3;

impl Attempts {
    /// Takes one attempt in, and says what is to be done.
    pub fn take(&mut self, attempt: Attempt, profile: &Profile, knowledge: &Knowledge<'_>, retries: Retries) -> Next {
        self.label = attempt.label;
        let expected: Vec<Expected> = attempt.case.checks.iter().map(|check| knowledge.expected(&attempt.case, check).0).collect();
        match attempt.result {
            AttemptResult::Evidence(evidence, screenshot) => {
                let begun = std::time::Instant::now();
                // A panic of a check is a bug of ours: it costs this case, not what was collected so far.
                let Ok(judged) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge(&attempt.case, &evidence, profile))) else {
                    self.bug = Some("a check panicked".into());
                    return Next::Done;
                };
                let judging_ms = begun.elapsed().as_secs_f64() * 1000.0;
                let failed = judged
                    .iter()
                    .any(|(check, finding)| finding.is_broken() && knowledge.register.level_of(&check.requirements) > crate::contract::Level::Observe);
                let findings = judged.into_iter().map(|(_, finding)| finding).collect();
                let spent = evidence.spent;
                self.keep(CaseOutcome {
                    case: attempt.case,
                    seen: Vec::new(),
                    duration_ms: attempt.took.as_secs_f64() * 1000.0,
                    session_ms: attempt.session.as_secs_f64() * 1000.0,
                    spent,
                    judging_ms,
                    record: CaseRecord::of(Ended::Whole, *evidence, failed),
                    screenshot,
                });
                self.judged(findings, &expected, retries)
            }
            AttemptResult::Bug(why) => {
                self.bug = Some(why);
                Next::Done
            }
            AttemptResult::Hung(why, evidence) => {
                let hung = Finding::NothingToJudge(format!("{why}: a script of it loops for ever"));
                let record = CaseRecord::of(Ended::Hung(why), *evidence, true);
                self.keep(CaseOutcome { record, ..CaseOutcome::untested(&attempt.case, "") });
                self.judged(vec![hung; attempt.case.checks.len()], &expected, retries)
            }
            AttemptResult::Lost(why, evidence) => {
                let record = CaseRecord::of(Ended::Lost(why.clone()), *evidence, true);
                self.keep(CaseOutcome { record, ..CaseOutcome::untested(&attempt.case, "") });
                self.lose(why)
            }
            AttemptResult::NoSession(why) => self.lose(why),
        }
    }

    fn judged(&mut self, findings: Vec<Finding>, expected: &[Expected], retries: Retries) -> Next {
        self.findings.push(findings);
        self.wanted = wanted(&self.findings, expected, retries);
        if self.findings.len() < self.wanted { Next::Again } else { Next::Done }
    }

    /// The last attempt's figures, with what all left behind.
    fn keep(&mut self, mut outcome: CaseOutcome) {
        if let Some(before) = self.last.take() {
            if outcome.record.told.is_none() {
                outcome.screenshot = before.screenshot;
            }
            outcome.record = outcome.record.after(before.record);
        }
        self.last = Some(outcome);
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
        self.bug.is_some() || (any_broken && !self.lost.is_empty() && self.findings.len() < self.wanted)
    }

    /// The first label of the last attempt's hosts.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The verdicts.
    pub fn conclude(mut self, case: &Arc<Case>, knowledge: &Knowledge<'_>) -> CaseOutcome {
        let last = self.last.take();
        let seen = case.checks.iter().enumerate().map(|(index, check)| {
            let findings: Vec<Finding> = if self.is_undecided() { Vec::new() } else { self.findings.iter().map(|attempt| attempt[index].clone()).collect() };
            let tally = Tally::of(&findings);
            let (expected, known) = knowledge.expected(case, check);
            let status = tally.status(knowledge.register.level_of(&check.requirements)).against(expected);
            let note = match status {
                Status::UnexpectedPass => known.as_ref().map(|at| format!("it holds, though {at} says that it fails")),
                Status::Flaky => known.as_ref().map(|at| format!("{at} says that it always fails; `flaky = true` there would say that it comes and goes")),
                Status::Error => self.bug.as_ref().map(|bug| format!("the scenario or the harness is wrong: {bug}")).or_else(|| self.lost.last().cloned()),
                Status::Fail | Status::NotTestable | Status::KnownFailure | Status::Pass | Status::NotApplicable => None,
            };
            let finding = findings.iter().rfind(|finding| finding.is_broken()).or(findings.last()).cloned();
            Seen { check: check.clone(), status, tally, known, finding, note }
        });
        let seen = seen.collect();
        match last {
            Some(last) => CaseOutcome { seen, ..last },
            None => CaseOutcome { seen, ..CaseOutcome::untested(case, "") },
        }
    }
}

/// How many attempts a case wants, by what they found so far.
///
/// What is not expected is tried again as often as was asked for; a known failure once, to see that it still repeats.
fn wanted(findings: &[Vec<Finding>], expected: &[Expected], retries: Retries) -> usize {
    let any = |wanted: Expected, broken: bool| {
        findings.iter().any(|attempt| attempt.iter().zip(expected).any(|(finding, expected)| *expected == wanted && finding.is_broken() == broken))
    };
    let broken = |attempt: &Vec<Finding>| attempt.iter().map(Finding::is_broken).collect::<Vec<_>>();
    let repeats = findings.len() > 1 && findings.windows(2).all(|two| broken(&two[0]) == broken(&two[1]));
    match (any(Expected::Holds, true) || any(Expected::Breaks, false), any(Expected::Breaks, true)) {
        (true, _) if retries.hurried && repeats => findings.len(),
        (true, _) => 1 + retries.most,
        (false, true) => 1 + retries.most.min(1),
        (false, false) => 1,
    }
}

impl Seen {
    /// A check that was not made, for the reason given.
    fn unmade(check: &CaseCheck, status: Status, why: &str) -> Self {
        Self { check: check.clone(), status, tally: Tally::default(), known: None, finding: None, note: Some(why.to_owned()) }
    }
}

impl CaseOutcome {
    /// A case that was not driven, for the reason given.
    #[must_use]
    pub fn untested(case: &Arc<Case>, why: &str) -> Self {
        let seen = case.checks.iter().map(|check| Seen::unmade(check, Status::NotTestable, why)).collect();
        Self {
            case: Arc::clone(case),
            seen,
            duration_ms: 0.0,
            session_ms: 0.0,
            spent: Spent::default(),
            judging_ms: 0.0,
            record: CaseRecord::default(),
            screenshot: None,
        }
    }

    /// This outcome, with the checks that the build does not claim, and so were not made.
    #[must_use]
    pub fn with_what_is_not_claimed(mut self) -> Self {
        let of_case = Arc::clone(&self.case);
        self.seen.extend(of_case.not_applicable.iter().map(|(check, reason)| Seen::unmade(check, Status::NotApplicable, reason)));
        self
    }

    /// This outcome, no verdict better than in `before`: what was once seen to break is not undone by a later attempt.
    #[must_use]
    pub fn no_better_than(mut self, before: Self) -> Self {
        for (seen, earlier) in self.seen.iter_mut().zip(before.seen) {
            if earlier.status.as_found() < seen.status.as_found() {
                *seen = earlier;
            }
        }
        self.record = self.record.after(before.record);
        self.screenshot = self.screenshot.or(before.screenshot);
        self
    }

    /// The worst verdict among its checks.
    #[must_use]
    pub fn worst(&self) -> Status {
        self.seen.iter().map(|seen| seen.status).min().unwrap_or(Status::Pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(all: &[bool]) -> Vec<Vec<Finding>> {
        let broken = || Finding::NothingToJudge(String::new());
        all.iter().map(|is_broken| vec![if *is_broken { broken() } else { Finding::Holds }]).collect()
    }

    fn wants(all: &[bool], expected: Expected) -> usize {
        wanted(&attempts(all), &[expected], Retries { most: 2, hurried: false })
    }

    #[test]
    fn what_is_expected_to_hold_and_does_is_tried_once() {
        assert_eq!(wants(&[false], Expected::Holds), 1);
    }

    #[test]
    fn what_is_not_expected_is_tried_as_often_as_was_asked_for_whatever_follows() {
        assert_eq!(wants(&[true], Expected::Holds), 3);
        assert_eq!(wants(&[true, false], Expected::Holds), 3);
        assert_eq!(wants(&[false], Expected::Breaks), 3);
    }

    #[test]
    fn a_known_failure_is_tried_once_more_and_a_flaky_one_is_not() {
        assert_eq!(wants(&[true], Expected::Breaks), 2);
        assert_eq!(wants(&[true], Expected::Either), 1);
    }

    #[test]
    fn in_a_hurry_a_failure_that_repeats_alike_is_believed_and_one_that_does_not_is_measured() {
        let hurried = Retries { most: 2, hurried: true };
        assert_eq!(wanted(&attempts(&[true]), &[Expected::Holds], hurried), 3);
        assert_eq!(wanted(&attempts(&[true, true]), &[Expected::Holds], hurried), 2);
        assert_eq!(wanted(&attempts(&[true, false]), &[Expected::Holds], hurried), 3);
    }
}
