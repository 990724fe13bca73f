//! Which circumstances what is wrong shares, and what is right does not have.

use std::collections::BTreeSet;

use super::feature::{Feature, Occurrence};
use crate::contract::Method;

/// Of what has the features of a rule, at least this share is wrong: some of it may escape by a
/// circumstance that has no name here.
const PRECISION: f64 = 0.75;

/// Fewer cases than these have no circumstance in common but by chance.
const FEWEST_CASES: usize = 3;

/// More rules than these explain nothing.
const MOST_RULES: usize = 4;

/// One explanation of some of what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The method that alone is concerned; `None`: both.
    pub method: Option<Method>,
    /// The circumstances; empty: none was found, or none is needed.
    pub features: Vec<Feature>,
    /// Whether everything that they fit is wrong.
    pub is_exact: bool,
    /// How many it explains beside those that they fit.
    pub others: usize,
    /// The indexes of what is wrong, and explained so.
    pub explains: Vec<usize>,
}

/// Splits what is wrong by the circumstances it shares, the widest rule first. Each of it is
/// explained once.
pub fn rules(all: &[Occurrence]) -> Vec<Rule> {
    let wrong = |(index, own): (usize, &Occurrence)| own.is_wrong.then_some(index);
    let mut open: BTreeSet<usize> = all.iter().enumerate().filter_map(wrong).collect();
    let mut rules = Vec::new();
    while !open.is_empty() && rules.len() < MOST_RULES {
        let Some(rule) = widest(all, &open) else {
            break;
        };
        open.retain(|index| !rule.explains.contains(index));
        rules.push(rule);
    }
    let rest: Vec<usize> = open.into_iter().collect();
    match rules.first_mut() {
        _ if rest.is_empty() => {}
        // What is left is likelier the same defect than another.
        Some(first) if rest.len() * 2 <= first.explains.len() => {
            first.others = rest.len();
            first.explains.extend(rest);
        }
        Some(_) | None => rules.push(without_circumstance(all, rest)),
    }
    rules
}

/// What nothing in particular explains.
fn without_circumstance(all: &[Occurrence], explains: Vec<usize>) -> Rule {
    let methods: BTreeSet<Method> = explains.iter().map(|index| all[*index].method).collect();
    Rule {
        method: methods.first().copied().filter(|_| methods.len() == 1),
        features: Vec::new(),
        is_exact: false,
        others: 0,
        explains,
    }
}

/// The rule that explains most of what is open; of equal ones the simplest.
fn widest(all: &[Occurrence], open: &BTreeSet<usize>) -> Option<Rule> {
    let features = open.iter().flat_map(|index| &all[*index].features);
    let features: BTreeSet<&Feature> = features.collect();
    // A bit each: the most telling ones are the first.
    let features: Vec<&Feature> = features.into_iter().take(128).collect();
    let bits = |own: &Occurrence| {
        let own = features
            .iter()
            .map(|feature| own.features.contains(*feature));
        own.rev()
            .fold(0_u128, |bits, has| (bits << 1) | u128::from(has))
    };
    let bits: Vec<u128> = all.iter().map(bits).collect();
    let singles = (0..features.len()).map(|index| 1_u128 << index);
    let singles: Vec<u128> = singles.collect();
    // Two circumstances that say little fit anything by chance.
    let telling = features.iter().take_while(|own| own.is_telling()).count();
    let telling = &singles[..telling];
    let pairs = telling.iter().enumerate().flat_map(|(index, first)| {
        let rest = telling[index + 1..].iter();
        rest.map(move |second| first | second)
    });
    let sets: Vec<u128> = std::iter::once(0)
        .chain(singles.iter().copied())
        .chain(pairs)
        .collect();
    let methods = [None].into_iter().chain(Method::ALL.map(Some));
    let candidates = methods.flat_map(|method| sets.iter().map(move |set| (method, *set)));
    let rule = candidates.filter_map(|(method, set)| {
        let (precision, explains) = explained(all, &bits, open, method, set)?;
        Some((method, set, precision, explains))
    });
    #[expect(clippy::cast_precision_loss, reason = "a run has few events")]
    let weight = |precision: f64, explains: &[usize]| explains.len() as f64 * precision.powi(2);
    // Of equals the first wins, which is the simplest.
    let (method, set, precision, explains) = rule.reduce(|best, next| {
        if weight(next.2, &next.3) > weight(best.2, &best.3) {
            next
        } else {
            best
        }
    })?;
    let features = features.iter().zip(&singles);
    let features = features.filter(|(_, bit)| set & **bit != 0);
    Some(Rule {
        method,
        features: features.map(|(own, _)| (*own).clone()).collect(),
        is_exact: precision >= 1.0,
        others: 0,
        explains,
    })
}

/// What of `open` has all features of `set`, and which share is wrong of all that has them; `None`:
/// too little of it is, or too few cases share it.
fn explained(
    all: &[Occurrence],
    bits: &[u128],
    open: &BTreeSet<usize>,
    method: Option<Method>,
    set: u128,
) -> Option<(f64, Vec<usize>)> {
    let (mut fitting, mut wrong) = (0_usize, 0_usize);
    let mut explains = Vec::new();
    for (index, own) in all.iter().enumerate() {
        if bits[index] & set != set || method.is_some_and(|method| own.method != method) {
            continue;
        }
        fitting += 1;
        wrong += usize::from(own.is_wrong);
        if open.contains(&index) {
            explains.push(index);
        }
    }
    let places = explains
        .iter()
        .map(|index| (all[*index].case, all[*index].row));
    let cases: BTreeSet<(usize, Option<usize>)> = places.collect();
    #[expect(clippy::cast_precision_loss, reason = "a run has few events")]
    let precision = wrong as f64 / fitting.max(1) as f64;
    (precision >= PRECISION && cases.len() >= FEWEST_CASES).then_some((precision, explains))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occurrence(case: usize, words: &[&str], is_wrong: bool) -> Occurrence {
        let features = words.iter().map(|words| Feature::new(1, *words));
        Occurrence {
            case,
            row: None,
            method: Method::SendCartEvent,
            features: features.collect(),
            is_wrong,
        }
    }

    fn words(rule: &Rule) -> Vec<&str> {
        rule.features.iter().map(|own| own.words.as_str()).collect()
    }

    #[test]
    fn shared_circumstance_explains_what_is_wrong() {
        let mut all: Vec<Occurrence> = (0..4).map(|n| occurrence(n, &["early"], true)).collect();
        all.extend((4..8).map(|n| occurrence(n, &["late"], false)));
        let rules = rules(&all);
        assert_eq!(rules.len(), 1);
        assert_eq!(words(&rules[0]), ["early"]);
        assert!(rules[0].is_exact);
    }

    #[test]
    fn two_circumstances_together_are_found() {
        let mut all: Vec<Occurrence> = (0..4)
            .map(|n| occurrence(n, &["early", "first"], true))
            .collect();
        all.extend((4..8).map(|n| occurrence(n, &["early"], false)));
        all.extend((8..12).map(|n| occurrence(n, &["first"], false)));
        assert_eq!(words(&rules(&all)[0]), ["early", "first"]);
    }

    #[test]
    fn everything_wrong_needs_no_circumstance() {
        let all: Vec<Occurrence> = (0..4).map(|n| occurrence(n, &["early"], true)).collect();
        assert_eq!(words(&rules(&all)[0]), Vec::<&str>::new());
    }

    #[test]
    fn two_defects_become_two_rules() {
        let mut all: Vec<Occurrence> = (0..4).map(|n| occurrence(n, &["early"], true)).collect();
        all.extend((4..7).map(|n| occurrence(n, &["reload"], true)));
        all.extend((7..20).map(|n| occurrence(n, &["plain"], false)));
        let rules = rules(&all);
        assert_eq!(
            rules.iter().map(words).collect::<Vec<_>>(),
            [["early"], ["reload"]]
        );
    }

    #[test]
    fn few_cases_get_no_circumstance() {
        let all = [
            occurrence(0, &["early"], true),
            occurrence(1, &["late"], false),
        ];
        let rules = rules(&all);
        assert_eq!(words(&rules[0]), Vec::<&str>::new());
        assert!(!rules[0].is_exact);
    }
}
