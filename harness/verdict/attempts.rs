//! The attempts at one case: what each shows, whether another is wanted, and what they come to. The
//! same for a run and for its records.

use std::sync::Arc;

use super::alike::Failure;
use super::attempted::{Attempted, Next, Retries};
use super::belief::{BELIEVED_AFTER, Belief};
use super::beside::{Doubt, Failed, expected, unexpected};
use super::known::Knowledge;
use super::outcome::{CaseOutcome, Seen};
use super::wanted::wanted;
use super::{Expected, Status, Tally};
use crate::contract::{CheckId, Level};
use crate::evidence::{AttemptRecord, AttemptResult, CaseRecord, Ended};
use crate::judge::{Finding, judge};
use crate::plan::{Case, CaseCheck};
use crate::sdk::Profile;

mod aside;

/// The attempts at one case so far.
#[derive(Debug, Default)]
pub struct Attempts {
    findings: Vec<Vec<Finding>>,
    wanted: usize,
    lost: Vec<String>,
    bug: Option<String>,
    last: Option<CaseOutcome>,
    label: String,
    /// Failed, and not counted yet.
    aside: Option<Failed>,
}

/// How often a lost session is made good before the machine is given up.
const LOST: usize = 3;

impl Attempts {
    /// Takes one attempt in, and says what is to be done.
    pub fn take(
        &mut self,
        case: &Arc<Case>,
        attempt: Attempted,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
        retries: Retries<'_>,
    ) -> Next {
        let Attempted {
            result,
            took,
            label,
            gave_up_early,
        } = attempt;
        self.label = label;
        let (ended, evidence, screenshot) = match result {
            AttemptResult::Evidence(evidence, screenshot) => {
                (Ended::Whole, Some(evidence), screenshot)
            }
            AttemptResult::Hung(why, evidence) => (Ended::Hung(why), Some(evidence), None),
            AttemptResult::Lost(why, evidence) => (Ended::Lost(why), Some(evidence), None),
            AttemptResult::NoSession(why) => (Ended::Lost(why), None, None),
            AttemptResult::Bug(why) => {
                self.bug = Some(why);
                return Next::Done;
            }
        };
        let was_begun = evidence.is_some();
        let evidence = evidence.map(|evidence| *evidence).unwrap_or_default();
        let record = AttemptRecord { ended, evidence };
        let before = self.findings.len();
        let is_reported = self.look_at(case, &record, profile, knowledge) && was_begun;
        let is_judged = self.findings.len() > before;
        if gave_up_early && is_judged && self.shows_something_new(case, knowledge, retries.belief) {
            self.take_back(case, record, took, knowledge);
            return Next::WithFullDeadlines;
        }
        self.count_beside(case, knowledge);
        self.keep(CaseOutcome {
            duration_ms: took.as_secs_f64() * 1000.0,
            record: CaseRecord::of(record.ended.clone(), record.evidence, is_reported),
            screenshot,
            ..CaseOutcome::untested(case, "")
        });
        match record.ended {
            Ended::Lost(_) if self.lost.len() < LOST => Next::Again(1),
            Ended::Lost(_) => Next::Done,
            Ended::Whole | Ended::Hung(_) => self.next(case, knowledge, retries),
        }
    }

    /// What is to be done, by what the attempts so far show and what is believed by now.
    pub fn next(
        &mut self,
        case: &Arc<Case>,
        knowledge: &Knowledge<'_>,
        retries: Retries<'_>,
    ) -> Next {
        if self.bug.is_some() {
            return Next::Done;
        }
        if let Some(aside) = self.aside.take() {
            if retries.belief.cases_alike(&aside.failures) < BELIEVED_AFTER {
                let doubt = aside.doubt;
                self.aside = Some(aside);
                return match doubt {
                    Doubt::Neighbours => Next::Alone,
                    Doubt::ShortDeadline => Next::WithFullDeadlines,
                };
            }
            self.count(case, aside);
        }
        let expected: Vec<Expected> = expected(case, knowledge);
        let all = 1 + retries.most;
        let failures = self.failures(case, knowledge);
        let alike = retries.belief.attempts_wanted(&failures, all);
        self.wanted = wanted(&self.findings, &expected, all, alike);
        match self.wanted.saturating_sub(self.findings.len()) {
            0 => Next::Done,
            more => Next::Again(more),
        }
    }

    /// What the last attempt found broken that was expected to hold.
    pub fn failures(&self, case: &Case, knowledge: &Knowledge<'_>) -> Vec<Failure> {
        if let Some(aside) = &self.aside {
            return aside.failures.clone();
        }
        let last = self.findings.last();
        last.map_or_else(Vec::new, |last| unexpected(case, last, knowledge))
    }

    /// The checks that did not hold in the last attempt, whatever was expected of them.
    pub fn broken<'c>(&self, case: &'c Case) -> Vec<&'c CheckId> {
        let last = self.findings.last().into_iter().flatten();
        let all = case.checks.iter().zip(last);
        let broken = all.filter(|(check, finding)| Failure::of(check, finding).is_some());
        broken.map(|(check, _)| &check.id).collect()
    }

    /// Whether the last attempt shows a failure that is not believed yet.
    fn shows_something_new(&self, case: &Case, knowledge: &Knowledge<'_>, belief: &Belief) -> bool {
        let failures = self.failures(case, knowledge);
        !failures.is_empty() && belief.cases_alike(&failures) < BELIEVED_AFTER
    }

    /// The attempts that an earlier run recorded, judged by the checks of today.
    ///
    /// That run went on until it believed what it saw, or until the machine let it try no more:
    /// then its last attempt was lost.
    pub fn recorded(
        case: &Arc<Case>,
        record: CaseRecord,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
    ) -> Self {
        let mut attempts = Self::default();
        let went_wrong: Vec<bool> = record
            .attempts
            .iter()
            .map(|attempt| attempts.look_at(case, attempt, profile, knowledge))
            .collect();
        let last = record.attempts.last();
        let was_given_up = last.is_some_and(|attempt| matches!(attempt.ended, Ended::Lost(_)));
        attempts.wanted = attempts.findings.len() + usize::from(was_given_up);
        let record = CaseRecord {
            reported: went_wrong.iter().rposition(|wrong| *wrong),
            ..record
        };
        attempts.last = Some(CaseOutcome {
            record,
            ..CaseOutcome::untested(case, "")
        });
        attempts
    }

    /// Judges one attempt; returns whether it failed.
    fn look_at(
        &mut self,
        case: &Case,
        attempt: &AttemptRecord,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
    ) -> bool {
        match &attempt.ended {
            Ended::Whole => {
                // A bug of ours costs this case, not what was collected so far.
                let judged = match judge(case, &attempt.evidence, profile) {
                    Ok(judged) => judged,
                    Err(bug) => {
                        self.bug = Some(bug.to_string());
                        return true;
                    }
                };
                let matters = |check: &CaseCheck| {
                    knowledge.register.level_of(&check.requirements) > Level::Observe
                };
                let mut all = judged.iter();
                let went_wrong = all.any(|(check, finding)| finding.is_broken() && matters(check));
                let findings = judged.into_iter().map(|(_, finding)| finding);
                self.findings.push(findings.collect());
                went_wrong
            }
            Ended::Hung(why) => {
                let hung = Finding::NothingToJudge(format!("{why}: a script of it loops for ever"));
                self.findings.push(vec![hung; case.checks.len()]);
                true
            }
            Ended::Lost(why) => {
                self.lost.push(why.clone());
                true
            }
        }
    }

    /// The last attempt's figures, with what all left behind.
    fn keep(&mut self, mut outcome: CaseOutcome) {
        if let Some(before) = self.last.take() {
            if outcome.record.reported.is_none() {
                outcome.screenshot = before.screenshot;
            }
            outcome.record = outcome.record.after(before.record);
        }
        self.last = Some(outcome);
    }

    /// How the harness itself failed; `None`: it did not.
    pub fn bug(&self) -> Option<&str> {
        self.bug.as_deref()
    }

    /// A failure is believed only after it repeats; where the machine did not allow that, nothing
    /// is known.
    fn is_undecided(&self) -> bool {
        let any_broken = self.findings.iter().flatten().any(Finding::is_broken);
        self.bug.is_some()
            || (any_broken && !self.lost.is_empty() && self.findings.len() < self.wanted)
    }

    /// The first label of the last attempt's hosts.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The verdicts.
    pub fn conclude(mut self, case: &Arc<Case>, knowledge: &Knowledge<'_>) -> CaseOutcome {
        let last = self.last.take();
        if self.is_undecided() {
            self.findings.clear();
        }
        let seen = case.checks.iter().enumerate().map(|(index, check)| {
            let findings = self.findings.iter().map(|attempt| attempt[index].clone());
            let findings: Vec<Finding> = findings.collect();
            let tally = Tally::of(&findings);
            let (expected, known) = knowledge.expected(case, check);
            let cannot_be_made = !findings.is_empty() && tally.attempts == 0;
            let status = if cannot_be_made {
                Status::NotTestable
            } else {
                let level = knowledge.register.level_of(&check.requirements);
                tally.status(level).against(expected)
            };
            let broken = findings.iter().rfind(|finding| finding.is_broken());
            Seen {
                check: check.clone(),
                status,
                tally,
                finding: broken.or(findings.last()).cloned(),
                note: self.note(status, known.as_deref()),
                known,
            }
        });
        let seen = seen.collect();
        let outcome = last.unwrap_or_else(|| CaseOutcome::untested(case, ""));
        CaseOutcome { seen, ..outcome }
    }

    /// What a reader of a verdict should know besides, where `known` is the entry for its check.
    fn note(&self, status: Status, known: Option<&str>) -> Option<String> {
        match status {
            Status::UnexpectedPass => {
                known.map(|at| format!("it holds, though {at} says that it fails"))
            }
            Status::Flaky => known.map(|at| {
                format!(
                    "{at} says that it always fails; `flaky = true` there would say that it comes \
                     and goes"
                )
            }),
            Status::Error => {
                let bug = self.bug.as_ref();
                bug.map(|bug| format!("the scenario or the harness is wrong: {bug}"))
                    .or_else(|| self.lost.last().cloned())
            }
            Status::Fail
            | Status::NotTestable
            | Status::NotRun
            | Status::KnownFailure
            | Status::Pass
            | Status::NotApplicable => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
pub(super) mod tests;
