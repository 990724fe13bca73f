use std::collections::BTreeMap;

use super::command::typed;
use super::events::events;
use super::model::{
    CaseReport, CauseReport, CheckReport, ConditionReport, EnvironmentReport, HarnessReport,
    HostReport, KnownFailureReport, ProfileReport, ReadyReport, Report, RequirementReport, SCHEMA,
    SdkReport, ShardReport, SnippetReport,
};
use super::wire::wire;
use crate::contract::{CaseCheckName, Guides, Question, Register, Requirement};
use crate::evidence::{Asker, Environment, Evidence, HostSeen, Position, Spot};
use crate::judge::Finding;
use crate::plan::Case;
use crate::reading::Reading;
use crate::sdk::{Installation, Mutant, Profile, Proofs};
use crate::verdict::known::EntryVerdict;
use crate::verdict::{Blame, CaseOutcome, Cause, Diagnosis, RunResult, Seen, Status, diagnose};

/// Finds a position that a page of a case reported in files that the user knows. It may read them.
pub type FindSpot = fn(&Installation, &Profile, &Case, &Position) -> Spot;

/// What the verdicts are made with.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The promises.
    pub register: &'a Register,
    /// What the failure of a check usually means.
    pub guides: &'a Guides,
    /// The build and the snippet, and what finds a position in them; absent where none is shown.
    pub spots: Option<(&'a Installation, FindSpot)>,
    /// How the build's things were found.
    pub profile: &'a Profile,
    /// The mutants that prove the checks.
    pub mutants: &'a [Mutant],
    /// What became of the known failures.
    pub known: Vec<EntryVerdict<'a>>,
    /// Which of them proves a check that none of them names.
    pub proofs: &'a Proofs,
}

impl Report {
    /// When, where and on what a run of `installation` collected its evidence, without verdicts:
    /// what [`build`] adds them to.
    pub fn without_verdicts(
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
            interrupted: result.is_interrupted(),
            bug: result.bug,
            duration_ms: tenths(result.duration_ms),
            hosts: result.hosts.iter().map(host).collect(),
            ..Self::default()
        }
    }
}

/// Makes the report of what became of each case. `base` says when, where and on what the evidence
/// was collected; the verdicts that it may hold are replaced.
pub fn build(subject: &Subject<'_>, base: Report, outcomes: &[CaseOutcome]) -> Report {
    let diagnosis = diagnose(outcomes, subject.profile, subject.register);
    let checks = outcomes.iter().flat_map(|outcome| {
        let seen = outcome.seen.iter();
        seen.map(|seen| {
            let blame = diagnosis.blame.get(&seen.check.id);
            check(subject, outcome, seen, blame)
        })
    });
    let checks: Vec<CheckReport> = checks.collect();
    let requirements = subject.register.iter();
    let cases = outcomes.iter();
    let cases = cases.map(|outcome| case(subject, &base.command, outcome));
    let cases: Vec<CaseReport> = cases.collect();
    Report {
        schema: SCHEMA.to_owned(),
        harness: HarnessReport::of_this_version(),
        profile: profile(subject.profile),
        totals: totals(&checks),
        known_failures: subject.known.iter().map(known_failure).collect(),
        causes: causes(subject, &base.command, diagnosis, &cases),
        wire: Some(wire(outcomes, subject.profile)),
        requirements: requirements.map(|own| with_checks(own, &checks)).collect(),
        ready: ReadyReport::of(&cases),
        cases,
        checks,
        ..base
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
    let events = |evidence| events(&Reading::of(case, evidence, subject.profile));
    let hint = |places| {
        let file = &subject.profile.origin.file;
        format!("The profile may not fit this build: look at {places} in {file}.")
    };
    CaseReport {
        id: case.id.clone(),
        scenario: case.scenario.id.clone(),
        title: case.scenario.title.clone(),
        condition: case.axes.condition.as_ref().map(|own| ConditionReport {
            id: own.id.clone(),
            on: own.on.clone(),
        }),
        duration_ms: tenths(outcome.duration_ms),
        events: record.reported().map(events).unwrap_or_default(),
        hint: places_in_the_profile(outcome).map(hint),
        ready_ms: record.slowest_ready_ms().map(tenths),
        again: again(command, &case.id),
        evidence: None,
        screenshot: None,
    }
}

/// What of a profile may be wrong, where a build fails the first things asked of it. Of a build
/// that is not ready, only where no script reports an error; one that was not found may have
/// another path.
fn places_in_the_profile(outcome: &CaseOutcome) -> Option<String> {
    let is_broken = |seen: &&Seen| seen.status == Status::Fail;
    let broken = outcome.seen.iter().find(is_broken);
    let broken = broken.filter(|_| outcome.case.scenario.prerequisite)?;
    let used = outcome.case.widgets().next();
    let used = used.map(|(widget, _)| widget.table());
    let evidence = outcome.record.reported();
    let errors = evidence.into_iter().flat_map(Evidence::errors);
    let mut reported = errors.filter(|message| message.source != "network");
    match (broken.check.question, used) {
        (Question::OfCase(CaseCheckName::Ready), _) => {
            let is_silent = reported.next().is_none();
            is_silent.then(|| "`ready` and [install]".to_owned())
        }
        (Question::OfCase(CaseCheckName::StepsDone), Some(table)) => {
            Some(format!("[{table}] and [[answer]]"))
        }
        (Question::OfCase(CaseCheckName::Delivered), _) => Some("[wire] and [policies]".to_owned()),
        (Question::OfCase(_) | Question::OfRow(..), _) => None,
    }
}

fn causes(
    subject: &Subject<'_>,
    command: &[String],
    diagnosis: Diagnosis,
    cases: &[CaseReport],
) -> Vec<CauseReport> {
    // Where the profile may be wrong, that is what must be looked at first.
    let hint = |cause: &Cause| {
        let mut own = cases.iter().filter(|own| cause.cases.contains(&own.id));
        own.find_map(|own| own.hint.clone())
    };
    let spot_of = |cause: &Cause| {
        let (case, position) = cause.position.as_ref()?;
        let (installation, find) = subject.spots?;
        Some(find(installation, subject.profile, case, position))
    };
    let guide = |cause: &Cause| {
        let guide = subject.guides.of_check(cause.question);
        guide.map(|own| own.means.trim().to_owned())
    };
    let cause = |cause: Cause| CauseReport {
        level: subject.register.level_of(&cause.breaks),
        again: again(command, &cause.example.0),
        spot: spot_of(&cause),
        // An exception says better what it means.
        means: (!cause.is_evident)
            .then(|| hint(&cause).or_else(|| guide(&cause)))
            .flatten(),
        id: cause.id,
        sentence: cause.sentence,
        status: cause.status,
        breaks: cause.breaks,
        hides: cause.hides,
        cases: cause.cases,
        checks: cause.checks,
        example: cause.example,
        expected: cause.expected,
        actual: cause.actual,
        console: cause.console,
    };
    let mut all: Vec<CauseReport> = diagnosis.causes.into_iter().map(cause).collect();
    all.sort_by_key(CauseReport::importance);
    all
}

/// The command that makes the run again for what `filter` selects.
fn again(command: &[String], filter: &str) -> String {
    let mut again = vec!["run".to_owned()];
    again.extend_from_slice(command);
    again.extend(["--filter".to_owned(), filter.to_owned()]);
    typed(&again)
}

fn check(
    subject: &Subject<'_>,
    outcome: &CaseOutcome,
    seen: &Seen,
    blame: Option<&Blame>,
) -> CheckReport {
    let (mut message, mut expected, mut actual, mut value) = (None, None, None, None);
    match &seen.finding {
        Some(Finding::Broken(broken)) => {
            message = Some(broken.message.clone());
            expected.clone_from(&broken.expected);
            actual.clone_from(&broken.actual);
        }
        Some(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => {
            message = Some(why.clone());
        }
        Some(Finding::Seen(seen)) => value = Some(seen.clone()),
        Some(Finding::Holds) | None => {}
    }
    let message = match (&seen.note, message) {
        (Some(note), Some(message)) => Some(format!("{note}: {message}")),
        (note, message) => message.or_else(|| note.clone()),
    };
    let judged = Some(seen.tally).filter(|tally| tally.attempts > 0);
    let scenario = &outcome.case.scenario;
    let line = scenario.text.lines().nth(seen.check.line.saturating_sub(1));
    let is_proved = seen.status == Status::Pass;
    let proved_by = || subject.proofs.proving(&seen.check.id, subject.mutants);
    CheckReport {
        id: seen.check.id.clone(),
        scenario: scenario.id.clone(),
        case: outcome.case.id.clone(),
        requirements: seen.check.requirements.clone(),
        breaks: blame.map(|own| own.breaks.iter().cloned().collect()),
        hides: blame
            .map(|own| own.hides.iter().cloned().collect())
            .unwrap_or_default(),
        level: subject.register.level_of(&seen.check.requirements),
        status: seen.status,
        attempts: judged.map(|tally| tally.attempts),
        broken_attempts: judged.map(|tally| tally.broken),
        known: seen.known.clone(),
        duration_ms: tenths(outcome.duration_ms),
        at: format!("{}:{}", scenario.file, seen.check.line),
        line: line.unwrap_or_default().trim().to_owned(),
        message,
        expected,
        actual,
        value,
        proved_by: is_proved.then(proved_by).unwrap_or_default(),
        evidence: None,
    }
}

fn known_failure(verdict: &EntryVerdict<'_>) -> KnownFailureReport {
    let (checks, limit) = (verdict.checks.iter(), verdict.entry.limit.as_ref());
    KnownFailureReport {
        at: verdict.at.clone(),
        engine: limit.map(|limit| limit.engine.clone()),
        check: verdict.entry.check.text().to_owned(),
        reason: verdict.entry.reason.clone(),
        link: verdict.entry.link.clone(),
        expires: verdict.entry.expires.map(|day| day.to_string()),
        flaky: verdict.entry.flaky,
        state: verdict.state,
        message: verdict.message.clone(),
        checks: checks.map(|(check, _)| check.clone()).collect(),
        not_selected: verdict.not_selected,
    }
}

fn host((asked_by, host, seen): (Asker, &str, &HostSeen)) -> HostReport {
    HostReport {
        host: host.to_owned(),
        asked_by,
        ours: seen.ours,
        requests: seen.requests,
        cases: seen.cases.iter().cloned().collect(),
        example: seen.example.clone(),
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
    let said = |check| CheckReport::status_for(check, &requirement.id).map(|said| (check, said));
    let own: Vec<(&CheckReport, Status)> = checks.iter().filter_map(said).collect();
    RequirementReport {
        status: own.iter().map(|(_, status)| *status).min(),
        checks: own.iter().map(|(check, _)| check.id.clone()).collect(),
        ..requirement
    }
}

fn profile(profile: &Profile) -> ProfileReport {
    let policy = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    ProfileReport {
        name: profile.name.clone(),
        file: profile.origin.file.clone(),
        sha256: profile.origin.hash.to_string(),
        policies: profile.policies.words().into_iter().map(policy).collect(),
    }
}

pub fn environment(environment: &Environment) -> EnvironmentReport {
    EnvironmentReport {
        engine: Some(environment.engine.clone()),
        browser: environment.browser.clone(),
        browser_version: environment.browser_version.clone(),
        also: environment.also.clone(),
        driver: environment.driver.clone(),
        arguments: environment.arguments.clone(),
        preferences: environment.preferences.clone(),
        console: Some(environment.console.clone()),
        natives: environment.native_functions.clone(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    }
}

pub fn tenths(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
