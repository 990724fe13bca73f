//! What one journey has more of than others.
//!
//! Where all kinds of steps are always as likely, each journey has a little of everything, and what
//! takes several steps of few kinds, such as many pages or an order between two others, is hardly
//! ever made. So each journey likes some kinds and avoids others.
//!
//! Most visitors come to a page and use a widget at once: of those who never do, nothing is
//! recorded, so whatever their journeys do shows little. Some of them ask while answers are late.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::kind::Kind;
use crate::explore::model::World;
use crate::scenario::AnswerState;

/// What a kind is worth in a journey, each as likely as the others.
const FACTORS: [f64; 3] = [0.1, 1.0, 5.0];

/// One of so many journeys is of a visitor who uses the widgets late, or never.
const LATE: usize = 5;

/// In one of so many journeys the answers may change before a widget is used.
const UNANSWERED: usize = 8;

/// What it is worth to come to a page, and to use a widget, and what all else is worth before.
const FIRST: f64 = 10.0;
const BEFORE: f64 = 0.2;

/// What it is worth to change the answers before the first question, where a journey does so.
const CHANGED: f64 = 400.0;

/// What one journey likes.
#[derive(Debug)]
pub struct Taste {
    factors: BTreeMap<Kind, f64>,
    is_late: bool,
    is_unanswered: bool,
}

impl Taste {
    /// One drawn at random.
    pub fn of(rng: &mut Rng) -> Self {
        let kinds = Kind::ALL.into_iter().filter(|kind| !kind.ends_something());
        let factors = kinds.map(|kind| (kind, FACTORS[rng.usize(..FACTORS.len())]));
        Self {
            factors: factors.collect(),
            is_late: rng.usize(..LATE) == 0,
            is_unanswered: rng.usize(..UNANSWERED) == 0,
        }
    }

    /// What a kind is worth in this journey, and here.
    pub fn factor(&self, kind: Kind, world: &World) -> f64 {
        if world.page().is_none() {
            return if kind == Kind::Visit { FIRST } else { BEFORE };
        }
        let own = self.factors.get(&kind).copied().unwrap_or(1.0);
        if self.is_late || world.has_interacted() {
            own
        } else if kind == Kind::ChangeAnswers && self.changes_answers(world) {
            CHANGED
        } else if kind.is_interaction() {
            FIRST
        } else {
            own * BEFORE
        }
    }

    fn changes_answers(&self, world: &World) -> bool {
        self.is_unanswered && world.answers == AnswerState::Well
    }
}
