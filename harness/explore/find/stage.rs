//! What is done about a find, and what is under way for it.
//!
//! One stage after the other, but for a least journey that holds in fresh sessions: the search then
//! goes back to a journey before it, and may shrink that once more.

use std::sync::Arc;

use crate::explore::journey::Journey;
use crate::explore::shrink::After;
use crate::plan::Case;
use crate::verdict::Attempts;

/// A drive of a find that is under way.
#[derive(Debug)]
pub struct Drive {
    pub stage: FindStage,
    pub journey: Journey,
    pub case: Arc<Case>,
    pub attempts: Attempts,
}

/// What is done about a find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindStage {
    /// The journey is driven on ordinary pages, where it failed under a condition.
    Ordinary,
    /// The journey is driven again, to see whether it repeats.
    Repeat,
    /// Simpler journeys are driven, several at the same time.
    Shrink,
    /// The least journey is driven in fresh sessions.
    Confirm,
    Done,
}

impl From<After> for FindStage {
    fn from(after: After) -> Self {
        match after {
            After::Done => Self::Done,
            After::Confirm => Self::Confirm,
            After::Shrink => Self::Shrink,
        }
    }
}

impl FindStage {
    /// Whether it is driven in a session that has seen nothing else.
    pub fn is_fresh(self) -> bool {
        match self {
            Self::Ordinary | Self::Repeat | Self::Confirm => true,
            Self::Shrink | Self::Done => false,
        }
    }
}
