use std::time::Duration;

use thiserror::Error;

use super::find::Find;
use crate::evidence::Environment;
use crate::input::InputError;
use crate::run::SessionError;

/// Which journeys, and how many.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The same seed makes the same journeys, but for those that vary others by coverage.
    pub seed: u64,
    /// About so many steps a journey.
    pub steps: usize,
    /// So many journeys; `None`: until the time is over.
    pub journeys: Option<usize>,
    /// All of it in so much time.
    pub time: Option<Duration>,
    /// Journeys vary those that ran code of the build which none before them ran, where the engine
    /// counts that.
    pub by_coverage: bool,
    /// Ends with the first find, once that is small.
    pub first_only: bool,
}

/// What a search came to.
#[derive(Debug)]
pub struct Explored {
    /// In the order of the journeys that found them.
    pub finds: Vec<Find>,
    /// Journeys that were judged, and their steps.
    pub journeys: usize,
    pub steps: usize,
    /// Pairs of kinds of steps that followed each other.
    pub pairs: usize,
    /// What ran of the build; `None`: none of its code was counted.
    pub coverage: Option<Coverage>,
    /// Journeys of which nothing is known, each with the reason.
    pub lost: Vec<String>,
    /// The browser.
    pub environment: Option<Environment>,
    /// When it began, in UTC: RFC 3339.
    pub began: String,
    /// How long the journeys took on their sessions, without what made them small.
    pub driving: Duration,
    pub took: Duration,
}

/// What journeys ran of a build.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Journeys that ran code which none before them ran.
    pub journeys: usize,
    /// Journeys that vary one of those.
    pub varied: usize,
    /// How much of the loaded code ran, from 0 to 1.
    pub share: f64,
}

/// What happens during a search.
#[derive(Debug)]
pub enum Event<'e> {
    /// So far.
    Progress(&'e Explored),
    /// A new cause.
    Found(&'e Find),
    /// A find is as small as it gets.
    Shrunk(&'e Find),
}

/// A search cannot go on.
#[derive(Debug, Error)]
pub enum SearchError {
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A journey is no scenario: a bug of ours.
    #[error(transparent)]
    Unreadable(#[from] InputError),
}
