//! What an id in a report stands for.

use anyhow::anyhow;

use super::Failure;
use super::args::{ExplainArguments, screen};
use super::exit::Exit;
use super::loading::Loaded;
use crate::explain::Library;
use crate::render::{self, Detail};
use crate::text::did_you_mean;

/// Explains a requirement, a check, a case or a scenario.
pub fn explain(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&arguments.fixtures)?;
    let library = Library {
        suite: &loaded.suite,
        cases: &loaded.plan(),
        mutants: &loaded.mutants()?,
        proofs: &loaded.proofs()?,
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
