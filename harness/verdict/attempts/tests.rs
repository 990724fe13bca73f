use toml::value::Date;

use super::*;
use crate::contract::BrowserFeature;
use crate::evidence::Evidence;
use crate::input::Files;
use crate::plan::Patterns;
use crate::scenario::Suite;
use crate::verdict::known::{KnownFailures, Target};
use crate::verdict::missing_prerequisite;

/// A build that known failures may be about.
pub fn target() -> Target<'static> {
    Target {
        browser: None,
        sdk: "reference",
        sha256: "",
        today: Date {
            year: 2026,
            month: 1,
            day: 1,
        },
    }
}

/// What becomes of the case that `pattern` selects, of which these attempts are recorded.
fn outcome(pattern: &str, ended: &[Ended], evidence: &Evidence) -> CaseOutcome {
    let files = Files::default();
    let suite = Suite::load(&files).unwrap();
    let profile = Profile::load("reference", &files).unwrap();
    let case = Arc::new(
        suite
            .selected(&mut Patterns::new(&[pattern.to_owned()]))
            .remove(0),
    );
    let known = KnownFailures::none("");
    let knowledge = Knowledge {
        known: &known,
        register: &suite.register,
        target: target(),
    };
    let attempts = ended
        .iter()
        .map(|ended| AttemptRecord {
            ended: ended.clone(),
            evidence: evidence.clone(),
        })
        .collect();
    Attempts::recorded(
        &case,
        CaseRecord {
            attempts,
            reported: None,
            trace: None,
        },
        &profile,
        &knowledge,
    )
    .conclude(&case, &knowledge)
}

fn statuses(outcome: &CaseOutcome) -> Vec<Status> {
    outcome.seen.iter().map(|seen| seen.status).collect()
}

/// As `outcome`, of a check that needs an event; none was recorded, so that it breaks.
fn again(ended: &[Ended]) -> (Vec<Status>, Option<usize>) {
    let outcome = outcome("cart/item-added#delivered", ended, &Evidence::default());
    (statuses(&outcome), outcome.record.reported)
}

#[test]
fn check_without_its_browser_feature_is_not_testable() {
    let pattern = "install/becomes-ready#no-uncaught-error";
    let mut evidence = Evidence::default();
    let whole = outcome(pattern, &[Ended::Whole], &evidence);
    assert_eq!(statuses(&whole), [Status::Pass]);
    evidence
        .missing_features
        .insert(BrowserFeature::UncaughtErrors, "no console".to_owned());
    let without = outcome(pattern, &[Ended::Whole], &evidence);
    assert_eq!(statuses(&without), [Status::NotTestable]);
    let register = Suite::load(&Files::default()).unwrap().register;
    assert_eq!(
        missing_prerequisite([&without], &register),
        None,
        "nothing speaks against the build"
    );
}

#[test]
fn recorded_attempts_come_to_what_they_came_to_in_the_run() {
    let lost = || Ended::Lost("the browser has gone".into());
    let hung = || Ended::Hung("the page answers no more".into());
    assert_eq!(again(&[Ended::Whole]), (vec![Status::Fail], Some(0)));
    assert_eq!(
        again(&[lost(), Ended::Whole]),
        (vec![Status::Fail], Some(1)),
        "a lost attempt was made good"
    );
    assert_eq!(
        again(&[Ended::Whole, lost()]),
        (vec![Status::Error], Some(1)),
        "whether it repeats could not be seen"
    );
    assert_eq!(
        again(&[lost(), lost(), lost()]),
        (vec![Status::Error], Some(2))
    );
    assert_eq!(again(&[hung()]), (vec![Status::Fail], Some(0)));
}
