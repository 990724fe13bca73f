use std::collections::BTreeMap;

use super::model::{
    CheckReport, EnvironmentReport, HarnessReport, HostReport, KnownFailureReport, ProfileReport, Report, RequirementReport, SCHEMA, SdkReport, SnippetReport,
};
use crate::contract::{Register, Requirement};
use crate::evidence::Asker;
use crate::judge::{Finding, Status};
use crate::known::EntryVerdict;
use crate::run::{CaseOutcome, Environment, HostSeen, RunResult, Seen};
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
        interrupted: result.interrupted,
        duration_ms: tenths(result.duration_ms),
        totals,
        known_failures: subject.known.iter().map(known_failure).collect(),
        hosts: result.hosts.iter().map(host).collect(),
        requirements: register.iter().map(|requirement| with_checks(requirement, &checks)).collect(),
        checks,
    }
}

/// Where the evidence of a failed case lies, relative to the report.
pub(super) fn evidence_path(outcome: &CaseOutcome) -> Option<String> {
    let name: String = outcome.case.id.chars().map(|letter| if letter.is_ascii_alphanumeric() || "-@=,".contains(letter) { letter } else { '_' }).collect();
    outcome.evidence.as_ref().map(|_| format!("evidence/{name}.json"))
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
        requirements: seen.check.requirements.clone(),
        level: subject.register.level_of(&seen.check.requirements),
        status: seen.status,
        attempts: judged.map(|tally| tally.attempts),
        broken_attempts: judged.map(|tally| tally.broken),
        known: seen.known.clone(),
        duration_ms: tenths(outcome.duration_ms),
        at: format!("{}:{}", outcome.case.scenario.file, seen.check.line),
        message,
        expected,
        actual,
        value,
        proved_by: if seen.status == Status::Pass { subject.proofs.proving(&seen.check.id, subject.mutants) } else { Vec::new() },
        evidence: evidence_path(outcome).filter(|_| seen.status.as_found() < Status::Pass),
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
