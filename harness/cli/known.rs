//! The list of known failures: reading it, asking what became of it, and writing it anew.

use std::collections::BTreeMap;
use std::path::Path;

use crate::contract::CheckId;
use crate::input::Source;
use crate::judge::Finding;
use crate::output::{claim_file, replace_read_file};
use crate::plan::Patterns;
use crate::report::{Mask, Report};
use crate::scenario::Suite;
use crate::verdict::known::{
    Checked, EntryVerdict, Knowledge, KnownFailures, NewFailure, Update, updated,
};
use crate::verdict::{Bearing, CaseOutcome, RunResult, Status};
use owo_colors::OwoColorize;
use time::{Duration, OffsetDateTime};
use toml::value::Date;

use super::Failure;
use super::args::RunArguments;
use crate::text::counted;

/// How long a new entry excuses its failure: long enough to fix it, short enough to be asked
/// again.
const NEW_ENTRY: Duration = Duration::days(90);

/// The list that was named; one without entries where none was, or where it is still to be written.
pub fn load(arguments: &RunArguments) -> Result<KnownFailures, Failure> {
    if let (Some(path), true) = (&arguments.known_failures, arguments.update_known_failures) {
        claim_file(path)?;
    }
    match &arguments.known_failures {
        None => Ok(KnownFailures::none("")),
        Some(path) if arguments.update_known_failures && !path.exists() => {
            Ok(KnownFailures::none(&path.display().to_string()))
        }
        Some(path) => Source::read(path)
            .and_then(KnownFailures::new)
            .map_err(Failure::usage),
    }
}

/// The day, in UTC.
pub fn today() -> Date {
    date(OffsetDateTime::now_utc())
}

fn date(moment: OffsetDateTime) -> Date {
    Date {
        year: u16::try_from(moment.year()).unwrap_or(u16::MAX),
        month: u8::from(moment.month()),
        day: moment.day(),
    }
}

/// What became of each entry. Whether one matches nothing is decided by the full plan, not by what
/// was selected.
pub fn verdicts<'a>(
    suite: &Suite,
    outcomes: &[CaseOutcome],
    knowledge: &Knowledge<'a>,
) -> Vec<EntryVerdict<'a>> {
    if knowledge.known.entries.is_empty() {
        return Vec::new();
    }
    let plan = suite.plan(&mut Patterns::new(&[]));
    let statuses: BTreeMap<&CheckId, Status> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.seen)
        .map(|seen| (&seen.check.id, seen.status))
        .collect();
    let planned = plan
        .iter()
        .flat_map(|case| case.checks.iter().map(move |check| (case, check)));
    let checked: Vec<Checked<'_>> = planned
        .map(|(case, check)| Checked {
            case,
            check,
            status: statuses.get(&check.id).copied(),
        })
        .collect();
    knowledge.verdicts(&checked)
}

/// Writes the list so that this run would be green, and says what was done. A run that did not end
/// well writes nothing.
pub fn update(
    result: &RunResult,
    report: &Report,
    verdicts: &[EntryVerdict<'_>],
    knowledge: &Knowledge<'_>,
    mask: Option<&Mask>,
) -> Result<(), Failure> {
    let known = knowledge.known;
    if result.interrupted || result.bug || result.no_session.is_some() {
        anstream::eprintln!(
            "{} is left as it was: the run did not come to its end",
            known.file
        );
        return Ok(());
    }
    let update = updated(
        known,
        verdicts,
        &new_failures(result, knowledge, mask),
        date(OffsetDateTime::now_utc() + NEW_ENTRY),
    )
    .map_err(Failure::usage)?;
    if update.text != known.text {
        replace_read_file(Path::new(&known.file), update.text.as_bytes())?;
    }
    say(&known.file, &update);
    let undecided = report
        .checks
        .iter()
        .filter(|check| check.bearing().is_undecided())
        .count();
    if undecided > 0 {
        anstream::eprintln!(
            "  {} could not be judged, and can not be known",
            counted(undecided, "check")
        );
    }
    Ok(())
}

/// Every failure that no entry excuses and one could.
fn new_failures(
    result: &RunResult,
    knowledge: &Knowledge<'_>,
    mask: Option<&Mask>,
) -> Vec<NewFailure> {
    let said = |message: &String| mask.map_or_else(|| message.clone(), |mask| mask.text(message));
    let of_case = |outcome: &CaseOutcome| -> Vec<NewFailure> {
        let new = outcome.seen.iter().filter(|seen| {
            seen.bearing(knowledge.register) == Bearing::SdkFault
                && Bearing::of_found(seen.status) == Bearing::SdkFault
                && knowledge.can_be_known(&outcome.case, &seen.check)
        });
        new.map(|seen| NewFailure {
            check: seen.check.id.clone(),
            message: if let Some(Finding::Broken(broken)) = &seen.finding {
                said(&broken.message)
            } else {
                String::new()
            },
            flaky: seen.status == Status::Flaky,
        })
        .collect()
    };
    result.outcomes.iter().flat_map(of_case).collect()
}

fn say(file: &str, update: &Update) {
    let Update {
        added,
        removed,
        narrowed,
        left,
        ..
    } = update;
    if added.is_empty() && removed.is_empty() && narrowed.is_empty() && left.is_empty() {
        anstream::eprintln!("{file}: nothing to change");
        return;
    }
    anstream::eprintln!(
        "{file}: {} added, {} removed, {} narrowed",
        added.len(),
        removed.len(),
        narrowed.len()
    );
    let all = [
        ("added", added.iter().map(ToString::to_string).collect()),
        ("removed", removed.clone()),
        ("narrowed", narrowed.clone()),
        ("left", left.clone()),
    ];
    for (done, entries) in all {
        let entries: Vec<String> = entries;
        for entry in &entries {
            anstream::eprintln!("  {} {entry}", done.yellow());
        }
    }
    if !added.is_empty() {
        anstream::eprintln!(
            "  the new entries want a look: say in each `reason` why it may wait, and in \
             `expires` how long"
        );
    }
}
