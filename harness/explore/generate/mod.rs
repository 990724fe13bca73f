//! Makes journeys at random: the same ones for the same seed and the same claims.
//!
//! Each step is drawn among those that have a meaning in the model, by the weight of its kind
//! (`weight.rs`), by the taste of the journey (`taste.rs`), and the more the rarer it was so far
//! after the step before it, or where it is done (`novelty.rs`). A journey may vary one that is
//! worth it (`vary.rs`).

mod kind;
mod novelty;
mod pool;
mod taste;
#[cfg(test)]
mod tests;
mod vary;
mod weight;

use fastrand::Rng;

use super::journey::Journey;
use super::model::{Claims, Sdk, World};
use crate::contract::Interaction;
use crate::scenario::{
    AnswerState, Axis, BackendState, Load, NetworkState, Screen, ScriptState, SnippetPlace, Step,
    StorefrontOptions,
};

use kind::Kind;
use novelty::{Novelty, Situation};
pub use pool::Pool;
use taste::Taste;

/// Steps at the end that see to it that something must arrive.
const CLOSING: usize = 4;

/// Makes journeys.
#[derive(Debug)]
pub struct Generator {
    rng: Rng,
    claims: Claims,
    conditions: Vec<String>,
    pool: Pool,
    novelty: Novelty,
    varied: usize,
}

impl Generator {
    /// One that makes the journeys of `seed`, on ordinary pages and under `conditions`.
    pub fn new(seed: u64, claims: Claims, conditions: Vec<String>, pool: Pool) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            claims,
            conditions,
            pool,
            novelty: Novelty::default(),
            varied: 0,
        }
    }

    /// How many pairs of kinds of steps followed each other so far, among the steps drawn.
    pub fn pairs(&self) -> usize {
        self.novelty.pairs()
    }

    /// What it draws from.
    #[cfg(test)]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The next journey, of about so many steps.
    pub fn journey(&mut self, steps: usize) -> Journey {
        let mut storefront = self.storefront();
        let condition = if self.rng.usize(0..8) == 0 {
            self.rng.choice(self.conditions.iter()).cloned()
        } else {
            None
        };
        if condition.is_some() {
            // What a condition forbids, a shop of another kind may do.
            storefront = StorefrontOptions::default();
        }
        let world = World::new(self.claims.clone(), storefront.clone());
        Journey {
            storefront,
            condition,
            steps: self.go_on(Vec::new(), world, steps),
        }
    }

    /// The steps `made`, which lead to `world`, and others after them.
    fn go_on(&mut self, mut made: Vec<Step>, mut world: World, steps: usize) -> Vec<Step> {
        let taste = Taste::of(&mut self.rng);
        let mut before = None;
        while made.len() + CLOSING < steps.max(CLOSING + 1) {
            let Some((kind, step, after)) = self.draw(&world, &taste, before) else {
                break;
            };
            self.novelty.note(before, Situation::of(&world), kind);
            (before, world) = (Some(kind), after);
            made.push(step);
        }
        self.close(&mut made, world);
        made
    }

    fn storefront(&mut self) -> StorefrontOptions {
        let rng = &mut self.rng;
        let load = if rng.bool() {
            Load::Blocking
        } else {
            *rng.choice(Load::VALUES.iter()).unwrap_or(&Load::Blocking)
        };
        let mut own = StorefrontOptions {
            load,
            ..StorefrontOptions::default()
        };
        match rng.usize(0..20) {
            0 => own.snippet = SnippetPlace::Twice,
            1 => own.snippet = SnippetPlace::AfterSdk,
            2 => own.sdk_twice = true,
            3 => own.strict_policy = true,
            _ => {}
        }
        if self.claims.allow(&own) {
            return own;
        }
        StorefrontOptions {
            load: own.load,
            ..StorefrontOptions::default()
        }
    }

    /// A step that has a meaning, with its kind and the world after it.
    fn draw(
        &mut self,
        world: &World,
        taste: &Taste,
        before: Option<Kind>,
    ) -> Option<(Kind, Step, World)> {
        let situation = Situation::of(world);
        let weight = |kind: Kind| {
            let novelty = self.novelty.worth(before, situation, kind);
            kind.weight(world) * taste.factor(kind, world) * novelty
        };
        let kinds = Kind::ALL.iter().map(|kind| (*kind, weight(*kind)));
        let mut kinds: Vec<(Kind, f64)> = kinds.collect();
        while !kinds.is_empty() {
            let all: f64 = kinds.iter().map(|(_, weight)| weight).sum();
            let mut drawn = self.rng.f64() * all;
            let reaches = |(_, weight): &(Kind, f64)| {
                drawn -= weight;
                drawn <= 0.0
            };
            let index = kinds.iter().position(reaches).unwrap_or(kinds.len() - 1);
            let (kind, _) = kinds.swap_remove(index);
            let Some(step) = kind.propose(world, &self.pool, &mut self.rng) else {
                continue;
            };
            let is_done = |feature| !self.pool.without.contains(&feature);
            let mut after = world.clone();
            if step.facts().needs.is_none_or(is_done) && after.step(&step).is_ok() {
                return Some((kind, step, after));
            }
        }
        None
    }

    /// Ends a journey with an event that must arrive: what was not recorded before it is not late.
    fn close(&mut self, made: &mut Vec<Step>, mut world: World) {
        let mut add = |world: &mut World, step: Step| {
            let mut after = world.clone();
            let has_meaning = after.step(&step).is_ok();
            if has_meaning {
                *world = after;
                made.push(step);
            }
            has_meaning
        };
        add(&mut world, Step::Screen(Screen::Usual));
        if world.offline {
            add(&mut world, Step::Network(NetworkState::Online));
        }
        if !world.records() {
            add(&mut world, Step::Backend(BackendState::Well));
        }
        if world.script != ScriptState::Open {
            if world.has_page(|sdk| sdk == Sdk::Coming) {
                add(&mut world, Step::UntilReady);
            }
            add(&mut world, Step::Sdk(ScriptState::Open));
        }
        let is_usable = |sdk: Sdk| sdk == Sdk::Ready || sdk == Sdk::Coming;
        if !world.page().is_some_and(|page| is_usable(page.sdk)) {
            add(&mut world, Step::Visit(self.pool.plain_page.clone()));
        }
        if !world.has_interacted() {
            add(&mut world, Step::Answers(AnswerState::Well));
            let ways = [Interaction::Chat, Interaction::Faq];
            let _ = ways
                .into_iter()
                .any(|way| add(&mut world, Step::Interact(Some(way))));
        }
        if let Some(last) = Kind::Cart.propose(&world, &self.pool, &mut self.rng) {
            add(&mut world, last);
        }
    }
}
