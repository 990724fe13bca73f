use serde_json::Value;

use super::model::{ObservationChange, ValueChange};
use super::side::{Side, SideCheck};
use crate::reading::{differences, same_json};

/// The observations that both sides made, and that differ.
pub fn observations(old: &Side, new: &Side) -> Vec<ObservationChange> {
    let observing = new.checks.iter().filter(|(_, check)| check.observes);
    let both = observing.filter_map(|(id, now)| Some((id, old.checks.get(id)?, now)));
    let differ =
        both.filter(|(_, before, now)| before.state() == now.state() && !is_same(before, now));
    let change = |(id, before, now): (_, &SideCheck, &SideCheck)| ObservationChange {
        check: Clone::clone(id),
        requirements: now.requirements.clone(),
        old: before.value.clone(),
        new: now.value.clone(),
        differences: places(before.value.as_ref(), now.value.as_ref()),
    };
    differ.map(change).collect()
}

fn is_same(before: &SideCheck, now: &SideCheck) -> bool {
    match (&before.value, &now.value) {
        (Some(before), Some(now)) => same_json(before, now),
        (before, now) => before == now,
    }
}

fn places(old: Option<&Value>, new: Option<&Value>) -> Vec<ValueChange> {
    match (old, new) {
        (
            Some(old @ (Value::Object(_) | Value::Array(_))),
            Some(new @ (Value::Object(_) | Value::Array(_))),
        ) => differences(old, new)
            .into_iter()
            .map(|(path, old, new)| ValueChange { path, old, new })
            .collect(),
        (old, new) => vec![ValueChange {
            path: String::new(),
            old: old.cloned(),
            new: new.cloned(),
        }],
    }
}
