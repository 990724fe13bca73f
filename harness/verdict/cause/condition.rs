//! Whether it is the condition of a page that breaks a build: the same check holds on the ordinary
//! page.

use std::sync::Arc;

use super::symptom::{JudgedCase, Symptom, is_failure};
use crate::plan::Case;
use crate::scenario::{AxisValues, Condition};

/// The condition that breaks what a symptom is about, which then shows that its requirement is
/// broken. Where the check fails on the ordinary page too, no condition is at fault, and the
/// symptom shows nothing more than that one does.
pub fn attribute(symptom: &mut Symptom, seats: &[JudgedCase<'_>]) -> Option<Arc<Condition>> {
    let case = &seats[symptom.case].outcome.case;
    let condition = case.axes.condition.as_ref()?;
    let requirement = condition.requirement.as_ref()?;
    let question = seats[symptom.case].outcome.seen[symptom.check]
        .check
        .question;
    let ordinary = seats
        .iter()
        .find(|seat| is_ordinary_of(&seat.outcome.case, case))
        .and_then(|seat| {
            let mut seen = seat.outcome.seen.iter();
            seen.find(|seen| seen.check.question == question)
        });
    if ordinary.is_some_and(is_failure) {
        symptom.shows.retain(|own| own != requirement);
        return None;
    }
    if !symptom.shows.is_empty() {
        symptom.shows = vec![requirement.clone()];
    }
    Some(Arc::clone(condition))
}

/// Whether `other` is the same as `case` on the ordinary page.
fn is_ordinary_of(other: &Case, case: &Case) -> bool {
    let Some(ordinary) = other.axes.condition.as_ref() else {
        return false;
    };
    let axes = AxisValues {
        condition: Some(Arc::clone(ordinary)),
        ..case.axes.clone()
    };
    ordinary.is_ordinary() && other.scenario.id == case.scenario.id && other.axes == axes
}
