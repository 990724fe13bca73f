//! What differed between attempts that should not differ.

use serde::Serialize;
use serde_json::Value;

use super::{Found, Repeated, RepeatedCheck, Repeats};
use crate::contract::{CheckId, Level, Register};
use crate::evidence::Evidence;
use crate::judge::Finding;
use crate::reading::Reading;
use crate::report::{
    EnvironmentReport, EventReport, HarnessReport, SdkReport, environment, events,
};
use crate::sdk::Profile;

/// `verify.json`.
#[derive(Debug, Serialize)]
pub struct StabilityReport<'a> {
    /// The version of this shape.
    pub schema: &'static str,
    pub harness: HarnessReport,
    pub sdk: SdkReport,
    /// The browser; absent where none was ever had.
    pub environment: Option<EnvironmentReport>,
    /// How often each case was driven.
    pub times: usize,
    /// Decides the order.
    pub seed: u64,
    /// Browsers at a time.
    pub workers: usize,
    /// How many checks were repeated.
    pub checks: usize,
    /// Milliseconds it took.
    pub duration_ms: f64,
    /// How many attempts were asked for.
    pub asked: usize,
    /// How many of them were judged.
    pub judged: usize,
    /// It was stopped before its end. Checks that had no turn are not listed.
    pub interrupted: bool,
    #[serde(rename = "odd")]
    pub unstable: Vec<UnstableCheck<'a>>,
    /// Attempts that could not be judged: the case, and why.
    pub lost: &'a [(String, String)],
    /// Attempts, by case, of which a request came after they were judged.
    pub late: &'a std::collections::BTreeMap<String, usize>,
}

/// How the results of a check differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Instability {
    /// It held in some attempts and was broken in others.
    VerdictDiffers,
    /// It was broken in every attempt: a plain failure.
    AlwaysBroken,
    /// It saw different values. Never fails.
    ValueDiffers,
    /// It was never judged.
    NeverJudged,
}

/// A check whose results differ, or that never held.
#[derive(Debug, Serialize)]
pub struct UnstableCheck<'a> {
    pub id: &'a CheckId,
    #[serde(rename = "oddity")]
    pub instability: Instability,
    /// `file:line` of the scenario.
    pub at: String,
    /// Every different finding, the most frequent first.
    pub found: Vec<FoundReport<'a>>,
    /// What an attempt with the rarest finding left behind.
    pub evidence: Option<&'a Evidence>,
    /// The events of that attempt.
    #[serde(skip)]
    pub events: Vec<EventReport>,
    /// The id of its case.
    #[serde(skip)]
    pub case: &'a str,
}

/// One finding, and how often it was made.
#[derive(Debug, Serialize)]
pub struct FoundReport<'a> {
    pub times: usize,
    /// `holds`, `broken` or `seen`.
    pub finding: &'static str,
    /// What is wrong, as it was worded first.
    pub message: Option<&'a str>,
    /// The value seen.
    pub value: Option<&'a Value>,
}

impl<'a> StabilityReport<'a> {
    /// What came of repeating.
    pub fn new(repeats: &Repeats, repeated: &'a Repeated, register: &Register) -> Self {
        let profile = &repeats.stage.profile;
        let checks = repeated.checks.iter();
        let checks = checks.filter(|check| repeated.had_its_turn(check));
        let unstable = checks.filter_map(|check| unstable(check, register, profile));
        let mut unstable: Vec<UnstableCheck<'a>> = unstable.collect();
        unstable.sort_by_key(|check| check.instability);
        Self {
            schema: "alhena-conformance/verify/1",
            harness: HarnessReport {
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            sdk: SdkReport {
                source: repeats.installation.build.source.clone(),
                sha256: repeats.installation.build.sha256.clone(),
                fetched: repeated.environment.is_some(),
            },
            environment: repeated.environment.as_ref().map(environment),
            times: repeats.times,
            seed: repeats.seed,
            workers: repeats.workers,
            checks: repeated.checks.len(),
            duration_ms: repeated.duration_ms.round(),
            asked: repeated.asked,
            judged: repeated.judged,
            interrupted: repeated.interrupted,
            unstable,
            lost: &repeated.lost,
            late: &repeated.late,
        }
    }

    /// How many checks are unstable in that way.
    pub fn count(&self, instability: Instability) -> usize {
        let checks = self.unstable.iter();
        checks
            .filter(|check| check.instability == instability)
            .count()
    }
}

fn unstable<'a>(
    check: &'a RepeatedCheck,
    register: &Register,
    profile: &Profile,
) -> Option<UnstableCheck<'a>> {
    let binds = register.level_of(&check.check.requirements) > Level::Observe;
    let broken = check.found.iter().filter(|found| found.finding.is_broken());
    let instability = match (broken.count(), check.found.len()) {
        (_, 0) => Instability::NeverJudged,
        (1.., 1) if binds => Instability::AlwaysBroken,
        (_, 1) => return None,
        (1.., _) if binds => Instability::VerdictDiffers,
        _ => Instability::ValueDiffers,
    };
    let rarest = check.found.last().map(|rarest| &*rarest.evidence);
    Some(UnstableCheck {
        id: &check.check.id,
        instability,
        at: format!("{}:{}", check.case.scenario.file, check.check.line),
        found: check.found.iter().map(found).collect(),
        evidence: rarest,
        events: rarest
            .map(|evidence| events(&Reading::of(&check.case, evidence, profile)))
            .unwrap_or_default(),
        case: &check.case.id,
    })
}

fn found(found: &Found) -> FoundReport<'_> {
    let (finding, message, value) = match &found.finding {
        Finding::Holds => ("holds", None, None),
        Finding::Broken(broken) => ("broken", Some(broken.message.as_str()), None),
        Finding::NothingToJudge(why) => ("nothing_to_judge", Some(why.as_str()), None),
        Finding::NotTestable(why) => ("not_testable", Some(why.as_str()), None),
        Finding::Seen(value) => ("seen", None, Some(value)),
    };
    FoundReport {
        times: found.times,
        finding,
        message,
        value,
    }
}
