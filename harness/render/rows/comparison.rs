use serde_json::{Value, json};

use super::model::{Location, Note, NoteLevel, Row, Rows, Suite, named, tags};
use super::run::cause;
use crate::render::compare::{semver, verdict};
use crate::report::compare::{CheckChange, Comparison, WireChange, WireClass};
use crate::report::model::CauseReport;
use crate::verdict::{Bearing, Status};

/// The folder of the row that is there even where nothing changed.
const COMPARE: &str = "compare";

impl Rows {
    /// The checks whose verdicts changed: each is a row, and fails where that is a regression.
    pub fn of_comparison(comparison: &Comparison) -> Self {
        let Comparison { old, new, .. } = comparison;
        let rows = [the_whole(comparison)]
            .into_iter()
            .chain(comparison.check_changes().map(|own| row(comparison, own)));
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
            causes: causes(comparison),
            notes: comparison.wire.changes.iter().filter_map(note).collect(),
            conclusion: conclusion(comparison, "; "),
            extra: json!({}),
        }
    }
}

fn conclusion(comparison: &Comparison, separator: &str) -> String {
    let sentences = [Some(verdict(comparison)), semver(comparison)];
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    sentences.join(separator)
}

fn the_whole(comparison: &Comparison) -> Row {
    let within = vec![COMPARE.to_owned()];
    Row {
        output: conclusion(comparison, "\n"),
        ..Row::new(within, "the whole", Bearing::Holds, Status::Pass.word())
    }
}

/// The causes of what got worse.
fn causes(comparison: &Comparison) -> Vec<Row> {
    let own = comparison.causes.iter();
    let causes = own.flat_map(|own| own.new.iter().chain(&own.both));
    let row = |own: &CauseReport| {
        let is_its = |change: &&CheckChange| {
            let cause = cause_of(comparison, change);
            cause.is_some_and(|other| other.id == own.id) && change.bearing().fails_the_run()
        };
        let worse: Vec<&CheckChange> = comparison.check_changes().filter(is_its).collect();
        let is_example = |change: &&&CheckChange| change.check == own.example;
        let example = worse.iter().find(is_example).or(worse.first())?;
        Some(Row {
            bearing: worse.iter().map(|change| change.bearing()).min()?,
            location: example.at.as_deref().map(Location::of),
            tags: tags(&own.breaks, example.level),
            ..cause(own)
        })
    };
    causes.filter_map(row).collect()
}

/// The cause that explains a change; none explains that a check is no longer made.
fn cause_of<'c>(comparison: &'c Comparison, change: &CheckChange) -> Option<&'c CauseReport> {
    change.new?;
    comparison.causes.as_ref()?.of_check(&change.check)
}

fn row(comparison: &Comparison, change: &CheckChange) -> Row {
    let explained = cause_of(comparison, change);
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
    let values = [
        ("expected", change.expected.clone()),
        ("actual", change.actual.clone()),
        ("again", change.again.clone().map(Value::from)),
    ];
    let row = Row {
        id: change.check.0.clone(),
        verdict,
        cause: explained.map(|own| own.sentence.clone()),
        reason: change.message.clone(),
        is_flaky: change.new == Some(Status::Flaky),
        is_reported_elsewhere: explained.is_some(),
        location: change.at.as_deref().map(Location::of),
        values: named(values),
        tags: tags(&change.requirements, change.level),
        ..Row::new(vec![case.to_owned()], name, change.bearing(), kind)
    };
    if row.bearing.is_fault() {
        let at = change.at.iter().map(|at| format!("at: {at}"));
        let details: Vec<String> = [turn]
            .into_iter()
            .chain(change.message.clone())
            .chain(at)
            .chain(row.lines())
            .collect();
        Row {
            details: details.join("\n"),
            ..row
        }
    } else {
        Row {
            output: turn,
            ..row
        }
    }
}

fn facts(comparison: &Comparison) -> Vec<(String, String)> {
    let mut facts = vec![(
        "harness".to_owned(),
        format!("alhena-conformance {}", comparison.harness.version),
    )];
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        facts.push((name.to_owned(), side.source.clone()));
        let known = [
            ("sdk", side.sdk.as_ref()),
            ("sdk.sha256", Some(&side.sdk_sha256)),
            ("profile", Some(&side.profile.name)),
            ("browser", side.browser.as_ref()),
            ("platform", side.platform.as_ref()),
            ("began", side.began.as_ref()),
        ];
        facts.extend(
            known
                .into_iter()
                .filter_map(|(fact, value)| Some((format!("{name}.{fact}"), value?.clone()))),
        );
    }
    facts
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
