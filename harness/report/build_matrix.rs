//! What works with what: every snippet with every build on every engine, in one table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Report, SdkReport, SnippetReport};
use crate::contract::RequirementId;
use crate::verdict::Status;

/// The version of the shape of [`BuildMatrix`].
pub const SCHEMA: &str = "alhena-conformance/skew/1";

/// `report.json` of a run with several snippets, builds or engines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildMatrix {
    /// The version of this shape.
    pub schema: String,
    /// Every snippet with every build on every engine, as far as the run got.
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
    /// The engine; absent in files of versions that knew one engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// How many checks have each status.
    pub totals: BTreeMap<Status, usize>,
    /// The requirements of a `must` or `should` that do not hold.
    pub broken: Vec<RequirementId>,
    /// Whether it was driven to its end.
    pub interrupted: bool,
    /// The folder of its own report, beside this one.
    pub report: String,
}

impl BuildMatrix {
    /// Sums up the reports of the pairings, each with the name of the engine that it was to be
    /// driven in: a report of which nothing could be tried knows none.
    pub fn new<'r>(reports: impl IntoIterator<Item = (&'r str, &'r Report)>) -> Self {
        let pairing = |(index, (engine, report)): (usize, (&str, &'r Report))| PairingReport {
            snippet: report.snippet.clone(),
            sdk: report.sdk.clone(),
            engine: Some(engine.to_owned()),
            totals: report.totals.clone(),
            broken: broken(report),
            interrupted: report.interrupted,
            report: folder(index),
        };
        Self {
            schema: SCHEMA.to_owned(),
            pairings: reports.into_iter().enumerate().map(pairing).collect(),
        }
    }
}

impl PairingReport {
    /// Whether any of its checks was tried.
    pub fn was_tried(&self) -> bool {
        let mut totals = self.totals.iter();
        totals.any(|(status, count)| *count > 0 && status.was_tried())
    }

    /// Whether it was driven to its end, and every requirement holds.
    pub fn conforms(&self) -> bool {
        !self.interrupted && self.broken.is_empty()
    }
}

/// The folder of a pairing's own report.
fn folder(index: usize) -> String {
    format!("pairing-{}", index + 1)
}

fn broken(report: &Report) -> Vec<RequirementId> {
    let broken = report.requirements.iter().filter(|own| own.is_broken());
    broken.map(|own| own.id.clone()).collect()
}
