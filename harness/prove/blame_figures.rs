//! How many promises fail for a mutant that breaks one: what is counted, and what is aimed at.

use std::collections::BTreeMap;

use serde::Serialize;

/// More further requirements than these are too many, unless there is a reason.
pub const FEW: usize = 3;

/// At most so many further requirements for the median mutant.
const MEDIAN_AIM: usize = 1;

/// At least so many of all mutants, as a fraction, have at most [`FEW`].
const SHARE_AIM: (usize, usize) = (4, 5);

/// What one mutant of the sample did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// How many requirements fail beside the one that it breaks.
    pub further: usize,
    /// Whether that one fails.
    pub hit: bool,
}

/// What each measured mutant did, by its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures(pub BTreeMap<String, Figure>);

/// The figures of all mutants taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BlameTotals {
    /// How many mutants were measured.
    pub measured: usize,
    /// How many of them fail the requirement that they break.
    pub hits: usize,
    /// How many further requirements fail for the median mutant; of two in the middle, the higher.
    pub median: usize,
    /// For how many mutants at most three further requirements fail.
    pub precise: usize,
}

impl Figures {
    /// All of them taken together.
    pub fn totals(&self) -> BlameTotals {
        let figures = self.0.values();
        let mut further: Vec<usize> = figures.clone().map(|own| own.further).collect();
        further.sort_unstable();
        BlameTotals {
            measured: further.len(),
            hits: figures.filter(|own| own.hit).count(),
            median: further.get(further.len() / 2).copied().unwrap_or_default(),
            precise: further.iter().filter(|count| **count <= FEW).count(),
        }
    }

    /// Those of mutants that `other` has too.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Self {
        let own = self.0.iter();
        let shared = own.filter(|(id, _)| other.0.contains_key(*id));
        Self(shared.map(|(id, figure)| (id.clone(), *figure)).collect())
    }
}

impl BlameTotals {
    /// How many mutants fail more than [`FEW`] further requirements.
    pub fn beyond(self) -> usize {
        self.measured - self.precise
    }

    /// How many mutants do not fail the requirement that they break.
    pub fn misses(self) -> usize {
        self.measured - self.hits
    }

    /// Whether the checks blame as precisely as they should.
    pub fn meet_the_aim(self) -> bool {
        let (part, whole) = SHARE_AIM;
        let is_precise = self.precise * whole >= self.measured * part;
        self.median <= MEDIAN_AIM && is_precise && self.misses() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(further: &[usize]) -> Figures {
        let figure = |(index, further): (usize, &usize)| {
            let figure = Figure {
                further: *further,
                hit: true,
            };
            (index.to_string(), figure)
        };
        Figures(further.iter().enumerate().map(figure).collect())
    }

    #[test]
    fn median_of_an_even_number_is_the_higher() {
        assert_eq!(figures(&[9, 0, 2, 1]).totals().median, 2);
        assert_eq!(figures(&[9, 0, 1]).totals().median, 1);
        assert_eq!(figures(&[]).totals().median, 0);
    }

    #[test]
    fn one_mutant_in_five_may_blame_more() {
        assert!(figures(&[0, 1, 1, 3, 40]).totals().meet_the_aim());
        assert!(!figures(&[0, 1, 1, 4, 40]).totals().meet_the_aim());
    }

    #[test]
    fn high_median_or_missed_requirement_fails_the_aim() {
        assert!(!figures(&[2, 2, 2]).totals().meet_the_aim());
        let mut figures = figures(&[0, 0, 0]);
        figures.0.values_mut().for_each(|own| own.hit = false);
        assert!(!figures.totals().meet_the_aim());
        assert_eq!(figures.totals().misses(), 3);
    }
}
