//! Which recorded event belongs to which called one.

use serde_json::Value;

use super::difference::{leaves, same_json};
use super::ledger::Ledger;
use crate::contract::Event;
use crate::evidence::Millis;
use crate::sdk::Profile;

/// Which recorded events belong to which called ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    /// For each called event, the indexes in [`Ledger::recorded`] that hold it: none: lost; one:
    /// once; more: duplicated.
    pub found: Vec<Vec<usize>>,
    /// The indexes that belong to no call.
    pub unexpected: Vec<usize>,
}

impl Ledger<'_> {
    /// Finds for each recorded event the call it most resembles.
    ///
    /// By resemblance and not by equality, so that a changed price is one finding (“changed”) and
    /// not two (“lost” and “unexpected”).
    pub fn match_calls<'e>(&self, called: &[&'e Event], profile: &Profile) -> Match {
        let mut found = vec![Vec::new(); called.len()];
        let mut unexpected = Vec::new();
        // What a shop adds to the documented fields is not sent, and must not make its event look
        // like another.
        let documented = |event: &Event, path: &str| {
            profile
                .wire
                .event(event.method)
                .fields
                .contains_key(path.split(['.', '[']).next().unwrap_or(path))
        };
        let own = |event: &&'e Event| {
            leaves(&event.args)
                .into_iter()
                .filter(|(path, _)| documented(event, path))
                .collect::<Vec<_>>()
        };
        let called: Vec<_> = called
            .iter()
            .map(|event| (event.method, own(event)))
            .collect();
        for (index, recorded) in self.recorded.iter().enumerate() {
            let own = leaves(&recorded.args);
            let best = called
                .iter()
                .enumerate()
                .filter(|(_, (method, _))| *method == recorded.method)
                .map(|(call, (_, leaves))| (resemblance(leaves, &own), call))
                // Half is not enough, or another product's event would be this one changed; unless
                // there is so little to go by.
                .filter(|(resemblance, call)| {
                    *resemblance > 0.5 || (called[*call].1.len() <= 2 && *resemblance >= 0.5)
                })
                .max_by(|(a, i), (b, j)| {
                    a.total_cmp(b)
                        .then_with(|| found[*j].len().cmp(&found[*i].len()))
                        .then_with(|| j.cmp(i))
                });
            match best {
                Some((_, call)) => found[call].push(index),
                None => unexpected.push(index),
            }
        }
        Match { found, unexpected }
    }
}

impl Match {
    /// Shares out among equal calls what was recorded of them. What one call has is in the order in
    /// which it was sent, not in which it arrived.
    pub fn share_out(&mut self, called: &[&Event], sent_at: impl Fn(usize) -> Millis) {
        for first in 0..called.len() {
            let is_equal = |index: &usize| called[*index] == called[first];
            let equal: Vec<usize> = (0..called.len()).filter(is_equal).collect();
            if equal[0] != first {
                continue;
            }
            let records = equal
                .iter()
                .map(|index| std::mem::take(&mut self.found[*index]));
            let mut records: Vec<usize> = records.flatten().collect();
            records.sort_by(|a, b| sent_at(*a).0.total_cmp(&sent_at(*b).0));
            for (record, call) in records.into_iter().zip(equal.into_iter().cycle()) {
                self.found[call].push(record);
            }
        }
    }
}

/// The share of leaves on which two values agree, from 0 to 1.
fn resemblance(called: &[(String, &Value)], recorded: &[(String, &Value)]) -> f64 {
    let same = called
        .iter()
        .filter(|(path, value)| {
            recorded
                .iter()
                .any(|(other, found)| path == other && same_json(value, found))
        })
        .count();
    let all = called.len().max(recorded.len()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "an event has few leaves")]
    let share = same as f64 / all as f64;
    share
}
