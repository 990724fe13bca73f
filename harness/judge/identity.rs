//! The fields that the SDK adds by itself: the company key and the two fingerprints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::words::name_of;
use super::{Automatic, Broken, Defect, Finding, HarnessBug};
use crate::contract::Visitor;
use crate::reading::{Reading, SentEvent};
use crate::text::counted;

/// Both fingerprints of one event or one visitor; `Null` where one is absent.
type Pair = (Value, Value);

pub(super) fn company_key(reading: &Reading<'_>) -> Finding {
    if reading.ledger.recorded.is_empty() {
        return Finding::nothing_to_judge("no event arrived that could carry the company key");
    }
    let other = reading.ledger.recorded.iter().find(|recorded| {
        recorded.company_key.as_ref().and_then(Value::as_str) != Some(&reading.profile.company_key)
    });
    match other {
        None => Finding::Holds,
        Some(recorded) => {
            let actual = recorded.company_key.clone();
            let wrong = match actual {
                None => Automatic::NoCompanyKey,
                Some(_) => Automatic::OtherCompanyKey,
            };
            Finding::Broken(Broken {
                message: format!(
                    "{} does not carry the shop's company key",
                    name_of(recorded)
                ),
                expected: Some(reading.profile.company_key.clone().into()),
                actual,
                defects: vec![Defect::Automatic(wrong)],
            })
        }
    }
}

pub(super) fn fingerprints_present(reading: &Reading<'_>) -> Finding {
    if reading.ledger.recorded.is_empty() {
        return Finding::nothing_to_judge("no event arrived that could carry fingerprints");
    }
    let names = [
        reading.profile.wire.user_fingerprint.text(),
        reading.profile.wire.user_faq_fingerprint.text(),
    ];
    let wrong = reading.ledger.recorded.iter().flat_map(|recorded| {
        names
            .into_iter()
            .zip([&recorded.user_fingerprint, &recorded.user_faq_fingerprint])
            .filter_map(move |(name, value)| match value {
                None | Some(Value::Null) => {
                    let message = format!("{} carries no {name}", name_of(recorded));
                    Some((Defect::Automatic(Automatic::NoFingerprint), message))
                }
                Some(value)
                    if value
                        .as_str()
                        .is_none_or(|text| Uuid::try_parse(text).is_err()) =>
                {
                    let message = format!("{}: {name} is {value}, not a UUID", name_of(recorded));
                    Some((Defect::Automatic(Automatic::NoUuid), message))
                }
                Some(_) => None,
            })
    });
    Finding::none_of(wrong)
}

pub(super) fn fingerprints_agree(reading: &Reading<'_>) -> Result<Finding, HarnessBug> {
    if reading.evidence.identities.is_empty() {
        // Scenario and profile were seen to have what it takes, and every step was done.
        return Err(HarnessBug("the SDK's getters were never called".into()));
    }
    for identity in &reading.evidence.identities {
        let got = (
            identity.user_fingerprint.clone(),
            identity.user_faq_fingerprint.clone(),
        );
        let mut of_visitor = reading
            .ledger
            .recorded
            .iter()
            .filter(|recorded| recorded.request.visitor == identity.visitor)
            .peekable();
        if of_visitor.peek().is_none() {
            return Ok(Finding::nothing_to_judge(
                "no event arrived that could be compared with the getters",
            ));
        }
        if let Some(recorded) = of_visitor.find(|recorded| pair(recorded) != got) {
            return Ok(Finding::differs(
                format!(
                    "{} carries other fingerprints than the getters return",
                    name_of(recorded)
                ),
                Defect::Automatic(Automatic::NotOfTheGetters),
                as_list(&got),
                as_list(&pair(recorded)),
            ));
        }
    }
    Ok(Finding::Holds)
}

pub(super) fn fingerprints_stable(reading: &Reading<'_>) -> Finding {
    let by_visitor = pairs_by_visitor(reading);
    if by_visitor.values().all(|pairs| pairs.len() < 2) {
        return Finding::nothing_to_judge(format!(
            "{} arrived; two of one visitor are needed to compare",
            counted(reading.ledger.recorded.len(), "event")
        ));
    }
    for pairs in by_visitor.values() {
        let distinct: BTreeSet<String> = pairs
            .iter()
            .map(|pair| Value::from(as_list(pair)).to_string())
            .collect();
        if distinct.len() > 1 {
            let message = format!(
                "one visitor's events carry {} different pairs of fingerprints",
                distinct.len()
            );
            return Finding::differs(
                message,
                Defect::Automatic(Automatic::NotStable),
                as_list(&pairs[0]),
                distinct.into_iter().collect::<Vec<_>>(),
            );
        }
    }
    Finding::Holds
}

pub(super) fn fingerprints_distinct(reading: &Reading<'_>) -> Finding {
    if reading.ledger.recorded.is_empty() {
        return Finding::nothing_to_judge("no event arrived that could carry fingerprints");
    }
    match reading
        .ledger
        .recorded
        .iter()
        .map(|recorded| (recorded, pair(recorded)))
        .find(|(_, (user, faq))| user == faq)
    {
        Some((recorded, (user, _))) => Finding::differs(
            format!(
                "{} carries one value as both fingerprints",
                name_of(recorded)
            ),
            Defect::Automatic(Automatic::NotDistinct),
            "two values",
            user,
        ),
        None => Finding::Holds,
    }
}

pub(super) fn fingerprints_differ(reading: &Reading<'_>) -> Finding {
    let by_visitor = pairs_by_visitor(reading);
    let (Some(first), Some(second)) = (
        by_visitor.get(&Visitor::First),
        by_visitor.get(&Visitor::Second),
    ) else {
        return Finding::nothing_to_judge(
            "events of two visitors are needed to compare, and one had none recorded",
        );
    };
    let shared = first.iter().find(|(user, faq)| {
        second
            .iter()
            .any(|(other_user, other_faq)| user == other_user || faq == other_faq)
    });
    match shared {
        Some(pair) => Finding::differs(
            "two visitors share a fingerprint",
            Defect::Automatic(Automatic::Shared),
            "different ones",
            as_list(pair),
        ),
        None => Finding::Holds,
    }
}

fn pairs_by_visitor(reading: &Reading<'_>) -> BTreeMap<Visitor, Vec<Pair>> {
    let mut by_visitor: BTreeMap<Visitor, Vec<Pair>> = BTreeMap::new();
    for recorded in &reading.ledger.recorded {
        by_visitor
            .entry(recorded.request.visitor)
            .or_default()
            .push(pair(recorded));
    }
    by_visitor
}

fn pair(recorded: &SentEvent<'_>) -> Pair {
    (
        recorded.user_fingerprint.clone().unwrap_or(Value::Null),
        recorded.user_faq_fingerprint.clone().unwrap_or(Value::Null),
    )
}

fn as_list((user, faq): &Pair) -> Vec<Value> {
    vec![user.clone(), faq.clone()]
}
