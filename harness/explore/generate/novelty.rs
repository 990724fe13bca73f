//! What was combined how often so far: steps with the step before, and with where they are done.

use std::collections::BTreeMap;

use super::kind::Kind;
use crate::explore::model::{Reached, Sdk, World};

/// What a combination that was never made is worth more than one that was made often.
const WORTH: f64 = 6.0;

/// Where a step is done, as far as combinations are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Situation {
    page: Option<(Reached, Sdk)>,
    has_interacted: bool,
    records: bool,
}

impl Situation {
    /// That of the current window.
    pub fn of(world: &World) -> Self {
        Self {
            page: world.page().map(|page| (page.reached, page.sdk)),
            has_interacted: world.has_interacted(),
            records: world.records(),
        }
    }
}

/// How often each combination was made.
#[derive(Debug, Default)]
pub struct Novelty {
    pairs: BTreeMap<(Kind, Kind), u32>,
    situations: BTreeMap<(Situation, Kind), u32>,
}

impl Novelty {
    /// How many pairs of kinds of steps followed each other so far.
    pub fn pairs(&self) -> usize {
        self.pairs.len()
    }

    /// Counts a step that was made in `situation`, after another.
    pub fn note(&mut self, before: Option<Kind>, situation: Situation, kind: Kind) {
        if let Some(before) = before {
            *self.pairs.entry((before, kind)).or_default() += 1;
        }
        *self.situations.entry((situation, kind)).or_default() += 1;
    }

    /// What a step of this kind is worth there: the more, the rarer its combinations are.
    pub fn worth(&self, before: Option<Kind>, situation: Situation, kind: Kind) -> f64 {
        let rare = |times: Option<&u32>| WORTH / f64::from(1 + times.copied().unwrap_or_default());
        let pair = before.map_or(0.0, |before| rare(self.pairs.get(&(before, kind))));
        1.0 + pair.max(rare(self.situations.get(&(situation, kind))))
    }

    /// Whether a step of this kind was made after another.
    #[cfg(test)]
    pub fn has_made(&self, kind: Kind) -> bool {
        self.pairs.keys().any(|(_, second)| *second == kind)
    }
}
