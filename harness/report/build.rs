use std::collections::BTreeMap;

use super::command::typed;
use super::events::events;
use super::model::{
    CaseReport, CheckReport, EnvironmentReport, HarnessReport, HostReport, KnownFailureReport,
    ProfileReport, Report, RequirementReport, SCHEMA, SdkReport, ShardReport, SnippetReport,
};
use super::wire::wire;
use crate::contract::{CaseCheckName, Question, Register, Requirement};
use crate::evidence::Asker;
use crate::evidence::{Environment, HostSeen};
use crate::judge::Finding;
use crate::reading::Reading;
use crate::sdk::{Installation, Mutant, Profile, Proofs};
use crate::verdict::Status;
use crate::verdict::known::EntryVerdict;
use crate::verdict::{CaseOutcome, RunResult, Seen};

/// What the verdicts are made with.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The promises.
    pub register: &'a Register,
    /// How the build's things were found.
    pub profile: &'a Profile,
    /// The mutants that prove the checks.
    pub mutants: &'a [Mutant],
    /// What became of the known failures.
    pub known: Vec<EntryVerdict<'a>>,
    /// Which of them proves a check that none of them names.
    pub proofs: &'a Proofs,
}

/// When, where and on what the evidence was collected.
#[derive(Debug)]
pub struct Circumstances {
    /// The build under test.
    pub sdk: SdkReport,
    /// The snippet in the pages.
    pub snippet: SnippetReport,
    /// The browser; absent where none was ever had.
    pub environment: Option<EnvironmentReport>,
    /// When the run began, in UTC: RFC 3339.
    pub began: String,
    /// The options of `run` that make the same run again, but for the selection.
    pub command: Vec<String>,
    /// The patterns of the selection.
    pub filter: Vec<String>,
    /// Which part of a run it was; absent: a whole one.
    pub shard: Option<ShardReport>,
    /// The run was stopped before its end.
    pub interrupted: bool,
    /// The harness itself failed on a case.
    pub bug: bool,
    /// Milliseconds the run took.
    pub duration_ms: f64,
    /// The hosts that were asked for by their public names.
    pub hosts: Vec<HostReport>,
}

impl Circumstances {
    /// Those of a run of `installation`.
    #[must_use]
    pub fn of(
        result: &RunResult,
        installation: &Installation,
        command: Vec<String>,
        filter: &[String],
        shard: Option<ShardReport>,
    ) -> Self {
        let Installation { snippet, build } = installation;
        Self {
            sdk: SdkReport {
                source: build.source.clone(),
                sha256: build.sha256.clone(),
                fetched: result.fetched,
            },
            snippet: SnippetReport {
                source: snippet.source.clone(),
                sha256: snippet.sha256.clone(),
            },
            environment: result.environment.as_ref().map(environment),
            began: result.began.clone(),
            command,
            filter: filter.to_vec(),
            shard,
            interrupted: result.interrupted,
            bug: result.bug,
            duration_ms: result.duration_ms,
            hosts: result.hosts.iter().map(host).collect(),
        }
    }

    /// Those that an earlier report tells, for verdicts of today. `bug`: making these failed.
    #[must_use]
    pub fn of_report(report: &Report, command: Vec<String>, bug: bool) -> Self {
        Self {
            sdk: report.sdk.clone(),
            snippet: report.snippet.clone(),
            environment: report.environment.clone(),
            began: report.began.clone(),
            command,
            filter: report.filter.clone(),
            shard: report.shard.clone(),
            interrupted: report.interrupted,
            bug,
            duration_ms: report.duration_ms,
            hosts: report.hosts.clone(),
        }
    }
}

/// Makes the report of what became of each case.
#[must_use]
pub fn build(
    subject: &Subject<'_>,
    circumstances: Circumstances,
    outcomes: &[CaseOutcome],
) -> Report {
    let Circumstances {
        sdk,
        snippet,
        environment,
        began,
        command,
        filter,
        shard,
        interrupted,
        bug,
        duration_ms,
        hosts,
    } = circumstances;
    let checks: Vec<CheckReport> = outcomes
        .iter()
        .flat_map(|outcome| {
            outcome
                .seen
                .iter()
                .map(|seen| check(subject, outcome, seen))
        })
        .collect();
    Report {
        schema: SCHEMA.to_owned(),
        harness: HarnessReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        sdk,
        snippet,
        profile: profile(subject.profile),
        environment,
        began,
        filter,
        shard,
        interrupted,
        bug,
        duration_ms: tenths(duration_ms),
        totals: totals(&checks),
        known_failures: subject.known.iter().map(known_failure).collect(),
        hosts,
        wire: Some(wire(outcomes, subject.profile)),
        requirements: subject
            .register
            .iter()
            .map(|requirement| with_checks(requirement, &checks))
            .collect(),
        cases: outcomes
            .iter()
            .map(|outcome| case(subject, &command, outcome))
            .collect(),
        command,
        checks,
    }
}

/// How many checks have each status.
pub fn totals(checks: &[CheckReport]) -> BTreeMap<Status, usize> {
    let mut totals: BTreeMap<Status, usize> =
        Status::ALL.into_iter().map(|status| (status, 0)).collect();
    for check in checks {
        *totals.entry(check.status).or_default() += 1;
    }
    totals
}

fn case(subject: &Subject<'_>, command: &[String], outcome: &CaseOutcome) -> CaseReport {
    let CaseOutcome { case, record, .. } = outcome;
    let again = ["run".to_owned()]
        .into_iter()
        .chain(command.iter().cloned())
        .chain(["--filter".to_owned(), case.id.clone()]);
    CaseReport {
        id: case.id.clone(),
        scenario: case.scenario.id.clone(),
        title: case.scenario.title.clone(),
        duration_ms: tenths(outcome.duration_ms),
        events: record
            .reported()
            .map(|evidence| events(&Reading::of(case, evidence, subject.profile)))
            .unwrap_or_default(),
        hint: places_in_the_profile(outcome).map(|places| {
            format!(
                "does this profile fit this build? look at {places} in {}",
                subject.profile.origin.file
            )
        }),
        again: typed(&again.collect::<Vec<_>>()),
        evidence: None,
        screenshot: None,
    }
}

/// What of a profile may be wrong, where a build fails the first things asked of it.
fn places_in_the_profile(outcome: &CaseOutcome) -> Option<String> {
    let broken = outcome
        .seen
        .iter()
        .find(|seen| seen.status == Status::Fail && outcome.case.scenario.prerequisite)?;
    let used = outcome.case.widgets().next();
    let used = used.map(|(widget, _)| widget.table());
    match (broken.check.question, used) {
        (Question::OfCase(CaseCheckName::Ready), _) => Some("`ready` and [install]".to_owned()),
        (Question::OfCase(CaseCheckName::StepsDone), Some(table)) => {
            Some(format!("[{table}] and [[answer]]"))
        }
        (Question::OfCase(CaseCheckName::Delivered), _) => Some("[wire] and [policies]".to_owned()),
        _ => None,
    }
}

fn check(subject: &Subject<'_>, outcome: &CaseOutcome, seen: &Seen) -> CheckReport {
    let (message, expected, actual, value) = match &seen.finding {
        Some(Finding::Broken(broken)) => (
            Some(broken.message.clone()),
            broken.expected.clone(),
            broken.actual.clone(),
            None,
        ),
        Some(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => {
            (Some(why.clone()), None, None, None)
        }
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
        line: outcome
            .case
            .scenario
            .text
            .lines()
            .nth(seen.check.line.saturating_sub(1))
            .unwrap_or_default()
            .trim()
            .to_owned(),
        message,
        expected,
        actual,
        value,
        proved_by: if seen.status == Status::Pass {
            subject.proofs.proving(&seen.check.id, subject.mutants)
        } else {
            Vec::new()
        },
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
        checks: verdict
            .checks
            .iter()
            .map(|(check, _)| check.clone())
            .collect(),
        not_selected: verdict.not_selected,
    }
}

fn host((asked_by, host, seen): (Asker, &str, &HostSeen)) -> HostReport {
    let HostSeen {
        ours,
        requests,
        cases,
        example,
    } = seen;
    HostReport {
        host: host.to_owned(),
        asked_by,
        ours: *ours,
        requests: *requests,
        cases: cases.iter().cloned().collect(),
        example: example.clone(),
    }
}

fn with_checks(requirement: &Requirement, checks: &[CheckReport]) -> RequirementReport {
    let alone = RequirementReport {
        id: requirement.id.clone(),
        level: requirement.level,
        statement: requirement.statement.clone(),
        source: requirement.source.clone(),
        status: None,
        excluded: requirement.excluded.clone(),
        checks: Vec::new(),
    };
    proved_by(alone, checks)
}

/// A requirement with those of `checks` that prove it.
pub fn proved_by(requirement: RequirementReport, checks: &[CheckReport]) -> RequirementReport {
    let own: Vec<&CheckReport> = checks
        .iter()
        .filter(|check| check.requirements.contains(&requirement.id))
        .collect();
    RequirementReport {
        status: own.iter().map(|check| check.status).min(),
        checks: own.iter().map(|check| check.id.clone()).collect(),
        ..requirement
    }
}

fn profile(profile: &Profile) -> ProfileReport {
    ProfileReport {
        name: profile.name.clone(),
        file: profile.origin.file.clone(),
        sha256: profile.origin.hash.to_string(),
        policies: profile
            .policies
            .words()
            .into_iter()
            .map(|(policy, value)| (policy.to_owned(), value.to_owned()))
            .collect(),
    }
}

pub fn environment(environment: &Environment) -> EnvironmentReport {
    EnvironmentReport {
        browser: environment.browser.clone(),
        browser_version: environment.browser_version.clone(),
        driver: environment.driver.clone(),
        arguments: environment.arguments.clone(),
        natives: environment.native_functions.clone(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    }
}

pub fn tenths(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
