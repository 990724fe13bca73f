//! Varies journeys that are worth it: their beginning, in which steps may be missing, and then
//! other steps.

use super::{CLOSING, Generator};
use crate::explore::journey::Journey;
use crate::explore::model::World;

/// One of so many steps of the beginning is left out.
const LEFT_OUT: usize = 8;

/// So many steps after it, at least, are other ones.
const OTHER: usize = 4;

impl Generator {
    /// The next journey, of about so many steps: half of them vary one of `kept`, where there are
    /// any.
    pub fn journey_after(&mut self, kept: &[&Journey], steps: usize) -> Journey {
        if kept.is_empty() || self.rng.bool() {
            return self.journey(steps);
        }
        self.varied += 1;
        let kept = kept[self.rng.usize(..kept.len())];
        self.variation(kept, steps)
    }

    /// What a kept journey ran first may have been at any of its steps: each is as likely to be the
    /// last of the beginning. A variation of variations does not grow beyond all measure.
    pub(super) fn variation(&mut self, of: &Journey, steps: usize) -> Journey {
        let most = of.steps.len().min(2 * steps);
        let count = self.rng.usize(most.min(1)..=most);
        let mut world = World::new(self.claims.clone(), of.storefront.clone());
        let mut made = Vec::new();
        for step in of.steps.iter().take(count) {
            let mut after = world.clone();
            if self.rng.usize(..LEFT_OUT) > 0 && after.step(step).is_ok() {
                world = after;
                made.push(step.clone());
            }
        }
        let steps = steps.max(made.len() + OTHER + CLOSING);
        Journey {
            storefront: of.storefront.clone(),
            condition: of.condition.clone(),
            steps: self.go_on(made, world, steps),
        }
    }

    /// How many journeys varied another.
    pub fn varied(&self) -> usize {
        self.varied
    }
}
