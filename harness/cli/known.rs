//! The list of known failures: reading it, asking what became of it, and writing it anew.

use std::collections::BTreeMap;
use std::path::Path;

use owo_colors::OwoColorize;
use time::{Duration, OffsetDateTime};
use toml::value::Date;

use super::Failure;
use super::args::{EngineArguments, RunArguments};
use super::in_engine::limits_of;
use crate::contract::CheckId;
use crate::input::{Files, Source};
use crate::judge::Finding;
use crate::output::{claim_file, replace_read_file};
use crate::plan::Patterns;
use crate::report::{Mask, Report};
use crate::scenario::Suite;
use crate::text::counted;
use crate::verdict::known::{
    Checked, EntryVerdict, Knowledge, KnownFailures, NewFailure, Update, updated,
};
use crate::verdict::{Bearing, CaseOutcome, RunResult, Status};

/// How long a new entry excuses its failure: long enough to fix it, short enough to be asked
/// again.
const NEW_ENTRY: Duration = Duration::days(90);

/// The list that was named, and what the engine cannot keep.
pub fn load(arguments: &RunArguments, files: &Files) -> Result<KnownFailures, Failure> {
    let limits = limits_of(arguments.browser.engine.first(), files)?;
    Ok(named(arguments)?.with(limits))
}

/// The list that was named; one without entries where none was, or where it is still to be written.
fn named(arguments: &RunArguments) -> Result<KnownFailures, Failure> {
    let Some(path) = &arguments.known_failures else {
        return Ok(KnownFailures::none(""));
    };
    if arguments.update_known_failures {
        claim_file(path)?;
        if !path.exists() {
            return Ok(KnownFailures::none(&path.display().to_string()));
        }
    }
    Ok(KnownFailures::new(Source::read(path)?)?)
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
    let seen = outcomes.iter().flat_map(|outcome| &outcome.seen);
    let statuses = seen.map(|seen| (&seen.check.id, seen.status));
    let statuses: BTreeMap<&CheckId, Status> = statuses.collect();
    let checked = plan.iter().flat_map(|case| {
        let statuses = &statuses;
        case.checks.iter().map(move |check| Checked {
            case,
            check,
            status: statuses.get(&check.id).copied(),
        })
    });
    let checked: Vec<Checked<'_>> = checked.collect();
    knowledge.verdicts(&checked)
}

/// Writes the list so that this run would be green, and says what was done. A run that did not end
/// well writes nothing.
pub fn update(
    result: &RunResult,
    report: &Report,
    verdicts: &[EntryVerdict<'_>],
    knowledge: &Knowledge<'_>,
    engine: &EngineArguments,
    mask: Option<&Mask>,
) -> Result<(), Failure> {
    let known = knowledge.known;
    if !result.is_whole() {
        let file = &known.file;
        anstream::eprintln!("{file} is left as it was: the run did not come to its end");
        return Ok(());
    }
    let new = new_failures(result, knowledge, mask);
    let expires = date(OffsetDateTime::now_utc() + NEW_ENTRY);
    let browser = browser_of_its_own(engine, knowledge);
    let update = updated(known, verdicts, &new, expires, browser).map_err(Failure::usage)?;
    if update.text != known.text {
        replace_read_file(Path::new(&known.file), update.text.as_bytes())?;
    }
    print(&known.file, &update);
    let checks = report.checks.iter();
    let undecided = checks
        .filter(|check| check.bearing().is_undecided())
        .count();
    if undecided > 0 {
        let undecided = counted(undecided, "check");
        anstream::eprintln!("  {undecided} could not be judged, and can not be known");
    }
    Ok(())
}

/// The name of the run's browser, where its engine is not the default one.
fn browser_of_its_own<'k>(engine: &EngineArguments, knowledge: &Knowledge<'k>) -> Option<&'k str> {
    let (name, _) = knowledge.target.browser?;
    engine.beside_default().map(|_| name)
}

/// Every failure that no entry excuses and one could.
fn new_failures(
    result: &RunResult,
    knowledge: &Knowledge<'_>,
    mask: Option<&Mask>,
) -> Vec<NewFailure> {
    let masked = |text: &String| mask.map_or_else(|| text.clone(), |mask| mask.text(text));
    let of_case = |outcome: &CaseOutcome| -> Vec<NewFailure> {
        let new = outcome.seen.iter().filter(|seen| {
            seen.bearing(knowledge.register) == Bearing::SdkFault
                && Bearing::of_found(seen.status) == Bearing::SdkFault
                && knowledge.can_be_known(&outcome.case, &seen.check)
        });
        new.map(|seen| NewFailure {
            check: seen.check.id.clone(),
            message: match &seen.finding {
                Some(Finding::Broken(broken)) => masked(&broken.message),
                Some(
                    Finding::Holds
                    | Finding::NothingToJudge(_)
                    | Finding::NotTestable(_)
                    | Finding::Seen(_),
                )
                | None => String::new(),
            },
            flaky: seen.status == Status::Flaky,
        })
        .collect()
    };
    result.outcomes.iter().flat_map(of_case).collect()
}

fn print(file: &str, update: &Update) {
    let all = [
        (
            "added",
            update.added.iter().map(ToString::to_string).collect(),
        ),
        ("removed", update.removed.clone()),
        ("narrowed", update.narrowed.clone()),
        ("left", update.left.clone()),
    ];
    if all
        .iter()
        .all(|(_, entries): &(_, Vec<String>)| entries.is_empty())
    {
        anstream::eprintln!("{file}: nothing to change");
        return;
    }
    let [added, removed, narrowed, _] = all.each_ref().map(|(_, entries)| entries.len());
    anstream::eprintln!("{file}: {added} added, {removed} removed, {narrowed} narrowed");
    for (done, entries) in &all {
        for entry in entries {
            anstream::eprintln!("  {} {entry}", done.yellow());
        }
    }
    if added > 0 {
        anstream::eprintln!(
            "  the new entries want a look: say in each `reason` why it may wait, and in \
             `expires` how long"
        );
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::browser::engine_named;
    use crate::verdict::known::Target;

    #[rstest]
    #[case::the_default_one("chromium", Some("chrome"), None)]
    #[case::another_one("firefox", Some("firefox"), Some("firefox"))]
    #[case::no_browser_was_had("firefox", None, None)]
    fn new_entries_name_the_browser_of_another_engine_than_the_default_one(
        #[case] engine: &str,
        #[case] browser: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let suite = Suite::load(&Files::default()).unwrap();
        let knowledge = Knowledge {
            known: &KnownFailures::none("known.toml"),
            register: &suite.register,
            target: Target {
                browser: browser.map(|name| (name, "153.0")),
                sdk: "x.js",
                sha256: "",
                today: today(),
            },
        };
        let engine = EngineArguments {
            engines: vec![engine_named(engine).unwrap()],
        };
        assert_eq!(browser_of_its_own(&engine, &knowledge), expected);
    }
}
