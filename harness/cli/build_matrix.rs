//! Several snippets or builds: pages keep the snippet that was pasted into them years ago, and load
//! the SDK of today.

use std::sync::Arc;

use anyhow::anyhow;

use super::args::RunArguments;
use super::chosen::Chosen;
use super::events::Events;
use super::exit::Exit;
use super::interrupt::interruptions;
use super::{Failure, driving, folder, provision};
use crate::render::{self, Format};
use crate::report::{self, BuildMatrix, Stored};
use crate::run::Runner;

/// Runs every snippet with every build, and prints in one table what works with what.
///
/// Without a browser session there is no table, but the message that says why; in the files that
/// were asked for, nothing was tried of what is left.
pub async fn build_matrix(
    arguments: &RunArguments,
    chosen: &Chosen,
    events: &mut Events,
) -> Result<Exit, Failure> {
    let known = arguments.known_failures.is_some();
    let shard = arguments.shard.is_some();
    let baseline = arguments.gate.baseline.is_some();
    let of_one_build = [
        (known, "--known-failures is the list of one build"),
        (shard, "--shard cuts the run of one build with one snippet"),
        (baseline, "--baseline is that of one build"),
    ];
    if let Some((_, why)) = of_one_build.into_iter().find(|(given, _)| *given) {
        let error = anyhow!("{why}: run each build by itself to use it");
        return Err(Failure::usage(error));
    }
    let mut pairings = Vec::new();
    let equipment = provision::equipment(&arguments.browser, &chosen.profile).await;
    let (sessions, stage) = match equipment {
        Ok(equipment) => equipment,
        Err(failure) => return Err(reported(failure, arguments, chosen, pairings)),
    };
    let interrupt = interruptions()?;
    let mut worst = Exit::Conforms;
    for (index, installation) in chosen.installations.iter().enumerate() {
        let (number, all) = (index + 1, chosen.installations.len());
        let (build, snippet) = (&installation.build.source, &installation.snippet.source);
        anstream::eprintln!("{number} of {all}: {build} with the snippet {snippet}");
        let (stage, sessions) = (Arc::clone(&stage), Arc::clone(&sessions));
        let options = driving::options(arguments);
        let runner = Runner::new(installation.clone(), stage, sessions, options);
        let driven = driving::drive(&runner, arguments, chosen, interrupt.clone(), events).await;
        let mut result = match driven {
            Ok(result) => result,
            Err(failure) => return Err(reported(failure, arguments, chosen, pairings)),
        };
        let circumstances = driving::circumstances(arguments, chosen, installation, &result);
        let report = report::build(&driving::subject(chosen), circumstances, &result.outcomes);
        let (stored, _) = driving::stored(arguments, chosen, report, &mut result.outcomes)?;
        chosen.formats.print(&stored)?;
        events.run_finished(&stored.report);
        driving::warn_of_no_session(&result);
        worst = worst.worse(Exit::of(&stored.report));
        pairings.push(stored);
        if *interrupt.borrow() {
            break;
        }
    }
    let matrix = BuildMatrix::new(pairings.iter().map(|stored| &stored.report));
    if chosen.formats.printed.contains(&Format::Text) {
        let table = render::terminal::text(&render::build_matrix(&matrix), chosen.formats.screen);
        chosen.formats.channel.print(&format!("\n{table}"));
    }
    write(&matrix, &pairings, chosen)?;
    if let Some(folder) = &chosen.folder {
        folder::link(folder, arguments.open);
    }
    Ok(worst)
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
    let left = chosen.installations.iter().skip(pairings.len());
    let untried = left.map(|own| driving::untried(&failure, arguments, chosen, own));
    let untried: Result<Vec<Stored>, Failure> = untried.collect();
    let written = untried.and_then(|untried| {
        pairings.extend(untried);
        let matrix = BuildMatrix::new(pairings.iter().map(|stored| &stored.report));
        write(&matrix, &pairings, chosen)
    });
    match written {
        Ok(()) => failure,
        Err(unwritten) => failure.context(unwritten.error),
    }
}
