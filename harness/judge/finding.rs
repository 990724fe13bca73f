use std::fmt::Write as _;

use serde_json::Value;

use super::Defect;

/// What one check found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// What must hold does.
    Holds,
    /// It does not.
    Broken(Broken),
    /// There was nothing to judge by, for the reason given. Silence proves nothing, so the check
    /// does not hold; but nor does that prove the check.
    NothingToJudge(String),
    /// The browser does not offer what the check observes, for the reason given: says nothing for
    /// or against the SDK.
    NotTestable(String),
    /// An observation, with its value.
    Seen(Value),
}

/// How a promise is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// One sentence.
    pub message: String,
    /// What would have been right; absent where the message says it all, or where, beside an
    /// actual value, there should be nothing.
    pub expected: Option<Value>,
    /// What was there; absent where the message says it all, or where, beside an expected value,
    /// nothing was.
    pub actual: Option<Value>,
    /// What exactly is wrong; the first belongs to the expected and the actual value.
    pub defects: Vec<Defect>,
}

impl Finding {
    /// A promise that is broken, in one sentence.
    pub fn broken(message: impl Into<String>, defect: Defect) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: None,
            actual: None,
            defects: vec![defect],
        })
    }

    pub(super) fn nothing_to_judge(why: impl Into<String>) -> Self {
        Self::NothingToJudge(why.into())
    }

    pub(super) fn differs(
        message: impl Into<String>,
        defect: Defect,
        expected: impl Into<Value>,
        actual: impl Into<Value>,
    ) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: Some(expected.into()),
            actual: Some(actual.into()),
            defects: vec![defect],
        })
    }

    /// Holds where `wrong` is empty; else broken, with the first few of it in the message.
    pub(super) fn none_of(wrong: impl IntoIterator<Item = (Defect, String)>) -> Self {
        const SHOWN: usize = 5;
        let (mut defects, mut messages) = (Vec::new(), Vec::new());
        for (defect, message) in wrong {
            messages.push(message);
            if !defects.contains(&defect) {
                defects.push(defect);
            }
        }
        let more = messages.len().saturating_sub(SHOWN);
        messages.truncate(SHOWN);
        let mut message = messages.join("; ");
        if more > 0 {
            let _ = write!(message, "; and {more} more");
        }
        match defects.as_slice() {
            [] => Self::Holds,
            _ => Self::Broken(Broken {
                message,
                expected: None,
                actual: None,
                defects,
            }),
        }
    }

    /// Whether the check does not hold.
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Broken(_) | Self::NothingToJudge(_) => true,
            Self::Holds | Self::NotTestable(_) | Self::Seen(_) => false,
        }
    }

    /// Whether the check could be made at all.
    pub fn is_testable(&self) -> bool {
        match self {
            Self::NotTestable(_) => false,
            Self::Holds | Self::Broken(_) | Self::NothingToJudge(_) | Self::Seen(_) => true,
        }
    }

    /// Whether the very thing that the check asks about was seen to be wrong: what a mutant must
    /// bring about to prove a check.
    pub fn is_seen_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// The harness itself is wrong, so that nothing is known for or against the SDK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HarnessBug(pub String);
