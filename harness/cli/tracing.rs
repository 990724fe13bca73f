//! Which cases are traced after a run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::args::RunArguments;
use super::chosen::Chosen;
use crate::run::Runner;
use crate::text::counted;
use crate::verdict::{CaseOutcome, Failure, RunResult, Seen};

/// Without --trace, so many failures of different kinds are traced, and none is begun after this
/// time: of a build that never becomes ready, each takes a whole deadline.
const TRACED: usize = 3;
const LONGEST: Duration = Duration::from_secs(5);

/// Adds traces to the cases that failed, where a report has room for them.
pub async fn trace(
    runner: &Runner,
    arguments: &RunArguments,
    chosen: &Chosen,
    result: &mut RunResult,
) {
    if chosen.folder.is_none() || !result.is_whole() {
        return;
    }
    let register = &chosen.suite.register;
    let (begun, mut seen, mut count) = (Instant::now(), BTreeSet::new(), 0);
    let mut tracer = runner.tracer();
    let driven = |own: &&mut CaseOutcome| !own.record.attempts.is_empty();
    for outcome in result.outcomes.iter_mut().filter(driven) {
        let has_failed = outcome.bearing(register).fails_the_run();
        let is_new = has_failed && seen.insert(kinds(outcome));
        let has_room = count < TRACED && begun.elapsed() < LONGEST;
        if !(arguments.trace || is_new && has_room) {
            continue;
        }
        outcome.record.trace = tracer.trace(&outcome.case).await.map(Box::new);
        count += usize::from(outcome.record.trace.is_some());
    }
    tracer.end().await;
    if count > 0 {
        anstream::eprintln!("traced {}", counted(count, "case"));
    }
}

/// What failed in a case, whatever it failed for.
fn kinds(outcome: &CaseOutcome) -> BTreeSet<Failure> {
    let failed = outcome.seen.iter().filter(|seen| seen.tally.broken > 0);
    failed.filter_map(Seen::failure).collect()
}
