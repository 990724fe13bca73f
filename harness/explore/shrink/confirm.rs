//! What follows once the least journey was driven in fresh sessions.
//!
//! If it holds there, it failed by chance. The search goes back, one journey after the other, to
//! the last one before it that repeats: that one is proven. It is made small in another way, once;
//! what then fails by chance again leads back to the proven one at most.

use super::Shrinker;
use crate::explore::generate::Pool;
use crate::explore::journey::Journey;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nothing: the least journey is the result.
    Done,
    /// The least journey is another one: drive it in a fresh session.
    Confirm,
    /// Drive what is proposed.
    Shrink,
}

/// What was done about least journeys that do not repeat.
#[derive(Debug, PartialEq)]
pub(super) enum Detour {
    /// Nothing: there was none.
    None,
    /// The search went back.
    Back,
    /// It went on from this journey, which is proven.
    Resumed(Journey),
}

impl Shrinker {
    /// Takes in whether the least journey repeats in fresh sessions.
    pub fn confirm(&mut self, repeats: bool, pool: &Pool) -> After {
        if repeats {
            return match self.detour {
                Detour::None | Detour::Resumed(_) => After::Done,
                Detour::Back => self.resume(pool),
            };
        }
        self.round.clear();
        let Some(before) = self.before.pop() else {
            return After::Done;
        };
        self.least = before;
        if self.is_proven() {
            return After::Done;
        }
        if self.detour == Detour::None {
            self.detour = Detour::Back;
        }
        After::Confirm
    }

    /// Looks for what is simpler than the least, which is proven, beside what was counted.
    fn resume(&mut self, pool: &Pool) -> After {
        self.detour = Detour::Resumed(self.least.clone());
        self.before.clear();
        self.begin_round(usize::MAX, pool);
        self.count_answers(pool);
        self.after_shrinking()
    }

    /// What to do once there may be nothing simpler.
    pub fn after_shrinking(&self) -> After {
        match (self.is_done(), self.is_proven()) {
            (false, _) => After::Shrink,
            (true, false) => After::Confirm,
            (true, true) => After::Done,
        }
    }

    /// Whether the least journey is one that the search went back to, and that repeats.
    pub fn is_proven(&self) -> bool {
        matches!(&self.detour, Detour::Resumed(proven) if *proven == self.least)
    }

    /// Ends with the proven journey, if there is one, where the search is stopped.
    pub fn return_to_proven(&mut self) {
        if let Detour::Resumed(proven) = &self.detour {
            self.least = proven.clone();
            self.before.clear();
            self.round.clear();
        }
    }

    /// Whether the least journey is the one that failed first.
    pub fn is_first(&self) -> bool {
        self.before.is_empty() && !matches!(self.detour, Detour::Resumed(_))
    }
}
