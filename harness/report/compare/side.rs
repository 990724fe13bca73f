use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::model::{SideKind, SideReport};
use super::summary::WireSummary;
use crate::contract::{CheckId, Level, RequirementId};
use crate::report::model::{CauseReport, CheckReport, EnvironmentReport, Report, WireReport};
use crate::verdict::{Bearing, Status};

/// What one side says, as far as it can be compared. A baseline says less than a report.
#[derive(Debug, Clone)]
pub struct Side {
    /// Where it came from and how it was made.
    pub about: SideReport,
    /// Every check.
    pub checks: BTreeMap<CheckId, SideCheck>,
    /// The causes that fail its run; absent where they are not known: a version made it that did
    /// not look for them.
    pub causes: Option<Vec<CauseReport>>,
    /// The wire over all that it drove; absent where it is not known.
    pub wire: Option<WireSummary>,
    /// The report, with the wire of each case and the times; absent for a baseline.
    pub report: Option<Report>,
}

/// One check of a side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SideCheck {
    /// The verdict; `None` for an observation of a baseline, of which only the value is known.
    pub status: Option<Status>,
    /// Whether it only observes.
    pub observes: bool,
    /// What was seen; `None` also where it could not be.
    pub value: Option<Value>,
    /// The level, where it is known.
    pub level: Option<Level>,
    /// What it proves, where it is known.
    pub requirements: Vec<RequirementId>,
    /// The other names that a pattern selects it by: its case and its scenario.
    pub names: Vec<String>,
    /// `file:line` of the scenario, where it is known.
    pub at: Option<String>,
}

/// What a verdict says of a build that claims the promise, whatever was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Holds,
    Flaky,
    Broken,
    Undecided,
}

impl State {
    /// What a verdict says; `None`: the build does not claim the promise.
    pub fn of(status: Status) -> Option<Self> {
        match Bearing::of_found(status) {
            Bearing::SdkFault if status == Status::Flaky => Some(Self::Flaky),
            Bearing::SdkFault => Some(Self::Broken),
            Bearing::MachineFault | Bearing::Undecided => Some(Self::Undecided),
            // Of what was found, only what is not claimed is excused.
            Bearing::Excused => None,
            Bearing::Holds => Some(Self::Holds),
        }
    }

    /// Whether the promise is broken, always or sometimes.
    pub fn is_broken(self) -> bool {
        match self {
            Self::Flaky | Self::Broken => true,
            Self::Holds | Self::Undecided => false,
        }
    }
}

impl Side {
    /// All that a report says; `source` is what the user called it.
    pub fn of_report(report: Report, source: &str) -> Self {
        let browser = report.environment.as_ref();
        let about = SideReport {
            source: source.to_owned(),
            kind: SideKind::Report,
            sdk: Some(report.sdk.source.clone()),
            sdk_sha256: report.sdk.sha256.clone(),
            snippet: report.snippet.clone(),
            profile: report.profile.clone(),
            harness: report.harness.version.clone(),
            engine: browser.and_then(|browser| browser.engine.clone()),
            browser: browser.map(EnvironmentReport::browser_name),
            platform: browser.map(|browser| browser.platform.clone()),
            filter: report.filter.clone(),
            began: Some(report.began.clone()),
            interrupted: report.interrupted,
            checks: report.checks.len(),
        };
        let wire = report.wire.as_ref();
        let wire = wire.map(|wire| WireSummary::of(wire, &report.hosts, &wire.driven()));
        let checks = report.checks.iter();
        let checks = checks.map(|check| (check.id.clone(), SideCheck::of(check)));
        Self {
            about,
            checks: checks.collect(),
            causes: report.failing_causes().map(|own| own.cloned().collect()),
            wire,
            report: Some(report),
        }
    }

    /// The wire of each case; absent for a baseline.
    pub fn wire_report(&self) -> Option<&WireReport> {
        self.report.as_ref()?.wire.as_ref()
    }

    /// The cases that it drove, where they are known.
    pub fn driven(&self) -> Option<BTreeSet<&str>> {
        Some(self.wire_report()?.driven())
    }
}

impl SideCheck {
    fn of(check: &CheckReport) -> Self {
        Self {
            status: Some(check.status),
            observes: check.level == Level::Observe,
            value: check.value.clone(),
            level: Some(check.level),
            requirements: check.requirements.clone(),
            names: vec![check.case.clone(), check.scenario.clone()],
            at: Some(check.at.clone()),
        }
    }

    /// One of which a baseline knows the verdict.
    pub fn with_verdict(status: Status) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// One of which a baseline knows what was seen.
    pub fn with_observation(value: Option<Value>) -> Self {
        Self {
            observes: true,
            value,
            ..Self::default()
        }
    }

    /// What its verdict says; `None`: the build does not claim the promise. An observation holds,
    /// whatever was seen.
    pub fn state(&self) -> Option<State> {
        let found = self.status.map_or(Some(State::Holds), State::of);
        found.map(|state| if self.observes { State::Holds } else { state })
    }
}
