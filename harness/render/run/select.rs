//! What of a report is shown where, by the bearing of each verdict: one answer for every format.

use crate::report::{CheckReport, Report};
use crate::verdict::{Bearing, Status};

/// Whether a check is shown as a failure: it speaks against the build or its list of known
/// failures, or the machine failed. That others could not be decided follows from it.
pub fn is_failed(report: &Report, check: &CheckReport) -> bool {
    match check.bearing() {
        Bearing::SdkFault | Bearing::MachineFault => !report.is_reported_by_an_entry(check),
        Bearing::Undecided | Bearing::Excused | Bearing::Holds => false,
    }
}

/// Whether a check fails as the list of known failures says.
pub fn is_known(check: &CheckReport) -> bool {
    check.bearing() == Bearing::Excused && check.status == Status::KnownFailure
}

/// Whether nothing is known of a check that was to be made.
pub fn is_undecided(check: &CheckReport) -> bool {
    check.bearing() == Bearing::Undecided
}

/// Whether nothing is known of a check because its case was not driven, even if the check only
/// observes.
pub fn is_undriven(check: &CheckReport) -> bool {
    Bearing::of_found(check.status) == Bearing::Undecided && check.attempts.is_none()
}

/// Whether nothing is known of a check that was to be made, because its case was not driven.
pub fn is_unmade(check: &CheckReport) -> bool {
    is_undecided(check) && check.attempts.is_none()
}
