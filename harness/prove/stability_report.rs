//! What differed between attempts that should not differ.

use serde::Serialize;
use serde_json::Value;

use super::{Found, Repeated, RepeatedCheck, Repeats};
use crate::contract::{CheckId, Level, Register};
use crate::evidence::Evidence;
use crate::judge::Finding;
use crate::reading::Reading;
use crate::report::events;
use crate::report::{EnvironmentReport, EventReport, HarnessReport, SdkReport};
use crate::sdk::Profile;

/// `verify.json`.
#[derive(Debug, Serialize)]
pub struct Steadiness<'a> {
    /// The version of this shape.
    pub schema: &'static str,
    /// The harness that made it.
    pub harness: HarnessReport,
    /// The build under test.
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
    /// It was stopped before its end.
    pub interrupted: bool,
    /// Every check of which something is to be said.
    pub odd: Vec<OddCheck<'a>>,
    /// Attempts that could not be judged: the case, and why.
    pub lost: &'a [(String, String)],
    /// Attempts, by case, of which a request came after they were judged.
    pub late: &'a std::collections::BTreeMap<String, usize>,
}

/// What is odd about a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// It held in some attempts and was broken in others.
    VerdictDiffers,
    /// It was broken in every attempt: a plain failure.
    AlwaysBroken,
    /// It saw different values. Never fails.
    ValueDiffers,
    /// It was never judged.
    NeverJudged,
}

/// A check of which something is to be said.
#[derive(Debug, Serialize)]
pub struct OddCheck<'a> {
    /// The check.
    pub id: &'a CheckId,
    /// What is odd about it.
    pub oddity: Oddity,
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
    /// How often.
    pub times: usize,
    /// `holds`, `broken` or `seen`.
    pub finding: &'static str,
    /// What is wrong, as it was worded first.
    pub message: Option<&'a str>,
    /// The value seen.
    pub value: Option<&'a Value>,
}

impl<'a> Steadiness<'a> {
    /// What came of repeating.
    #[must_use]
    pub fn new(repeats: &Repeats, repeated: &'a Repeated, register: &Register) -> Self {
        let mut odd: Vec<OddCheck<'a>> = repeated
            .checks
            .iter()
            .filter_map(|check| odd(check, register, &repeats.stage.profile))
            .collect();
        odd.sort_by_key(|check| check.oddity);
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
            environment: repeated
                .environment
                .as_ref()
                .map(crate::report::environment),
            times: repeats.times,
            seed: repeats.seed,
            workers: repeats.workers,
            checks: repeated.checks.len(),
            duration_ms: repeated.duration_ms.round(),
            interrupted: repeated.interrupted,
            odd,
            lost: &repeated.lost,
            late: &repeated.late,
        }
    }

    /// How many checks are odd in that way.
    #[must_use]
    pub fn count(&self, oddity: Oddity) -> usize {
        self.odd
            .iter()
            .filter(|check| check.oddity == oddity)
            .count()
    }
}

fn odd<'a>(
    check: &'a RepeatedCheck,
    register: &Register,
    profile: &Profile,
) -> Option<OddCheck<'a>> {
    let binds = register.level_of(&check.check.requirements) > Level::Observe;
    let broken = check
        .found
        .iter()
        .filter(|found| found.finding.is_broken())
        .count();
    let oddity = match (broken, check.found.len()) {
        (_, 0) => Oddity::NeverJudged,
        (1.., 1) if binds => Oddity::AlwaysBroken,
        (_, 1) => return None,
        (1.., _) if binds => Oddity::VerdictDiffers,
        _ => Oddity::ValueDiffers,
    };
    let rarest = check.found.last().map(|rarest| &*rarest.evidence);
    Some(OddCheck {
        id: &check.check.id,
        oddity,
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
