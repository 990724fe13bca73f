//! `run --last-failed`.

use std::collections::BTreeSet;

use anyhow::anyhow;

use super::Failure;
use super::args::RunArguments;
use crate::input::Files;
use crate::plan::{NamedSuite, Patterns, Suites};
use crate::report::{CheckReport, Report};
use crate::text::counted;

/// The words that select what a run is about. With --last-failed: the cases of the last report that
/// did not end well, of those that the other flags select.
pub fn selection(arguments: &RunArguments, files: &Files) -> Result<Vec<String>, Failure> {
    let words = arguments.selection.words(files)?;
    if arguments.watch && words.is_empty() {
        let suites = Suites::load(files)?;
        for suite in suites.left_out() {
            let NamedSuite { name, about, .. } = suite;
            anstream::eprintln!("left out: {about}; `--suite {name}` watches them");
        }
        return Ok(suites.on_save());
    }
    let Some(folder) = arguments.report.as_ref().filter(|_| arguments.last_failed) else {
        return Ok(words);
    };
    let file = folder.join("report.json");
    let last = Report::load(&file).map_err(|error| {
        Failure::from(error).context("--last-failed reads the report of the last run")
    })?;
    let failed = last.checks.iter().filter(|check| check.fails_the_run());
    let failed: Vec<&CheckReport> = failed.collect();
    let mut patterns = Patterns::new(&words);
    let selected = failed.iter().filter(|check| {
        let names = [check.case.as_str(), &check.scenario];
        patterns.select(&check.id, &names, &check.requirements, Some(check.level))
    });
    let cases: BTreeSet<String> = selected.map(|check| check.case.clone()).collect();
    if !cases.is_empty() {
        return Ok(cases.into_iter().chain(patterns.restrictions()).collect());
    }
    let name = file.display();
    let found = if failed.is_empty() {
        format!("nothing failed in the last run\n  --> {name}\n   = leave --last-failed out")
    } else {
        let checks = counted(failed.len(), "check");
        let selected = words.join(", ");
        format!("of {checks} that failed in the last run, {selected} selects none\n  --> {name}")
    };
    Err(Failure::nothing(anyhow!(found)))
}
