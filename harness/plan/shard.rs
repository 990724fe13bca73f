//! One part of a run that several machines share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::cases::Case;
use super::durations::Durations;
use crate::contract::CheckId;
use crate::sdk::sha256;

/// More parts than this are a typing error.
const MOST: usize = 1000;

/// A part of a run: the second of five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, counted from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        let (index, of) =
            parts.ok_or_else(|| "it is written as 2/5, the second of five parts".to_owned())?;
        match (index, of) {
            (_, 0 | MOST..) => Err(format!("a run has 1 to {} parts", MOST - 1)),
            (index, of) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err(format!(
                "of {of} parts the first is 1/{of} and the last is {of}/{of}"
            )),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// A plan, cut into parts of about the same length. The same plan and durations give the same parts
/// on every machine.
#[derive(Debug)]
pub struct Division {
    of: usize,
    /// The part of each case, counted from 1. Those in none are in all.
    part_of: BTreeMap<String, usize>,
}

impl Division {
    /// Cuts `cases` into `of` parts: the longest case first, each into the part that is the
    /// shortest so far.
    ///
    /// Prerequisites are in every part: without them no verdict of it means anything.
    pub fn new(cases: &[Case], of: usize, durations: &Durations) -> Self {
        let mut weighed: Vec<(u64, &str)> = cases
            .iter()
            .filter(|case| !case.scenario.prerequisite)
            .map(|case| (durations.of_case(&case.id), case.id.as_str()))
            .collect();
        weighed.sort_by_key(|(ms, id)| (std::cmp::Reverse(*ms), *id));
        // The length of each part, with its number.
        let mut lengths: BTreeSet<(u64, usize)> = (1..=of).map(|part| (0, part)).collect();
        let mut part_of = BTreeMap::new();
        // The only part has all.
        for (ms, id) in weighed.into_iter().filter(|_| of > 1) {
            let Some((length, part)) = lengths.pop_first() else {
                break;
            };
            lengths.insert((length + ms, part));
            part_of.insert(id.to_owned(), part);
        }
        Self { of, part_of }
    }

    /// Of `cases`, those of one part, in their order.
    pub fn part(&self, index: usize, mut cases: Vec<Case>) -> Vec<Case> {
        cases.retain(|case| self.part_of.get(&case.id).is_none_or(|part| *part == index));
        cases
    }

    /// The identity of the plan and of how it was cut: parts that do not share it are not of one
    /// run.
    pub fn sha256(&self, cases: &[Case]) -> String {
        let checks = cases.iter().flat_map(|case| {
            let part = self.part_of.get(&case.id).copied();
            let not_applicable = case.not_applicable.iter().map(|(check, _)| check);
            let all = case.checks.iter().chain(not_applicable);
            all.map(move |check| (check.id.clone(), part))
        });
        plan_sha256(self.of, checks)
    }
}

/// SHA-256 over the ids of all checks of a plan, each with the part that it is in, if not in all.
pub fn plan_sha256(
    of: usize,
    checks: impl IntoIterator<Item = (CheckId, Option<usize>)>,
) -> String {
    let lines: BTreeSet<String> = checks
        .into_iter()
        .map(|(check, part)| format!("{check} in {}\n", part.unwrap_or_default()))
        .collect();
    let text = format!("{of} parts\n") + &String::from_iter(lines);
    sha256(text.as_bytes())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::input::Files;
    use crate::plan::{CaseCheck, Patterns};
    use crate::scenario::Suite;

    fn plan() -> Vec<Case> {
        Suite::load(&Files::default())
            .unwrap()
            .plan(&mut Patterns::new(&[]))
    }

    /// A case of each of these lengths, and the prerequisites.
    fn cases_of(milliseconds: &[u16]) -> (Vec<Case>, Durations) {
        static PLAN: std::sync::OnceLock<Vec<Case>> = std::sync::OnceLock::new();
        let plan = PLAN.get_or_init(plan);
        let any = plan
            .iter()
            .find(|case| !case.scenario.prerequisite)
            .unwrap();
        let prerequisites = plan
            .iter()
            .filter(|case| case.scenario.prerequisite)
            .cloned();
        let names: Vec<String> = (0..milliseconds.len())
            .map(|place| format!("case/{place:03}"))
            .collect();
        let case_of = |name: &String| {
            let check = CaseCheck {
                id: CheckId(format!("{name}#once")),
                ..any.checks[0].clone()
            };
            Case {
                id: name.clone(),
                checks: vec![check],
                ..any.clone()
            }
        };
        let cases: Vec<Case> = prerequisites.chain(names.iter().map(case_of)).collect();
        let durations = Durations::of(
            names
                .iter()
                .map(String::as_str)
                .zip(milliseconds.iter().map(|ms| f64::from(*ms))),
        );
        (cases, durations)
    }

    fn ids(cases: &[Case]) -> Vec<&str> {
        cases.iter().map(|case| case.id.as_str()).collect()
    }

    proptest! {
        #[test]
        fn case_is_in_one_part_and_prerequisite_in_all(
            milliseconds in prop::collection::vec(0_u16..5000, 0..40),
            of in 1_usize..9
        ) {
            let (cases, durations) = cases_of(&milliseconds);
            let division = Division::new(&cases, of, &durations);
            let parts: Vec<Vec<Case>> = (1..=of)
                .map(|index| division.part(index, cases.clone()))
                .collect();
            for case in &cases {
                let times = parts
                    .iter()
                    .filter(|part| ids(part).contains(&case.id.as_str()))
                    .count();
                prop_assert_eq!(
                    times,
                    if case.scenario.prerequisite { of } else { 1 },
                    "{}",
                    &case.id
                );
            }
        }

        #[test]
        fn parts_differ_by_at_most_the_longest_case(
            milliseconds in prop::collection::vec(1_u16..5000, 1..40),
            of in 1_usize..9
        ) {
            let (cases, durations) = cases_of(&milliseconds);
            let division = Division::new(&cases, of, &durations);
            let own = |part: Vec<Case>| {
                part.iter()
                    .filter(|case| !case.scenario.prerequisite)
                    .map(|case| durations.of_case(&case.id))
                    .sum::<u64>()
            };
            let lengths: Vec<u64> = (1..=of)
                .map(|index| own(division.part(index, cases.clone())))
                .collect();
            let longest = cases
                .iter()
                .map(|case| durations.of_case(&case.id))
                .max()
                .unwrap();
            prop_assert!(
                lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= longest,
                "{lengths:?}"
            );
        }

        #[test]
        fn order_of_cases_does_not_change_parts(
            milliseconds in prop::collection::vec(1_u16..50, 0..40),
            of in 1_usize..9
        ) {
            let (cases, durations) = cases_of(&milliseconds);
            let reversed: Vec<Case> = cases.iter().rev().cloned().collect();
            let (one, other) = (
                Division::new(&cases, of, &durations),
                Division::new(&reversed, of, &durations),
            );
            prop_assert_eq!(&one.part_of, &other.part_of);
            prop_assert_eq!(one.sha256(&cases), other.sha256(&reversed));
        }
    }

    #[test]
    fn bundled_plan_is_cut_evenly() {
        let (cases, durations) = (plan(), Durations::load(&Files::default()).unwrap());
        let division = Division::new(&cases, 5, &durations);
        let length = |index| {
            division
                .part(index, cases.clone())
                .iter()
                .map(|case| durations.of_case(&case.id))
                .sum::<u64>()
        };
        let lengths: Vec<u64> = (1..=5).map(length).collect();
        let (longest, shortest) = (lengths.iter().max().unwrap(), lengths.iter().min().unwrap());
        assert!(longest * 100 <= shortest * 105, "{lengths:?} ms");
    }

    #[test]
    fn another_cut_has_another_hash() {
        let (cases, durations) = cases_of(&[10, 20, 30]);
        let hash = |of, durations: &Durations| Division::new(&cases, of, durations).sha256(&cases);
        assert_eq!(hash(2, &durations), hash(2, &durations.clone()));
        assert_ne!(hash(2, &durations), hash(3, &durations));
        assert_ne!(
            hash(2, &durations),
            hash(2, &Durations::of([("case/000", 900.0)]))
        );
        assert_ne!(
            hash(2, &durations),
            Division::new(&cases[1..], 2, &durations).sha256(&cases[1..])
        );
    }

    #[rstest]
    #[case("1/1", Some((1, 1)))]
    #[case("2/5", Some((2, 5)))]
    #[case("5/5", Some((5, 5)))]
    #[case("0/5", None)]
    #[case("6/5", None)]
    #[case("1/0", None)]
    #[case("1/1000", None)]
    #[case("2", None)]
    #[case("2/5/7", None)]
    #[case("-1/5", None)]
    #[case("", None)]
    fn shard_is_read_from_its_number_and_count(
        #[case] text: &str,
        #[case] expected: Option<(usize, usize)>,
    ) {
        assert_eq!(
            text.parse::<Shard>()
                .ok()
                .map(|shard| (shard.index, shard.of)),
            expected
        );
    }
}
