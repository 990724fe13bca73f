//! The shape of a comparison, and of nothing else.

mod cause;
mod check;
mod wire;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cause::CauseChanges;
pub use check::{CheckChange, ObservationChange, RegressionKind, RequirementChange, ValueChange};
pub use wire::{WireChange, WireChangeKind, WireClass, WireComparison};

use crate::contract::CheckId;
use crate::report::model::{HarnessReport, ProfileReport, SnippetReport};

/// The version of the shape of [`Comparison`].
pub const COMPARISON_SCHEMA: &str = "alhena-conformance/compare/1";

/// What changed between two releases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The version of this shape.
    pub schema: String,
    /// The harness that compared.
    pub harness: HarnessReport,
    /// What it is compared with.
    pub old: SideReport,
    /// What is compared.
    pub new: SideReport,
    /// What else differs between the two runs, and what follows from it for the comparison.
    pub circumstances: Vec<Circumstance>,
    /// How much of each kind got worse; empty: nothing did.
    pub regressions: BTreeMap<RegressionKind, usize>,
    /// Which version number the change asks for; absent where two engines are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semver: Option<SemverAdvice>,
    /// What became of the causes of failures; absent where one side does not know them: a report
    /// or a baseline of a version that did not look for them.
    #[serde(default)]
    pub causes: Option<CauseChanges>,
    /// Requirements of which a check failed anew, and none did before.
    pub requirements_broken: Vec<RequirementChange>,
    /// Requirements of which a check failed before, and none does now.
    pub requirements_mended: Vec<RequirementChange>,
    /// Checks that held and fail.
    pub new_failures: Vec<CheckChange>,
    /// Checks that failed and hold.
    pub fixed: Vec<CheckChange>,
    /// Values seen where the API page is silent that are not what they were.
    pub observations: Vec<ObservationChange>,
    /// Checks that were made, and are not made or not claimed any more.
    pub vanished: Vec<CheckChange>,
    /// Checks that were not made, and are.
    pub appeared: Vec<CheckChange>,
    /// Checks that became flaky, or are flaky no longer.
    pub flaky: Vec<CheckChange>,
    /// Checks that could be decided on one side only.
    pub undecided: Vec<CheckChange>,
    /// Checks that fail, are flaky or undecided now as they were before.
    pub still_wrong: Vec<CheckId>,
    /// How many checks have the verdict that they had.
    pub unchanged: usize,
    /// Checks that the new side did not select, of those that the old side has.
    pub not_selected: usize,
    /// Where two engines are compared: the checks that apply in one of them only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub of_one_engine: usize,
    /// Cases that take longer, and the time to ready.
    pub timing: TimingChange,
    /// What changed on the wire.
    pub wire: WireComparison,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a field by reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Comparison {
    /// The engines of the two sides, old and new, where they are known and differ.
    pub fn engines(&self) -> Option<(&str, &str)> {
        self.old.engines_with(&self.new)
    }

    /// Whether anything got worse.
    pub fn has_regressed(&self) -> bool {
        !self.regressions.is_empty()
    }

    /// Whether a change on the wire breaks whoever reads it.
    pub fn has_breaking_wire_changes(&self) -> bool {
        let mut changes = self.wire.changes.iter();
        changes.any(|change| change.class == WireClass::Breaking)
    }

    /// The time to ready, where it is longer by more than noise.
    pub fn later_ready(&self) -> Option<&ReadyChange> {
        self.timing.ready.as_ref().filter(|ready| ready.is_later)
    }

    /// Every check whose verdict changed, the lists one after the other.
    pub fn check_changes(&self) -> impl Iterator<Item = &CheckChange> {
        [
            &self.new_failures,
            &self.vanished,
            &self.appeared,
            &self.flaky,
            &self.undecided,
            &self.fixed,
        ]
        .into_iter()
        .flatten()
    }
}

/// One side.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SideReport {
    /// The folder or file, as the user named it.
    pub source: String,
    /// Whether it is a whole report or a baseline, which knows neither machine nor times.
    pub kind: SideKind,
    /// The build, as it was named when it was run; absent in a baseline.
    pub sdk: Option<String>,
    /// SHA-256 of the build.
    pub sdk_sha256: String,
    /// The snippet; only its hash is known to a baseline.
    pub snippet: SnippetReport,
    /// The profile; a baseline knows its name and hash.
    pub profile: ProfileReport,
    /// The version of the harness that ran it.
    pub harness: String,
    /// The engine's name; absent in reports of versions that knew one engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The browser and its version; absent in a baseline, and where none was had.
    pub browser: Option<String>,
    /// The machine; absent likewise.
    pub platform: Option<String>,
    /// The patterns that selected its checks; empty: all of them.
    pub filter: Vec<String>,
    /// When the run began; absent in a baseline.
    pub began: Option<String>,
    /// It was stopped before its end.
    pub interrupted: bool,
    /// How many checks it has.
    pub checks: usize,
}

impl SideReport {
    /// The engines of this side and the other, where they are known and differ.
    pub fn engines_with<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        let (own, other) = (self.engine.as_deref()?, other.engine.as_deref()?);
        (own != other).then_some((own, other))
    }
}

/// What a side is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SideKind {
    /// `report.json`.
    #[default]
    Report,
    /// A baseline file.
    Baseline,
}

/// Something other than the build that differs between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Circumstance {
    /// What.
    pub what: String,
    /// On the old side; absent where there is nothing to show.
    pub old: Option<String>,
    /// On the new side.
    pub new: Option<String>,
    /// What follows for the comparison.
    pub consequence: String,
}

/// Which cases take longer than all others would lead to expect, and how soon the SDK is ready.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimingChange {
    /// Why nothing was compared; absent where something was.
    pub not_compared: Option<String>,
    /// On how many cases it rests.
    pub cases: usize,
    /// The median of new duration / old duration: what the machine, or the whole build, does to
    /// every case.
    pub median_ratio: Option<f64>,
    /// How much slower than that median a case must be to be named, as a factor: four robust
    /// deviations, and never less than 1.5.
    pub bound: Option<f64>,
    /// The cases beyond that, the slowest first. None is a regression by itself.
    pub slower: Vec<SlowerCase>,
    /// How soon the SDK is ready; absent where too few cases measured it on both sides, or times
    /// cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<ReadyChange>,
}

/// How soon the SDK is ready after its script has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadyChange {
    /// In how many cases it was measured on both sides.
    pub cases: usize,
    /// The median that it took, in milliseconds.
    pub old_ms: f64,
    /// The median that it takes, in milliseconds.
    pub new_ms: f64,
    /// Whether that is later by more than noise: by half, and by more than 250 ms.
    pub is_later: bool,
}

/// A case that takes longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowerCase {
    /// The case.
    pub case: String,
    /// Milliseconds it took.
    pub old_ms: f64,
    /// Milliseconds it takes.
    pub new_ms: f64,
    /// How many times as long as the median leads to expect.
    pub factor: f64,
}

/// Which part of the version number should be raised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SemverAdvice {
    /// The part.
    pub suggests: Bump,
    /// Why not less; empty for a patch.
    pub reasons: Vec<String>,
}

/// A part of a version number. Ordered: `Patch < Minor < Major`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Bump {
    /// Nothing that anybody could rely on changed.
    #[default]
    Patch,
    /// Something was added, or behaves otherwise where nothing is promised.
    Minor,
    /// Something that somebody may rely on is not what it was.
    Major,
}

impl Bump {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
