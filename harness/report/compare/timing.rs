use std::collections::{BTreeSet, HashMap};

use super::model::{ReadyChange, SlowerCase, TimingChange};
use super::side::{Side, State};
use super::summary::hundredths;
use crate::report::model::{CaseReport, CheckReport, Report, median};

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

/// Fewer cases do not decide how soon an SDK is ready.
const FEWEST_READY: usize = 3;

/// An SDK is ready later if it takes at least so many times as long as before. This is measured in
/// the page, and no other case can show how fast the machine is: a build that is late slows all.
const LATER: f64 = 1.5;

/// And if it takes so much longer: a page that is loaded by a busy machine takes a while to be
/// asked.
const LATER_MS: f64 = 250.0;

/// Which cases take longer than all others would lead to expect, and whether the SDK is ready
/// later.
pub fn timing(old: &Side, new: &Side) -> TimingChange {
    let (Some(before), Some(now)) = (&old.report, &new.report) else {
        return because("a baseline knows no times");
    };
    if old.about.browser != new.about.browser {
        return because("the browsers differ");
    }
    if old.about.platform != new.about.platform {
        return because("the machines differ");
    }
    TimingChange {
        ready: ready(before, now),
        ..durations(before, now)
    }
}

fn because(why: &str) -> TimingChange {
    TimingChange {
        not_compared: Some(why.to_owned()),
        ..TimingChange::default()
    }
}

/// How soon the SDK is ready in the cases that measured it on both sides.
fn ready(before: &Report, now: &Report) -> Option<ReadyChange> {
    let before = before.cases.iter();
    let before = before.filter_map(|case| Some((&case.id, case.ready_ms?)));
    let before: HashMap<&String, f64> = before.collect();
    let pair = |case: &CaseReport| Some((*before.get(&case.id)?, case.ready_ms?));
    let (old, new): (Vec<f64>, Vec<f64>) = now.cases.iter().filter_map(pair).unzip();
    if new.len() < FEWEST_READY {
        return None;
    }
    let (cases, old_ms, new_ms) = (new.len(), median(old), median(new));
    Some(ReadyChange {
        cases,
        old_ms,
        new_ms,
        is_later: new_ms > old_ms * LATER && new_ms - old_ms > LATER_MS,
    })
}

/// Which cases take longer than all others would lead to expect. Never decided by one absolute
/// time: machines differ from day to day.
fn durations(before: &Report, now: &Report) -> TimingChange {
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
        cases: ratios.len(),
        median_ratio: Some(hundredths(usual.exp())),
        bound: Some(hundredths(bound.exp())),
        slower,
        ..TimingChange::default()
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
