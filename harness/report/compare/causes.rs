//! Which causes of failures are new, gone, or in both releases.

use super::model::CauseChanges;
use super::side::Side;
use crate::report::model::CauseReport;

/// Compares the causes by their defects, whether a list knows them or not; `None`: one side does
/// not know its causes.
pub fn causes(old: &Side, new: &Side) -> Option<CauseChanges> {
    let (old, new) = (old.causes.as_deref()?, new.causes.as_deref()?);
    let is_in = |list: &[CauseReport], cause: &CauseReport| {
        let mut defects = list.iter().map(|other| other.id.defect());
        defects.any(|defect| defect == cause.id.defect())
    };
    let of = |list: &[CauseReport], is: &dyn Fn(&CauseReport) -> bool| {
        let kept = list.iter().filter(|own| is(own));
        kept.cloned().collect()
    };
    Some(CauseChanges {
        new: of(new, &|own| !is_in(old, own)),
        gone: of(old, &|own| !is_in(new, own)),
        both: of(new, &|own| is_in(old, own)),
    })
}
