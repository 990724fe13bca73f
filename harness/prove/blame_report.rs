//! `blame.json`: which requirements fail for each mutant of the sample, beside the one it breaks.

use serde::Serialize;

use super::blame::{blamed, fault};
use super::blame_figures::{BlameTotals, FEW, Figure, Figures};
use super::blame_lock::BlameLock;
use super::blame_sample::Sampled;
use crate::contract::RequirementId;
use crate::report::{HarnessReport, Report};

/// More mutants than these are not among the worst.
const WORST: usize = 10;

/// What a measurement of the sample found.
#[derive(Debug, Serialize)]
pub struct BlameReport {
    pub harness: HarnessReport,
    pub totals: BlameTotals,
    /// The file of the figures that it is compared with, below the fixtures.
    pub lock: String,
    /// What got worse since that was written, a sentence each.
    pub worse: Vec<String>,
    /// Every selected mutant, in the order of the sample.
    pub mutants: Vec<MutantBlame>,
}

/// One mutant.
#[derive(Debug, Clone, Serialize)]
pub struct MutantBlame {
    pub id: String,
    /// `file:line` of its definition.
    pub at: String,
    /// How such a bug happens.
    pub how: String,
    /// The promise it breaks.
    pub breaks: RequirementId,
    /// Why it breaks more than one promise; absent where it need not.
    pub why: Option<String>,
    /// Whether the promise that it breaks fails.
    pub hit: bool,
    /// The other requirements that fail.
    pub further: Vec<RequirementId>,
    /// Why it was not measured; then nothing failed.
    pub error: Option<String>,
}

impl MutantBlame {
    /// What the report of a run says of a mutant; or why there is none.
    pub fn new(sampled: &Sampled, report: Result<&Report, String>) -> Self {
        let Sampled { mutant, why } = sampled;
        let measured = report.and_then(|report| match fault(report) {
            Some(fault) => Err(fault),
            None => Ok(blamed(report)),
        });
        let (mut blamed, error) = match measured {
            Ok(blamed) => (blamed, None),
            Err(error) => (std::collections::BTreeSet::new(), Some(error)),
        };
        let hit = blamed.remove(&mutant.breaks);
        Self {
            id: mutant.id.clone(),
            at: mutant.at.clone(),
            how: mutant.how.clone(),
            breaks: mutant.breaks.clone(),
            why: why.clone(),
            hit,
            further: blamed.into_iter().collect(),
            error,
        }
    }

    /// Whether it was measured, and the promise that it breaks holds all the same.
    pub fn is_missed(&self) -> bool {
        self.error.is_none() && !self.hit
    }

    /// Whether more fails beside it than should, and nothing explains that.
    pub fn is_unexplained(&self) -> bool {
        self.further.len() > FEW && self.why.is_none()
    }
}

impl BlameReport {
    /// The report of `mutants`, compared with the lock.
    pub fn new(mutants: Vec<MutantBlame>, lock: &BlameLock) -> Self {
        let figures = figures(&mutants);
        Self {
            harness: HarnessReport::of_this_version(),
            totals: figures.totals(),
            lock: lock.file.clone(),
            worse: lock.worse(&figures),
            mutants,
        }
    }

    /// What was measured of each mutant.
    pub fn figures(&self) -> Figures {
        figures(&self.mutants)
    }

    /// The mutants beside which most fails, the worst first.
    pub fn worst(&self) -> Vec<&MutantBlame> {
        let mutants = self.mutants.iter();
        let mut worst: Vec<_> = mutants.filter(|own| !own.further.is_empty()).collect();
        worst.sort_by_key(|own| std::cmp::Reverse(own.further.len()));
        worst.truncate(WORST);
        worst
    }

    /// Whether a mutant could not be measured.
    pub fn has_errors(&self) -> bool {
        self.mutants.iter().any(|own| own.error.is_some())
    }
}

fn figures(mutants: &[MutantBlame]) -> Figures {
    let measured = mutants.iter().filter(|own| own.error.is_none());
    let figure = |own: &MutantBlame| Figure {
        further: own.further.len(),
        hit: own.hit,
    };
    Figures(measured.map(|own| (own.id.clone(), figure(own))).collect())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A mutant beside whose requirement so many others fail.
    pub fn mutant(id: &str, further: usize) -> MutantBlame {
        MutantBlame {
            id: id.into(),
            at: "fixtures/mutants/queue.toml:3".into(),
            how: "The flush pops entries from the end.".into(),
            breaks: RequirementId("QUEUE-ORDER".into()),
            why: None,
            hit: true,
            further: (1..=further)
                .map(|number| RequirementId(format!("CART-{number}")))
                .collect(),
            error: None,
        }
    }

    #[test]
    fn worst_are_the_ten_with_most_further_requirements() {
        let mutants = (0..15).map(|count| mutant(&format!("m{count}"), count));
        let report = BlameReport::new(mutants.collect(), &BlameLock::default());
        let worst: Vec<usize> = report.worst().iter().map(|own| own.further.len()).collect();
        assert_eq!(worst, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
    }

    #[test]
    fn mutant_that_was_not_measured_counts_nowhere() {
        let mut lost = mutant("lost", 0);
        (lost.hit, lost.error) = (false, Some("no browser".into()));
        let report = BlameReport::new(vec![mutant("a", 2), lost], &BlameLock::default());
        assert_eq!((report.totals.measured, report.totals.misses()), (1, 0));
        assert!(report.has_errors() && !report.mutants[1].is_missed());
    }

    #[test]
    fn only_many_further_requirements_need_a_reason() {
        assert!(!mutant("few", FEW).is_unexplained());
        let mut many = mutant("many", FEW + 1);
        assert!(many.is_unexplained());
        many.why = Some("A queue that is lost breaks much.".into());
        assert!(!many.is_unexplained());
    }
}
