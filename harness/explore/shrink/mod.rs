//! Makes a failing journey small: the least one that still fails for the same cause.
//!
//! Pure: [`Shrinker`] proposes, whoever drives the journeys answers. `simpler.rs` says what is
//! simpler. Each candidate that fails makes that journey the one to start from, so the search ends:
//! every candidate has fewer steps, or as many and plainer ones.
//!
//! Several candidates may be driven at the same time, and their answers may come in any order: the
//! first candidate of a round that fails is the one to go on from, so the result and the count do
//! not depend on that. What was driven beyond it is remembered, as it may be proposed again.
//!
//! A journey that failed once may have failed by chance. `confirm.rs` goes back from one.

mod confirm;
mod simpler;
#[cfg(test)]
mod tests;

use super::generate::Pool;
use super::journey::Journey;
use super::model::Claims;
pub use confirm::After;
use confirm::Detour;
use simpler::Simpler;

/// More proposals than these cost more than they show.
const MOST: usize = 120;

/// The search for the least journey.
#[derive(Debug)]
pub struct Shrinker {
    claims: Claims,
    least: Journey,
    /// The journeys that were the least before, each of which failed.
    before: Vec<Journey>,
    detour: Detour,
    /// The candidates of this round that were not counted yet, in their order.
    round: Vec<Simpler>,
    /// Those of all rounds that were.
    counted: Vec<Journey>,
    /// Proposals that were not answered yet, and the answers to others: whether they fail.
    asked: Vec<Journey>,
    answers: Vec<(Journey, bool)>,
}

impl Shrinker {
    /// Starts from a journey that fails.
    pub fn new(journey: Journey, claims: Claims, pool: &Pool) -> Self {
        let mut own = Self {
            claims,
            least: journey,
            before: Vec::new(),
            detour: Detour::None,
            round: Vec::new(),
            counted: Vec::new(),
            asked: Vec::new(),
            answers: Vec::new(),
        };
        own.begin_round(usize::MAX, pool);
        own
    }

    /// The least journey that is known to fail.
    pub fn least(&self) -> &Journey {
        &self.least
    }

    /// How many candidates decided about it.
    pub fn counted(&self) -> usize {
        self.counted.len()
    }

    /// Whether there is nothing simpler.
    pub fn is_done(&self) -> bool {
        self.ahead().next().is_none()
    }

    /// The next journey to try; `None`: there is none before others are answered.
    pub fn propose(&mut self) -> Option<Journey> {
        let is_open = |own: &&Simpler| {
            !self.asked.contains(&own.journey) && self.answer(&own.journey).is_none()
        };
        let next = self.ahead().find(is_open)?.journey.clone();
        self.asked.push(next.clone());
        Some(next)
    }

    /// Takes in whether a proposal fails for the same cause.
    pub fn take(&mut self, journey: Journey, fails: bool, pool: &Pool) {
        self.asked.retain(|own| *own != journey);
        self.answers.push((journey, fails));
        self.count_answers(pool);
    }

    /// Counts the answers of this round from the first on, as if each had been driven alone.
    fn count_answers(&mut self, pool: &Pool) {
        while let Some(fails) = self.first_answer() {
            let next = self.round.remove(0);
            self.counted.push(next.journey.clone());
            if fails {
                let before = std::mem::replace(&mut self.least, next.journey);
                self.before.push(before);
                self.begin_round(next.left_out.max(2), pool);
            }
        }
    }

    /// Whether a proposal may still decide.
    pub fn needs(&self, journey: &Journey) -> bool {
        self.ahead().any(|own| own.journey == *journey)
    }

    /// A proposal is not driven after all.
    pub fn forget(&mut self, journey: &Journey) {
        self.asked.retain(|own| own != journey);
    }

    /// Goes on from a journey that fails, and that was not proposed.
    pub fn go_on_from(&mut self, journey: Journey, pool: &Pool) {
        self.least = journey;
        self.before.clear();
        self.begin_round(usize::MAX, pool);
        self.count_answers(pool);
    }

    /// Begins with what leaves out at most so many steps: where more could be left out, that was
    /// tried before.
    fn begin_round(&mut self, most: usize, pool: &Pool) {
        self.round = simpler::simpler(&self.least, most, &self.claims, pool);
        self.round
            .retain(|own| !self.counted.contains(&own.journey));
    }

    /// The candidates that may still decide.
    fn ahead(&self) -> impl Iterator<Item = &Simpler> {
        let left = MOST.saturating_sub(self.counted.len());
        self.round.iter().take(left)
    }

    /// The answer to the first candidate that may still decide, once there is one.
    fn first_answer(&self) -> Option<bool> {
        self.answer(&self.ahead().next()?.journey)
    }

    fn answer(&self, journey: &Journey) -> Option<bool> {
        let mut answers = self.answers.iter();
        answers
            .find(|(own, _)| own == journey)
            .map(|(_, fails)| *fails)
    }
}
