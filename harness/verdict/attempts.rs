//! The attempts at one case: what each shows, whether another is wanted, and what they come to. The
//! same for a run and for its records.

use std::sync::Arc;
use std::time::Duration;

use super::known::Knowledge;
use super::outcome::{CaseOutcome, Seen};
use super::{Expected, Status, Tally};
use crate::contract::Level;
use crate::evidence::{AttemptRecord, AttemptResult, CaseRecord, Ended};
use crate::judge::{Finding, judge};
use crate::plan::{Case, CaseCheck};
use crate::sdk::Profile;

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

/// One attempt at a case, as it ended.
#[derive(Debug)]
pub struct Attempted {
    /// What came of it.
    pub result: AttemptResult,
    /// How long driving took; the settle time, spent on other cases, does not count.
    pub took: Duration,
    /// The first label of its hosts; empty where it never began.
    pub label: String,
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
    pub fn take(
        &mut self,
        case: &Arc<Case>,
        attempt: Attempted,
        profile: &Profile,
        knowledge: &Knowledge<'_>,
        retries: Retries,
    ) -> Next {
        let Attempted {
            result,
            took,
            label,
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
        let is_reported = self.look_at(case, &record, profile, knowledge) && was_begun;
        self.keep(CaseOutcome {
            duration_ms: took.as_secs_f64() * 1000.0,
            record: CaseRecord::of(record.ended.clone(), record.evidence, is_reported),
            screenshot,
            ..CaseOutcome::untested(case, "")
        });
        match record.ended {
            Ended::Lost(_) if self.lost.len() < LOST => Next::Again,
            Ended::Lost(_) => Next::Done,
            Ended::Whole | Ended::Hung(_) if self.has_bug() => Next::Done,
            Ended::Whole | Ended::Hung(_) => {
                let checks = case.checks.iter();
                let expected = checks.map(|check| knowledge.expected(case, check).0);
                let expected: Vec<Expected> = expected.collect();
                self.wanted = wanted(&self.findings, &expected, retries);
                if self.findings.len() < self.wanted {
                    Next::Again
                } else {
                    Next::Done
                }
            }
        }
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

    /// Whether the harness itself failed.
    pub fn has_bug(&self) -> bool {
        self.bug.is_some()
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
            | Status::KnownFailure
            | Status::Pass
            | Status::NotApplicable => None,
        }
    }
}

/// How many attempts a case wants, by what they found so far.
///
/// What is not expected is tried again as often as was asked for; a known failure once, to see that
/// it still repeats.
fn wanted(findings: &[Vec<Finding>], expected: &[Expected], retries: Retries) -> usize {
    let any = |wanted: Expected, broken: bool| {
        let each = findings
            .iter()
            .flat_map(|attempt| attempt.iter().zip(expected));
        each.filter(|(finding, _)| finding.is_testable())
            .any(|(finding, expected)| *expected == wanted && finding.is_broken() == broken)
    };
    let is_alike = |two: &[Vec<Finding>]| {
        let [before, after] =
            [&two[0], &two[1]].map(|attempt| attempt.iter().map(Finding::is_broken));
        before.eq(after)
    };
    let repeats = findings.len() > 1 && findings.windows(2).all(is_alike);
    match (
        any(Expected::Holds, true) || any(Expected::Breaks, false),
        any(Expected::Breaks, true),
    ) {
        (true, _) if retries.hurried && repeats => findings.len(),
        (true, _) => 1 + retries.most,
        (false, true) => 1 + retries.most.min(1),
        (false, false) => 1,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use toml::value::Date;

    use super::*;
    use crate::contract::BrowserFeature;
    use crate::evidence::Evidence;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::verdict::known::{KnownFailures, Target};
    use crate::verdict::missing_prerequisite;

    fn attempts(all: &[bool]) -> Vec<Vec<Finding>> {
        let broken = || Finding::NothingToJudge(String::new());
        all.iter()
            .map(|is_broken| vec![if *is_broken { broken() } else { Finding::Holds }])
            .collect()
    }

    fn wants(all: &[bool], expected: Expected) -> usize {
        wanted(
            &attempts(all),
            &[expected],
            Retries {
                most: 2,
                hurried: false,
            },
        )
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
        let hurried = Retries {
            most: 2,
            hurried: true,
        };
        assert_eq!(wanted(&attempts(&[true]), &[Expected::Holds], hurried), 3);
        assert_eq!(
            wanted(&attempts(&[true, true]), &[Expected::Holds], hurried),
            2
        );
        assert_eq!(
            wanted(&attempts(&[true, false]), &[Expected::Holds], hurried),
            3
        );
    }

    /// What becomes of the case that `pattern` selects, of which these attempts are recorded.
    fn outcome(pattern: &str, ended: &[Ended], evidence: &Evidence) -> CaseOutcome {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let profile = Profile::load("reference", &files).unwrap();
        let case = Arc::new(
            suite
                .selected(&mut Patterns::new(&[pattern.to_owned()]))
                .remove(0),
        );
        let known = KnownFailures::none("");
        let target = Target {
            browser: None,
            sdk: "reference",
            sha256: "",
            today: Date {
                year: 2026,
                month: 1,
                day: 1,
            },
        };
        let knowledge = Knowledge {
            known: &known,
            register: &suite.register,
            target,
        };
        let attempts = ended
            .iter()
            .map(|ended| AttemptRecord {
                ended: ended.clone(),
                evidence: evidence.clone(),
            })
            .collect();
        Attempts::recorded(
            &case,
            CaseRecord {
                attempts,
                reported: None,
            },
            &profile,
            &knowledge,
        )
        .conclude(&case, &knowledge)
    }

    fn statuses(outcome: &CaseOutcome) -> Vec<Status> {
        outcome.seen.iter().map(|seen| seen.status).collect()
    }

    /// As `outcome`, of a check that needs an event; none was recorded, so that it breaks.
    fn again(ended: &[Ended]) -> (Vec<Status>, Option<usize>) {
        let outcome = outcome("cart/item-added#delivered", ended, &Evidence::default());
        (statuses(&outcome), outcome.record.reported)
    }

    #[test]
    fn check_without_its_browser_feature_is_not_testable() {
        let pattern = "install/becomes-ready#no-uncaught-error";
        let mut evidence = Evidence::default();
        let whole = outcome(pattern, &[Ended::Whole], &evidence);
        assert_eq!(statuses(&whole), [Status::Pass]);
        evidence
            .missing_features
            .insert(BrowserFeature::UncaughtErrors, "no console".to_owned());
        let without = outcome(pattern, &[Ended::Whole], &evidence);
        assert_eq!(statuses(&without), [Status::NotTestable]);
        let register = Suite::load(&Files::default()).unwrap().register;
        assert_eq!(
            missing_prerequisite([&without], &register),
            None,
            "nothing speaks against the build"
        );
    }

    #[test]
    fn recorded_attempts_come_to_what_they_came_to_in_the_run() {
        let lost = || Ended::Lost("the browser has gone".into());
        let hung = || Ended::Hung("the page answers no more".into());
        assert_eq!(again(&[Ended::Whole]), (vec![Status::Fail], Some(0)));
        assert_eq!(
            again(&[lost(), Ended::Whole]),
            (vec![Status::Fail], Some(1)),
            "a lost attempt was made good"
        );
        assert_eq!(
            again(&[Ended::Whole, lost()]),
            (vec![Status::Error], Some(1)),
            "whether it repeats could not be seen"
        );
        assert_eq!(
            again(&[lost(), lost(), lost()]),
            (vec![Status::Error], Some(2))
        );
        assert_eq!(again(&[hung()]), (vec![Status::Fail], Some(0)));
    }
}
