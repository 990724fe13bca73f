//! Checks that the browser at hand cannot answer.

use std::collections::BTreeMap;

use crate::contract::{BrowserFeature, CheckName};

/// Why `check` cannot be made in a browser without the `missing` features; `None`: it can.
pub fn not_testable(
    check: CheckName,
    missing: &BTreeMap<BrowserFeature, String>,
) -> Option<String> {
    let reasons: Vec<String> = check
        .browser_features()
        .iter()
        .filter_map(|feature| {
            let why = missing.get(feature)?;
            Some(format!("this browser does not offer {feature}: {why}"))
        })
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An engine that is made up: it has no console, and so no uncaught errors.
    fn without_console() -> BTreeMap<BrowserFeature, String> {
        let why = || "its driver has no command for it".to_owned();
        BTreeMap::from([
            (BrowserFeature::Console, why()),
            (BrowserFeature::UncaughtErrors, why()),
        ])
    }

    fn lost_on(missing: &BTreeMap<BrowserFeature, String>) -> Vec<CheckName> {
        CheckName::ALL
            .into_iter()
            .filter(|check| not_testable(*check, missing).is_some())
            .collect()
    }

    #[test]
    fn only_console_checks_are_lost_without_a_console() {
        assert_eq!(
            lost_on(&without_console()),
            [
                CheckName::NoUncaughtError,
                CheckName::Console,
                CheckName::ConsoleNamesField
            ]
        );
    }

    #[test]
    fn every_check_can_be_made_where_nothing_is_missing() {
        assert_eq!(lost_on(&BTreeMap::new()), []);
    }

    #[test]
    fn reason_names_the_feature_and_why_it_is_missing() {
        assert_eq!(
            not_testable(CheckName::Console, &without_console()).as_deref(),
            Some("this browser does not offer console messages: its driver has no command for it")
        );
    }
}
