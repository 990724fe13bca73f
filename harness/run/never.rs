//! Which events a build never gets recorded: waiting for them again shows nothing new.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::Method;
use crate::verdict::BELIEVED_AFTER;

/// What a build may lose always, whatever else is done on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKind {
    /// The method called.
    pub method: Method,
    /// It was called while the SDK's script was held back, and so had to wait in the queue.
    pub was_queued: bool,
}

/// The kinds of events that came, and the cases in which some did not.
#[derive(Debug, Clone, Default)]
pub struct NeverRecorded {
    came: BTreeSet<EventKind>,
    missed: BTreeMap<EventKind, BTreeSet<String>>,
}

impl NeverRecorded {
    /// Takes in that an event of this kind was recorded.
    pub fn came(&mut self, kind: EventKind) {
        self.came.insert(kind);
    }

    /// Takes in that an event of this kind was waited for in `case` as long as it may take, and
    /// was not recorded.
    pub fn missed(&mut self, kind: EventKind, case: &str) {
        let cases = self.missed.entry(kind).or_default();
        cases.insert(case.to_owned());
    }

    /// Whether no event of this kind was ever recorded, though enough cases waited for one.
    pub fn never_comes(&self, kind: EventKind) -> bool {
        let cases = self.missed.get(&kind).map_or(0, BTreeSet::len);
        cases >= BELIEVED_AFTER && !self.came.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: EventKind = EventKind {
        method: Method::SendCheckoutEvent,
        was_queued: false,
    };

    fn missed_in(cases: &[&str]) -> NeverRecorded {
        let mut events = NeverRecorded::default();
        for case in cases {
            events.missed(ORDER, case);
        }
        events
    }

    #[test]
    fn kind_that_three_cases_missed_never_comes() {
        assert!(missed_in(&["a", "b", "c"]).never_comes(ORDER));
    }

    #[test]
    fn attempts_at_one_case_count_once() {
        assert!(!missed_in(&["a", "a", "a"]).never_comes(ORDER));
    }

    #[test]
    fn kind_that_came_once_may_come_again() {
        let mut events = missed_in(&["a", "b", "c"]);
        events.came(ORDER);
        assert!(!events.never_comes(ORDER));
    }

    #[test]
    fn events_that_waited_in_the_queue_are_of_another_kind() {
        let queued = EventKind {
            was_queued: true,
            ..ORDER
        };
        assert!(!missed_in(&["a", "b", "c"]).never_comes(queued));
    }
}
