//! The records of an earlier run, judged by the checks of today.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::Report;
use super::stored::Stored;
use crate::contract::Event;
use crate::evidence::{CaseRecord, Ended};
use crate::plan::Case;
use crate::scenario::Scenario;
use crate::sdk::Profile;
use crate::verdict::known::Knowledge;
use crate::verdict::{Attempts, CaseOutcome, missing_prerequisite};

/// What today's checks found in the records of an earlier run.
#[derive(Debug)]
pub struct Rejudged {
    /// One a case of today's plan, in its order.
    pub outcomes: Vec<CaseOutcome>,
    /// A check failed by itself.
    pub bug: bool,
    /// The cases that were not judged, for there is no record that fits them: why, and what to do,
    /// by their ids.
    pub unjudged: BTreeMap<String, String>,
}

/// Judges `cases` by what is recorded of them. Like a run it judges nothing else where a
/// prerequisite does not hold.
pub fn rejudge(
    stored: &Stored,
    cases: Vec<Case>,
    profile: &Profile,
    knowledge: &Knowledge<'_>,
) -> Rejudged {
    let mut rejudged = Rejudged {
        outcomes: Vec::new(),
        bug: false,
        unjudged: BTreeMap::new(),
    };
    for case in cases.into_iter().map(Arc::new) {
        // Of a prerequisite without a record its own run has judged: it went on.
        let is_judged = |own: &&CaseOutcome| !rejudged.unjudged.contains_key(&own.case.id);
        let judged = rejudged.outcomes.iter().filter(is_judged);
        let missing = missing_prerequisite(judged, knowledge.register);
        let outcome = match (missing, record_of(stored, &case)) {
            // Nothing of it is claimed.
            _ if case.checks.is_empty() => CaseOutcome::untested(&case, ""),
            (_, Err(why)) => {
                let outcome = CaseOutcome::untested(&case, &why);
                rejudged.unjudged.insert(case.id.clone(), why);
                outcome
            }
            (Some(why), Ok(_)) => CaseOutcome::untested(&case, &why),
            (None, Ok(record)) => {
                let attempts = Attempts::recorded(&case, record, profile, knowledge);
                rejudged.bug |= attempts.bug().is_some();
                attempts.conclude(&case, knowledge)
            }
        };
        let outcome = of_then(stored, outcome).with_what_is_not_claimed();
        rejudged.outcomes.push(outcome);
    }
    rejudged
}

/// The cases of a report that are not among `cases`.
pub fn cases_beside<'r>(report: &'r Report, cases: &[CaseOutcome]) -> Vec<&'r str> {
    let planned = cases.iter().map(|outcome| outcome.case.id.as_str());
    let planned: BTreeSet<&str> = planned.collect();
    let stored = report.cases.iter().map(|case| case.id.as_str());
    stored.filter(|id| !planned.contains(id)).collect()
}

/// The outcome with what was measured and seen when its case was driven.
fn of_then(stored: &Stored, mut outcome: CaseOutcome) -> CaseOutcome {
    if let Some(then) = stored.report.case(&outcome.case.id) {
        let screenshot = then.screenshot.as_ref();
        outcome.duration_ms = then.duration_ms;
        outcome.screenshot = screenshot.and_then(|path| stored.screenshots.get(path).cloned());
    }
    outcome
}

/// The record of a case, if today's checks can judge by it; else why not, and what to do.
fn record_of(stored: &Stored, case: &Case) -> Result<CaseRecord, String> {
    let Some(then) = stored.report.case(&case.id) else {
        return Err("not in the stored run: run it".to_owned());
    };
    let record = stored.record(then);
    let Some(record) = record.filter(|record| !record.attempts.is_empty()) else {
        let checks = stored.report.checks.iter();
        let mut checks = checks.filter(|check| check.case == then.id);
        return Err(match checks.find_map(|check| check.message.as_ref()) {
            Some(why) if then.duration_ms == 0.0 => {
                format!("not driven in the stored run either: {why}")
            }
            _ => "no evidence was kept: make the run again with --keep-evidence all".to_owned(),
        });
    };
    match misfit(record, &case.scenario) {
        None => Ok(record.clone()),
        Some(why) => Err(format!("{why}: run it again")),
    }
}

/// Why a record is not of what a scenario does today.
fn misfit(record: &CaseRecord, scenario: &Scenario) -> Option<String> {
    let steps = &scenario.steps;
    let tracked = steps.iter().flat_map(|(_, step)| step.facts().called());
    let tracked: Vec<&Event> = tracked.collect();
    record.attempts.iter().find_map(|attempt| {
        let evidence = &attempt.evidence;
        let today = steps.iter().map(|(line, _)| scenario.words_at(*line));
        let mut pairs = evidence.steps.iter().map(|step| &step.what).zip(today);
        if let Some((then, now)) = pairs.find(|(then, now)| then != now) {
            return Some(format!(
                "the scenario has changed since: a step was `{then}` and is `{now}`"
            ));
        }
        let is_whole = attempt.ended == Ended::Whole && evidence.impossible().is_none();
        let (then, now) = (evidence.steps.len(), steps.len());
        if then > now || (is_whole && then < now) {
            return Some(format!(
                "the scenario has changed since: it had {then} steps and has {now}"
            ));
        }
        let events = evidence.calls.iter().map(|call| &call.event);
        let changed = events.into_iter().find(|event| !tracked.contains(event))?;
        Some(format!("the event {} has changed since", changed.label))
    })
}
