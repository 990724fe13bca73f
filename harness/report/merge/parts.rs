//! What makes reports the parts of one run.

use std::collections::BTreeMap;

use thiserror::Error;

use super::super::model::Report;
use super::super::stored::Stored;
use crate::text::counted;

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
        counted(.missing.len(), "part"),
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

fn listed(missing: &[usize]) -> String {
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    missing.join(", ")
}

/// Refuses what is not every part of one run once; says how many parts there are.
pub fn checked(parts: &[RunPart]) -> Result<usize, MergeError> {
    let mut by_index: BTreeMap<usize, &RunPart> = BTreeMap::new();
    let mut of = 0;
    for part in parts {
        let folder = part.folder.clone();
        let Some(shard) = &part.stored.report.shard else {
            return Err(MergeError::Whole { folder });
        };
        let differences = differences(&parts[0].stored.report, &part.stored.report);
        if !differences.is_empty() {
            return Err(MergeError::Foreign {
                folders: [parts[0].folder.clone(), folder],
                differences,
            });
        }
        if let Some(other) = by_index.insert(shard.index, part) {
            return Err(MergeError::Overlapping {
                folders: [other.folder.clone(), folder],
                index: shard.index,
                of: shard.of,
            });
        }
        of = shard.of;
    }
    let missing = (1..=of).filter(|index| !by_index.contains_key(index));
    let missing: Vec<usize> = missing.collect();
    if missing.is_empty() {
        Ok(of)
    } else {
        Err(MergeError::Missing { missing, of })
    }
}

/// What two parts of one run must share and these do not, a line each.
fn differences(one: &Report, other: &Report) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, one: &str, other: &str| {
        if one != other {
            found.push(format!(
                "   = {what}: {} there, {} here",
                said(one),
                said(other)
            ));
        }
    };
    for ((what, one), (_, other)) in shared(one).into_iter().zip(shared(other)) {
        compare(what, &one, &other);
    }
    // A part that had no browser at all says so by its verdicts.
    if let (Some(one), Some(other)) = (&one.environment, &other.environment) {
        compare("the browser", &one.browser_name(), &other.browser_name());
    }
    found
}

/// What the parts of one run have in common, each with its name.
fn shared(report: &Report) -> [(&'static str, String); 8] {
    let known = report.known_failures.iter();
    let known = known.map(|entry| format!("{} ({})", entry.check, entry.reason));
    let selection = match report.filter.as_slice() {
        [] => "all".to_owned(),
        patterns => patterns.join(" "),
    };
    let (of, plan_sha256) = match &report.shard {
        Some(shard) => (shard.of.to_string(), shard.plan_sha256.clone()),
        None => Default::default(),
    };
    [
        ("the version of the harness", report.harness.version.clone()),
        ("the sha256 of the SDK", report.sdk.sha256.clone()),
        ("the sha256 of the snippet", report.snippet.sha256.clone()),
        ("the sha256 of the profile", report.profile.sha256.clone()),
        ("the selection", selection),
        (
            "the list of known failures",
            known.collect::<Vec<_>>().join("; "),
        ),
        ("how many parts there are", of),
        (
            "the plan, or how it was cut (scenarios, durations.lock)",
            plan_sha256,
        ),
    ]
}

fn said(value: &str) -> &str {
    if value.is_empty() { "none" } else { value }
}
