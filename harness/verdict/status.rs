use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::Level;
use crate::judge::Finding;

/// The verdict on one check.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The SDK breaks the promise. Its fault alone.
    Fail,
    /// It broke in one attempt and held in another.
    Flaky,
    /// It holds, though a list of known failures says that it fails.
    UnexpectedPass,
    /// The harness or the machine failed: says nothing for or against the SDK.
    Error,
    /// The check was tried and could not be made: the browser does not offer what it observes, or
    /// there was nothing to observe.
    NotTestable,
    /// The check was never tried: the run ended before, or a prerequisite does not hold.
    NotRun,
    /// The SDK breaks the promise, and a list of known failures says so.
    KnownFailure,
    /// The promise holds, or an observation was made.
    Pass,
    /// The profile says that the build does not claim it, or the engine never does what it needs.
    NotApplicable,
}

impl Status {
    /// Every status, the worst first.
    pub const ALL: [Self; 9] = [
        Self::Fail,
        Self::Flaky,
        Self::UnexpectedPass,
        Self::Error,
        Self::NotTestable,
        Self::NotRun,
        Self::KnownFailure,
        Self::Pass,
        Self::NotApplicable,
    ];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Flaky => "flaky",
            Self::UnexpectedPass => "unexpected_pass",
            Self::Error => "error",
            Self::NotTestable => "not_testable",
            Self::NotRun => "not_run",
            Self::KnownFailure => "known_failure",
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Whether the check was tried.
    pub fn was_tried(self) -> bool {
        match self {
            Self::Fail
            | Self::Flaky
            | Self::UnexpectedPass
            | Self::Error
            | Self::NotTestable
            | Self::KnownFailure
            | Self::Pass => true,
            Self::NotRun | Self::NotApplicable => false,
        }
    }

    /// What the SDK did, whatever was known before.
    pub fn as_found(self) -> Self {
        match self {
            Self::KnownFailure => Self::Fail,
            Self::UnexpectedPass => Self::Pass,
            Self::Fail
            | Self::Flaky
            | Self::Error
            | Self::NotTestable
            | Self::NotRun
            | Self::Pass
            | Self::NotApplicable => self,
        }
    }

    /// The verdict where `expected` was known before.
    pub fn against(self, expected: Expected) -> Self {
        match (expected, self) {
            (Expected::Breaks, Self::Fail) | (Expected::Either, Self::Fail | Self::Flaky) => {
                Self::KnownFailure
            }
            (Expected::Breaks, Self::Pass) => Self::UnexpectedPass,
            (Expected::Holds | Expected::Breaks | Expected::Either, found) => found,
        }
    }

    /// Whether the build did worse than in `other`, whatever was known of it before.
    pub fn is_worse_than(self, other: Self) -> bool {
        self.as_found() < other.as_found()
    }
}

/// What is expected of a check before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It holds: the rule.
    Holds,
    /// It is broken, in every attempt: a known failure.
    Breaks,
    /// Nothing: an observation, or a known failure that comes and goes.
    Either,
}

/// How often a check was judged, and how often it was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Attempts that could be judged.
    pub attempts: usize,
    /// Those of them in which it was broken.
    pub broken: usize,
}

impl Tally {
    /// Counts what one check found in each attempt that could be judged.
    pub fn of(findings: &[Finding]) -> Self {
        let count =
            |is: fn(&Finding) -> bool| findings.iter().filter(|finding| is(finding)).count();
        Self {
            attempts: count(Finding::is_testable),
            broken: count(Finding::is_broken),
        }
    }

    /// The verdict on a check of this level.
    pub fn status(self, level: Level) -> Status {
        match level {
            Level::Must | Level::Should | Level::Observe if self.attempts == 0 => Status::Error,
            Level::Must | Level::Should | Level::Observe if self.broken == 0 => Status::Pass,
            // An observation never fails a run; this one could not be made.
            Level::Observe => Status::NotTestable,
            Level::Must | Level::Should if self.broken == self.attempts => Status::Fail,
            Level::Must | Level::Should => Status::Flaky,
        }
    }

    /// The verdict in words, with the count where it says more than the word: `flaky (1 of 3)`,
    /// broken in one attempt of three.
    pub fn words(self, status: Status) -> String {
        match status {
            Status::Flaky => format!("{} ({} of {})", status.word(), self.broken, self.attempts),
            Status::Fail
            | Status::UnexpectedPass
            | Status::Error
            | Status::NotTestable
            | Status::NotRun
            | Status::KnownFailure
            | Status::Pass
            | Status::NotApplicable => status.word().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Defect;

    fn broken() -> Finding {
        Finding::broken("wrong", Defect::Late)
    }

    #[test]
    fn failure_that_does_not_repeat_is_flaky() {
        assert_eq!(
            Tally::of(&[broken(), Finding::Holds]).status(Level::Must),
            Status::Flaky
        );
        assert_eq!(
            Tally::of(&[broken(), broken()]).status(Level::Must),
            Status::Fail
        );
        assert_eq!(
            Tally::of(&[Finding::Holds]).status(Level::Must),
            Status::Pass
        );
    }

    #[test]
    fn flaky_verdict_counts_attempts() {
        let tally = Tally::of(&[Finding::Holds, broken(), Finding::Holds]);
        assert_eq!(tally.words(tally.status(Level::Must)), "flaky (1 of 3)");
        assert_eq!(tally.words(Status::Fail), "fail");
    }

    #[test]
    fn status_has_the_same_word_in_text_and_json() {
        for status in Status::ALL {
            assert_eq!(
                serde_json::to_value(status).expect("a status is JSON"),
                status.word()
            );
        }
    }

    #[test]
    fn broken_observation_is_not_testable() {
        assert_eq!(
            Tally::of(&[broken(), broken()]).status(Level::Observe),
            Status::NotTestable
        );
    }

    #[test]
    fn check_without_a_judged_attempt_is_an_error() {
        assert_eq!(Tally::of(&[]).status(Level::Must), Status::Error);
    }
}
