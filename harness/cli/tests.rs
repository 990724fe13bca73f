//! One verdict, asked of everything that answers whether it matters: for every status and level,
//! exit code, conclusion, formats, comparison, baseline, progress and `--watch` agree.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::Arc;

use serde_json::Value;

use super::baseline;
use super::exit::Exit;
use crate::contract::Level;
use crate::input::Files;
use crate::plan::Patterns;
use crate::render::Format;
use crate::report::compare::{Comparison, Side, compare};
use crate::report::sample::sample;
use crate::report::{Conclusion, Stored};
use crate::scenario::Suite;
use crate::verdict::{Bearing, CaseOutcome, Status};

/// Every status on every level.
fn all() -> impl Iterator<Item = (Status, Level)> {
    Status::ALL.into_iter().flat_map(|status| {
        [Level::Must, Level::Should, Level::Observe].map(|level| (status, level))
    })
}

/// A report of one check.
fn report_of(status: Status, level: Level) -> Stored {
    let mut stored = sample();
    stored.report.checks.truncate(1);
    stored.report.cases.truncate(1);
    (
        stored.report.checks[0].status,
        stored.report.checks[0].level,
    ) = (status, level);
    stored.report.totals = [(status, 1)].into();
    stored.report.causes.clear();
    stored
}

/// What each format makes of the check: the element of JUnit, the word of CTRF, and whether GitHub
/// shows an error.
fn formats(stored: &Stored) -> (Option<&'static str>, String, bool) {
    let xml = stored.rendered(Format::Junit);
    let element = ["failure", "error", "skipped"]
        .into_iter()
        .find(|element| xml.contains(&format!("<{element} ")));
    let ctrf: Value = serde_json::from_str(&stored.rendered(Format::Ctrf)).unwrap();
    let word = ctrf["results"]["tests"][0]["status"].as_str().unwrap();
    let is_error = stored.rendered(Format::Github).starts_with("::error ");
    (element, word.to_owned(), is_error)
}

#[test]
fn exit_conclusion_and_formats_follow_the_bearing() {
    for (status, level) in all() {
        let stored = report_of(status, level);
        let (exit, is_good, shown) = match Bearing::of(status, level) {
            Bearing::SdkFault => (Exit::Fails, false, (Some("failure"), "failed", true)),
            Bearing::MachineFault => (Exit::Environment, false, (Some("error"), "failed", true)),
            Bearing::Undecided => (Exit::Environment, false, (Some("skipped"), "skipped", true)),
            Bearing::Excused => (Exit::Conforms, true, (Some("skipped"), "skipped", false)),
            Bearing::Holds => (Exit::Conforms, true, (None, "passed", false)),
        };
        let at = format!("{status:?} {level:?}");
        assert_eq!(Exit::of(&stored.report), exit, "{at}");
        let conclusion = Conclusion::of(&stored.report);
        let good = [Conclusion::Conforms, Conclusion::ConformsButForKnown];
        assert_eq!(good.contains(&conclusion), is_good, "{at}");
        let (element, word, is_error) = formats(&stored);
        assert_eq!((element, word.as_str(), is_error), shown, "{at}");
    }
}

fn since_a_pass(stored: &Stored) -> Comparison {
    let old = report_of(Status::Pass, stored.report.checks[0].level);
    compare(
        &Side::of_report(old.report, "old"),
        &Side::of_report(stored.report.clone(), "new"),
    )
}

/// A comparison asks what the build did. Only what a list of known failures excuses is no
/// regression; what is not claimed any more is one.
#[test]
fn comparison_and_baseline_follow_what_was_found() {
    for (status, level) in all() {
        let stored = report_of(status, level);
        let comparison = since_a_pass(&stored);
        let found = match status {
            Status::KnownFailure => Bearing::Excused,
            Status::NotApplicable => Bearing::SdkFault,
            Status::Fail
            | Status::Flaky
            | Status::UnexpectedPass
            | Status::Error
            | Status::NotTestable
            | Status::NotRun
            | Status::Pass => Bearing::of(status.as_found(), level),
        };
        let at = format!("{status:?} {level:?}");
        assert_eq!(comparison.has_regressed(), found.fails_the_run(), "{at}");
        let is_shown = comparison
            .check_changes()
            .any(|change| change.bearing().fails_the_run());
        assert_eq!(is_shown, found.fails_the_run(), "{at}");
        let by_itself = Exit::of(&stored.report);
        assert_eq!(
            baseline::exit(by_itself, &stored.report, &comparison),
            Exit::from(found),
            "{at}"
        );
    }
}

#[test]
fn progress_and_watch_follow_the_bearing() {
    let suite = Suite::load(&Files::default()).unwrap();
    let cases = suite.selected(&mut Patterns::new(&[]));
    for (status, level) in all() {
        let mut case = cases
            .iter()
            .find_map(|case| {
                let check = case
                    .checks
                    .iter()
                    .find(|check| suite.register.level_of(&check.requirements) == level)?;
                let mut case = case.clone();
                case.checks = vec![check.clone()];
                Some(case)
            })
            .unwrap();
        case.not_applicable.clear();
        let mut outcome = CaseOutcome::untested(&Arc::new(case), "");
        outcome.seen[0].status = status;
        let bearing = Bearing::of(status, level);
        let at = format!("{status:?} {level:?}");
        assert_eq!(outcome.bearing(&suite.register), bearing, "{at}");
        assert_eq!(
            outcome.worst_fault(&suite.register).is_some(),
            bearing.is_fault(),
            "{at}"
        );
    }
}

#[test]
fn worse_exit_decides_how_the_whole_ends() {
    assert_eq!(Exit::Conforms.worse(Exit::Environment), Exit::Environment);
    assert_eq!(Exit::Environment.worse(Exit::Fails), Exit::Fails);
    assert_eq!(Exit::Bug.worse(Exit::Fails), Exit::Bug);
    assert_eq!(Exit::Interrupted.worse(Exit::Bug), Exit::Interrupted);
}
