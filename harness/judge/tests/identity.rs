//! The company key and the two fingerprints.

use rstest::rstest;
use serde_json::{Value, json};

use super::bench::{Bench, FAQ, USER, identity};
use crate::contract::{CaseCheckName, Visitor};

const OTHER: &str = "0e9e2e0c-93c5-4dbb-9a55-64a40fc52f8d";
const ANOTHER: &str = "5a0d7b54-5b0f-4d53-8a44-6f2f6cb0ff10";

/// The third event is the second visitor's, with fingerprints of their own.
fn two_visitors(check: CaseCheckName) -> Bench {
    let bench =
        Bench::asking(check).with(|evidence| evidence.requests[2].visitor = Visitor::Second);
    bench
        .with_field_of(2, "user_fingerprint", json!(OTHER))
        .with_field_of(2, "user_faq_fingerprint", json!(ANOTHER))
}

#[rstest]
#[case(
    CaseCheckName::CompanyKey,
    "company_key",
    json!("OTHER"),
    "does not carry the shop's company key"
)]
#[case(
    CaseCheckName::FingerprintsPresent,
    "user_fingerprint",
    json!(null),
    "carries no user_fingerprint"
)]
#[case(CaseCheckName::FingerprintsPresent, "user_faq_fingerprint", json!("abc"), "not a UUID")]
#[case(
    CaseCheckName::FingerprintsPresent,
    "user_faq_fingerprint",
    json!(7),
    "user_faq_fingerprint is 7, not a UUID"
)]
#[case(
    CaseCheckName::FingerprintsAgree,
    "user_fingerprint",
    json!(FAQ),
    "other fingerprints than the getters return"
)]
#[case(CaseCheckName::FingerprintsStable, "user_fingerprint", json!(OTHER), "2 different pairs")]
#[case(
    CaseCheckName::FingerprintsDistinct,
    "user_fingerprint",
    json!(FAQ),
    "one value as both fingerprints"
)]
fn wrong_automatic_field_is_named(
    #[case] check: CaseCheckName,
    #[case] field: &str,
    #[case] value: Value,
    #[case] message: &str,
) {
    let message_of = Bench::asking(check).with_field(field, value).message();
    assert!(message_of.contains(message), "{message_of}");
    assert!(
        check == CaseCheckName::FingerprintsStable || message_of.contains("productId \"N-1\""),
        "{message_of}"
    );
}

#[test]
fn missing_automatic_field_has_no_actual_value() {
    let key = Bench::asking(CaseCheckName::CompanyKey)
        .without_field("company_key")
        .broken();
    assert_eq!(
        (key.expected, key.actual),
        (Some(json!("CONFORMANCE-COMPANY-KEY")), None)
    );
    let fingerprint =
        Bench::asking(CaseCheckName::FingerprintsPresent).without_field("user_fingerprint");
    assert!(
        fingerprint
            .message()
            .ends_with("carries no user_fingerprint")
    );
}

#[test]
fn different_fingerprints_are_reported_with_both_values() {
    let broken = Bench::asking(CaseCheckName::FingerprintsAgree)
        .with_field("user_fingerprint", json!(OTHER))
        .broken();
    assert_eq!(
        (broken.expected, broken.actual),
        (Some(json!([USER, FAQ])), Some(json!([OTHER, FAQ])))
    );
}

#[test]
fn events_are_compared_with_their_visitors_getters() {
    two_visitors(CaseCheckName::FingerprintsAgree).holds();
    let asked_too = two_visitors(CaseCheckName::FingerprintsAgree)
        .with(|evidence| evidence.identities.push(identity(Visitor::Second)));
    assert!(
        asked_too
            .message()
            .contains("productId \"N-3\" carries other fingerprints")
    );
}

#[test]
fn agreement_needs_called_getters_and_an_event_of_their_visitor() {
    let not_asked = Bench::asking(CaseCheckName::FingerprintsAgree)
        .with(|evidence| evidence.identities.clear());
    assert_eq!(not_asked.bug(), "the SDK's getters were never called");
    let of_nobody = Bench::asking(CaseCheckName::FingerprintsAgree)
        .with(|evidence| evidence.identities.push(identity(Visitor::Second)));
    assert_eq!(
        of_nobody.message(),
        "no event arrived that could be compared with the getters"
    );
}

#[test]
fn fingerprints_are_stable_within_each_visitor() {
    two_visitors(CaseCheckName::FingerprintsStable).holds();
    let broken = two_visitors(CaseCheckName::FingerprintsStable)
        .with_field_of(1, "user_faq_fingerprint", json!(OTHER))
        .broken();
    assert_eq!(
        broken.message,
        "one visitor's events carry 2 different pairs of fingerprints"
    );
    assert_eq!(broken.expected, Some(json!([USER, FAQ])));
}

#[test]
fn stability_needs_two_events_of_one_visitor() {
    assert_eq!(
        Bench::asking(CaseCheckName::FingerprintsStable)
            .arriving(&["N-1"])
            .message(),
        "1 event arrived; two of one visitor are needed to compare"
    );
    Bench::asking(CaseCheckName::FingerprintsStable)
        .arriving(&["N-1", "N-2"])
        .holds();
    let one_each = Bench::asking(CaseCheckName::FingerprintsStable)
        .arriving(&["N-1", "N-2"])
        .with(|evidence| evidence.requests[1].visitor = Visitor::Second);
    assert_eq!(
        one_each.message(),
        "2 events arrived; two of one visitor are needed to compare"
    );
}

#[test]
fn two_visitors_with_fingerprints_of_their_own_differ() {
    two_visitors(CaseCheckName::FingerprintsDiffer).holds();
}

#[rstest]
#[case::of_the_chat("user_fingerprint", USER)]
#[case::of_the_faqs("user_faq_fingerprint", FAQ)]
fn two_visitors_with_one_fingerprint_are_found(#[case] field: &str, #[case] value: &str) {
    let broken = two_visitors(CaseCheckName::FingerprintsDiffer)
        .with_field_of(2, field, json!(value))
        .broken();
    assert_eq!(broken.message, "two visitors share a fingerprint");
    assert_eq!(broken.actual, Some(json!([USER, FAQ])));
}

#[test]
fn difference_needs_events_of_both_visitors() {
    assert!(
        Bench::asking(CaseCheckName::FingerprintsDiffer)
            .message()
            .contains("events of two visitors are needed")
    );
}

#[test]
fn automatic_fields_need_an_event() {
    for check in [
        CaseCheckName::CompanyKey,
        CaseCheckName::FingerprintsPresent,
        CaseCheckName::FingerprintsAgree,
        CaseCheckName::FingerprintsStable,
        CaseCheckName::FingerprintsDistinct,
    ] {
        assert!(
            Bench::asking(check).arriving(&[]).finding().is_broken(),
            "{check}"
        );
    }
}
