//! Which causes of failures are new, gone, or in both releases.

use super::model::CauseChanges;
use super::side::Side;
use crate::report::model::{CauseReport, CheckReport, Report};

/// Compares the causes by their stable names; `None`: one side does not know its causes.
pub fn causes(old: &Side, new: &Side) -> Option<CauseChanges> {
    let (old, new) = (known(old)?, known(new)?);
    let is_in =
        |list: &[&CauseReport], cause: &CauseReport| list.iter().any(|other| other.id == cause.id);
    let of = |list: &[&CauseReport], is: &dyn Fn(&CauseReport) -> bool| {
        let kept = list.iter().filter(|own| is(own));
        kept.map(|own| (*own).clone()).collect()
    };
    Some(CauseChanges {
        new: of(&new, &|own| !is_in(&old, own)),
        gone: of(&old, &|own| !is_in(&new, own)),
        both: of(&new, &|own| is_in(&old, own)),
    })
}

/// The causes of a side that fail its run.
fn known(side: &Side) -> Option<Vec<&CauseReport>> {
    let report = side.report.as_ref().filter(|own| knows_causes(own))?;
    let causes = report.causes.iter();
    let failing = causes.filter(|own| own.bearing().fails_the_run());
    Some(failing.collect())
}

/// Whether the version that made a report looked for causes, as far as that shows.
fn knows_causes(report: &Report) -> bool {
    !report.causes.is_empty() || !report.checks.iter().any(CheckReport::is_wrong)
}
