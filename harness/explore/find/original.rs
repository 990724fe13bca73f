//! What a journey showed that failed first. Whether another fails for the same cause is decided by
//! this alone, so that it does not depend on how small the journey has become meanwhile.

use crate::contract::{CheckId, Question};
use crate::explore::judged::Judge;
use crate::verdict::{CaseOutcome, Cause};

/// A journey that failed, and what failed in it.
#[derive(Debug)]
pub struct Original {
    /// Absent only while it is compared.
    outcome: Option<CaseOutcome>,
    checks: Vec<CheckId>,
    question: Question,
}

impl Original {
    /// What `outcome` shows of `cause`.
    pub fn new(outcome: CaseOutcome, cause: &Cause) -> Self {
        Self {
            outcome: Some(outcome),
            checks: cause.checks.clone(),
            question: cause.question,
        }
    }

    /// Whether a cause that a condition has to do with is this one, as far as its checks show.
    pub fn is_like(&self, cause: &Cause) -> bool {
        self.question == cause.question
    }

    /// The cause of a drive that fails for the same one, in its own words.
    pub fn same_cause(
        &mut self,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
    ) -> (CaseOutcome, Option<Cause>) {
        if !judge.fails(&outcome) {
            return (outcome, None);
        }
        let (outcome, common) = self.common_cause(outcome, judge);
        let Some(common) = common else {
            return (outcome, None);
        };
        let (outcome, causes) = judge.causes(outcome);
        let is_common = |own: &Cause| own.checks.iter().any(|id| common.checks.contains(id));
        let own = causes.into_iter().find(is_common);
        (outcome, Some(own.unwrap_or(common)))
    }

    /// Those checks of another outcome that fail for this cause.
    pub fn explains(
        &mut self,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
    ) -> (CaseOutcome, Vec<CheckId>) {
        let (outcome, common) = self.common_cause(outcome, judge);
        let checks = common.map(|cause| cause.checks).unwrap_or_default();
        (outcome, checks)
    }

    fn common_cause(
        &mut self,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
    ) -> (CaseOutcome, Option<Cause>) {
        let Some(own) = self.outcome.take() else {
            return (outcome, None);
        };
        let (own, outcome, common) = judge.common_cause(own, &self.checks, outcome);
        self.outcome = Some(own);
        (outcome, common)
    }
}
