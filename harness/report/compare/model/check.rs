use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{CheckId, Level, RequirementId};
use crate::report::model::present;
use crate::verdict::{Bearing, Status};

/// The ways in which a release can be worse than another.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RegressionKind {
    /// A check fails that held, or that could not be decided.
    NewFailure,
    /// A check fails sometimes that did not.
    NewlyFlaky,
    /// A check is not made or not claimed any more, though it is selected.
    Vanished,
    /// A check that the old side does not have fails: nothing says that it failed before.
    AppearedFailing,
    /// A check held, and nothing shows that it still does.
    Undecided,
}

impl RegressionKind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::NewFailure => "new_failure",
            Self::NewlyFlaky => "newly_flaky",
            Self::Vanished => "vanished",
            Self::AppearedFailing => "appeared_failing",
            Self::Undecided => "undecided",
        }
    }

    /// What one of them is called.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The words for `count` of them.
    pub fn words(self, count: usize) -> String {
        let (one, many) = self.names();
        format!("{count} {}", if count == 1 { one } else { many })
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::NewFailure => ("new failure", "new failures"),
            Self::NewlyFlaky => ("newly flaky check", "newly flaky checks"),
            Self::Vanished => ("vanished check", "vanished checks"),
            Self::AppearedFailing => ("new check that fails", "new checks that fail"),
            Self::Undecided => (
                "check that could not be decided",
                "checks that could not be decided",
            ),
        }
    }

    /// Whom it speaks against.
    pub fn bearing(self) -> Bearing {
        match self {
            Self::NewFailure | Self::NewlyFlaky | Self::Vanished | Self::AppearedFailing => {
                Bearing::SdkFault
            }
            Self::Undecided => Bearing::MachineFault,
        }
    }

    /// Whether a check fails now that did not before.
    pub fn is_failure(self) -> bool {
        match self {
            Self::NewFailure | Self::NewlyFlaky | Self::AppearedFailing => true,
            Self::Vanished | Self::Undecided => false,
        }
    }
}

/// One check whose verdict is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckChange {
    /// The check.
    pub check: CheckId,
    /// Its verdict on the old side; absent where it was not made.
    pub old: Option<Status>,
    /// Its verdict on the new side; absent where it was not made.
    pub new: Option<Status>,
    /// Whether that is a regression, and which.
    pub regression: Option<RegressionKind>,
    /// The highest level of what it proves; absent where only a baseline has the check.
    pub level: Option<Level>,
    /// What it proves, likewise.
    pub requirements: Vec<RequirementId>,
    /// `file:line` of the scenario, likewise.
    pub at: Option<String>,
    /// What is wrong now, or why it is not made any more.
    pub message: Option<String>,
    /// What would have been right.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What is there.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// `file:line` of the known failure that excuses it.
    pub known: Option<String>,
    /// The command that drives its case again.
    pub again: Option<String>,
}

impl CheckChange {
    /// Whether the change matters, and to whom: a regression does; anything else holds, or is
    /// excused.
    pub fn bearing(&self) -> Bearing {
        let holds = self.new.map(Bearing::of_found) == Some(Bearing::Holds);
        match self.regression {
            Some(kind) => kind.bearing(),
            None if holds => Bearing::Holds,
            None => Bearing::Excused,
        }
    }
}

/// One requirement that changed sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementChange {
    /// The requirement.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What must hold.
    pub statement: String,
    /// Its checks that changed.
    pub checks: Vec<CheckId>,
}

/// An observation that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservationChange {
    /// The check.
    pub check: CheckId,
    /// What it is about.
    pub requirements: Vec<RequirementId>,
    /// The value on the old side; absent where it could not be seen.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// The value on the new side, likewise.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// Where in them they differ.
    pub differences: Vec<ValueChange>,
}

/// One place in which two values differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueChange {
    /// The place; empty: the value itself.
    pub path: String,
    /// What lay there; absent: nothing.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What lies there now; absent: nothing.
    #[serde(default, deserialize_with = "present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}
