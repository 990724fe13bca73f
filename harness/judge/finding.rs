use serde_json::Value;

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
    /// What would have been right.
    pub expected: Option<Value>,
    /// What was there.
    pub actual: Option<Value>,
}

impl Finding {
    /// A promise that is broken, in one sentence.
    pub fn broken(message: impl Into<String>) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: None,
            actual: None,
        })
    }

    pub(super) fn nothing_to_judge(why: impl Into<String>) -> Self {
        Self::NothingToJudge(why.into())
    }

    pub(super) fn differs(
        message: impl Into<String>,
        expected: impl Into<Value>,
        actual: impl Into<Value>,
    ) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: Some(expected.into()),
            actual: Some(actual.into()),
        })
    }

    /// Holds where `wrong` is empty; else broken, with the first few of it in the message.
    pub(super) fn none_of(wrong: &[String]) -> Self {
        const SHOWN: usize = 5;
        let more = wrong.len().saturating_sub(SHOWN);
        match wrong {
            [] => Self::Holds,
            _ if more == 0 => Self::broken(wrong.join("; ")),
            _ => Self::broken(format!("{}; and {more} more", wrong[..SHOWN].join("; "))),
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
