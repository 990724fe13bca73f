//! Several snippets, builds or engines: pages keep the snippet that was pasted into them years ago,
//! load the SDK of today, and are seen in any browser.

use std::sync::Arc;

use anyhow::anyhow;

use super::args::RunArguments;
use super::chosen::Chosen;
use super::events::Events;
use super::exit::Exit;
use super::interrupt::interruptions;
use super::{Failure, driving, folder, known, provision};
use crate::browser::EngineRef;
use crate::render::{self, Format};
use crate::report::{self, BuildMatrix, Stored, Subject};
use crate::run::{Runner, Sessions, Stage};
use crate::sdk::Installation;

/// Runs every snippet with every build on every engine, and prints in one table what works with
/// what.
///
/// Without a browser session there is no table, but the message that says why; in the files that
/// were asked for, nothing was tried of what is left.
pub async fn build_matrix(
    arguments: &RunArguments,
    chosen: &Chosen,
    events: &mut Events,
) -> Result<Exit, Failure> {
    refuse_what_is_of_one_pairing(arguments)?;
    let mut pairings = Vec::new();
    let interrupt = interruptions()?;
    let mut worst = Exit::Conforms;
    let all = all_of(arguments, chosen);
    let mut equipment: Option<(EngineRef, Arc<Sessions>, Arc<Stage>)> = None;
    for (index, (engine, installation)) in all.iter().enumerate() {
        if *interrupt.borrow() {
            break;
        }
        let own = arguments.on(*engine);
        let is_next = |(had, ..): &(EngineRef, _, _)| had.id() == engine.id();
        // A browser of the engine before goes before one of the next comes.
        let had = match equipment.take() {
            Some(had) if is_next(&had) => Some(had),
            Some((_, _, stage)) => {
                driving::note_strangers(&stage);
                None
            }
            None => None,
        };
        let had = match had {
            Some(had) => had,
            None => match provision::equipment(&own.browser, &chosen.profile).await {
                Ok((sessions, stage)) => (*engine, sessions, stage),
                Err(failure) => return Err(reported(failure, arguments, chosen, pairings)),
            },
        };
        let (_, sessions, stage) = equipment.insert(had);
        let (build, snippet) = (&installation.build.source, &installation.snippet.source);
        let named = match arguments.browser.engine.engines.len() {
            1 => String::new(),
            _ => format!(" in {}", engine.name()),
        };
        let (number, count) = (index + 1, all.len());
        anstream::eprintln!("{number} of {count}: {build} with the snippet {snippet}{named}");
        let (stage, sessions) = (Arc::clone(stage), Arc::clone(sessions));
        let known = known::load(&own, &chosen.files)?;
        let proved = chosen.proved_in(*engine)?;
        let options = driving::options(&own, &sessions);
        let runner = Runner::new((*installation).clone(), stage, sessions, options)
            .knowing(known, known::today())
            .longest_first(&chosen.durations);
        let driven = driving::drive(&runner, &own, chosen, interrupt.clone(), events).await;
        let mut result = match driven {
            Ok(result) => result,
            Err(failure) => return Err(reported(failure, arguments, chosen, pairings)),
        };
        let knowledge = runner.knowledge(result.environment.as_ref(), &chosen.suite.register);
        let subject = Subject {
            known: known::verdicts(&chosen.suite, &result.outcomes, &knowledge),
            ..driving::subject(chosen, &proved)
        };
        let circumstances = driving::circumstances(&own, chosen, installation, &result);
        let report = report::build(&subject, circumstances, &result.outcomes);
        let (stored, _) = driving::stored(&own, chosen, report, &mut result.outcomes)?;
        chosen.formats.print(&stored)?;
        events.run_finished(&stored.report);
        driving::warn_of_no_session(&result);
        worst = worst.worse(Exit::of(&stored.report));
        pairings.push(stored);
    }
    let matrix = matrix(&all, &pairings);
    if chosen.formats.printed.contains(&Format::Text) {
        let table = render::terminal::text(&render::build_matrix(&matrix), chosen.formats.screen);
        chosen.formats.channel.print(&format!("\n{table}"));
    }
    write(&matrix, &pairings, chosen)?;
    if let Some((_, _, stage)) = &equipment {
        driving::note_strangers(stage);
    }
    if let Some(folder) = &chosen.folder {
        folder::link(folder, arguments.open);
    }
    Ok(worst)
}

/// Refuses what is that of one build on one engine, where several are named.
pub fn refuse_what_is_of_one_pairing(arguments: &RunArguments) -> Result<(), Failure> {
    let of_one = [
        (
            arguments.known_failures.is_some(),
            "--known-failures is the list of one build",
        ),
        (
            arguments.shard.is_some(),
            "--shard cuts the run of one build with one snippet",
        ),
        (
            arguments.gate.baseline.is_some(),
            "--baseline is that of one build",
        ),
    ];
    match of_one.into_iter().find(|(is_given, _)| *is_given) {
        Some((_, why)) if arguments.has_pairings() => Err(Failure::usage(anyhow!(
            "{why}: run each build on each engine by itself to use it"
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Everything that is driven, one engine after the other.
fn all_of<'c>(arguments: &RunArguments, chosen: &'c Chosen) -> Vec<(EngineRef, &'c Installation)> {
    let engines = arguments.browser.engine.engines.iter();
    let on = |engine: &EngineRef| {
        let engine = *engine;
        chosen.installations.iter().map(move |own| (engine, own))
    };
    engines.flat_map(on).collect()
}

/// The table of those that were driven, the first of `all`.
fn matrix(all: &[(EngineRef, &Installation)], pairings: &[Stored]) -> BuildMatrix {
    let engines = all.iter().map(|(engine, _)| engine.name());
    BuildMatrix::new(engines.zip(pairings.iter().map(|stored| &stored.report)))
}

/// Writes the files of a matrix, where they were asked for.
fn write(matrix: &BuildMatrix, pairings: &[Stored], chosen: &Chosen) -> Result<(), Failure> {
    let Some(folder) = &chosen.folder else {
        return Ok(());
    };
    let written = &chosen.formats.written;
    let files = render::build_matrix_files(matrix, pairings, written, folder.path());
    folder::write(folder, files)
}

/// A fault of the machine, once it stands in the files that were asked for, beside the `pairings`
/// that were driven before it.
fn reported(
    failure: Failure,
    arguments: &RunArguments,
    chosen: &Chosen,
    mut pairings: Vec<Stored>,
) -> Failure {
    if chosen.folder.is_none() || failure.exit != Exit::Environment {
        return failure;
    }
    let all = all_of(arguments, chosen);
    let left = all.iter().skip(pairings.len());
    let untried = left.map(|(engine, own)| {
        let arguments = arguments.on(*engine);
        driving::untried(&failure, &arguments, chosen, own)
    });
    let untried: Result<Vec<Stored>, Failure> = untried.collect();
    let written = untried.and_then(|untried| {
        pairings.extend(untried);
        let matrix = matrix(&all, &pairings);
        write(&matrix, &pairings, chosen)
    });
    match written {
        Ok(()) => failure,
        Err(unwritten) => failure.context(unwritten.error),
    }
}
