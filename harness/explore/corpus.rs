//! Journeys that are worth varying: those that ran code of the build which none before them ran.

use std::collections::BTreeMap;

use super::journey::Journey;
use crate::evidence::Code;

/// A journey may vary those that are so many before it, and none after them: so what it is made of
/// does not depend on which of them were faster. More workers than this keeps busy wait for it.
const BEHIND: usize = 32;

/// The journeys that are worth varying, so far.
#[derive(Debug, Default)]
pub struct Corpus {
    /// With their numbers, in their order.
    kept: Vec<(usize, Journey)>,
    code: Code,
    /// So many, the first ones, were looked at.
    seen: usize,
    /// What ended before one with a smaller number.
    early: BTreeMap<usize, (Journey, Code)>,
}

impl Corpus {
    /// Takes in what the journey of this number, from 1, ran. Each number comes once.
    pub fn put(&mut self, number: usize, journey: Journey, code: Code) {
        self.early.insert(number, (journey, code));
        while let Some((journey, code)) = self.early.remove(&(self.seen + 1)) {
            self.seen += 1;
            if self.code.add(code) {
                self.kept.push((self.seen, journey));
            }
        }
    }

    /// Whether the journey of this number can be made: all that it may vary have ended.
    pub fn is_ready_for(&self, number: usize) -> bool {
        number <= self.seen + BEHIND
    }

    /// The journeys that the one of this number may vary, once it can be made.
    pub fn kept_for(&self, number: usize) -> Vec<&Journey> {
        let kept = self.kept.iter();
        let kept = kept.take_while(|(own, _)| own + BEHIND <= number);
        kept.map(|(_, journey)| journey).collect()
    }

    /// How many journeys ran code that none before them ran.
    pub fn count(&self) -> usize {
        self.kept.len()
    }

    /// How much ran of the code that was loaded, from 0 to 1; `None` where none was.
    pub fn share(&self) -> Option<f64> {
        self.code.share()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::ScriptCode;
    use crate::scenario::Step;

    fn journey(steps: usize) -> Journey {
        Journey {
            steps: vec![Step::OpenChat; steps],
            ..Journey::default()
        }
    }

    fn ran(until: usize) -> Code {
        let mut code = Code::default();
        code.note(
            "sdk.js",
            ScriptCode::new(100, std::iter::once(0..until).collect()),
        );
        code
    }

    #[test]
    fn journey_that_runs_nothing_new_is_not_kept() {
        let mut corpus = Corpus::default();
        for (number, until) in [(1, 10), (2, 10), (3, 20)] {
            corpus.put(number, journey(number), ran(until));
        }
        assert_eq!(corpus.kept_for(3 + BEHIND), [&journey(1), &journey(3)]);
        assert_eq!((corpus.count(), corpus.share()), (2, Some(0.2)));
    }

    #[test]
    fn what_is_varied_does_not_depend_on_which_journey_ends_first() {
        let varied = |order: [usize; 3]| {
            let mut corpus = Corpus::default();
            for number in order {
                corpus.put(number, journey(number), ran(10 * number));
            }
            let kept = corpus.kept_for(2 + BEHIND).into_iter().cloned();
            kept.collect::<Vec<_>>()
        };
        assert_eq!(varied([1, 2, 3]), [journey(1), journey(2)]);
        assert_eq!(varied([1, 2, 3]), varied([3, 1, 2]));
    }

    #[test]
    fn journey_waits_for_those_that_it_may_vary() {
        let mut corpus = Corpus::default();
        assert!(corpus.is_ready_for(BEHIND));
        assert!(!corpus.is_ready_for(BEHIND + 1));
        corpus.put(2, journey(2), ran(10));
        assert!(!corpus.is_ready_for(BEHIND + 1));
        corpus.put(1, journey(1), ran(10));
        assert!(corpus.is_ready_for(BEHIND + 2));
        assert!(!corpus.is_ready_for(BEHIND + 3));
    }

    #[test]
    fn journey_of_which_nothing_is_known_keeps_no_other_waiting() {
        let mut corpus = Corpus::default();
        corpus.put(1, journey(1), Code::default());
        assert!(corpus.is_ready_for(BEHIND + 1));
        assert_eq!(corpus.kept_for(BEHIND + 1), Vec::<&Journey>::new());
        assert_eq!((corpus.count(), corpus.share()), (0, None));
    }
}
