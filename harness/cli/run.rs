use super::args::RunArguments;
use super::chosen::Chosen;
use super::events::Events;
use super::exit::Exit;
use super::{Failure, build_matrix, driving, dry_run, verify, watch};

/// Plans, drives, judges and reports.
pub async fn run(arguments: &RunArguments) -> Result<Exit, Failure> {
    if arguments.dry_run {
        return dry_run::dry_run(arguments);
    }
    if let Some(times) = arguments.verify {
        return verify::verify(arguments, times).await;
    }
    let mut events = Events::into(arguments.events.as_deref())?;
    let ended = driven(arguments, &mut events).await;
    events.ended(ended, arguments.report.as_deref())
}

async fn driven(arguments: &RunArguments, events: &mut Events) -> Result<Exit, Failure> {
    if arguments.watch {
        return watch::watch(arguments, events).await;
    }
    let chosen = Chosen::of(arguments)?;
    match chosen.installations.as_slice() {
        [installation] if !arguments.has_pairings() => {
            let (_, exit) = driving::one(arguments, &chosen, installation, events).await?;
            Ok(exit)
        }
        [] | [_, ..] => build_matrix::build_matrix(arguments, &chosen, events).await,
    }
}
