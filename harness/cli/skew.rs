//! Several snippets or builds: pages keep the snippet that was pasted into them years ago, and load
//! the SDK of today.

use std::sync::Arc;

use crate::render;
use crate::render::Format;
use crate::report::{self, Skew};
use crate::run::Runner;
use anyhow::anyhow;

use super::Failure;
use super::args::RunArguments;
use super::chosen::Chosen;
use super::exit::Exit;
use super::formats;
use super::run::{self, Equipment};

/// Runs every snippet with every build, and says in one table what works with what.
pub async fn skew(arguments: &RunArguments, chosen: &Chosen) -> Result<Exit, Failure> {
    if arguments.known_failures.is_some() {
        return Err(Failure::usage(anyhow!(
            "--known-failures is the list of one build: run each build by itself to use it"
        )));
    }
    if arguments.shard.is_some() {
        return Err(Failure::usage(anyhow!(
            "--shard cuts the run of one build with one snippet: run each build by itself to use it"
        )));
    }
    if arguments.gate.baseline.is_some() {
        return Err(Failure::usage(anyhow!(
            "--baseline is that of one build: run each build by itself to use it"
        )));
    }
    let Equipment {
        sessions,
        stage,
        interrupt,
    } = Equipment::of(arguments, chosen).await?;
    let mut pairings = Vec::new();
    let mut worst = Exit::Conforms;
    for (place, installation) in chosen.installations.iter().enumerate() {
        anstream::eprintln!(
            "{} of {}: {} with the snippet {}",
            place + 1,
            chosen.installations.len(),
            installation.build.source,
            installation.snippet.source
        );
        let runner = Runner::new(
            installation.clone(),
            Arc::clone(&stage),
            Arc::clone(&sessions),
            run::options(arguments),
        );
        let mut result = run::drive(&runner, chosen, interrupt.clone()).await;
        let report = report::build(
            &run::subject(chosen),
            run::circumstances(arguments, chosen, installation, &result),
            &result.outcomes,
        );
        let (stored, _) = run::stored(arguments, chosen, report, &mut result.outcomes)?;
        for format in &chosen.formats.printed {
            match format {
                Format::Text => anstream::print!("{}", render::summary(&stored)),
                other => formats::print(&stored, *other)?,
            }
        }
        run::warn_of_no_session(&result);
        worst = worse(worst, Exit::of(&stored.report));
        pairings.push(stored);
        if *interrupt.borrow() {
            break;
        }
    }
    let skew = Skew::new(&pairings);
    if chosen.formats.printed.contains(&Format::Text) {
        let table = render::terminal::full(&render::build_matrix(&skew));
        anstream::print!("\n{table}");
    }
    if let Some(folder) = &chosen.folder {
        run::write(
            folder,
            render::skew_files(&skew, &pairings, &chosen.formats.written),
        )?;
    }
    Ok(worst)
}

/// What the whole ends with: an interruption or a bug of ours before a failure of the SDK, and that
/// before the machine's.
fn worse(a: Exit, b: Exit) -> Exit {
    const ORDER: [Exit; 5] = [
        Exit::Interrupted,
        Exit::Bug,
        Exit::Fails,
        Exit::Environment,
        Exit::Conforms,
    ];
    ORDER
        .into_iter()
        .find(|exit| *exit == a || *exit == b)
        .unwrap_or(a)
}
