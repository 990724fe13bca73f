use std::collections::BTreeSet;

use super::model::{SlowerCase, TimingChange};
use super::side::{Side, State};
use super::summary::hundredths;
use crate::report::model::{CaseReport, CheckReport, Report};

/// Fewer cases say nothing about noise.
const FEWEST: usize = 8;

/// No case is named that is less than so many times slower than the others lead to expect.
const SLOWER: f64 = 1.5;

/// How many robust standard deviations are noise.
const DEVIATIONS: f64 = 4.0;

/// What makes a median absolute deviation a standard deviation, were the noise normal.
const TO_DEVIATION: f64 = 1.4826;

/// A case that is slower by less is not worth a line, whatever its ratio.
const NOTICED_MS: f64 = 100.0;

/// Which cases take longer than all others would lead to expect. Never decided by one absolute
/// time: machines differ from day to day.
pub fn timing(old: &Side, new: &Side) -> TimingChange {
    let because = |why: &str| TimingChange {
        not_compared: Some(why.to_owned()),
        ..TimingChange::default()
    };
    let (Some(before), Some(now)) = (&old.report, &new.report) else {
        return because("a baseline knows no times");
    };
    if old.about.browser != new.about.browser {
        return because("the browsers differ");
    }
    if old.about.platform != new.about.platform {
        return because("the machines differ");
    }
    let (steady_before, steady_now) = (steady(before), steady(now));
    let time = |case: &CaseReport| (case.duration_ms > 0.0).then_some(case.duration_ms);
    let pair = |case: &'_ CaseReport| {
        let id = case.id.as_str();
        let is_steady = steady_before.contains(id) && steady_now.contains(id);
        let other = before.case(id).filter(|_| is_steady)?;
        Some((id.to_owned(), time(other)?, time(case)?))
    };
    let pairs: Vec<(String, f64, f64)> = now.cases.iter().filter_map(pair).collect();
    if pairs.len() < FEWEST {
        let cases = pairs.len();
        let why =
            format!("{cases} cases passed on both sides, and fewer than {FEWEST} say nothing");
        return TimingChange {
            cases,
            ..because(&why)
        };
    }
    let ratios: Vec<f64> = pairs.iter().map(|(_, old, new)| (new / old).ln()).collect();
    let usual = median(ratios.clone());
    let spread = median(ratios.iter().map(|ratio| (ratio - usual).abs()).collect()) * TO_DEVIATION;
    let bound = (DEVIATIONS * spread).max(SLOWER.ln());
    let is_slower = |(_, old, new): &(String, f64, f64)| {
        (new / old).ln() - usual > bound && new - old * usual.exp() > NOTICED_MS
    };
    let slower = pairs.into_iter().filter(is_slower);
    let slower = slower.map(|(case, old_ms, new_ms)| SlowerCase {
        case,
        old_ms,
        new_ms,
        factor: hundredths(new_ms / old_ms / usual.exp()),
    });
    let mut slower: Vec<SlowerCase> = slower.collect();
    slower.sort_by(|a, b| a.case.cmp(&b.case));
    slower.sort_by(|a, b| b.factor.total_cmp(&a.factor));
    TimingChange {
        not_compared: None,
        cases: ratios.len(),
        median_ratio: Some(hundredths(usual.exp())),
        bound: Some(hundredths(bound.exp())),
        slower,
    }
}

/// The cases whose checks all hold at once: a failure waits in vain, and is tried again in a fresh
/// browser.
fn steady(report: &Report) -> BTreeSet<&str> {
    let is_unsteady =
        |check: &&CheckReport| State::of(check.status).is_some_and(|state| state != State::Holds);
    let unsteady = report.checks.iter().filter(is_unsteady);
    let unsteady: BTreeSet<&str> = unsteady.map(|check| check.case.as_str()).collect();
    let cases = report.cases.iter().map(|case| case.id.as_str());
    cases.filter(|case| !unsteady.contains(case)).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], values[middle])
    } else {
        values[middle]
    }
}
