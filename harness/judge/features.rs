//! Checks that the browser at hand cannot answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{BrowserFeature, Need};

/// Why a check with these needs cannot be made in a browser without the `missing` features; `None`:
/// it can.
pub fn not_testable(needs: &[Need], missing: &BTreeMap<BrowserFeature, String>) -> Option<String> {
    why_not(|feature| needs.contains(&Need::Browser(feature)), missing)
}

/// As [`not_testable`], of a whole case with these needs.
pub fn case_not_testable(
    needs: &BTreeSet<BrowserFeature>,
    missing: &BTreeMap<BrowserFeature, String>,
) -> Option<String> {
    why_not(|feature| needs.contains(&feature), missing)
}

fn why_not(
    is_needed: impl Fn(BrowserFeature) -> bool,
    missing: &BTreeMap<BrowserFeature, String>,
) -> Option<String> {
    let needed = missing.iter().filter(|(feature, _)| is_needed(**feature));
    let reasons =
        needed.map(|(feature, why)| format!("this browser does not offer {feature}: {why}"));
    let reasons: Vec<String> = reasons.collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{CaseCheckName, Question, RowCheckName};

    /// An engine that is made up: it has no console, and so no uncaught errors.
    fn without_console() -> BTreeMap<BrowserFeature, String> {
        let why = || "its driver has no command for it".to_owned();
        BTreeMap::from([
            (BrowserFeature::Console, why()),
            (BrowserFeature::UncaughtErrors, why()),
        ])
    }

    fn lost_on(missing: &BTreeMap<BrowserFeature, String>) -> Vec<String> {
        let of_cases = CaseCheckName::ALL.map(Question::OfCase);
        let of_rows = RowCheckName::ALL.map(|name| Question::OfRow(name, 0));
        let questions = of_cases.into_iter().chain(of_rows);
        questions
            .filter(|question| not_testable(question.facts().needs, missing).is_some())
            .map(|question| question.to_string())
            .collect()
    }

    #[test]
    fn only_console_checks_are_lost_without_a_console() {
        assert_eq!(
            lost_on(&without_console()),
            ["no-uncaught-error", "console", "console-names-field"]
        );
    }

    #[test]
    fn every_check_can_be_made_where_nothing_is_missing() {
        assert_eq!(lost_on(&BTreeMap::new()), Vec::<String>::new());
    }

    #[test]
    fn reason_names_the_feature_and_why_it_is_missing() {
        assert_eq!(
            not_testable(CaseCheckName::Console.facts().needs, &without_console()).as_deref(),
            Some("this browser does not offer console messages: its driver has no command for it")
        );
    }

    #[test]
    fn case_is_lost_where_a_need_of_it_is_missing() {
        let needs = BTreeSet::from([BrowserFeature::BackForwardCache]);
        let missing = BTreeMap::from([(BrowserFeature::BackForwardCache, "it is old".into())]);
        assert_eq!(
            case_not_testable(&needs, &missing).as_deref(),
            Some("this browser does not offer a back/forward cache: it is old")
        );
        assert_eq!(case_not_testable(&needs, &without_console()), None);
        assert_eq!(case_not_testable(&BTreeSet::new(), &missing), None);
    }
}
