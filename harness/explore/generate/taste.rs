//! What one journey has more of than others.
//!
//! Where all kinds of steps are always as likely, each journey has a little of everything, and what
//! takes several steps of few kinds, such as many pages or an order between two others, is hardly
//! ever made. So each journey likes some kinds and avoids others.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::kind::Kind;

/// What a kind is worth in a journey, each as likely as the others.
const FACTORS: [f64; 3] = [0.15, 1.0, 4.0];

/// What one journey likes.
#[derive(Debug)]
pub struct Taste {
    factors: BTreeMap<Kind, f64>,
}

impl Taste {
    /// One drawn at random.
    pub fn of(rng: &mut Rng) -> Self {
        let kinds = Kind::ALL.into_iter().filter(|kind| !kind.ends_something());
        let factors = kinds.map(|kind| (kind, FACTORS[rng.usize(..FACTORS.len())]));
        Self {
            factors: factors.collect(),
        }
    }

    /// What a kind is worth in this journey.
    pub fn factor(&self, kind: Kind) -> f64 {
        self.factors.get(&kind).copied().unwrap_or(1.0)
    }
}
