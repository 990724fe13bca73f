use super::model::{Bump, CheckChange, ObservationChange, SemverAdvice, WireChange, WireClass};
use crate::contract::Level;

/// Which part of the version number the change asks for, were it released as it is.
///
/// Major: a promise of the API page is newly broken, or the wire breaks whoever reads it. Minor:
/// something was added, or behaves otherwise where nothing is promised. Patch: nothing of that. It
/// says nothing of whether to release: a regression is one under any number.
pub fn semver(
    failures: &[&CheckChange],
    observations: &[ObservationChange],
    wire: &[WireChange],
) -> SemverAdvice {
    let mut reasons = Vec::new();
    let mut suggests = Bump::Patch;
    let mut because = |bump: Bump, count: usize, one: &str, many: &str| {
        if count > 0 {
            suggests = suggests.max(bump);
            let what = if count == 1 { one } else { many };
            reasons.push(format!("{}: {count} {what}", bump.word()));
        }
    };
    let is_promised = |change: &&&CheckChange| change.level == Some(Level::Must);
    let broken = failures.iter().filter(is_promised).count();
    let classed = |class: WireClass| wire.iter().filter(|change| change.class == class).count();
    because(
        Bump::Major,
        broken,
        "check of a promise of the API page fails anew",
        "checks of promises of the API page fail anew",
    );
    because(
        Bump::Major,
        classed(WireClass::Breaking),
        "breaking change on the wire",
        "breaking changes on the wire",
    );
    because(
        Bump::Minor,
        classed(WireClass::Additive),
        "additive change on the wire",
        "additive changes on the wire",
    );
    because(
        Bump::Minor,
        observations.len(),
        "observation is not what it was",
        "observations are not what they were",
    );
    SemverAdvice { suggests, reasons }
}
