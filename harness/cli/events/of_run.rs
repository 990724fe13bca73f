//! What a run reports, as lines.

use super::model::{CheckLine, End, Event, SCHEMA};
use crate::contract::Register;
use crate::judge::Finding;
use crate::report::{Conclusion, Report};
use crate::run::{AttemptEnd, RunEvent};
use crate::sdk::{Installation, Profile};
use crate::verdict::{CaseOutcome, Seen, Status};

/// What lines need beside the events of a run.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub register: &'a Register,
    pub profile: &'a Profile,
    pub installation: &'a Installation,
    /// Messages may name fingerprints, and are left out.
    pub masks: bool,
}

impl Context<'_> {
    /// The lines of one event, in their order.
    pub fn lines(&self, event: &RunEvent<'_>) -> Vec<Event> {
        match event {
            RunEvent::Started { cases, checks } => vec![self.started(*cases, *checks)],
            RunEvent::AttemptStarted { case, number } => {
                let attempt = Event::AttemptStarted {
                    case: case.id.clone(),
                    attempt: *number,
                };
                let is_first = *number == 1;
                let started = is_first.then(|| Event::CaseStarted {
                    case: case.id.clone(),
                    file: case.scenario.file.clone(),
                    checks: case.checks.iter().map(|check| check.id.clone()).collect(),
                });
                started.into_iter().chain([attempt]).collect()
            }
            RunEvent::AttemptEnded {
                case,
                number,
                end,
                took,
                broken,
            } => {
                let (end, why) = ended(end);
                vec![Event::AttemptEnded {
                    case: case.id.clone(),
                    attempt: *number,
                    end,
                    why,
                    broken: broken.iter().map(|id| (*id).clone()).collect(),
                    duration_ms: took.as_secs_f64() * 1000.0,
                }]
            }
            RunEvent::Retried { case, why } => vec![Event::CaseRetried {
                case: case.id.clone(),
                why: why.clone(),
            }],
            RunEvent::Finished(outcome) => vec![self.finished(outcome)],
        }
    }

    fn started(&self, cases: usize, checks: usize) -> Event {
        let Installation { snippet, build } = self.installation;
        Event::RunStarted {
            schema: SCHEMA.to_owned(),
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            sdk: build.source.clone(),
            sdk_sha256: build.sha256.clone(),
            snippet: snippet.source.clone(),
            profile: self.profile.name.clone(),
            cases,
            checks,
        }
    }

    fn finished(&self, outcome: &CaseOutcome) -> Event {
        let statuses = outcome.seen.iter().map(|seen| seen.status);
        Event::CaseFinished {
            case: outcome.case.id.clone(),
            status: statuses.min().unwrap_or(Status::NotApplicable),
            fails_the_run: outcome.bearing(self.register).fails_the_run(),
            duration_ms: outcome.duration_ms,
            checks: outcome.seen.iter().map(|seen| self.check(seen)).collect(),
        }
    }

    fn check(&self, seen: &Seen) -> CheckLine {
        let message = match &seen.finding {
            Some(Finding::Broken(broken)) => Some(&broken.message),
            Some(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => Some(why),
            Some(Finding::Holds | Finding::Seen(_)) | None => seen.note.as_ref(),
        };
        CheckLine {
            id: seen.check.id.clone(),
            status: seen.status,
            level: self.register.level_of(&seen.check.requirements),
            requirements: seen.check.requirements.clone(),
            attempts: seen.tally.attempts,
            broken_attempts: seen.tally.broken,
            message: message.filter(|_| !self.masks).cloned(),
            known: seen.known.clone(),
        }
    }
}

/// The end of a run whose report this is.
pub fn run_finished(report: &Report) -> Event {
    Event::RunFinished {
        conclusion: Conclusion::of(report).words().to_owned(),
        totals: report.totals.clone(),
        causes: report
            .causes
            .iter()
            .map(|cause| cause.sentence.clone())
            .collect(),
        duration_ms: report.duration_ms,
    }
}

fn ended(end: &AttemptEnd) -> (End, Option<String>) {
    match end {
        AttemptEnd::Whole => (End::Whole, None),
        AttemptEnd::Inconclusive => (End::Inconclusive, None),
        AttemptEnd::Hung(why) => (End::Hung, Some(why.clone())),
        AttemptEnd::Lost(why) => (End::Lost, Some(why.clone())),
        AttemptEnd::Bug(why) => (End::Bug, Some(why.clone())),
    }
}
