use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that checks observe through the browser itself, or that a case needs of it, and that
/// not every browser offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserFeature {
    /// The messages of the console.
    Console,
    /// Exceptions that nobody caught, and rejections that nobody handled.
    UncaughtErrors,
    /// When a page started each request, with the number that the backend gave it.
    RequestStartTimes,
    /// Pages that were left come back with all their state.
    BackForwardCache,
    /// Pages are loaded, and run, before anyone goes there.
    Prerender,
    /// A page can be given another language than the browser's.
    Locale,
    /// The network can be taken away from pages, and given back.
    NetworkConditions,
    /// Scripts of the harness work whatever a page has made of the built-in objects.
    ScriptsApart,
}

impl fmt::Display for BrowserFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Console => "console messages",
            Self::UncaughtErrors => "uncaught errors",
            Self::RequestStartTimes => "the start times of requests",
            Self::BackForwardCache => "a back/forward cache",
            Self::Prerender => "prerendering",
            Self::Locale => "a language that can be chosen",
            Self::NetworkConditions => "network conditions",
            Self::ScriptsApart => "scripts that a page cannot break",
        })
    }
}
