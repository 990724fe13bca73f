//! What one drive of a journey shows.

use toml::value::Date;

use crate::contract::{CheckId, Register};
use crate::run::Attempt;
use crate::sdk::{Installation, Profile};
use crate::verdict::known::{Knowledge, KnownFailures, Target};
use crate::verdict::{
    Attempts, Bearing, Belief, CaseOutcome, Cause, Next, Retries, Status, diagnose,
};

/// Judges drives as a run does that knows these failures.
#[derive(Debug)]
pub struct Judge<'a> {
    register: &'a Register,
    profile: &'a Profile,
    installation: &'a Installation,
    known: &'a KnownFailures,
    belief: Belief,
}

/// What one drive shows.
#[derive(Debug)]
pub enum Shown {
    /// A verdict.
    Outcome(Box<CaseOutcome>),
    /// Nothing: the machine failed, for this reason.
    Lost(String),
}

impl<'a> Judge<'a> {
    /// One that judges `installation`.
    pub fn new(
        register: &'a Register,
        profile: &'a Profile,
        installation: &'a Installation,
        known: &'a KnownFailures,
    ) -> Self {
        Self {
            register,
            profile,
            installation,
            known,
            belief: Belief::default(),
        }
    }

    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            known: self.known,
            register: self.register,
            target: Target {
                browser: None,
                sdk: &self.installation.build.source,
                sha256: &self.installation.build.sha256,
                today: Date {
                    year: 0,
                    month: 1,
                    day: 1,
                },
            },
        }
    }

    /// Takes one attempt in; `retries` is how often what it shows is to be seen again. `None`:
    /// there is more to drive.
    pub fn take(&self, attempts: &mut Attempts, attempt: Attempt, retries: usize) -> Option<Shown> {
        let Attempt {
            case, attempted, ..
        } = attempt;
        let retries = Retries {
            most: retries,
            belief: &self.belief,
        };
        let knowledge = self.knowledge();
        match attempts.take(&case, attempted, self.profile, &knowledge, retries) {
            Next::Again(_) | Next::WithFullDeadlines | Next::Alone => return None,
            Next::Done => {}
        }
        let attempts = std::mem::take(attempts);
        if let Some(why) = attempts.bug() {
            return Some(Shown::Lost(why.to_owned()));
        }
        let outcome = attempts.conclude(&case, &knowledge);
        Some(match outcome.bearing(self.register) {
            Bearing::SdkFault | Bearing::Holds | Bearing::Excused => {
                Shown::Outcome(Box::new(outcome))
            }
            Bearing::MachineFault | Bearing::Undecided => {
                let worst = outcome.worst_fault(self.register);
                let why = worst.and_then(|seen| seen.note.clone());
                Shown::Lost(why.unwrap_or_else(|| "it could not be decided".to_owned()))
            }
        })
    }

    /// Whether it speaks against the build.
    pub fn fails(&self, outcome: &CaseOutcome) -> bool {
        outcome.bearing(self.register) == Bearing::SdkFault
    }

    /// The causes of what fails in one outcome.
    pub fn causes(&self, outcome: CaseOutcome) -> (CaseOutcome, Vec<Cause>) {
        let mut outcomes = vec![outcome];
        let mut causes = diagnose(&outcomes, self.profile, self.register).causes;
        causes.retain(|cause| !cause.breaks.is_empty() && speaks_against(cause.status));
        let outcome = outcomes.remove(0);
        (outcome, causes)
    }

    /// The one cause, if there is one, that explains the checks `of_first` of the first outcome and
    /// something in the second.
    pub fn common_cause(
        &self,
        first: CaseOutcome,
        of_first: &[CheckId],
        second: CaseOutcome,
    ) -> (CaseOutcome, CaseOutcome, Option<Cause>) {
        let other = second.case.id.clone();
        let mut outcomes = vec![first, second];
        let causes = diagnose(&outcomes, self.profile, self.register).causes;
        let explains = |cause: &Cause| {
            let is_first = cause.checks.iter().any(|check| of_first.contains(check));
            is_first && cause.cases.contains(&other)
        };
        let common = causes.into_iter().find(explains);
        let second = outcomes.remove(1);
        (outcomes.remove(0), second, common)
    }
}

fn speaks_against(status: Status) -> bool {
    match status {
        Status::Fail | Status::Flaky | Status::UnexpectedPass => true,
        Status::Error
        | Status::NotTestable
        | Status::NotRun
        | Status::KnownFailure
        | Status::Pass
        | Status::NotApplicable => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::evidence::AttemptResult;
    use crate::input::{Files, Source};
    use crate::plan::Patterns;
    use crate::run::Job;
    use crate::scenario::Suite;

    /// Whether a case of the scenario whose page hangs speaks against the build, where this is
    /// known.
    fn fails(scenario: &str, known: &KnownFailures) -> bool {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let profile = Profile::load("reference", &files).unwrap();
        let installation = Installation::reference(&files).unwrap();
        let case = suite.selected(&mut Patterns::new(&[scenario.to_owned()]));
        let case = Arc::new(case.into_iter().next().unwrap());
        let judge = Judge::new(&suite.register, &profile, &installation, known);
        let job = Job::first(Arc::clone(&case), installation.clone(), false);
        let mut attempt = Attempt::not_made(&job, &case);
        attempt.attempted.result = AttemptResult::Hung("it hangs".into(), Box::default());
        match judge.take(&mut Attempts::default(), attempt, 0) {
            Some(Shown::Outcome(outcome)) => judge.fails(&outcome),
            other => panic!("no outcome: {other:?}"),
        }
    }

    #[test]
    fn what_is_known_to_fail_is_no_find() {
        const SCENARIO: &str = "dedup/twice-in-a-row";
        assert!(fails(SCENARIO, &KnownFailures::none("")));
        let known = KnownFailures::new(Source {
            name: "known.toml".into(),
            text: format!("[[known_failure]]\ncheck = \"{SCENARIO}\"\nreason = \"No.\"\n"),
        });
        assert!(!fails(SCENARIO, &known.unwrap()));
    }
}
