use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Finding;
use crate::contract::Level;

/// The verdict on one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The SDK breaks the promise. Its fault alone.
    Fail,
    /// It broke in one attempt and held in another.
    Flaky,
    /// The harness or the machine failed: says nothing for or against the SDK.
    Error,
    /// A prerequisite does not hold, so the check could not be made.
    NotTestable,
    /// The promise holds, or an observation was made.
    Pass,
}

impl Status {
    /// Every status, the worst first.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Flaky, Self::Error, Self::NotTestable, Self::Pass];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Flaky => "flaky",
            Self::Error => "error",
            Self::NotTestable => "not_testable",
            Self::Pass => "pass",
        }
    }

    /// The verdict on what one check found in each attempt that could be judged.
    #[must_use]
    pub fn of_attempts(findings: &[Finding], level: Level) -> Self {
        let broken = findings.iter().filter(|finding| finding.is_broken()).count();
        match (broken, level) {
            (0, _) if findings.is_empty() => Self::Error,
            (0, _) => Self::Pass,
            // An observation never fails a run; this one could not be made.
            (_, Level::Observe) => Self::NotTestable,
            (broken, _) if broken == findings.len() => Self::Fail,
            _ => Self::Flaky,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken() -> Finding {
        Finding::broken("wrong")
    }

    #[test]
    fn a_failure_that_does_not_repeat_is_flaky_and_never_green() {
        assert_eq!(Status::of_attempts(&[broken(), Finding::Holds], Level::Must), Status::Flaky);
        assert_eq!(Status::of_attempts(&[broken(), broken()], Level::Must), Status::Fail);
        assert_eq!(Status::of_attempts(&[Finding::Holds], Level::Must), Status::Pass);
    }

    #[test]
    fn a_status_is_called_in_text_what_it_is_called_in_the_report() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).expect("a status is JSON"), status.word());
        }
    }

    #[test]
    fn an_observation_never_fails() {
        assert_eq!(Status::of_attempts(&[broken(), broken()], Level::Observe), Status::NotTestable);
    }

    #[test]
    fn without_one_judged_attempt_the_machine_is_at_fault() {
        assert_eq!(Status::of_attempts(&[], Level::Must), Status::Error);
    }
}
