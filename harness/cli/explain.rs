//! What an id in a report stands for.

use anyhow::anyhow;

use super::Failure;
use super::args::{ExplainArguments, screen};
use super::exit::Exit;
use super::in_engine::Proved;
use super::loading::Loaded;
use crate::browser::default_engine;
use crate::explain::Library;
use crate::render::{self, Detail};
use crate::text::did_you_mean;

/// Explains a requirement, a check, a case or a scenario.
pub fn explain(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&arguments.fixtures)?;
    let mutants = loaded.mutants()?;
    // A page is of no engine: the default one is what its readers run.
    let Proved { proofs, .. } = Proved::of(&mutants, default_engine(), &loaded.files)?;
    let library = Library {
        suite: &loaded.suite,
        cases: &loaded.plan(),
        mutants: &mutants,
        proofs: &proofs,
        options: &arguments.fixtures.options(),
    };
    let Some(document) = library.explain(&arguments.id) else {
        let like = did_you_mean(&arguments.id, library.ids());
        let list = "\n   = `alhena-conformance list` shows every requirement with its checks";
        return Err(Failure::usage(anyhow!(
            "no requirement, check or scenario is called {}{like}{list}",
            arguments.id
        )));
    };
    anstream::print!(
        "{}",
        render::terminal::text(&document, screen(Detail::Full))
    );
    Ok(Exit::Conforms)
}
