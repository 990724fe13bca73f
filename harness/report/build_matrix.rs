//! What works with what: every snippet with every build, in one table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Report, SdkReport, SnippetReport};
use super::stored::Stored;
use crate::contract::RequirementId;
use crate::verdict::Status;

/// The version of the shape of [`Skew`].
pub const SCHEMA: &str = "alhena-conformance/skew/1";

/// `report.json` of a run with several snippets or builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Skew {
    /// The version of this shape.
    pub schema: String,
    /// Every snippet with every build, as far as the run got.
    pub pairings: Vec<PairingReport>,
}

/// One cell of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairingReport {
    /// The snippet.
    pub snippet: SnippetReport,
    /// The build.
    pub sdk: SdkReport,
    /// How many checks have each status.
    pub totals: BTreeMap<Status, usize>,
    /// The requirements of a `must` or `should` that do not hold.
    pub broken: Vec<RequirementId>,
    /// Whether it was driven to its end.
    pub interrupted: bool,
    /// The folder of its own report, beside this one.
    pub report: String,
}

impl Skew {
    /// Reads the pairings' reports.
    #[must_use]
    pub fn new(pairings: &[Stored]) -> Self {
        let pairing = |(place, Stored { report, .. }): (usize, &Stored)| PairingReport {
            snippet: report.snippet.clone(),
            sdk: report.sdk.clone(),
            totals: report.totals.clone(),
            broken: broken(report),
            interrupted: report.interrupted,
            report: folder(place),
        };
        Self {
            schema: SCHEMA.to_owned(),
            pairings: pairings.iter().enumerate().map(pairing).collect(),
        }
    }
}

impl PairingReport {
    /// Whether it was driven to its end, and every requirement holds.
    #[must_use]
    pub fn conforms(&self) -> bool {
        !self.interrupted && self.broken.is_empty()
    }
}

/// The folder of a pairing's own report.
pub fn folder(place: usize) -> String {
    format!("pairing-{}", place + 1)
}

fn broken(report: &Report) -> Vec<RequirementId> {
    report
        .requirements
        .iter()
        .filter(|requirement| requirement.is_broken())
        .map(|requirement| requirement.id.clone())
        .collect()
}
