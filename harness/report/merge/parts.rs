//! What makes reports the parts of one run.

use std::collections::BTreeMap;

use thiserror::Error;

use super::super::model::{KnownFailureReport, Report, ShardReport};
use super::super::stored::Stored;

/// One part, and the name by which a person knows it.
#[derive(Debug, Clone)]
pub struct RunPart {
    /// Its folder.
    pub folder: String,
    /// What lies there.
    pub stored: Stored,
}

/// Reports that are not the parts of one run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// One is no part at all.
    #[error(
        "{folder} is the report of a whole run, not of a part\n   = a part is written by `run \
         --shard 2/5 --report DIR`"
    )]
    Whole {
        /// Its folder.
        folder: String,
    },
    /// Two are of different runs.
    #[error(
        "{} and {} are not parts of one run\n{}",
        .folders[0],
        .folders[1],
        .differences.join("\n")
    )]
    Foreign {
        /// The two folders.
        folders: [String; 2],
        /// What differs, a line each.
        differences: Vec<String>,
    },
    /// Two are the same part.
    #[error(
        "{} and {} are both part {index} of {of}\n   = name each part once",
        .folders[0],
        .folders[1]
    )]
    Overlapping {
        /// The two folders.
        folders: [String; 2],
        /// Which part.
        index: usize,
        /// Of how many.
        of: usize,
    },
    /// Some are not there.
    #[error(
        "{} of {of} {} missing: {}\n   = run what is missing: run --shard {}/{of} --report DIR",
        parts(.missing),
        if .missing.len() == 1 { "is" } else { "are" },
        listed(.missing),
        .missing[0]
    )]
    Missing {
        /// Their numbers.
        missing: Vec<usize>,
        /// Of how many.
        of: usize,
    },
    /// They do not hold what their plan says.
    #[error(
        "the checks of these parts are not those of the run that they say they are of\n   = was a \
         report.json changed by hand, or a part judged again? merge the parts as they were written"
    )]
    NotThePlan,
}

fn parts(missing: &[usize]) -> String {
    format!(
        "{} part{}",
        missing.len(),
        if missing.len() == 1 { "" } else { "s" }
    )
}

fn listed(missing: &[usize]) -> String {
    missing
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Refuses what is not every part of one run once; says how many parts there are.
pub fn checked(parts: &[RunPart]) -> Result<usize, MergeError> {
    let mut by_index: BTreeMap<usize, &RunPart> = BTreeMap::new();
    let mut of = 0;
    for part in parts {
        let Some(shard) = &part.stored.report.shard else {
            return Err(MergeError::Whole {
                folder: part.folder.clone(),
            });
        };
        let differences = differences(&parts[0].stored.report, &part.stored.report);
        if !differences.is_empty() {
            return Err(MergeError::Foreign {
                folders: [parts[0].folder.clone(), part.folder.clone()],
                differences,
            });
        }
        if let Some(other) = by_index.insert(shard.index, part) {
            return Err(MergeError::Overlapping {
                folders: [other.folder.clone(), part.folder.clone()],
                index: shard.index,
                of: shard.of,
            });
        }
        of = shard.of;
    }
    let missing: Vec<usize> = (1..=of)
        .filter(|index| !by_index.contains_key(index))
        .collect();
    if missing.is_empty() {
        Ok(of)
    } else {
        Err(MergeError::Missing { missing, of })
    }
}

/// What two parts of one run must share and these do not, a line each.
fn differences(one: &Report, other: &Report) -> Vec<String> {
    let browser = |report: &Report| {
        report
            .environment
            .as_ref()
            .map(|browser| format!("{} {}", browser.browser, browser.browser_version))
    };
    let cut = |report: &Report, part: fn(&ShardReport) -> String| {
        report.shard.as_ref().map(part).unwrap_or_default()
    };
    let all = |report: &Report| {
        [
            ("the version of the harness", report.harness.version.clone()),
            ("the sha256 of the SDK", report.sdk.sha256.clone()),
            ("the sha256 of the snippet", report.snippet.sha256.clone()),
            ("the sha256 of the profile", report.profile.sha256.clone()),
            (
                "the selection",
                if report.filter.is_empty() {
                    "all".to_owned()
                } else {
                    report.filter.join(" ")
                },
            ),
            (
                "the list of known failures",
                report
                    .known_failures
                    .iter()
                    .map(what_is_known)
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            (
                "how many parts there are",
                cut(report, |shard| shard.of.to_string()),
            ),
            (
                "the plan, or how it was cut (scenarios, durations.lock)",
                cut(report, |shard| shard.plan_sha256.clone()),
            ),
        ]
    };
    let mut pairs: Vec<(&str, String, String)> = all(one)
        .into_iter()
        .zip(all(other))
        .map(|((what, one), (_, other))| (what, one, other))
        .collect();
    // A part that had no browser at all says so by its verdicts.
    if let (Some(one), Some(other)) = (browser(one), browser(other)) {
        pairs.push(("the browser", one, other));
    }
    let differing = pairs.into_iter().filter(|(_, one, other)| one != other);
    differing
        .map(|(what, one, other)| {
            format!("   = {what}: {} there, {} here", said(&one), said(&other))
        })
        .collect()
}

fn said(value: &str) -> &str {
    if value.is_empty() { "none" } else { value }
}

fn what_is_known(entry: &KnownFailureReport) -> String {
    format!("{} ({})", entry.check, entry.reason)
}
