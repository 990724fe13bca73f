use std::fmt;

use serde::{Deserialize, Serialize};

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
