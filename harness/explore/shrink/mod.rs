//! Makes a failing journey small: the least one that still fails for the same cause.
//!
//! Pure: [`Shrinker`] proposes, whoever drives the journey answers. `simpler.rs` says what is
//! simpler. Each answer that it fails makes that journey the one to start from, so the search ends:
//! every candidate has fewer steps, or as many and plainer ones.

mod simpler;
#[cfg(test)]
mod tests;

use super::generate::Pool;
use super::journey::Journey;
use super::model::Claims;

/// More proposals than these cost more than they show.
const MOST: usize = 120;

/// The search for the least journey.
#[derive(Debug)]
pub struct Shrinker {
    claims: Claims,
    least: Journey,
    ahead: std::vec::IntoIter<Journey>,
    tried: Vec<Journey>,
}

impl Shrinker {
    /// Starts from a journey that fails.
    pub fn new(journey: Journey, claims: Claims, pool: &Pool) -> Self {
        let ahead = simpler::simpler(&journey, &claims, pool).into_iter();
        Self {
            claims,
            least: journey,
            ahead,
            tried: Vec::new(),
        }
    }

    /// The least journey that is known to fail.
    pub fn least(&self) -> &Journey {
        &self.least
    }

    /// The next journey to try; `None`: there is nothing simpler.
    pub fn propose(&mut self) -> Option<Journey> {
        if self.tried.len() >= MOST {
            return None;
        }
        let tried = &self.tried;
        let next = self.ahead.find(|own| !tried.contains(own))?;
        self.tried.push(next.clone());
        Some(next)
    }

    /// Takes in that a proposal fails for the same cause.
    pub fn fails(&mut self, journey: Journey, pool: &Pool) {
        self.ahead = simpler::simpler(&journey, &self.claims, pool).into_iter();
        self.least = journey;
    }
}
