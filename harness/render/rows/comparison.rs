use serde_json::{Map, Value};

use super::model::{Location, Note, NoteLevel, Row, Rows, Suite};
use crate::render::compare::sections::{semver, verdict};
use crate::report::compare::{CheckChange, Comparison, SideReport, WireChange, WireClass};
use crate::verdict::{Bearing, Status};

/// The folder of the row that is there even where nothing changed.
const COMPARE: &str = "compare";

impl Rows {
    /// The checks whose verdicts changed: each is a row, and fails where that is a regression.
    pub fn of_comparison(comparison: &Comparison) -> Self {
        let Comparison { old, new, .. } = comparison;
        let rows = [the_whole(comparison)]
            .into_iter()
            .chain(comparison.check_changes().map(row));
        Self {
            title: "alhena-conformance compare",
            version: comparison.harness.version.clone(),
            subject: new.sdk.clone().unwrap_or_else(|| new.source.clone()),
            browser: new.browser.clone(),
            system: None,
            began: new.began.clone(),
            milliseconds: 0,
            facts: facts(comparison),
            suites: vec![Suite {
                name: format!("{} → {}", old.source, new.source),
                facts: Vec::new(),
                rows: rows.collect(),
            }],
            notes: comparison.wire.changes.iter().filter_map(note).collect(),
            conclusion: conclusion(comparison, "; "),
            extra: Map::new(),
        }
    }
}

fn conclusion(comparison: &Comparison, separator: &str) -> String {
    format!("{}{separator}{}", verdict(comparison), semver(comparison))
}

fn the_whole(comparison: &Comparison) -> Row {
    Row {
        output: conclusion(comparison, "\n"),
        ..plain_row(COMPARE, "the whole")
    }
}

fn row(change: &CheckChange) -> Row {
    let (case, name) = change
        .check
        .0
        .split_once('#')
        .unwrap_or((&change.check.0, "check"));
    let word = |status: Option<Status>| status.map_or("not made", Status::word);
    let turn = format!("{} → {}", word(change.old), word(change.new));
    let (kind, verdict) = match change.regression {
        Some(regression) => (regression.word(), format!("{} ({turn})", regression.name())),
        None => (change.new.map_or("not_made", Status::word), turn.clone()),
    };
    let values = [("expected", &change.expected), ("actual", &change.actual)];
    let values: Vec<(&str, &Value)> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        .collect();
    let lines: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .chain(change.again.iter().map(|again| format!("again: {again}")))
        .collect();
    let command = change
        .again
        .iter()
        .map(|again| ("again".to_owned(), Value::from(again.clone())));
    let bearing = change.bearing();
    let at = change.at.iter().map(|at| format!("at: {at}"));
    let details: Vec<String> = [turn.clone()]
        .into_iter()
        .chain(change.message.clone())
        .chain(at)
        .chain(lines.iter().cloned())
        .collect();
    Row {
        id: change.check.0.clone(),
        bearing,
        kind,
        verdict,
        reason: change.message.clone(),
        is_flaky: change.new == Some(Status::Flaky),
        location: change.at.as_deref().map(Location::of),
        lines,
        details: if bearing.is_fault() {
            details.join("\n")
        } else {
            String::new()
        },
        output: if bearing == Bearing::Holds {
            turn
        } else {
            String::new()
        },
        tags: change
            .requirements
            .iter()
            .map(ToString::to_string)
            .chain(change.level.iter().map(ToString::to_string))
            .collect(),
        extra: values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .chain(command)
            .collect(),
        ..plain_row(case, name)
    }
}

/// A row that holds, of which nothing else is known.
fn plain_row(case: &str, name: &str) -> Row {
    Row {
        id: format!("{case}#{name}"),
        within: vec![case.to_owned()],
        name: name.to_owned(),
        bearing: Bearing::Holds,
        kind: Status::Pass.word(),
        verdict: Status::Pass.word().to_owned(),
        reason: None,
        is_flaky: false,
        is_reported_elsewhere: false,
        location: None,
        source: None,
        lines: Vec::new(),
        details: String::new(),
        output: String::new(),
        milliseconds: 0,
        attempts: None,
        tags: Vec::new(),
        attachments: Vec::new(),
        extra: Map::new(),
    }
}

fn facts(comparison: &Comparison) -> Vec<(String, String)> {
    let harness = (
        "harness".to_owned(),
        format!("alhena-conformance {}", comparison.harness.version),
    );
    let sides = [("old", &comparison.old), ("new", &comparison.new)];
    let sides = sides.into_iter().flat_map(|(side, about)| {
        side_facts(about)
            .into_iter()
            .map(move |(name, value)| (format!("{side}{name}"), value))
    });
    [harness].into_iter().chain(sides).collect()
}

fn side_facts(side: &SideReport) -> Vec<(&'static str, String)> {
    let known = [
        (".sdk", side.sdk.clone()),
        (".browser", side.browser.clone()),
        (".platform", side.platform.clone()),
        (".began", side.began.clone()),
    ];
    let known = known
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    [
        ("", side.source.clone()),
        (".sdk.sha256", side.sdk_sha256.clone()),
        (".profile", side.profile.name.clone()),
    ]
    .into_iter()
    .chain(known)
    .collect()
}

/// A change on the wire, where it breaks whoever reads it.
fn note(change: &WireChange) -> Option<Note> {
    match change.class {
        WireClass::Additive => None,
        WireClass::Breaking => {
            let event = change
                .event
                .map(|event| format!("{event} "))
                .unwrap_or_default();
            Some(Note {
                level: NoteLevel::Warning,
                title: format!("breaking change on the wire: {event}{}", change.subject),
                text: format!(
                    "{} → {}: {}",
                    change.old.as_deref().unwrap_or("none"),
                    change.new.as_deref().unwrap_or("none"),
                    change.reason
                ),
            })
        }
    }
}
