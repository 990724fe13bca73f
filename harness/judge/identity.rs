//! The fields that the SDK adds by itself: the company key and the two fingerprints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::{Finding, Subject, name_of};
use crate::contract::Visitor;
use crate::reading::Recorded;

/// Both fingerprints of one event or one visitor; `Null` where one is absent.
type Pair = (Value, Value);

impl Subject<'_> {
    pub(super) fn company_key(&self) -> Finding {
        if self.ledger.recorded.is_empty() {
            return Finding::nothing_to_judge("no event arrived that could carry the company key");
        }
        let other = self.ledger.recorded.iter().find(|recorded| {
            recorded.company_key.as_ref().and_then(Value::as_str) != Some(&self.profile.company_key)
        });
        match other {
            None => Finding::Holds,
            Some(recorded) => {
                let actual = recorded.company_key.clone().unwrap_or("absent".into());
                Finding::differs(
                    format!(
                        "{} does not carry the shop's company key",
                        name_of(recorded)
                    ),
                    self.profile.company_key.clone(),
                    actual,
                )
            }
        }
    }

    pub(super) fn fingerprints_present(&self) -> Finding {
        if self.ledger.recorded.is_empty() {
            return Finding::nothing_to_judge("no event arrived that could carry fingerprints");
        }
        let names = [
            self.profile.wire.user_fingerprint.text(),
            self.profile.wire.user_faq_fingerprint.text(),
        ];
        let wrong = self.ledger.recorded.iter().flat_map(|recorded| {
            names
                .into_iter()
                .zip([&recorded.user_fingerprint, &recorded.user_faq_fingerprint])
                .filter_map(move |(name, value)| match value {
                    None | Some(Value::Null) => {
                        Some(format!("{} carries no {name}", name_of(recorded)))
                    }
                    Some(value)
                        if value
                            .as_str()
                            .is_none_or(|text| Uuid::try_parse(text).is_err()) =>
                    {
                        Some(format!(
                            "{}: {name} is {value}, not a UUID",
                            name_of(recorded)
                        ))
                    }
                    Some(_) => None,
                })
        });
        Finding::none_of(&wrong.collect::<Vec<_>>())
    }

    pub(super) fn fingerprints_agree(&self) -> Finding {
        if self.evidence.identities.is_empty() {
            return Finding::nothing_to_judge(
                "the SDK's getters were not asked: the scenario needs an `identify` step",
            );
        }
        for identity in &self.evidence.identities {
            let got = (
                identity.user_fingerprint.clone(),
                identity.user_faq_fingerprint.clone(),
            );
            let mut of_visitor = self
                .ledger
                .recorded
                .iter()
                .filter(|recorded| recorded.request.visitor == identity.visitor)
                .peekable();
            if of_visitor.peek().is_none() {
                return Finding::nothing_to_judge(
                    "no event arrived that could be compared with the getters",
                );
            }
            if let Some(recorded) = of_visitor.find(|recorded| pair(recorded) != got) {
                return Finding::differs(
                    format!(
                        "{} carries other fingerprints than the getters return",
                        name_of(recorded)
                    ),
                    as_list(&got),
                    as_list(&pair(recorded)),
                );
            }
        }
        Finding::Holds
    }

    pub(super) fn fingerprints_stable(&self) -> Finding {
        let by_visitor = self.pairs_by_visitor();
        if by_visitor.values().all(|pairs| pairs.len() < 2) {
            return Finding::nothing_to_judge(format!(
                "{} events arrived; two of one visitor are needed to compare",
                self.ledger.recorded.len()
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
                    as_list(&pairs[0]),
                    distinct.into_iter().collect::<Vec<_>>(),
                );
            }
        }
        Finding::Holds
    }

    pub(super) fn fingerprints_distinct(&self) -> Finding {
        if self.ledger.recorded.is_empty() {
            return Finding::nothing_to_judge("no event arrived that could carry fingerprints");
        }
        match self
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
                "two values",
                user,
            ),
            None => Finding::Holds,
        }
    }

    pub(super) fn fingerprints_differ(&self) -> Finding {
        let by_visitor = self.pairs_by_visitor();
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
                "different ones",
                as_list(pair),
            ),
            None => Finding::Holds,
        }
    }

    fn pairs_by_visitor(&self) -> BTreeMap<Visitor, Vec<Pair>> {
        let mut by_visitor: BTreeMap<Visitor, Vec<Pair>> = BTreeMap::new();
        for recorded in &self.ledger.recorded {
            by_visitor
                .entry(recorded.request.visitor)
                .or_default()
                .push(pair(recorded));
        }
        by_visitor
    }
}

fn pair(recorded: &Recorded<'_>) -> Pair {
    (
        recorded.user_fingerprint.clone().unwrap_or(Value::Null),
        recorded.user_faq_fingerprint.clone().unwrap_or(Value::Null),
    )
}

fn as_list((user, faq): &Pair) -> Vec<Value> {
    vec![user.clone(), faq.clone()]
}
