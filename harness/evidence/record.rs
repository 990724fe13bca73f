use serde::{Deserialize, Serialize};

use super::Evidence;

/// All that the attempts at one case left behind: enough to judge it again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// Every attempt, in their order; empty where nothing was driven.
    pub attempts: Vec<AttemptRecord>,
    /// The index of the attempt that the verdicts report: the last that failed.
    #[serde(rename = "told")]
    pub reported: Option<usize>,
    /// One more attempt, with the page after each step, on which no verdict rests; absent where
    /// none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Box<Evidence>>,
}

/// One attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptRecord {
    /// How it ended.
    pub ended: Ended,
    /// What it left behind.
    pub evidence: Evidence,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It came to its end, and can be judged.
    Whole,
    /// The page answered no more, for the reason given: nothing is there to judge by.
    Hung(String),
    /// The browser was lost, for the reason given. Says nothing of the SDK.
    Lost(String),
}

/// What came of one attempt.
#[derive(Debug)]
pub enum AttemptResult {
    /// Evidence to be judged, and a picture if one was asked for.
    Evidence(Box<Evidence>, Option<Vec<u8>>),
    /// The page stopped answering. With what was seen until then.
    Hung(String, Box<Evidence>),
    /// The session was lost. With what was seen until then.
    Lost(String, Box<Evidence>),
    /// No session could be had at all.
    NoSession(String),
    /// The harness itself panicked, or a script of the scenario is wrong.
    Bug(String),
}

impl AttemptResult {
    /// The same, where a browser that answers no more may have gone with its machine: a session
    /// that is lost.
    #[must_use]
    pub fn with_doubt_about_a_hang(self) -> Self {
        match self {
            Self::Hung(why, evidence) => {
                Self::Lost(format!("{why}: its machine may have gone"), evidence)
            }
            Self::Evidence(..) | Self::Lost(..) | Self::NoSession(_) | Self::Bug(_) => self,
        }
    }
}

impl CaseRecord {
    /// The record of one attempt, which the verdicts report where `is_reported`.
    pub fn of(ended: Ended, evidence: Evidence, is_reported: bool) -> Self {
        Self {
            attempts: vec![AttemptRecord { ended, evidence }],
            reported: is_reported.then_some(0),
            trace: None,
        }
    }

    /// The attempt that the verdicts report.
    pub fn reported(&self) -> Option<&Evidence> {
        self.attempts
            .get(self.reported?)
            .map(|attempt| &attempt.evidence)
    }

    /// The longest that the last attempt waited for the SDK's readiness, in milliseconds.
    pub fn slowest_ready_ms(&self) -> Option<f64> {
        let last = self.attempts.last()?;
        last.evidence.ready_ms.iter().copied().reduce(f64::max)
    }

    /// This record, with the attempts of an `earlier` one before its own.
    pub fn after(mut self, earlier: Self) -> Self {
        self.reported = self
            .reported
            .map(|index| index + earlier.attempts.len())
            .or(earlier.reported);
        self.trace = self.trace.or(earlier.trace);
        self.attempts.splice(0..0, earlier.attempts);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(case: &str, is_reported: bool) -> CaseRecord {
        CaseRecord::of(
            Ended::Whole,
            Evidence {
                case: case.to_owned(),
                ..Evidence::default()
            },
            is_reported,
        )
    }

    #[test]
    fn last_failed_attempt_is_reported() {
        let reported = |record: CaseRecord| record.reported().map(|evidence| evidence.case.clone());
        assert_eq!(
            reported(attempt("2", true).after(attempt("1", true))),
            Some("2".to_owned())
        );
        assert_eq!(
            reported(attempt("2", false).after(attempt("1", true))),
            Some("1".to_owned())
        );
        assert_eq!(
            reported(attempt("2", false).after(attempt("1", false))),
            None
        );
    }
}
