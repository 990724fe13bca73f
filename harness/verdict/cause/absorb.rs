//! What only follows from a wider loss: a complaint of something else in a case whose events are
//! all lost for a known reason, a request that went elsewhere, a comparison that had nothing to
//! compare.

use super::group::Group;
use super::symptom::Signature;
use crate::judge::Defect;
use crate::reading::Fault;

/// Moves the symptoms that follow from a loss into the group of that loss. They show nothing more.
pub fn absorb(groups: &mut Vec<Group>) {
    let is_loss = |group: &Group| {
        let is_lost = group.signature == Signature::Defect(Defect::Event(Fault::Lost));
        is_lost && group.rule.as_ref().is_some_and(|rule| rule.is_exact)
    };
    let (mut losses, others): (Vec<Group>, Vec<Group>) =
        std::mem::take(groups).into_iter().partition(is_loss);
    for group in others {
        let loss = losses.iter_mut().find(|loss| explains(loss, &group));
        match loss {
            Some(loss) => take_in(loss, group),
            None => groups.push(group),
        }
    }
    groups.splice(0..0, losses);
}

/// Whether whatever failed in `group` failed where everything that is lost is lost by this cause.
fn explains(loss: &Group, group: &Group) -> bool {
    let can_follow = match &group.signature {
        Signature::Console(_)
        | Signature::Nothing(_)
        | Signature::Defect(Defect::Bypass(_) | Defect::Unexplained(_)) => true,
        Signature::Machine(_)
        | Signature::Hung
        | Signature::Exception(_)
        | Signature::Field(..)
        | Signature::Defect(_)
        | Signature::Row(_) => false,
    };
    can_follow
        && group.symptoms.len() < loss.symptoms.len()
        && (group.symptoms.iter()).all(|own| loss.covers.contains(&own.case))
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
