//! What only follows from a wider failure: a complaint of something else in a case whose events are
//! all lost for a known reason, a request that went elsewhere, a comparison that had nothing to
//! compare; a loss that the console explains in most of its cases; and what fails by chance under
//! some conditions, and does so on ordinary pages, too.

use std::cmp::Reverse;

use super::feature::Feature;
use super::group::Group;
use super::rule::Rule;
use super::symptom::Signature;
use crate::judge::Defect;
use crate::reading::Fault;

/// Moves the symptoms that follow from a loss into the group of that loss.
///
/// What is rarer than the loss shows nothing more. A console message that is not is what the page
/// says of the loss: the cases without it are those in which any build may complain.
pub fn absorb(groups: &mut Vec<Group>) {
    let is_loss = |group: &Group| {
        let is_lost = group.signature == Signature::Defect(Defect::Event(Fault::Lost));
        is_lost && group.rule.as_ref().is_some_and(|rule| rule.is_exact)
    };
    let (mut losses, mut others): (Vec<Group>, Vec<Group>) =
        std::mem::take(groups).into_iter().partition(is_loss);
    // The most frequent message is the one that says what is wrong.
    others.sort_by_key(|group| Reverse(group.symptoms.len()));
    for group in others {
        let loss = losses.iter_mut().find(|loss| follows(loss, &group));
        match (loss, &group.signature) {
            (Some(loss), _) if group.symptoms.len() < loss.symptoms.len() => take_in(loss, group),
            (Some(loss), Signature::Console(_)) => unite(loss, group),
            (Some(_) | None, _) => groups.push(group),
        }
    }
    groups.splice(0..0, losses);
    absorb_conditions(groups);
}

/// Moves what fails under a condition into the group of the circumstance that explains it as well:
/// a failure that is a matter of chance happens under one condition and not under the next.
fn absorb_conditions(groups: &mut Vec<Group>) {
    let (conditional, mut others): (Vec<Group>, Vec<Group>) = std::mem::take(groups)
        .into_iter()
        .partition(|own| own.condition.is_some());
    for group in conditional {
        match others.iter_mut().find(|wider| explains(wider, &group)) {
            Some(wider) => take_in(wider, group),
            None => groups.push(group),
        }
    }
    groups.splice(0..0, others);
}

/// Whether the events of `group` are wrong in the same way as those of `wider`, and have what
/// those share.
fn explains(wider: &Group, group: &Group) -> bool {
    let is_telling = |rule: &Rule| rule.features.iter().any(Feature::is_telling);
    wider.signature == group.signature
        && wider.novelty == group.novelty
        && wider.rule.as_ref().is_some_and(is_telling)
        && group
            .symptoms
            .iter()
            .all(|own| wider.covers.contains(&own.case))
}

/// Whether whatever failed in `group` failed where everything that is lost is lost by this cause.
fn follows(loss: &Group, group: &Group) -> bool {
    let method_lost = loss.rule.as_ref().and_then(|rule| rule.method);
    let can_follow = match &group.signature {
        Signature::Console(_) | Signature::Nothing(_) | Signature::Defect(Defect::Bypass(_)) => {
            true
        }
        Signature::Defect(Defect::Unexplained(method)) => {
            method_lost.is_none_or(|own| own == *method)
        }
        Signature::Machine(_)
        | Signature::Hung
        | Signature::Exception(_)
        | Signature::Field(..)
        | Signature::Silent
        | Signature::Defect(_)
        | Signature::Row(_) => false,
    };
    let is_alike = loss.novelty == group.novelty;
    can_follow && is_alike && (group.symptoms.iter()).all(|own| loss.covers.contains(&own.case))
}

fn take_in(loss: &mut Group, group: Group) {
    if let Signature::Defect(Defect::Bypass(request)) = &group.signature {
        loss.went_to.get_or_insert_with(|| request.clone());
    }
    loss.symptoms
        .extend(group.symptoms.into_iter().map(|mut own| {
            own.shows.clear();
            own.is_first = false;
            own
        }));
}

/// Takes the loss for what the console says of most of it.
fn unite(loss: &mut Group, said: Group) {
    loss.signature = said.signature;
    loss.symptoms.extend(said.symptoms);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;

    use super::super::symptom::{Novelty, Symptom};
    use super::*;
    use crate::contract::{Method, RequirementId};
    use crate::reading::Edit;

    const LOST: Signature = Signature::Defect(Defect::Event(Fault::Lost));

    /// A group with a failing check in each of these cases.
    fn group(signature: &Signature, cases: &[usize]) -> Group {
        let symptom = |case: &usize| Symptom {
            case: *case,
            check: 0,
            signature: signature.clone(),
            novelty: Novelty::New,
            shows: vec![RequirementId("CART-RECORDED".into())],
            is_first: true,
        };
        Group {
            signature: signature.clone(),
            novelty: Novelty::New,
            condition: None,
            rule: None,
            symptoms: cases.iter().map(symptom).collect(),
            covers: BTreeSet::new(),
            went_to: None,
        }
    }

    /// Every sendCheckoutEvent is lost, in the cases 0 to 3.
    fn loss() -> Group {
        Group {
            rule: Some(Rule {
                method: Some(Method::SendCheckoutEvent),
                features: Vec::new(),
                is_exact: true,
                others: 0,
                explains: Vec::new(),
            }),
            covers: BTreeSet::from([0, 1, 2, 3]),
            ..group(&LOST, &[0, 1, 2, 3])
        }
    }

    fn absorbed(other: Group) -> Vec<Group> {
        let mut groups = vec![other, loss()];
        absorb(&mut groups);
        groups
    }

    #[test]
    fn request_that_carried_the_lost_events_is_named_by_their_cause() {
        let bypass = Signature::Defect(Defect::Bypass("POST /v2/orders".into()));
        let groups = absorbed(group(&bypass, &[1, 2]));
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].went_to.as_deref(), Some("POST /v2/orders"));
        let shows = groups[0]
            .symptoms
            .iter()
            .filter(|own| !own.shows.is_empty());
        assert_eq!(shows.count(), 4, "what follows shows nothing more");
    }

    #[rstest]
    #[case::where_something_else_is_lost(Signature::Console("no".into()), &[2, 9])]
    #[case::that_is_as_frequent(Signature::Nothing("none".into()), &[0, 1, 2, 3])]
    #[case::of_another_kind(Signature::Field("value".into(), Edit::Missing), &[1])]
    #[case::of_the_other_method(
        Signature::Defect(Defect::Unexplained(Method::SendCartEvent)), &[1]
    )]
    fn failure_has_a_cause_of_its_own(#[case] signature: Signature, #[case] cases: &[usize]) {
        assert_eq!(absorbed(group(&signature, cases)).len(), 2);
    }

    #[test]
    fn loss_is_taken_for_what_the_console_says_in_most_of_its_cases() {
        let said = Signature::Console("404".into());
        let groups = absorbed(group(&said, &[0, 1, 2, 3]));
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].signature, said);
        assert!(groups[0].rule.is_some(), "every sendCheckoutEvent is lost");
        assert!(groups[0].symptoms.iter().all(|own| !own.shows.is_empty()));
    }

    #[test]
    fn most_frequent_message_names_the_loss() {
        let often = Signature::Console("404".into());
        let seldom = Signature::Console("not delivered".into());
        let mut groups = vec![group(&seldom, &[1]), group(&often, &[0, 1, 2, 3]), loss()];
        absorb(&mut groups);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].signature, often);
    }

    #[test]
    fn loss_that_some_events_escape_explains_nothing_else() {
        let mut loss = loss();
        loss.rule = loss.rule.map(|rule| Rule {
            is_exact: false,
            ..rule
        });
        let mut groups = vec![group(&Signature::Nothing("none".into()), &[1]), loss];
        absorb(&mut groups);
        assert_eq!(groups.len(), 2);
    }
}
