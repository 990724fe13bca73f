//! Several snippets or builds: pages keep the snippet that was pasted into them years ago, and load
//! the SDK of today.

use std::sync::Arc;

use crate::render;
use crate::render::Format;
use crate::report::{self, BuildMatrix};
use crate::run::Runner;
use anyhow::anyhow;

use super::Failure;
use super::args::RunArguments;
use super::chosen::Chosen;
use super::driving::{self, Equipment};
use super::exit::Exit;
use super::formats;

/// Runs every snippet with every build, and prints in one table what works with what.
pub async fn build_matrix(arguments: &RunArguments, chosen: &Chosen) -> Result<Exit, Failure> {
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
    for (index, installation) in chosen.installations.iter().enumerate() {
        anstream::eprintln!(
            "{} of {}: {} with the snippet {}",
            index + 1,
            chosen.installations.len(),
            installation.build.source,
            installation.snippet.source
        );
        let runner = Runner::new(
            installation.clone(),
            Arc::clone(&stage),
            Arc::clone(&sessions),
            driving::options(arguments),
        );
        let mut result = driving::drive(&runner, chosen, interrupt.clone()).await;
        let report = report::build(
            &driving::subject(chosen),
            driving::circumstances(arguments, chosen, installation, &result),
            &result.outcomes,
        );
        let (stored, _) = driving::stored(arguments, chosen, report, &mut result.outcomes)?;
        for format in &chosen.formats.printed {
            match format {
                Format::Text => anstream::print!("{}", render::summary(&stored)),
                other => formats::print(&stored, *other)?,
            }
        }
        driving::warn_of_no_session(&result);
        worst = worst.worse(Exit::of(&stored.report));
        pairings.push(stored);
        if *interrupt.borrow() {
            break;
        }
    }
    let matrix = BuildMatrix::new(pairings.iter().map(|stored| &stored.report));
    if chosen.formats.printed.contains(&Format::Text) {
        let table = render::terminal::full(&render::build_matrix(&matrix));
        anstream::print!("\n{table}");
    }
    if let Some(folder) = &chosen.folder {
        driving::write(
            folder,
            render::build_matrix_files(&matrix, &pairings, &chosen.formats.written),
        )?;
    }
    Ok(worst)
}
