use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The checks that are asked of a whole case. Each is one small function in `judge/`.
///
/// In a scenario: `[checks]`, the name in kebab-case, and the requirements it proves there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseCheckName {
    /// The SDK became ready in time.
    Ready,
    /// Every step of the scenario could be done: launcher found, answer shown, button there.
    StepsDone,
    /// Each event of `expect.recorded` was recorded at least once.
    Delivered,
    /// No called event was recorded more often than it was called.
    Once,
    /// The events of `expect.recorded` were sent in the order of their calls.
    InOrder,
    /// The events of `expect.recorded` were sent within a second of their call, and while the page
    /// was still there.
    Immediate,
    /// Each documented field of each recorded event arrived with its value and its JSON type.
    Unchanged,
    /// Each recorded request is well formed: content type, JSON object, documented fields with
    /// their types.
    Shape,
    /// No event of `expect.not_recorded` was recorded.
    NotRecorded,
    /// Nothing was recorded that the scenario did not call, and no event was sent past the event
    /// endpoints.
    NothingElse,
    /// Every recorded event carries the shop's company key.
    CompanyKey,
    /// Every recorded event carries both fingerprints, each a UUID.
    FingerprintsPresent,
    /// The fingerprints on the wire are those that the SDK's getters return.
    FingerprintsAgree,
    /// One visitor's events all carry the same two fingerprints.
    FingerprintsStable,
    /// The two kinds of fingerprint are two different values.
    FingerprintsDistinct,
    /// Two visitors have different fingerprints.
    FingerprintsDiffer,
    /// The values read on the page by `read` steps are those of `expect.page`.
    Page,
    /// No call threw an exception into the page.
    ThrowsNothing,
    /// No uncaught error and no unhandled rejection came up in the page.
    NoUncaughtError,
    /// No `alert`, `confirm` or `prompt` opened.
    NoDialog,
    /// The console holds each text of `expect.console`.
    Console,
    /// Observation: which events were recorded, how often, and how their fields changed.
    ObserveEvents,
    /// Observation: the requests to event endpoints and what the backend answered.
    ObserveRequests,
    /// Observation: what `read` steps read.
    ObservePage,
}

/// The checks that are asked of one row of a validation matrix, which is one flawed call.
///
/// No scenario names them: its `matrix` step asks them of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowCheckName {
    /// The flawed call sent nothing.
    NotSent,
    /// A console message names the flawed field.
    ConsoleNamesField,
    /// The flawed call threw no exception into the page.
    ThrowsNothing,
    /// Observation: whether the call was sent and as what.
    ObserveRow,
}

impl CaseCheckName {
    /// All of them, in their order.
    pub const ALL: [Self; 24] = [
        Self::Ready,
        Self::StepsDone,
        Self::Delivered,
        Self::Once,
        Self::InOrder,
        Self::Immediate,
        Self::Unchanged,
        Self::Shape,
        Self::NotRecorded,
        Self::NothingElse,
        Self::CompanyKey,
        Self::FingerprintsPresent,
        Self::FingerprintsAgree,
        Self::FingerprintsStable,
        Self::FingerprintsDistinct,
        Self::FingerprintsDiffer,
        Self::Page,
        Self::ThrowsNothing,
        Self::NoUncaughtError,
        Self::NoDialog,
        Self::Console,
        Self::ObserveEvents,
        Self::ObserveRequests,
        Self::ObservePage,
    ];
}

impl RowCheckName {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [
        Self::NotSent,
        Self::ConsoleNamesField,
        Self::ThrowsNothing,
        Self::ObserveRow,
    ];
}

impl fmt::Display for CaseCheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for RowCheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What a check asks, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// A check of the whole case.
    OfCase(CaseCheckName),
    /// A check of one row of its matrix, by the index of that row.
    OfRow(RowCheckName, usize),
}

/// The name of the check, by which `checks.toml` and ids know it.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfCase(name) => name.fmt(f),
            Self::OfRow(name, _) => name.fmt(f),
        }
    }
}

/// The stable name of a check: `scenario@axis=value,…/row#check`. Never numbered, so that reports
/// of different years compare.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct CheckId(pub String);

impl CheckId {
    /// The id of a check of `case`, and of its row, where it is one of the validation matrix.
    pub fn new(case: &str, row: Option<&str>, check: impl fmt::Display) -> Self {
        Self(match row {
            Some(row) => format!("{case}/{row}#{check}"),
            None => format!("{case}#{check}"),
        })
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// serde's message names every variant.
    fn variants<T: serde::de::DeserializeOwned>() -> usize {
        let error = serde_json::from_str::<T>("\"?\"").err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        let (_, names) = message.split_once("expected one of").unwrap_or_default();
        names.matches('`').count() / 2
    }

    #[test]
    fn every_check_is_listed() {
        assert_eq!(
            CaseCheckName::ALL.len(),
            variants::<CaseCheckName>(),
            "add it to `ALL`"
        );
        assert_eq!(
            RowCheckName::ALL.len(),
            variants::<RowCheckName>(),
            "add it to `ALL`"
        );
    }
}
