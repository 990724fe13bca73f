//! Symptoms that have one cause.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::feature::Occurrence;
use super::population;
use super::rule::{Rule, rules};
use super::symptom::{JudgedCase, Novelty, Signature, Symptom};
use crate::scenario::Condition;

/// Symptoms of one cause.
pub struct Group {
    pub signature: Signature,
    /// Whether all of them are known failures, or none is.
    pub novelty: Novelty,
    /// The condition that breaks what holds on the ordinary page.
    pub condition: Option<Arc<Condition>>,
    /// What they share, where they were split by that.
    pub rule: Option<Rule>,
    pub symptoms: Vec<Symptom>,
    /// The cases in which everything that is wrong in this way is explained by `rule`.
    pub covers: BTreeSet<usize>,
    /// The request that carried what is lost.
    pub went_to: Option<String>,
}

impl Group {
    /// Whether the page itself shows why: a script threw, or loops.
    pub fn is_evident(&self) -> bool {
        match self.signature {
            Signature::Exception(_) | Signature::Hung => true,
            Signature::Machine(_)
            | Signature::Console(_)
            | Signature::Field(..)
            | Signature::Silent
            | Signature::Defect(_)
            | Signature::Row(_)
            | Signature::Nothing(_) => false,
        }
    }

    /// Where nothing shows what is broken, everything that could not be judged is.
    pub fn blame_all_where_none_is_shown(&mut self, seats: &[JudgedCase<'_>]) {
        if self.symptoms.iter().any(|own| !own.shows.is_empty()) {
            return;
        }
        for own in &mut self.symptoms {
            let seen = &seats[own.case].outcome.seen[own.check];
            own.shows.clone_from(&seen.check.requirements);
        }
    }
}

/// The cases in which a rule explains everything that is wrong.
fn covered(rule: &Rule, all: &[Occurrence]) -> BTreeSet<usize> {
    let explained: BTreeSet<usize> = rule.explains.iter().copied().collect();
    let wrong = all.iter().enumerate().filter(|(_, own)| own.is_wrong);
    let (own, others): (Vec<_>, Vec<_>) = wrong.partition(|(index, _)| explained.contains(index));
    let others: BTreeSet<usize> = others.iter().map(|(_, own)| own.case).collect();
    let own: BTreeSet<usize> = own.iter().map(|(_, own)| own.case).collect();
    own.difference(&others).copied().collect()
}

/// Splits symptoms of one signature and novelty by the circumstances that they share, where there
/// may be several; `condition` is at fault for all of them.
pub fn split(
    symptoms: Vec<Symptom>,
    novelty: Novelty,
    condition: Option<Arc<Condition>>,
    seats: &[JudgedCase<'_>],
) -> Vec<Group> {
    let Some(signature) = symptoms.first().map(|first| first.signature.clone()) else {
        return Vec::new();
    };
    let all = match condition {
        // It is the circumstance already.
        Some(_) => Vec::new(),
        None => population::of(&signature, novelty, seats),
    };
    if all.is_empty() {
        return vec![Group {
            signature,
            novelty,
            condition,
            rule: None,
            symptoms,
            covers: BTreeSet::new(),
            went_to: None,
        }];
    }
    let mut left = symptoms;
    let mut groups = Vec::new();
    for rule in rules(&all) {
        let of_rule: BTreeSet<(usize, Option<usize>)> = rule
            .explains
            .iter()
            .map(|index| (all[*index].case, all[*index].row))
            .collect();
        let (own, rest) = left.into_iter().partition(|symptom: &Symptom| {
            let row = seats[symptom.case].row_of(symptom.check);
            of_rule.contains(&(symptom.case, row)) || of_rule.contains(&(symptom.case, None))
        });
        left = rest;
        groups.push(Group {
            signature: signature.clone(),
            novelty,
            condition: None,
            covers: covered(&rule, &all),
            rule: Some(rule),
            symptoms: own,
            went_to: None,
        });
    }
    if let Some(last) = groups.last_mut() {
        last.symptoms.append(&mut left);
    }
    groups.retain(|group| !group.symptoms.is_empty());
    groups
}
