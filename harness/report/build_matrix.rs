//! What works with what: every snippet with every build, in one table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use owo_colors::OwoColorize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Report, SdkReport, SnippetReport};
use crate::contract::RequirementId;
use crate::verdict::Status;

/// The version of the shape of [`BuildMatrix`].
pub const SCHEMA: &str = "alhena-conformance/skew/1";

/// `report.json` of a run with several snippets or builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildMatrix {
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

impl BuildMatrix {
    /// Sums up the reports of the pairings.
    #[must_use]
    pub fn new<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Self {
        let pairing = |(index, report): (usize, &'r Report)| PairingReport {
            snippet: report.snippet.clone(),
            sdk: report.sdk.clone(),
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

    /// The table: a row a snippet, a column a build.
    #[must_use]
    pub fn text(&self) -> String {
        let mut snippets: Vec<&SnippetReport> = Vec::new();
        let mut builds: Vec<&SdkReport> = Vec::new();
        for pairing in &self.pairings {
            if !snippets.contains(&&pairing.snippet) {
                snippets.push(&pairing.snippet);
            }
            if !builds.iter().any(|build| {
                build.source == pairing.sdk.source && build.sha256 == pairing.sdk.sha256
            }) {
                builds.push(&pairing.sdk);
            }
        }
        let first = snippets
            .iter()
            .map(|snippet| snippet.source.chars().count())
            .max()
            .unwrap_or(0)
            .max("snippet".len());
        let cell = |snippet: &SnippetReport, build: &SdkReport| {
            let of = |pairing: &&PairingReport| {
                pairing.snippet == *snippet
                    && pairing.sdk.source == build.source
                    && pairing.sdk.sha256 == build.sha256
            };
            self.pairings
                .iter()
                .find(of)
                .map_or("not driven".to_owned(), PairingReport::cell)
        };
        let column = |build: &SdkReport| {
            snippets
                .iter()
                .map(|snippet| cell(snippet, build).chars().count())
                .max()
                .unwrap_or(0)
                .max(build.source.chars().count())
        };
        let mut text = format!("{:first$}", "snippet").bold().to_string();
        for build in &builds {
            let width = column(build);
            let _ = write!(text, "  {}", format!("{:width$}", build.source).bold());
        }
        for snippet in &snippets {
            let _ = write!(text, "\n{:first$}", snippet.source);
            for build in &builds {
                let (width, said) = (column(build), cell(snippet, build));
                let padded = format!("{said:width$}");
                let _ = write!(
                    text,
                    "  {}",
                    if said == CONFORMS {
                        padded.green().to_string()
                    } else {
                        padded.red().to_string()
                    }
                );
            }
        }
        text
    }
}

const CONFORMS: &str = "conforms";

impl PairingReport {
    fn cell(&self) -> String {
        const SHOWN: usize = 3;
        let names: Vec<&str> = self
            .broken
            .iter()
            .take(SHOWN)
            .map(|id| id.0.as_str())
            .collect();
        let more = self.broken.len().saturating_sub(SHOWN);
        match (self.interrupted, names.is_empty(), more) {
            (true, _, _) => "interrupted".to_owned(),
            (_, true, _) => CONFORMS.to_owned(),
            (_, _, 0) => format!("breaks {}", names.join(", ")),
            (_, _, more) => format!("breaks {} and {more} more", names.join(", ")),
        }
    }
}

/// The folder of a pairing's own report.
fn folder(index: usize) -> String {
    format!("pairing-{}", index + 1)
}

fn broken(report: &Report) -> Vec<RequirementId> {
    report
        .requirements
        .iter()
        .filter(|requirement| requirement.is_broken())
        .map(|requirement| requirement.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairing(snippet: &str, sdk: &str, broken: &[&str]) -> PairingReport {
        PairingReport {
            snippet: SnippetReport {
                source: snippet.into(),
                sha256: snippet.into(),
            },
            sdk: SdkReport {
                source: sdk.into(),
                sha256: sdk.into(),
                fetched: true,
            },
            totals: BTreeMap::new(),
            broken: broken
                .iter()
                .map(|id| RequirementId((*id).into()))
                .collect(),
            interrupted: false,
            report: String::new(),
        }
    }

    #[test]
    fn table_shows_each_snippet_with_each_build() {
        let pairings = vec![
            pairing("old", "1.js", &[]),
            pairing("old", "2.js", &["QUEUE-ORDER"]),
            pairing("new", "1.js", &[]),
            pairing("new", "2.js", &[]),
        ];
        let table = anstream::adapter::strip_str(
            &BuildMatrix {
                schema: SCHEMA.into(),
                pairings,
            }
            .text(),
        )
        .to_string();
        assert_eq!(
            table,
            "snippet  1.js      2.js              \nold      conforms  breaks QUEUE-ORDER\n\
             new      conforms  conforms          "
        );
    }
}
