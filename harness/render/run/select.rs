//! What of a report is shown where, by the bearing of each verdict: one answer for every format.

use crate::evidence::Asker;
use crate::report::model::HostReport;
use crate::report::{CheckReport, KnownFailureReport, Report};
use crate::verdict::{Bearing, Status};

/// Whether a check is shown as a failure: it speaks against the build or its list of known
/// failures, or the machine failed. That others could not be decided follows from it.
pub fn is_failed(report: &Report, check: &CheckReport) -> bool {
    match check.bearing() {
        Bearing::SdkFault | Bearing::MachineFault => !is_told_by_its_entry(report, check),
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

/// Whether a wrong entry of the list of known failures already speaks of a check.
pub fn is_told_by_its_entry(report: &Report, check: &CheckReport) -> bool {
    check.status == Status::UnexpectedPass
        && wrong_entries(report).any(|entry| entry.checks.contains(&check.id))
}

/// The entries of the list of known failures that fail the run.
pub fn wrong_entries(report: &Report) -> impl Iterator<Item = &KnownFailureReport> {
    report
        .known_failures
        .iter()
        .filter(|entry| entry.state.is_wrong())
}

/// Whether a page asked for a host that the profile does not name.
pub fn is_denied(host: &HostReport) -> bool {
    host.asked_by == Asker::Page && !host.ours
}

/// The hosts that pages asked for and that were denied.
pub fn denied(report: &Report) -> impl Iterator<Item = &str> {
    let denied = report.hosts.iter().filter(|host| is_denied(host));
    denied.map(|host| host.host.as_str())
}
