use std::collections::BTreeMap;

use super::command::typed;
use super::events::events;
use super::model::{
    CaseReport, CheckReport, EnvironmentReport, HarnessReport, HostReport, KnownFailureReport, ProfileReport, Report, RequirementReport, SCHEMA, SdkReport,
    SnippetReport,
};
use crate::contract::{CheckName, Register, Requirement};
use crate::evidence::Asker;
use crate::judge::{Finding, Status};
use crate::known::EntryVerdict;
use crate::run::{CaseOutcome, Environment, HostSeen, RunResult, Seen};
use crate::scenario::Step;
use crate::sdk::{Installation, Mutant, Profile, Proofs};

/// What a run was made on and with.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The promises.
    pub register: &'a Register,
    /// What was under test.
    pub installation: &'a Installation,
    /// How its things were found.
    pub profile: &'a Profile,
    /// The options of `run` that make the same run again, but for the selection.
    pub command: Vec<String>,
    /// The patterns of the selection.
    pub filter: &'a [String],
    /// The mutants that prove the checks.
    pub mutants: &'a [Mutant],
    /// What became of the known failures.
    pub known: Vec<EntryVerdict<'a>>,
    /// Which of them proves a check that none of them names.
    pub proofs: &'a Proofs,
}

/// Makes the report of a run.
#[must_use]
pub fn build(subject: &Subject<'_>, result: &RunResult) -> Report {
    let Subject { register, installation: Installation { snippet, build }, .. } = subject;
    let checks: Vec<CheckReport> = result.outcomes.iter().flat_map(|outcome| outcome.seen.iter().map(|seen| check(subject, outcome, seen))).collect();
    let mut totals: BTreeMap<Status, usize> = Status::ALL.into_iter().map(|status| (status, 0)).collect();
    for check in &checks {
        *totals.entry(check.status).or_default() += 1;
    }
    Report {
        schema: SCHEMA.to_owned(),
        harness: HarnessReport { version: env!("CARGO_PKG_VERSION").to_owned() },
        sdk: SdkReport { source: build.source.clone(), sha256: build.sha256.clone(), fetched: result.fetched },
        snippet: SnippetReport { source: snippet.source.clone(), sha256: snippet.sha256.clone() },
        profile: profile(subject.profile),
        environment: result.environment.as_ref().map(environment),
        began: result.began.clone(),
        command: subject.command.clone(),
        filter: subject.filter.to_vec(),
        interrupted: result.interrupted,
        duration_ms: tenths(result.duration_ms),
        totals,
        known_failures: subject.known.iter().map(known_failure).collect(),
        hosts: result.hosts.iter().map(host).collect(),
        requirements: register.iter().map(|requirement| with_checks(requirement, &checks)).collect(),
        cases: result.outcomes.iter().map(|outcome| case(subject, outcome)).collect(),
        checks,
    }
}

fn case(subject: &Subject<'_>, outcome: &CaseOutcome) -> CaseReport {
    let CaseOutcome { case, record, .. } = outcome;
    let again = ["run".to_owned()].into_iter().chain(subject.command.clone()).chain(["--filter".to_owned(), case.id.clone()]);
    CaseReport {
        id: case.id.clone(),
        scenario: case.scenario.id.clone(),
        title: case.scenario.title.clone(),
        duration_ms: tenths(outcome.duration_ms),
        events: record.told().map(|evidence| events(case, evidence, subject.profile)).unwrap_or_default(),
        hint: places_in_the_profile(outcome).map(|places| format!("does this profile fit this build? look at {places} in {}", subject.profile.origin.file)),
        again: typed(&again.collect::<Vec<_>>()),
        evidence: None,
        screenshot: None,
    }
}

/// What of a profile may be wrong, where a build fails the first things asked of it.
fn places_in_the_profile(outcome: &CaseOutcome) -> Option<String> {
    let broken = outcome.seen.iter().find(|seen| seen.status == Status::Fail && outcome.case.scenario.prerequisite)?;
    let used = outcome.case.scenario.steps.iter().find_map(|(_, step)| match step {
        Step::Interact(way) => Some(way.unwrap_or(outcome.case.interaction).table()),
        _ => None,
    });
    match (broken.check.name, used) {
        (CheckName::Ready, _) => Some("`ready` and [install]".to_owned()),
        (CheckName::StepsDone, Some(table)) => Some(format!("[{table}] and [[answer]]")),
        (CheckName::Delivered, _) => Some("[wire] and [policies]".to_owned()),
        _ => None,
    }
}

fn check(subject: &Subject<'_>, outcome: &CaseOutcome, seen: &Seen) -> CheckReport {
    let (message, expected, actual, value) = match &seen.finding {
        Some(Finding::Broken(broken)) => (Some(broken.message.clone()), broken.expected.clone(), broken.actual.clone(), None),
        Some(Finding::NothingToJudge(why)) => (Some(why.clone()), None, None, None),
        Some(Finding::Seen(value)) => (None, None, None, Some(value.clone())),
        Some(Finding::Holds) | None => (None, None, None, None),
    };
    let message = match (&seen.note, message) {
        (Some(note), Some(message)) => Some(format!("{note}: {message}")),
        (note, message) => message.or_else(|| note.clone()),
    };
    let judged = Some(seen.tally).filter(|tally| tally.attempts > 0);
    CheckReport {
        id: seen.check.id.clone(),
        scenario: outcome.case.scenario.id.clone(),
        case: outcome.case.id.clone(),
        requirements: seen.check.requirements.clone(),
        level: subject.register.level_of(&seen.check.requirements),
        status: seen.status,
        attempts: judged.map(|tally| tally.attempts),
        broken_attempts: judged.map(|tally| tally.broken),
        known: seen.known.clone(),
        duration_ms: tenths(outcome.duration_ms),
        at: format!("{}:{}", outcome.case.scenario.file, seen.check.line),
        line: outcome.case.scenario.text.lines().nth(seen.check.line.saturating_sub(1)).unwrap_or_default().trim().to_owned(),
        message,
        expected,
        actual,
        value,
        proved_by: if seen.status == Status::Pass { subject.proofs.proving(&seen.check.id, subject.mutants) } else { Vec::new() },
        evidence: None,
    }
}

fn known_failure(verdict: &EntryVerdict<'_>) -> KnownFailureReport {
    KnownFailureReport {
        at: verdict.at.clone(),
        check: verdict.entry.check.text().to_owned(),
        reason: verdict.entry.reason.clone(),
        link: verdict.entry.link.clone(),
        expires: verdict.entry.expires.map(|day| day.to_string()),
        flaky: verdict.entry.flaky,
        state: verdict.state,
        message: verdict.message.clone(),
        checks: verdict.checks.iter().map(|(check, _)| check.clone()).collect(),
    }
}

fn host((asked_by, host, seen): (Asker, &str, &HostSeen)) -> HostReport {
    let HostSeen { ours, requests, cases, example } = seen;
    HostReport { host: host.to_owned(), asked_by, ours: *ours, requests: *requests, cases: cases.iter().cloned().collect(), example: example.clone() }
}

fn with_checks(requirement: &Requirement, checks: &[CheckReport]) -> RequirementReport {
    let own: Vec<&CheckReport> = checks.iter().filter(|check| check.requirements.contains(&requirement.id)).collect();
    RequirementReport {
        id: requirement.id.clone(),
        level: requirement.level,
        statement: requirement.statement.clone(),
        source: requirement.source.clone(),
        status: own.iter().map(|check| check.status).min(),
        excluded: requirement.excluded.clone(),
        checks: own.iter().map(|check| check.id.clone()).collect(),
    }
}

fn profile(profile: &Profile) -> ProfileReport {
    ProfileReport {
        name: profile.name.clone(),
        file: profile.origin.file.clone(),
        sha256: profile.origin.sha256.clone(),
        policies: profile.policies.words().into_iter().map(|(policy, value)| (policy.to_owned(), value.to_owned())).collect(),
    }
}

pub(super) fn environment(environment: &Environment) -> EnvironmentReport {
    EnvironmentReport {
        browser: environment.browser.clone(),
        browser_version: environment.browser_version.clone(),
        driver: environment.driver.clone(),
        arguments: environment.arguments.clone(),
        natives: environment.natives.clone(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    }
}

fn tenths(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
