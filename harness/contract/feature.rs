use std::fmt;

use serde::{Deserialize, Serialize};

use super::CheckName;

/// Something that checks observe through the browser itself, and that not every engine offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserFeature {
    /// The messages of the console.
    Console,
    /// Exceptions that nobody caught, and rejections that nobody handled.
    UncaughtErrors,
    /// When a page started each request, with the number that the backend gave it.
    RequestStartTimes,
}

impl fmt::Display for BrowserFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Console => "console messages",
            Self::UncaughtErrors => "uncaught errors",
            Self::RequestStartTimes => "the start times of requests",
        })
    }
}

impl CheckName {
    /// The features of the browser without which the check observes nothing.
    #[must_use]
    pub fn browser_features(self) -> &'static [BrowserFeature] {
        match self {
            Self::Console | Self::ConsoleNamesField => &[BrowserFeature::Console],
            Self::NoUncaughtError => &[BrowserFeature::UncaughtErrors],
            Self::InOrder | Self::Immediate => &[BrowserFeature::RequestStartTimes],
            Self::Ready
            | Self::StepsDone
            | Self::Delivered
            | Self::Once
            | Self::Unchanged
            | Self::Shape
            | Self::NotRecorded
            | Self::NothingElse
            | Self::CompanyKey
            | Self::FingerprintsPresent
            | Self::FingerprintsAgree
            | Self::FingerprintsStable
            | Self::FingerprintsDistinct
            | Self::FingerprintsDiffer
            | Self::Page
            | Self::ThrowsNothing
            | Self::NoDialog
            | Self::ObserveEvents
            | Self::ObserveRequests
            | Self::ObservePage
            | Self::NotSent
            | Self::ObserveRow => &[],
        }
    }
}
